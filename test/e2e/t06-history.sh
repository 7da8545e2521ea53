#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# diff, ls, move, remove, undo.
. "$(dirname "$0")/lib.sh"

two_versions() {
  new_repo
  mkdir folder
  seq 100 >folder/same
  seq 200 >folder/changed
  seq 300 >folder/deleted
  seq 400 >folder/old-name
  cairn add folder
  commit first
  seq 201 >folder/changed
  rm folder/deleted
  mv folder/old-name folder/new-name
  seq 500 >folder/added
}

diff_of_the_workspace() {
  two_versions
  cairn diff
  local word
  for word in "1 added" "1 modified" "1 deleted" "1 renamed" old-name new-name; do
    assert_out "$word"
  done
  assert_lacks "$T/out" same
  must_fail 1 cairn diff --exit-code
  cairn add folder
  cairn diff --exit-code
  assert_out "no differences"
  cairn diff HEAD
  assert_out "1 renamed"
  cairn fsck
}

diff_of_revisions() {
  two_versions
  cairn add folder
  commit second
  rm -rf folder
  cairn diff HEAD~1 HEAD
  assert_out "1 added, 1 modified, 1 deleted, 1 renamed"
  cairn diff HEAD HEAD~1
  assert_out "1 added, 1 modified, 1 deleted, 1 renamed"
  cairn diff --json HEAD~1 HEAD
  python3 -c 'import json, sys
d = json.load(open(sys.argv[1]))
assert d["ok"] and len(d["changes"]) == 4, d' "$T/out"
  cairn diff HEAD~1 HEAD --targets folder/added
  assert_out added
  assert_lacks "$T/out" changed
  must_fail 9 cairn diff no-such-revision
  assert_err no-such-revision
}

diff_of_a_renamed_file_with_pointer() {
  new_repo
  seq 100 >data.csv
  cairn add data.csv
  commit first
  cairn move data.csv raw.csv
  commit second
  cairn diff HEAD~1 HEAD
  assert_out "1 renamed"
  assert_out data.csv
  assert_out raw.csv
}

ls_of_workspace_and_revision() {
  two_versions
  cairn add folder
  commit second
  cairn ls
  assert_out "folder/"
  cairn ls -R
  assert_out folder/new-name
  assert_lacks "$T/out" old-name
  cairn ls -R --rev HEAD~1
  assert_out folder/old-name
  assert_lacks "$T/out" new-name
  cairn ls --hash folder/same --json
  if command -v b3sum >/dev/null; then
    assert_out "b3:$(b3sum --no-names folder/same)"
  fi
  rm -rf folder
  cairn ls folder
  assert_out same
}

move_a_file() {
  new_repo
  echo one >data.csv
  cairn add data.csv
  commit first
  cairn move data.csv raw/sub/data.csv
  assert_content raw/sub/data.csv one
  assert_present raw/sub/data.csv.cairn
  assert_absent data.csv data.csv.cairn
  git check-ignore -q raw/sub/data.csv
  cairn status --exit-code
  cairn undo
  assert_content data.csv one
  assert_absent raw/sub/data.csv raw/sub/data.csv.cairn
  assert_same "" "$(git status --porcelain)"
  cairn undo
  assert_content raw/sub/data.csv one
  cairn fsck
}

move_into_a_folder_and_refusals() {
  new_repo
  mkdir target tracked
  echo one >data.csv
  echo x >tracked/x
  echo taken >taken
  cairn add data.csv tracked
  cairn move data.csv target
  assert_content target/data.csv one
  must_fail 9 cairn move target/data.csv taken
  assert_content taken taken
  must_fail 9 cairn move target/data.csv tracked/data.csv
  must_fail 9 cairn move nothing somewhere
  must_fail 2 cairn move target/data.csv ../outside
  assert_content target/data.csv one
  cairn move tracked moved
  assert_content moved/x x
  cairn status --exit-code
  cairn fsck
}

git_mv_of_data_and_pointer() {
  new_repo
  echo one >data.csv
  cairn add data.csv
  commit first
  git mv data.csv.cairn other.csv.cairn
  mv data.csv other.csv
  run "$CAIRN" status
  cairn checkout
  assert_content other.csv one
  cairn fsck
}

remove_keeps_data() {
  new_repo
  echo one >data.csv
  cairn add data.csv
  commit first
  cairn remove data.csv
  assert_content data.csv one
  assert_absent data.csv.cairn
  ! git check-ignore -q data.csv
  cairn undo
  assert_present data.csv.cairn
  assert_same "" "$(git status --porcelain)"
  cairn fsck
}

remove_with_outs() {
  new_repo
  mkdir folder
  echo leaf >folder/leaf
  echo one >data.csv
  cairn add data.csv folder
  commit first
  cairn remove --outs data.csv folder
  assert_absent data.csv folder data.csv.cairn folder.cairn
  cairn undo
  assert_content data.csv one
  assert_content folder/leaf leaf
  assert_same "" "$(git status --porcelain)"
  cairn fsck
}

remove_outs_never_loses_changed_data() {
  new_repo
  echo one >data.csv
  cairn add data.csv
  echo mine >data.csv
  must_fail 3 cairn remove --outs data.csv
  assert_content data.csv mine
  assert_present data.csv.cairn
  cairn remove --outs --force data.csv
  assert_absent data.csv data.csv.cairn
  cairn undo
  assert_content data.csv mine
  assert_present data.csv.cairn
  cairn fsck
}

undo_of_forced_checkout() {
  new_repo
  mkdir folder
  echo a >folder/a
  echo b >folder/b
  cairn add folder
  echo mine >folder/a
  rm folder/b
  echo new >folder/new
  cairn checkout
  assert_content folder/a mine
  assert_content folder/b b
  rm folder/b
  cairn checkout --force
  assert_content folder/a a
  assert_content folder/b b
  cairn undo
  assert_content folder/a mine
  assert_content folder/new new
  cairn fsck
}

undo_refuses_what_was_changed_since() {
  new_repo
  echo one >data.csv
  cairn add data.csv
  echo mine >data.csv
  cairn checkout --force
  echo later >data.csv
  run "$CAIRN" undo
  [ "$STATUS" != 0 ] || fail "undo overwrote later work"
  assert_content data.csv later
  cairn undo --force
  assert_content data.csv mine
  cairn fsck
}

a_refused_undo_takes_nothing_back() {
  new_repo
  echo one >one
  echo two >two
  cairn add one two
  rm one two
  cairn checkout
  echo later >one
  must_fail 3 cairn undo
  assert_err "'one' was changed"
  assert_content one later
  assert_content two two
  assert_same "" "$(cat "$T/out")"
  cairn undo --force
  assert_out "took back: checkout"
  assert_absent one two
}

nothing_to_undo() {
  new_repo
  must_fail 9 cairn undo
}

test_case "diff of the workspace" diff_of_the_workspace
test_case "diff of two revisions" diff_of_revisions
test_case "diff shows a moved file as renamed" diff_of_a_renamed_file_with_pointer
test_case "ls of workspace and revision" ls_of_workspace_and_revision
test_case "move a file and undo it" move_a_file
test_case "move into folders, and what is refused" move_into_a_folder_and_refusals
test_case "git mv of a pointer" git_mv_of_data_and_pointer
test_case "remove keeps the data" remove_keeps_data
test_case "remove --outs and undo" remove_with_outs
test_case "remove --outs never loses changed data" remove_outs_never_loses_changed_data
test_case "undo of a forced checkout" undo_of_forced_checkout
test_case "undo refuses what was changed since" undo_refuses_what_was_changed_since
test_case "a refused undo takes nothing back, and says so" a_refused_undo_takes_nothing_back
test_case "nothing to undo" nothing_to_undo
finish
