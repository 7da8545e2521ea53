#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# import, update and ls: data of other repositories, tracked here.
. "$(dirname "$0")/lib.sh"

# A repository with data in two versions and a remote beside it; then a project `mine` with a remote of its own, and goes there.
published() {
  new_repo source
  cairn remote add storage ../storage
  mkdir -p data/images code
  seq 1000 >data/images/a
  seq 2000 >data/images/b
  echo first >data/labels.csv
  printf 'print(1)\n' >code/train.py
  chmod +x code/train.py
  cairn add data/images data/labels.csv
  commit first
  git tag one
  echo second >data/labels.csv
  cairn commit
  commit second
  cairn push --all-tags --rev HEAD
  cd ..
  new_repo mine
  cairn remote add own ../own
}

source_head() { git -C ../source rev-parse "${1:-HEAD}"; }

data_is_tracked_with_its_source() {
  published
  cairn import ../source data/labels.csv --json
  assert_value '[d["path"], d["url"], d["commit"]]' "[\"labels.csv\", \"../source\", \"$(source_head)\"]"
  assert_content labels.csv second
  assert_content labels.csv.cairn "cairn: 1
type: file
hash: $(sed -n 's/^hash: //p' ../source/data/labels.csv.cairn)
size: 7
source:
  kind: repository
  url: ../source
  path: data/labels.csv
  commit: $(source_head)"
  mkdir in
  (cd in && "$CAIRN" import ../../source data/images -o pictures --rev one)
  assert_same_trees ../source/data/images in/pictures
  assert_contains in/pictures.cairn "  url: ../source"
  assert_contains in/pictures.cairn "  rev: one"
  assert_contains in/pictures.cairn "files: 2"
  cairn import ../source data/images/b -o one-image
  cmp one-image ../source/data/images/b
  commit imported
  cairn status --exit-code
  cairn push
  assert_same "" "$(find .git/cairn/tmp -mindepth 1)"
}

# What was imported is in our own remote: nobody needs the source again.
the_source_is_not_needed_again() {
  published
  cairn import ../source data/labels.csv
  cairn import ../source data/images
  commit imported
  cairn push
  rm -rf ../source ../storage
  git clone -q . ../clone
  cd ../clone
  cairn pull
  assert_content labels.csv second
  assert_same_trees images ../mine/images
  cairn fsck
}

what_git_keeps_is_imported_too() {
  published
  cairn import ../source code/train.py
  cmp train.py ../source/code/train.py
  [ -x train.py ] || fail "train.py is not executable"
  cairn import ../source data -o all
  assert_same_trees all/images ../source/data/images
  assert_content all/labels.csv second
  assert_absent all/labels.csv.cairn
  git init -q ../plain
  mkdir ../plain/texts
  echo text >../plain/texts/file
  ln -s file ../plain/texts/link
  git -C ../plain add texts
  git -C ../plain commit -qm file
  cairn import ../plain texts
  assert_content texts/file text
  assert_same file "$(readlink texts/link)"
  commit all
  cairn status --exit-code
}

nothing_is_lost_or_left() {
  published
  echo mine >labels.csv
  must_fail 9 cairn import ../source data/labels.csv
  assert_content labels.csv mine
  assert_absent labels.csv.cairn
  cairn import ../source data/labels.csv --force
  assert_content labels.csv second
  cairn undo
  assert_content labels.csv mine
  must_fail 9 cairn import ../source data/nothing
  assert_err "data/nothing"
  assert_err "../source"
  must_fail 9 cairn import ../source data/labels.csv --rev nowhere -o x
  assert_err nowhere
  must_fail 7 cairn import ../nowhere data/labels.csv -o x
  must_fail 2 cairn import ../source ../source/code -o x
  must_fail 2 cairn import ../source data/labels.csv -o ../x
  must_fail 2 cairn import ../source data/labels.csv -o .cairn/x
  must_fail 2 cairn import https://me:secret@example.org/x.git data -o x
  assert_err "credential helper"
  assert_lacks "$T/err" secret
  must_fail 2 cairn import https://token@example.org/x.git data -o x
  rm -rf ../storage
  must_fail 7 cairn import ../source data/images -o x
  assert_err "data/images"
  assert_absent x
  assert_absent x.cairn
  assert_same "" "$(find .git/cairn/tmp -mindepth 1)"
}

update_follows_a_branch() {
  published
  cairn import ../source data/labels.csv
  cairn import ../source data/images --rev one
  cairn import ../source data/labels.csv --rev "$(source_head one)" -o fixed.csv
  commit imported
  old=$(source_head)
  cairn update --check
  assert_out "unchanged labels.csv"
  assert_out "unchanged images"
  assert_out "fixed     fixed.csv"
  assert_same "" "$(git status --porcelain)"
  cd ../source
  echo third >data/labels.csv
  cairn commit
  commit third
  cairn push
  cd ../mine
  must_fail 1 cairn update --check
  assert_out "moved     labels.csv  ${old:0:12} -> $(source_head | cut -c1-12)"
  assert_content labels.csv second
  assert_same "" "$(git status --porcelain)"
  must_fail 1 cairn update --check --json
  assert_value '[one["outcome"] for one in d["imports"]]' '["fixed", "unchanged", "moved"]'
  cairn update
  assert_out "updated   labels.csv"
  assert_content labels.csv third
  assert_content fixed.csv first
  assert_contains labels.csv.cairn "$(source_head)"
  cairn update --check
  cairn update fixed.csv --rev main
  assert_content fixed.csv third
  assert_contains fixed.csv.cairn "  rev: main"
  commit updated
  cairn status --exit-code
}

local_changes_stay() {
  published
  cairn import ../source data/labels.csv
  cairn import ../source data/images
  commit imported
  echo mine >labels.csv
  echo mine >images/a
  cd ../source
  echo third >data/labels.csv
  echo new >data/images/a
  cairn commit
  commit third
  cairn push
  cd ../mine
  must_fail 3 cairn update
  assert_err "--force"
  assert_content labels.csv mine
  assert_content images/a mine
  assert_same "" "$(git status --porcelain)"
  must_fail 9 cairn update labels.csv
  cairn update --force
  assert_content labels.csv third
  assert_content images/a new
  cairn undo
  assert_content labels.csv mine
}

# Content that is not the source's does not claim to be.
a_recorded_change_is_no_import() {
  published
  cairn import ../source data/labels.csv
  cairn import ../source data/images
  commit imported
  touch labels.csv
  cairn commit
  cairn add labels.csv
  assert_contains labels.csv.cairn "source:"
  echo mine >labels.csv
  must_fail 1 cairn status --exit-code
  cairn commit
  assert_err "labels.csv' is no import any more"
  assert_lacks labels.csv.cairn "source:"
  echo more >images/c
  cairn add images/c
  assert_lacks images.cairn "source:"
  must_fail 9 cairn update labels.csv
  assert_err "no import"
  cairn update
  assert_out "nothing is imported"
  cairn import ../source data/labels.csv --force
  assert_contains labels.csv.cairn "source:"
}

merged_pointers_keep_their_source() {
  published
  cairn import ../source data/labels.csv
  echo 1 >other
  cairn add other
  commit imported
  cairn install -q
  git checkout -qb side
  echo 2 >other
  cairn commit
  commit side
  git checkout -q main
  cd ../source
  echo third >data/labels.csv
  cairn commit
  commit third
  cairn push
  cd ../mine
  cairn update
  commit updated
  git merge -q -m merged side
  assert_contains labels.csv.cairn "$(source_head)"
  assert_content labels.csv third
}

moved_data_keeps_its_source() {
  published
  cairn import ../source data/labels.csv
  mkdir deeper
  cairn move labels.csv deeper/labels.csv
  commit moved
  cairn update --check
  assert_out "unchanged deeper/labels.csv"
}

list_another_repository() {
  published
  cd ..
  cairn ls source
  assert_out "code/"
  assert_out "data/"
  cairn ls source data
  assert_out "7 B"
  assert_out "data/labels.csv"
  assert_out "data/images/"
  assert_lacks "$T/out" ".csv.cairn"
  cairn ls "file://$PWD/source" -R --json
  assert_value '[one["path"] for one in d["entries"] if one["tracked"]]' \
    '["data/images", "data/images/a", "data/images/b", "data/labels.csv"]'
  cairn ls source data/images --rev one
  assert_out "data/images/b"
  must_fail 9 cairn ls source nothing
  must_fail 7 cairn ls nowhere data
  assert_same "" "$(find "${TMPDIR:-/tmp}" -maxdepth 1 -name 'cairn-ls-*' -newer source)"
}

# Paths, kinds and commands that a hostile repository could put into a pointer.
hostile_pointers() {
  published
  cairn import ../source data/labels.csv
  commit imported
  cp labels.csv.cairn good
  sed 's/kind: repository/kind: spell/' good >labels.csv.cairn
  must_fail 9 cairn status
  assert_err "imports of the kind 'spell'"
  sed 's|path: data/labels.csv|path: ../../x|' good >labels.csv.cairn
  must_fail 9 cairn status
  sed "s|url: ../source|url: ext::touch $T/case/ran|" good >labels.csv.cairn
  must_fail 7 cairn update
  sed "s|url: ../source|url: --upload-pack=touch $T/case/ran|" good >labels.csv.cairn
  must_fail 7 cairn update
  sed -e "s|kind: repository|kind: url|; /path:/d; /commit:/d; s|url: ../source|url: exec:touch $T/case/ran|" good >labels.csv.cairn
  must_fail 2 cairn update
  assert_absent "$T/case/ran"
}

test_case "data is tracked with its source" data_is_tracked_with_its_source
test_case "the source is not needed again" the_source_is_not_needed_again
test_case "what Git keeps is imported too" what_git_keeps_is_imported_too
test_case "nothing is lost or left" nothing_is_lost_or_left
test_case "update follows a branch" update_follows_a_branch
test_case "local changes stay" local_changes_stay
test_case "a recorded change is no import" a_recorded_change_is_no_import
test_case "merged pointers keep their source" merged_pointers_keep_their_source
test_case "moved data keeps its source" moved_data_keeps_its_source
test_case "list another repository" list_another_repository
test_case "hostile pointers" hostile_pointers
finish
