#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# git status beside data: quick by Git's untracked cache, which cairn switches on, and right after every change.
. "$(dirname "$0")/lib.sh"

# assert_git_status LINE…: all that git status names.
assert_git_status() {
  assert_same "$(printf '%s\n' "$@")" "$(git status --porcelain)" "git status"
}

# Three files in each of two folders, tracked one by one; git status has looked at them.
files_one_by_one() {
  new_repo
  cairn install
  local folder
  for folder in left right; do
    mkdir "$folder"
    seq 3 | while read -r i; do echo "$folder $i" >"$folder/$i.csv"; done
  done
  cairn add left/*.csv right/*.csv
  commit data
  assert_git_status ""
  assert_contains .git/index UNTR
}

right_after_every_change() {
  files_one_by_one
  echo new >left/4.csv
  assert_git_status '?? left/4.csv'
  cairn add left/4.csv
  assert_git_status ' M left/.gitignore' '?? left/4.csv.cairn'
  commit "one more"
  assert_git_status ""
  echo changed >left/4.csv
  assert_git_status ""
  cairn add left/4.csv
  assert_git_status ' M left/4.csv.cairn'
  git checkout -q .
  cairn checkout
  assert_git_status ""
  git mv left/4.csv.cairn right/
  git mv right/4.csv.cairn left/
  assert_git_status ""
  cairn move left/4.csv right/
  commit moved
  assert_git_status ""
  git checkout -q HEAD~2
  assert_absent left/4.csv right/4.csv
  assert_git_status ""
  cp right/1.csv right/4.csv
  assert_git_status '?? right/4.csv'
  rm right/4.csv
  assert_git_status ""
  git checkout -q main
  assert_present right/4.csv
  assert_git_status ""
}

# The line of .gitignore goes with the pointer.
shows_data_that_is_no_longer_tracked() {
  files_one_by_one
  cairn remove right/1.csv
  assert_git_status ' M right/.gitignore' ' D right/1.csv.cairn' '?? right/1.csv'
}

switched_on_and_off() {
  git init -q repo
  cd repo
  cairn init
  assert_same true "$(git config --local core.untrackedCache)"
  cairn install
  assert_lacks "$T/out" untrackedCache
  cairn uninstall
  assert_out "git status looks into all folders again"
  assert_lacks .git/config ntrackedCache
  cairn install
  assert_out "git status looks only into folders that changed now (core.untrackedCache)"
  cairn uninstall --json
  assert_value 'd["untracked_cache_changed"]' true
  git config core.untrackedCache keep
  cairn install --json
  assert_value 'd["untracked_cache_changed"]' false
  cairn uninstall
  assert_same keep "$(git config --local core.untrackedCache)"
}

everywhere() {
  files_one_by_one
  cd ..
  cairn clone --no-data repo copy
  assert_same true "$(git -C copy config --local core.untrackedCache)"
  cd repo
  git worktree add -q ../tree
  cd ../tree
  assert_git_status ""
  echo new >left/4.csv
  assert_git_status '?? left/4.csv'
}

test_case "right after every change" right_after_every_change
test_case "data that is no longer tracked is shown" shows_data_that_is_no_longer_tracked
test_case "switched on and off, and the user's own setting stays" switched_on_and_off
test_case "in clones and work trees" everywhere
finish
