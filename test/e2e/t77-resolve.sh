#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Conflicts in data are told by path, and settled by cairn resolve.
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/merge_projects.sh"

conflicts_are_told_by_path() {
  tracked_repo
  on side 'echo theirs >images/a; echo theirs >images/sub/d; echo B >images/b'
  on main 'echo ours >images/a; rm images/sub/d; echo C >images/c'
  must_fail 1 git merge side
  assert_err "cairn: conflict in images/a: changed on both sides"
  assert_err "cairn: conflict in images/sub/d: deleted here, changed there"
  assert_lacks "$T/err" images/b
  assert_same images.cairn "$(unmerged)"
  run git diff --check
  assert_out "leftover conflict marker"
  assert_contains images.cairn "# a: changed on both sides"
}

# A merge of `side` into main that leaves images/a and images/sub/d in conflict.
in_conflict() {
  conflicts_are_told_by_path
}

other_commands_name_resolve() {
  in_conflict
  cairn status
  assert_out "conflict  images/a: changed on both sides"
  assert_out "conflict  images/sub/d: deleted here, changed there"
  must_fail 1 "$CAIRN" status --exit-code
  cairn status --json
  assert_value '[(c["path"], c["words"]) for f in d["conflicts"] for c in f["conflicts"]]' \
    '[["images/a", "changed on both sides"], ["images/sub/d", "deleted here, changed there"]]'
  assert_value '[x["path"] for x in d["data"]]' '["table.csv"]'
  for words in checkout "add images" commit push "diff" repro ls; do
    # shellcheck disable=SC2086
    must_fail 9 cairn $words
    assert_err "is in conflict"
    assert_err "cairn resolve"
  done
  assert_same images.cairn "$(unmerged)"
}

resolve_ours() {
  in_conflict
  cairn resolve --ours
  assert_out "settled   images.cairn"
  assert_same "" "$(unmerged)"
  git commit -q --no-edit
  cairn checkout
  assert_same $'a ours\nb B\nc C\nsub/e sub/e' "$(listing)"
  cairn status --exit-code
}

resolve_theirs() {
  in_conflict
  cairn resolve --theirs images
  git commit -q --no-edit
  cairn checkout
  assert_same $'a theirs\nb B\nc C\nsub/d theirs\nsub/e sub/e' "$(listing)"
}

resolve_union() {
  in_conflict
  cairn resolve --union
  git commit -q --no-edit
  cairn checkout
  assert_same $'a ours\na~theirs theirs\nb B\nc C\nsub/d theirs\nsub/e sub/e' "$(listing)"
}

resolve_path_by_path() {
  in_conflict
  cairn resolve --theirs images/sub
  assert_out "conflict  images/a"
  assert_lacks "$T/out" "images/sub"
  assert_same images.cairn "$(unmerged)"
  must_fail 9 cairn checkout
  must_fail 9 cairn resolve --ours images/sub
  assert_err "'images/sub' is not in conflict"
  must_fail 9 cairn resolve --ours images/b
  must_fail 3 cairn resolve
  assert_out "conflict  images/a"
  (cd images && cairn resolve --ours a)
  assert_same "" "$(unmerged)"
  git commit -q --no-edit
  cairn checkout
  assert_same $'a ours\nb B\nc C\nsub/d theirs\nsub/e sub/e' "$(listing)"
  cairn resolve
  assert_out "nothing is in conflict"
}

resolve_can_be_tried_and_taken_back() {
  in_conflict
  cp images.cairn "$T/before"
  cairn resolve --dry-run --theirs
  cmp images.cairn "$T/before"
  assert_same images.cairn "$(unmerged)"
  cairn resolve --theirs --json
  assert_value '[(f["path"], f["settled"]) for f in d["files"]]' '[["images.cairn", true]]'
  git checkout -q --merge -- images.cairn
  cmp images.cairn "$T/before"
  cairn resolve --ours
  must_fail 2 cairn resolve --ours --theirs
}

resolve_after_an_early_git_add() {
  in_conflict
  git add images.cairn
  assert_same "" "$(unmerged)"
  must_fail 9 cairn checkout
  cairn resolve --theirs
  git commit -q --no-edit
  cairn checkout
  assert_same $'a theirs\nb B\nc C\nsub/d theirs\nsub/e sub/e' "$(listing)"
}

test_case "conflicts are told by path" conflicts_are_told_by_path
test_case "other commands name resolve" other_commands_name_resolve
test_case "resolve --ours" resolve_ours
test_case "resolve --theirs" resolve_theirs
test_case "resolve --union" resolve_union
test_case "resolve path by path" resolve_path_by_path
test_case "resolve can be tried and taken back" resolve_can_be_tried_and_taken_back
test_case "resolve after an early git add" resolve_after_an_early_git_add
finish
