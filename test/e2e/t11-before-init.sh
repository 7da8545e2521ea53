#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Commits from before there was a project: the hook still takes clean data away, and brings it back.
. "$(dirname "$0")/lib.sh"

# A commit without cairn, then one with a project and data.
project_after_a_commit() {
  git init -q
  echo hello >README
  commit before
  cairn init
  cairn install
  echo one >data.csv
  mkdir folder
  echo leaf >folder/leaf
  cairn add data.csv folder
  commit data
}

clean_data_goes_and_comes_back() {
  project_after_a_commit
  git checkout -q HEAD~1
  assert_absent data.csv folder
  assert_same "" "$(git status --porcelain)"
  git checkout -q main
  assert_content data.csv one
  assert_content folder/leaf leaf
  cairn fsck
}

changed_data_stays() {
  project_after_a_commit
  echo mine >data.csv
  git checkout -q HEAD~1
  assert_content data.csv mine
  assert_absent folder
}

test_case "clean data goes with a commit from before the project" clean_data_goes_and_comes_back
test_case "changed data stays" changed_data_stays
finish
