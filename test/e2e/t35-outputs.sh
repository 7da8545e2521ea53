#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Outputs of stages follow commits and go through remotes, as added data does.
. "$(dirname "$0")/lib.sh"

# Two commits: in.txt 1 and 2, with the outputs of each in cairn.lock; HEAD is the second.
two_results() {
  new_repo
  cairn install
  echo 1 >in.txt
  cat >cairn.yaml <<'YAML'
stages:
  a:
    cmd: echo run >>../ran; cp in.txt out.txt; mkdir -p tree; cp in.txt tree/leaf
    deps: [in.txt]
    outs: [out.txt, tree]
    metrics:
      - metric.json:
          cache: false
YAML
  sed -i 's/tree.leaf/tree\/leaf; cp in.txt metric.json/' cairn.yaml
  cairn repro
  commit one
  echo 2 >in.txt
  cairn repro
  commit two
}

outputs_are_not_committed() {
  two_results
  assert_same "" "$(git ls-files out.txt tree)"
  assert_same "metric.json" "$(git ls-files metric.json)"
  assert_same "" "$(git status --porcelain)"
}

hook_brings_the_outputs_of_the_lock() {
  two_results
  git checkout -q HEAD~1
  assert_content out.txt 1
  assert_content tree/leaf 1
  assert_content metric.json 1
  cairn repro
  assert_out "1 up to date"
  git checkout -q main
  assert_content out.txt 2
  assert_content tree/leaf 2
  cairn repro
  assert_out "1 up to date"
  assert_same 2 "$(wc -l <../ran)"
}

hook_removes_outputs_without_a_lock() {
  new_repo
  cairn install
  commit start
  echo 1 >in.txt
  printf 'stages:\n  a:\n    cmd: cp in.txt out.txt\n    deps: [in.txt]\n    outs: [out.txt]\n' >cairn.yaml
  cairn repro
  commit two
  git checkout -q HEAD~1
  assert_absent out.txt
  git checkout -q main
  assert_content out.txt 1
}

checkout_restores_deleted_outputs() {
  two_results
  rm -r out.txt tree
  cairn status
  assert_out out.txt
  cairn checkout
  assert_content out.txt 2
  assert_content tree/leaf 2
  rm out.txt tree/leaf
  cairn checkout out.txt
  assert_content out.txt 2
  assert_absent tree/leaf
}

push_and_pull_with_the_lock() {
  two_results
  mkdir ../remote
  cairn remote add store "$T/case/remote"
  cairn remote default store
  commit remote
  cairn push
  cd ..
  git clone -q repo copy
  cd copy
  cairn pull
  assert_content out.txt 2
  assert_content tree/leaf 2
  rm -f ../ran
  cairn repro
  assert_out "1 up to date"
  assert_absent ../ran
  cairn fsck
}

fetch_then_repro_restores() {
  two_results
  mkdir ../remote
  cairn remote add store "$T/case/remote"
  cairn remote default store
  commit remote
  cairn push
  cd ..
  git clone -q repo copy
  cd copy
  cairn fetch
  rm -f ../ran
  cairn repro
  assert_absent ../ran
  assert_content out.txt 2
}

add_of_an_output_is_refused() {
  two_results
  run "$CAIRN" add out.txt
  [ "$STATUS" != 0 ] || fail "an output was added"
  assert_err out.txt
  assert_absent out.txt.cairn
}

status_and_diff_know_outputs() {
  two_results
  echo edited >out.txt
  cairn status
  assert_out out.txt
  cairn diff
  assert_out out.txt
  echo 3 >in.txt
  cairn status
  assert_out "a"
  assert_out in.txt
  cairn ls
  assert_out out.txt
}

edited_output_is_stored_before_a_rerun() {
  two_results
  echo precious >out.txt
  echo 3 >in.txt
  cairn repro
  assert_content out.txt 3
  cairn fsck
}

removed_stage_leaves_its_data() {
  two_results
  printf 'stages: {}\n' >cairn.yaml
  cairn repro
  assert_content out.txt 2
  cairn status
}

worktrees_share_results() {
  two_results
  git worktree add -q ../second HEAD~1
  cd ../second
  assert_content out.txt 1
  rm -f ../ran out.txt
  cairn repro
  assert_absent ../ran
  assert_content out.txt 1
  echo 2 >in.txt
  cairn repro
  assert_absent ../ran
  assert_content out.txt 2
}

project_in_a_subfolder_of_git() {
  git init -q repo
  mkdir repo/part
  cd repo/part
  cairn init -q
  mkdir src
  echo x >src/a.py
  echo 'print' >script.sh
  git add -A
  printf 'stages:\n  a:\n    cmd: cat script.sh src/a.py >out.txt\n    deps: [src]\n    outs: [out.txt]\n' >cairn.yaml
  cairn repro
  assert_contains cairn.lock script.sh
  git check-ignore -q out.txt
  mkdir src/__pycache__
  echo c >src/__pycache__/a.pyc
  printf '__pycache__\n' >../.gitignore
  cairn repro
  assert_out "1 up to date"
}

project_without_git() {
  mkdir plain
  cd plain
  cairn init --no-git
  echo 1 >in
  printf 'stages:\n  a:\n    cmd: cp in out\n    deps: [in]\n    outs: [out]\n' >cairn.yaml
  cairn repro
  cairn repro
  assert_out "1 up to date"
  rm out
  cairn checkout
  assert_content out 1
  assert_absent .gitignore
}

test_case "outputs are ignored by Git" outputs_are_not_committed
test_case "git checkout brings the outputs of that lock" hook_brings_the_outputs_of_the_lock
test_case "git checkout to a commit without the lock removes them" hook_removes_outputs_without_a_lock
test_case "checkout restores deleted outputs" checkout_restores_deleted_outputs
test_case "outputs are pushed and pulled with the lock" push_and_pull_with_the_lock
test_case "after fetch repro restores" fetch_then_repro_restores
test_case "add of an output is refused" add_of_an_output_is_refused
test_case "status, diff and ls know outputs" status_and_diff_know_outputs
test_case "a rerun over an edited output" edited_output_is_stored_before_a_rerun
test_case "a removed stage leaves its data" removed_stage_leaves_its_data
test_case "worktrees share results" worktrees_share_results
test_case "a project in a subfolder of the Git repository" project_in_a_subfolder_of_git
test_case "a project without Git" project_without_git
finish
