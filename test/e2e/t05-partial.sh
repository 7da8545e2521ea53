#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Targets: parts of folders, globs, many at once, dry runs, commit, .cairnignore.
. "$(dirname "$0")/lib.sh"

# A tracked folder with three files.
tracked_folder() {
  new_repo
  mkdir -p folder/sub
  echo a >folder/a
  echo b >folder/b
  echo c >folder/sub/c
  cairn add folder
  commit start
}

# What must not change in a dry run. The stat cache may be written.
state_of() {
  git status --porcelain
  find . -path ./.git -prune -o -type f -exec sha256sum {} + | sort
  find "$(store_of)" -name '*.pack' | sort
}

add_inside_a_tracked_folder() {
  tracked_folder
  echo a2 >folder/a
  echo b2 >folder/b
  cairn add folder/a
  rm -r folder
  cairn checkout
  assert_content folder/a a2
  assert_content folder/b b
  cairn fsck
}

add_inside_a_folder_that_is_not_here() {
  tracked_folder
  rm -r folder
  mkdir folder
  echo new >folder/new
  cairn add folder/new
  cairn checkout folder
  assert_content folder/new new
  assert_content folder/sub/c c
  cairn fsck
}

add_takes_a_deleted_file_out() {
  tracked_folder
  rm folder/a
  cairn add folder/a
  rm -r folder
  cairn checkout
  assert_absent folder/a
  assert_content folder/b b
  cairn fsck
}

checkout_of_a_target_only() {
  tracked_folder
  echo x >other
  cairn add other
  rm -r folder other
  cairn checkout other
  assert_present other
  assert_absent folder
  # A path inside a tracked folder is that part alone.
  cairn checkout folder/sub
  assert_content folder/sub/c c
  assert_absent folder/a folder/b
  cairn status
  assert_out "here in part       folder   (cairn checkout folder)"
  must_fail 3 cairn add folder
  assert_err "only a part of 'folder' is here"
  assert_err "cairn checkout folder"
  cairn checkout folder
  cairn status --exit-code folder
  rm folder/b folder/a other
  cd folder
  cairn checkout a
  assert_content a a
  assert_absent b ../other
  cairn checkout .
  cairn checkout ../other
  cd ..
  assert_present other
  cairn fsck
}

checkout_touches_the_part_alone() {
  tracked_folder
  echo mine >folder/a
  echo mine >folder/b
  rm folder/sub/c
  echo new >folder/new
  cairn checkout folder/a
  assert_out "changed   folder/a"
  assert_content folder/a mine
  cairn checkout --dry-run --force folder/a
  assert_out "updated   folder/a"
  assert_content folder/a mine
  cairn checkout --force folder/a
  assert_same "updated   folder/a" "$(cat "$T/out")"
  assert_content folder/a a
  assert_content folder/b mine
  assert_content folder/new new
  assert_absent folder/sub/c
  cairn undo
  assert_content folder/a mine
  assert_content folder/b mine
  assert_absent folder/sub/c
  cairn checkout folder/sub/c
  assert_same "created   folder/sub/c" "$(cat "$T/out")"
  assert_content folder/b mine
  must_fail 9 cairn checkout folder/nothing
  assert_err "'nothing' is not in 'folder'"
  cairn status
  assert_out "modified           folder"
  cairn add folder
  cairn status --exit-code
}

# After a switch that had no hook the pointer is another one than the data.
checkout_of_a_part_of_older_data() {
  tracked_folder
  echo 2 >folder/a
  echo 2 >folder/b
  cairn add folder
  commit two
  CAIRN_NO_HOOKS=1 git checkout -q HEAD~1
  cairn checkout folder/a
  assert_content folder/a a
  assert_content folder/b 2
  must_fail 3 cairn add folder
  cairn checkout
  assert_content folder/b b
  cairn status --exit-code
}

quoted_globs() {
  new_repo
  mkdir in
  echo 1 >in/one.csv
  echo 2 >in/two.csv
  echo 3 >in/three.txt
  cairn add 'in/*.csv'
  assert_present in/one.csv.cairn in/two.csv.cairn
  assert_absent in/three.txt.cairn
  cairn add 'in/*.csv*'
  assert_absent in/one.csv.cairn.cairn
  must_fail 9 cairn add 'in/*.nothing'
  assert_err 'in/*.nothing'
  echo star >'in/*.star'
  cairn add 'in/*.star'
  assert_present 'in/*.star.cairn'
  cairn fsck
}

one_bad_target_among_many() {
  new_repo
  echo 1 >one
  echo 3 >three
  must_fail 3 cairn add one two three
  assert_err two
  assert_present one.cairn three.cairn
  assert_absent two.cairn
  must_fail 3 cairn add --json one two three
  python3 -c 'import json, sys
d = json.load(open(sys.argv[1]))
assert d["ok"] is False and d["command"] == "add" and len(d["errors"]) == 1 and len(d["paths"]) == 2, d' "$T/out"
  cairn fsck
}

dry_runs_change_nothing() {
  tracked_folder
  echo x >other
  cairn add other
  commit other
  echo changed >folder/a
  rm folder/b
  echo y >untracked
  local before
  before=$(state_of)
  cairn add --dry-run folder untracked
  assert_out untracked
  assert_same "$before" "$(state_of)" "add --dry-run"
  cairn commit --dry-run
  assert_same "$before" "$(state_of)" "commit --dry-run"
  cairn checkout --force --dry-run
  assert_out folder/b
  assert_same "$before" "$(state_of)" "checkout --dry-run"
  cairn move --dry-run other another
  assert_same "$before" "$(state_of)" "move --dry-run"
  cairn remove --dry-run --outs other
  assert_same "$before" "$(state_of)" "remove --dry-run"
  cairn remove other
  before=$(state_of)
  cairn undo --dry-run
  assert_same "$before" "$(state_of)" "undo --dry-run"
  cairn undo
  assert_present other.cairn
  cairn fsck
}

commit_records_what_is_tracked() {
  tracked_folder
  echo x >other
  cairn add other
  echo x2 >other
  echo a2 >folder/a
  echo stranger >stranger
  cairn commit
  assert_absent stranger.cairn
  cairn status --exit-code
  rm -r folder other
  cairn checkout
  assert_content other x2
  assert_content folder/a a2
  echo x3 >other
  echo a3 >folder/a
  cairn commit other
  must_fail 1 cairn status --exit-code
  assert_out folder
  cairn fsck
}

commit_names_what_is_missing() {
  tracked_folder
  rm -r folder
  cp folder.cairn ../before
  run "$CAIRN" commit
  assert_out missing
  cmp ../before folder.cairn
}

ignored_files_inside_data() {
  new_repo
  mkdir -p folder/cache folder/sub
  printf '*.tmp\ncache/\n!keep.tmp\n' >folder/.cairnignore
  echo a >folder/a
  echo b >folder/b.tmp
  echo c >folder/cache/c
  echo d >folder/sub/d.tmp
  echo e >folder/sub/keep.tmp
  cairn add folder
  cairn ls -R folder
  assert_out folder/a
  assert_out keep.tmp
  assert_lacks "$T/out" b.tmp
  assert_lacks "$T/out" cache
  cairn status --exit-code
  cairn checkout --force
  assert_content folder/b.tmp b
  assert_content folder/cache/c c
  cairn check-ignore folder/b.tmp
  assert_out 'folder/.cairnignore:1:*.tmp'
  must_fail 1 cairn check-ignore folder/a
  cairn check-ignore folder/cache/c folder/a
  must_fail 1 cairn check-ignore folder/sub/keep.tmp
  cairn fsck
}

unknown_targets_are_refused() {
  tracked_folder
  must_fail 9 cairn checkout nothing
  assert_err nothing
  must_fail 2 cairn checkout ../outside
  must_fail 2 cairn add
  must_fail 2 cairn add --no-such-option folder
  must_fail 2 cairn nonsense
}

status_from_a_subfolder() {
  tracked_folder
  echo changed >folder/sub/c
  cd folder/sub
  cairn status
  assert_out c
  must_fail 1 cairn status --exit-code
  cairn add c
  cairn status --exit-code
  cairn -C ../.. status --exit-code
}

case_of_add_older_than_its_pointer() {
  new_repo
  echo one >data
  cairn add data
  commit one
  echo two >data
  cairn add data
  commit two
  git checkout -q HEAD~1
  # The workspace still has two; the pointer says one. Adding would take the checkout back.
  must_fail 3 cairn add data
  assert_err "cairn checkout"
  cairn add --force data
  cairn fsck
}

test_case "add of a file inside a tracked folder" add_inside_a_tracked_folder
test_case "add into a tracked folder that is not here" add_inside_a_folder_that_is_not_here
test_case "add takes a deleted file out of its folder" add_takes_a_deleted_file_out
test_case "checkout of targets" checkout_of_a_target_only
test_case "checkout of a path inside a folder touches that part alone" checkout_touches_the_part_alone
test_case "checkout of a part where the data is older than the pointer" checkout_of_a_part_of_older_data
test_case "quoted globs" quoted_globs
test_case "one bad target among many" one_bad_target_among_many
test_case "dry runs change nothing" dry_runs_change_nothing
test_case "commit records what is tracked" commit_records_what_is_tracked
test_case "commit names what is missing" commit_names_what_is_missing
test_case "ignored files inside data" ignored_files_inside_data
test_case "unknown targets are refused" unknown_targets_are_refused
test_case "commands in subfolders" status_from_a_subfolder
test_case "add of data older than its pointer" case_of_add_older_than_its_pointer
finish
