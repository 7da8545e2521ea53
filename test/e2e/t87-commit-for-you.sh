#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# --commit and core.autostage: what a command writes for Git goes into a commit or the index, and nothing else does.
. "$(dirname "$0")/lib.sh"

staged() { git diff --cached --name-only --no-renames | paste -sd' '; }
in_commit() { git show --pretty=format: --name-only --no-renames "${1:-HEAD}" | paste -sd' '; }
message() { git log -1 --format=%s; }

a_project() {
  new_repo
  commit first
}

commits_what_it_writes() {
  a_project
  mkdir -p 'my data'
  echo one >'my data/a b.csv'
  echo mine >mine.txt
  git add mine.txt
  echo theirs >theirs.txt
  cairn add 'my data/a b.csv' --commit
  assert_out "committed as $(git rev-parse --short=12 HEAD)"
  assert_lacks "$T/out" 'next: git add'
  assert_same "cairn add 'my data/a b.csv'" "$(message)" "message"
  assert_same "my data/.gitignore my data/a b.csv.cairn" "$(in_commit)" "files"
  assert_same "mine.txt" "$(staged)" "what the user staged"
  cairn status --exit-code
  cairn add 'my data/a b.csv' --commit --json
  assert_value '[d["staged"], d["commit"]]' '[[], null]'
  assert_same "cairn add 'my data/a b.csv'" "$(message)" "no second commit"
}

each_command_of_data() {
  a_project
  echo one >data
  cairn add --commit data
  echo two >data
  cairn commit --commit
  assert_same "data.cairn" "$(in_commit)" "commit"
  cairn move --commit data moved
  assert_same ".gitignore data.cairn moved.cairn" "$(in_commit)" "move"
  cairn remove --commit moved
  assert_same ".gitignore moved.cairn" "$(in_commit)" "remove"
  assert_same "cairn remove moved" "$(message)" "message"
  assert_same "?? moved" "$(git status --porcelain)" "the data is Git's to see now"
}

pipelines() {
  a_project
  echo one >in
  git add in && git commit -qm in
  cairn stage add --commit -n copy -d in -o out 'cp in out'
  assert_same "cairn.yaml" "$(in_commit | tr ' ' '\n' | grep -v gitignore)" "stage add"
  cairn repro --commit
  assert_same ".gitignore cairn.lock" "$(in_commit)" "repro"
  cairn freeze --commit copy
  cairn unfreeze --commit copy
  assert_same "cairn unfreeze copy" "$(message)" "message"
  cairn stage edit --commit copy --cmd 'cat in > out'
  cairn stage remove --commit copy
  assert_same "" "$(git status --porcelain | grep -v '?? out')" "git status"
  cairn repro --commit --json 2>/dev/null || true
  assert_same "cairn stage remove copy" "$(message)" "nothing was written"
}

in_a_subfolder_of_the_repository() {
  mkdir repo && cd repo && git init -q
  git commit -q --allow-empty -m first
  mkdir project && cd project
  cairn init -q
  git add -A && git commit -qm init
  echo one >data
  cairn add --commit data
  assert_same "project/.gitignore project/data.cairn" "$(in_commit)" "files"
}

before_the_first_commit() {
  new_repo
  echo mine >mine.txt
  git add mine.txt
  echo one >data
  cairn add --commit data
  assert_same ".gitignore data.cairn" "$(git ls-tree -r --name-only HEAD | paste -sd' ')" "files"
  assert_same "mine.txt" "$(staged)" "what the user staged"
}

what_fails_is_not_committed() {
  a_project
  echo one >data
  must_fail 3 cairn add --commit data nowhere
  assert_same "first" "$(message)" "no commit"
  assert_same ".gitignore data.cairn" "$(staged)" "staged"
  cat >cairn.yaml <<'YAML'
stages:
  good: {cmd: echo a > a, outs: [a]}
  bad: {cmd: 'false', deps: [a], outs: [b]}
YAML
  git add cairn.yaml && git commit -qm two
  must_fail 8 cairn repro --commit
  assert_same "two" "$(message)" "no commit"
  assert_same ".gitignore cairn.lock" "$(staged)" "what the good stage wrote is staged"
}

when_git_refuses() {
  a_project
  cairn install -q
  mkdir -p .git/hooks
  printf '#!/bin/sh\necho not today >&2\nexit 1\n' >.git/hooks/commit-msg
  chmod +x .git/hooks/commit-msg
  echo one >data
  must_fail 3 cairn add --commit data
  assert_err 'not today'
  assert_err 'git commit'
  assert_same ".gitignore data.cairn" "$(staged)" "staged"
  rm .git/hooks/commit-msg
  echo two >data
  cairn add --commit data
  assert_same "data.cairn" "$(in_commit)" "what the second call wrote"
  assert_same ".gitignore" "$(staged)" "what the first one left staged"
}

without_git() {
  mkdir plain && cd plain
  cairn init -q --no-git
  echo one >data
  must_fail 3 cairn add --commit data
  assert_err 'not in a Git repository'
  cairn config core.autostage true
  echo two >data
  cairn add data
}

stages_by_itself() {
  a_project
  cairn config core.autostage true
  echo one >data
  cairn add data
  assert_out 'staged 2 files for the next commit'
  assert_lacks "$T/out" 'next: git add'
  assert_same ".gitignore data.cairn" "$(staged)" "add"
  commit two
  cairn config core.compress fast
  assert_same ".cairn/config" "$(staged)" "config"
  cairn add --dry-run data
  cairn status
  assert_lacks "$T/out" 'staged'
  cairn remove data
  assert_same ".cairn/config .gitignore data.cairn" "$(staged)" "remove"
  cairn undo
  assert_same ".cairn/config" "$(staged)" "undo"
}

a_pointer_that_moved() {
  a_project
  mkdir folder
  echo one >data
  echo one >folder/a
  echo one >folder/b
  cairn add data folder
  commit two
  git checkout -q -b side
  echo theirs >data
  echo theirs >folder/a
  cairn add data folder
  commit theirs
  git checkout -q main
  cairn checkout
  # A merge without hooks: the pointers move, the data does not.
  git -c core.hooksPath=/dev/null merge -q side
  must_fail 3 cairn add data
  assert_err 'still the old one'
  echo mine >data
  echo mine >folder/a
  echo mine >folder/b
  must_fail 3 cairn add data
  assert_err "the pointer of 'data' changed, the data here was edited from an older one"
  assert_err 'cairn checkout --force data'
  # What is refused is not stored either: nothing takes it for safe and replaces it.
  must_fail 3 cairn checkout data
  assert_content data mine
  must_fail 3 cairn commit folder
  must_fail 3 cairn add folder/a
  cairn add folder/b
  assert_same "" "$(git status --porcelain data.cairn)" "the pointer is theirs"
  cairn add --force data
  cairn checkout --force folder
  assert_content folder/a theirs
  assert_content folder/b mine
}

test_case "a commit of what the command writes, and of nothing else" commits_what_it_writes
test_case "add, commit, move, remove" each_command_of_data
test_case "stages and repro" pipelines
test_case "a project in a subfolder" in_a_subfolder_of_the_repository
test_case "before the first commit" before_the_first_commit
test_case "what fails is staged, not committed" what_fails_is_not_committed
test_case "Git refuses" when_git_refuses
test_case "without Git" without_git
test_case "core.autostage" stages_by_itself
test_case "add does not take back what a merge brought" a_pointer_that_moved
finish
