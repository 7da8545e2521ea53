#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# cairn.lock is merged stage by stage: what is stale runs again, and nothing else.
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/merge_projects.sh"

# Two stages that read shared.txt and code of their own, and one that follows each.
two_stages() {
  new_repo
  cairn install
  echo 0 >shared.txt
  for name in left right; do
    echo "cat shared.txt; echo $name 0" >$name.sh
  done
  cat >cairn.yaml <<'YAML'
stages:
  left:
    cmd: echo left >>"$RAN"; sh left.sh >left.out
    deps: [shared.txt]
    outs: [left.out]
  right:
    cmd: echo right >>"$RAN"; sh right.sh >right.out
    deps: [shared.txt]
    outs: [right.out]
  sum:
    cmd: echo sum >>"$RAN"; cat left.out right.out >sum.out
    deps: [left.out, right.out]
    outs: [sum.out]
YAML
  git add -A # only what Git tracks is code
  cairn repro
  commit first
  : >"$RAN"
}

# stages_on BRANCH COMMAND: changes something there, runs what is stale, and commits.
stages_on() {
  git checkout -q "$1" 2>"$T/err" || git checkout -q -b "$1" "$(git rev-list --max-parents=0 HEAD)"
  eval "$2"
  cairn repro
  commit "$1"
  : >"$RAN"
}

# stale: what status says is not up to date.
stale() {
  cairn status --json >/dev/null
  json '" ".join(sorted(x["stage"] for x in d.get("pipeline", [])))'
}

locks_with_a_shared_changed_input() {
  two_stages
  stages_on side 'echo 1 >shared.txt; echo "echo more" >>right.sh'
  stages_on main 'echo 1 >shared.txt; echo "echo more" >>left.sh'
  git merge -q --no-edit side
  assert_lacks cairn.lock "<<<<"
  # Each of left and right ran on one side with all that the merge brings together.
  assert_same sum "$(stale)"
  cairn repro
  assert_ran sum
  assert_same $'1\nleft 0\nmore\n1\nright 0\nmore' "$(cat sum.out)"
  git commit -qam sum
  assert_same "" "$(stale)"
}

locks_where_neither_side_ran_it() {
  two_stages
  stages_on side 'echo 1 >shared.txt'
  stages_on main 'echo "echo more" >>left.sh'
  git merge -q --no-edit side 2>"$T/err"
  assert_err "both sides changed and ran: left, sum; cairn repro runs what is stale"
  assert_same "left sum" "$(stale)"
  cairn repro
  assert_ran left sum
  assert_same $'1\nleft 0\nmore\n1\nright 0' "$(cat sum.out)"
}

locks_after_a_rebase() {
  two_stages
  stages_on side 'echo 1 >shared.txt'
  stages_on main 'echo "echo more" >>left.sh'
  git checkout -q side
  git rebase -q main
  assert_same "left sum" "$(stale)"
  cairn repro
  assert_ran left sum
}

locks_without_cairn() {
  two_stages
  stages_on side 'echo 1 >shared.txt'
  stages_on main 'echo "echo more" >>left.sh'
  program=$(git config cairn.program)
  git config cairn.program /nowhere/cairn
  must_fail 1 git merge side
  assert_same cairn.lock "$(unmerged)"
  git config cairn.program "$program"
  must_fail 9 cairn repro
  assert_err "cairn resolve"
  cairn resolve
  git commit -q --no-edit
  cairn checkout
  assert_same "left sum" "$(stale)"
  cairn repro
  assert_ran left sum
}

the_losing_side_is_kept() {
  two_stages
  stages_on side 'echo 1 >shared.txt; echo "echo side" >>left.sh'
  theirs=$(sha256sum <left.out)
  stages_on main 'echo "echo main" >>left.sh'
  git merge -q side 2>/dev/null || { git checkout -q --ours left.sh && git add left.sh && git commit -q --no-edit; }
  git checkout -q side
  assert_same "$theirs" "$(sha256sum <left.out)"
}

test_case "locks with a shared changed input" locks_with_a_shared_changed_input
test_case "locks where neither side ran it" locks_where_neither_side_ran_it
test_case "locks after a rebase" locks_after_a_rebase
test_case "locks without cairn" locks_without_cairn
test_case "the losing side is kept" the_losing_side_is_kept
finish
