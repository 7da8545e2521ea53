#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Hooks themselves: chaining, hooksPath, PATH, and what happens when cairn cannot work.
. "$(dirname "$0")/lib.sh"

two_commits() {
  echo one >data.csv
  cairn add data.csv
  commit one
  echo two >data.csv
  cairn add data.csv
  commit two
}

hooks_work_with_cairn_not_on_path() {
  new_repo
  cairn install
  two_commits
  ! command -v cairn-is-not-there
  env -i HOME="$HOME" PATH=/usr/bin:/bin git checkout -q HEAD~1
  assert_content data.csv one
}

hooks_find_cairn_on_path_when_it_moved() {
  mkdir bin
  cp "$CAIRN" bin/cairn
  local CAIRN=$PWD/bin/cairn
  new_repo
  "$CAIRN" install
  two_commits
  mkdir ../elsewhere
  mv ../bin/cairn ../elsewhere/cairn
  CAIRN=$PWD/../elsewhere/cairn
  PATH=$PWD/../elsewhere:$PATH git checkout -q HEAD~1
  assert_content data.csv one
}

hooks_find_cairn_without_starting_git() {
  new_repo
  cairn install
  two_commits
  mkdir ../bin
  printf '#!/bin/sh\necho "$*" >>%q\nexec %q "$@"\n' "$PWD/../calls" "$(command -v git)" >../bin/git
  chmod +x ../bin/git
  local commit
  commit=$(git rev-parse HEAD)
  PATH=$PWD/../bin:$PATH .git/hooks/post-checkout "$commit" "$commit" 1
  [ ! -e ../calls ] || assert_lacks ../calls cairn.program
  git config gpg.program /bin/false # another program of another section
  rm data.csv
  PATH=$PWD/../bin:$PATH git checkout -q HEAD~1
  assert_content data.csv one
  assert_lacks ../calls cairn.program
}

hooks_find_cairn_at_a_path_that_git_quotes() {
  local odd='odd "path" # with \ and ;'
  mkdir "$odd"
  cp "$CAIRN" "$odd/cairn"
  local CAIRN=$PWD/$odd/cairn
  new_repo
  "$CAIRN" install
  two_commits
  git checkout -q HEAD~1
  assert_content data.csv one
}

missing_program_lets_git_go_on() {
  cp "$CAIRN" ./cairn-copy
  new_repo
  run ../cairn-copy install
  two_commits
  rm ../cairn-copy
  run git checkout -q HEAD~1
  assert_same 0 "$STATUS" "status of git checkout"
  assert_err "cairn install"
  assert_content data.csv two
  echo text >readme
  git add readme
  run git commit -qm readme
  assert_same 0 "$STATUS" "status of git commit"
  assert_same 1 "$(grep -c cairn "$T/err")" "lines about cairn"
}

existing_shell_hook_still_runs() {
  new_repo
  mkdir -p .git/hooks
  printf '#!/bin/sh\necho "$@" >>"%s/ran"\n' "$PWD/.git" >.git/hooks/post-checkout
  chmod +x .git/hooks/post-checkout
  cp .git/hooks/post-checkout ../before
  cairn install
  two_commits
  git checkout -q HEAD~1
  assert_content data.csv one
  assert_contains .git/ran "$(git rev-parse main) $(git rev-parse HEAD) 1"
  cairn uninstall
  assert_same "$(cat ../before)" "$(cat .git/hooks/post-checkout)" "hook after uninstall"
  git checkout -q main
  assert_content data.csv one
}

existing_program_hook_is_chained() {
  new_repo
  mkdir -p .git/hooks
  printf '#!/usr/bin/awk -f\nBEGIN { print "chained" >"%s/ran"; exit 3 }\n' "$PWD/.git" >.git/hooks/pre-commit
  chmod +x .git/hooks/pre-commit
  cairn install
  echo a >a
  git add a
  must_fail 1 git commit -qm a
  assert_content .git/ran chained
  cairn uninstall
  assert_contains .git/hooks/pre-commit "awk"
  assert_absent .git/hooks/pre-commit.cairn-chained
}

install_twice_changes_nothing() {
  new_repo
  cairn install
  local before
  before=$(manifest .git/hooks)
  cairn install
  assert_out "already"
  assert_same "$before" "$(manifest .git/hooks)"
  cairn uninstall
  cairn uninstall
  assert_absent .git/hooks/post-checkout .git/hooks/pre-push
}

hooks_path_is_respected() {
  new_repo
  mkdir my-hooks
  git config core.hooksPath my-hooks
  cairn install
  assert_present my-hooks/post-checkout
  assert_absent .git/hooks/post-checkout
  two_commits
  git checkout -q HEAD~1
  assert_content data.csv one
}

install_works_from_a_worktree() {
  new_repo
  two_commits
  git worktree add -q ../tree
  cd ../tree
  cairn install
  git checkout -q -b other main~1
  assert_content data.csv one
}

damaged_store_lets_git_go_on() {
  new_repo
  cairn install
  two_commits
  rm -rf .git/cairn/store
  find .git/cairn -type f -exec sh -c ': >"$1"' _ {} \;
  run git checkout -q HEAD~1
  assert_same 0 "$STATUS" "status of git checkout"
  git switch -q main
  git merge -q main
  assert_content data.csv two
}

truncated_packs_let_git_go_on() {
  new_repo
  cairn install
  two_commits
  rm data.csv
  find .git/cairn -name '*.pack' -exec truncate -s 40 {} \;
  run git checkout -q HEAD~1
  assert_same 0 "$STATUS" "status of git checkout"
  assert_err data.csv
}

unreadable_config_lets_git_go_on() {
  new_repo
  cairn install
  two_commits
  printf 'core: [\n' >.cairn/config
  git add -A
  # A commit is checked; what cannot be checked stops it, unless the user says so.
  git commit -q --no-verify -m broken
  run git checkout -q HEAD~2
  assert_same 0 "$STATUS" "status of git checkout"
  assert_content data.csv one
  run git checkout -q main
  assert_same 0 "$STATUS" "status of git checkout"
  assert_err .cairn/config
  run git checkout -q HEAD~2
  assert_same 0 "$STATUS" "status of git checkout"
  assert_content data.csv one
}

malformed_pointer_lets_git_go_on() {
  new_repo
  cairn install
  two_commits
  printf 'cairn: 1\n<<<<<<< ours\n' >data.csv.cairn
  git add -A
  git commit -q --no-verify -m broken
  git checkout -q HEAD~1
  run git checkout -q main
  assert_same 0 "$STATUS" "status of git checkout"
  assert_err data.csv.cairn
  assert_content data.csv two
}

post_hooks_use_no_network() {
  command -v strace >/dev/null || skip "no strace"
  new_repo
  cairn install
  git init -q --bare ../remote.git
  cairn remote add storage ../storage
  commit remote
  two_commits
  strace -f -qq -e trace=socket,connect -o ../trace git checkout -q HEAD~1 || skip "strace may not trace here"
  assert_content data.csv one
  strace -f -qq -e trace=socket,connect -o ../trace2 git merge -q main
  assert_content data.csv two
  assert_lacks ../trace AF_INET
  assert_lacks ../trace2 AF_INET
  assert_absent ../storage
}

post_hooks_do_not_fetch() {
  new_repo
  cairn install
  cairn remote add storage ../storage
  two_commits
  cairn push --all-branches
  rm -rf "$(store_of)" data.csv
  run git checkout -q HEAD~1
  assert_same 0 "$STATUS" "status of git checkout"
  assert_absent data.csv
  assert_err "cairn pull"
}

hooks_ignore_other_repositories_environment() {
  new_repo other
  cd ..
  new_repo repo
  cairn install
  two_commits
  # As in a hook or alias of another repository: cairn works on the one it is run in.
  GIT_DIR=$PWD/.git GIT_WORK_TREE=$PWD git checkout -q HEAD~1
  assert_content data.csv one
}

commit_of_forgotten_data_is_stopped_or_named() {
  new_repo
  cairn install
  two_commits
  echo three >data.csv
  echo text >readme
  git add readme
  run git commit -qm readme
  assert_err data.csv
}

push_stops_when_data_cannot_go() {
  new_repo
  cairn install
  two_commits
  git init -q --bare ../git-remote
  git remote add origin ../git-remote
  cairn remote add storage ../storage
  commit remote
  : >../storage
  must_fail 1 git push -q origin main
  assert_same "" "$(git -C ../git-remote for-each-ref)" "refs pushed"
  rm ../storage
  git push -q origin main
  git clone -q ../git-remote ../clone
  cd ../clone
  cairn pull
  assert_content data.csv two
}

push_without_data_needs_no_remote() {
  new_repo
  cairn install
  commit start
  git init -q --bare ../git-remote
  git remote add origin ../git-remote
  git push -q origin main
}

test_case "hooks work with cairn not on PATH" hooks_work_with_cairn_not_on_path
test_case "hooks find cairn on PATH when it moved" hooks_find_cairn_on_path_when_it_moved
test_case "hooks find cairn without starting git" hooks_find_cairn_without_starting_git
test_case "hooks find cairn at a path that git quotes" hooks_find_cairn_at_a_path_that_git_quotes
test_case "a missing program lets Git go on and says so" missing_program_lets_git_go_on
test_case "an existing shell hook still runs" existing_shell_hook_still_runs
test_case "an existing program hook is chained" existing_program_hook_is_chained
test_case "install and uninstall twice" install_twice_changes_nothing
test_case "core.hooksPath is respected" hooks_path_is_respected
test_case "install works from a worktree" install_works_from_a_worktree
test_case "a damaged store lets Git go on" damaged_store_lets_git_go_on
test_case "truncated packs let Git go on" truncated_packs_let_git_go_on
test_case "an unreadable config lets Git go on" unreadable_config_lets_git_go_on
test_case "a malformed pointer lets Git go on" malformed_pointer_lets_git_go_on
test_case "post hooks use no network" post_hooks_use_no_network
test_case "post hooks do not fetch" post_hooks_do_not_fetch
test_case "hooks work on the repository that runs them" hooks_ignore_other_repositories_environment
test_case "a commit beside changed data names the data" commit_of_forgotten_data_is_stopped_or_named
test_case "git push stops when the data cannot go first" push_stops_when_data_cannot_go
test_case "git push without data needs no remote" push_without_data_needs_no_remote
finish
