#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# get: data of another repository, without tracking it.
. "$(dirname "$0")/lib.sh"

# A repository with data in two versions, and a remote beside it.
published() {
  new_repo source
  cairn remote add storage ../storage
  mkdir -p data/images code
  seq 1000 >data/images/a
  seq 2000 >data/images/b
  echo first >data/labels.csv
  echo 'print(1)' >code/train.py
  cairn add data/images data/labels.csv
  commit first
  git tag one
  echo second >data/labels.csv
  cairn commit
  commit second
  cairn push --all-tags --rev HEAD
  cd ..
}

data_comes_with_its_content() {
  published
  cairn get source data/labels.csv
  assert_content labels.csv second
  assert_out "got labels.csv from commit $(git -C source rev-parse --short=12 HEAD)"
  cairn get source data/labels.csv --rev one -o old.csv
  assert_content old.csv first
  mkdir in
  cairn -C in get ../source data/images -o pictures --json
  assert_value '[d["commit"], d["bytes"] > 0]' "[\"$(git -C source rev-parse HEAD)\", true]"
  assert_same_trees source/data/images in/pictures
  cairn get source data/images/b
  cmp source/data/images/b b
  assert_same "" "$(find . -name '.cairn-get-*')"
}

what_git_keeps_comes_too() {
  published
  cairn get source code/train.py
  assert_content train.py 'print(1)'
  cairn get source data -o all
  assert_same_trees source/data/images all/images
  assert_content all/labels.csv second
  git init -q plain
  echo text >plain/file
  git -C plain add file
  git -C plain commit -qm file
  cairn get plain file
  assert_content file text
}

a_saved_version_is_a_revision() {
  published
  cd source
  cat >cairn.yaml <<'YAML'
stages:
  count:
    cmd: wc -l <data/labels.csv >count
    deps: [data/labels.csv]
    outs: [count]
YAML
  cairn repro
  commit pipeline
  cairn push
  cairn pipeline save v1.0
  echo third >data/labels.csv
  cairn commit
  cairn repro
  commit third
  cairn push
  cd ..
  cairn get "file://$PWD/source" data/labels.csv --rev v1.0
  assert_content labels.csv second
  cairn get source count --rev v1.0
  assert_content count 1
}

nothing_is_lost_or_left() {
  published
  echo mine >labels.csv
  must_fail 9 cairn get source data/labels.csv
  assert_content labels.csv mine
  cairn get source data/labels.csv --force
  assert_content labels.csv second
  must_fail 9 cairn get source data/nothing
  assert_err "data/nothing"
  must_fail 9 cairn get source data/labels.csv --rev nowhere -o x
  assert_err nowhere
  must_fail 9 cairn get source data/labels.csv --rev --orphan=x -o x
  must_fail 7 cairn get nowhere data/labels.csv -o x
  must_fail 2 cairn get source ../source/code -o x
  mv storage away
  must_fail 7 cairn get source data/labels.csv -o x
  assert_err storage
  assert_absent x
  assert_same "" "$(find . -name '.cairn-get-*')"
}

inside_a_project_nothing_is_tracked() {
  published
  new_repo mine
  cairn get ../source data/labels.csv
  assert_content labels.csv second
  cairn status
  assert_out "nothing is tracked yet"
}

test_case "data comes with its content" data_comes_with_its_content
test_case "what Git keeps comes too" what_git_keeps_comes_too
test_case "a saved version is a revision" a_saved_version_is_a_revision
test_case "nothing is lost or left" nothing_is_lost_or_left
test_case "inside a project nothing is tracked" inside_a_project_nothing_is_tracked
finish
