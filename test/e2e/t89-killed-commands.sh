#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Commands that are killed before any of their calls that change something: nothing is lost or torn, and what comes next works.
HERE=$(realpath "$(dirname "$0")")
. "$HERE/lib.sh"
. "$HERE/hook_projects.sh"
. "$HERE/kill_at_calls.sh"

check_after_install() {
  local hook
  # The user's hooks are there, under one of two names.
  for hook in pre-commit post-merge; do
    grep -qF "mine" ".git/hooks/$hook" || grep -qF "mine" ".git/hooks/$hook.cairn-chained" || fail "lost $hook"
  done
  run "$CAIRN" install
  if [ "$STATUS" != 0 ]; then
    # As after a killed `git config`.
    assert_same 5 "$STATUS"
    assert_err "rm '$PWD/.git/config.lock'"
    rm .git/config.lock
    cairn install
  fi
  cairn uninstall
  cmp .git/hooks/pre-commit ../before/pre-commit
  cmp .git/hooks/post-merge ../before/post-merge
}

a_killed_install_loses_no_hook() {
  needs_strace
  new_repo
  printf '#!/bin/sh\n# mine\n' >.git/hooks/pre-commit
  printf '#!/usr/bin/env python3\n# mine\n' >.git/hooks/post-merge
  chmod +x .git/hooks/pre-commit .git/hooks/post-merge
  cp -a .git/hooks ../before
  kill_at_each_call check_after_install "$CAIRN" install
}

check_after_hook() {
  # Whatever stands there is one of the two, and what comes next works.
  grep -qx -e one -e two data.csv || [ ! -e data.csv ] || fail "torn data"
  cairn checkout
  assert_content data.csv one
  assert_content new/leaf leaf
  git checkout -q main
  assert_content data.csv two
  assert_absent new
  cairn fsck
}

a_killed_hook_blocks_nothing() {
  needs_strace
  new_repo
  cairn config core.jobs 1
  mkdir new
  echo leaf >new/leaf
  cairn add new
  add_and_commit one
  git rm -q new.cairn
  rm -rf new
  add_and_commit two
  cairn checkout
  local two one
  two=$(git rev-parse HEAD)
  one=$(git rev-parse HEAD~1)
  git checkout -q HEAD~1
  cairn install
  assert_content data.csv two
  kill_at_each_call check_after_hook "$CAIRN" git-hook post-checkout "$two" "$one" 1
}

# A folder with an edit that is not to be touched, and one that goes.
edited_folder() {
  new_repo
  cairn config core.jobs 1
  mkdir folder
  for name in a b c; do echo $name >folder/$name; done
  cairn add folder
  commit folder
  echo mine >folder/a
  echo mine >folder/b
}

check_after_part() {
  grep -qx -e a -e mine folder/a || fail "torn data"
  assert_content folder/b mine
  assert_content folder/c c
  cairn checkout --force folder/a
  assert_content folder/a a
  assert_content folder/b mine
  cairn add folder
  cairn fsck
}

a_killed_checkout_of_a_part() {
  needs_strace
  edited_folder
  kill_at_each_call check_after_part "$CAIRN" checkout --force folder/a
}

# Of what is not brought, nothing may be taken for deleted.
check_after_partial_pull() {
  local pointer
  pointer=$(cat folder.cairn)
  if ! "$CAIRN" add folder >"$T/out" 2>"$T/err"; then
    assert_same "$pointer" "$(cat folder.cairn)"
  fi
  cairn status
  cairn pull
  assert_same_trees ../folder folder
  assert_same "$pointer" "$(cat folder.cairn)"
  cairn status --exit-code
  cairn fsck
}

a_killed_pull_of_a_part() {
  needs_strace
  new_repo
  cairn config core.jobs 1
  mkdir folder
  for name in a b c; do large_file folder/$name 100000; done
  cairn add folder
  cairn remote add -d storage "$PWD/../storage"
  commit folder
  cairn push
  cp -r folder ..
  rm -rf folder .git/cairn
  cairn status
  kill_at_each_call check_after_partial_pull "$CAIRN" pull folder/a
}

check_after_import() {
  if [ -e labels.csv.cairn ]; then
    cairn checkout
  else
    cairn import "$SOURCE" labels.csv
  fi
  assert_content labels.csv labels
  assert_contains labels.csv.cairn "  path: labels.csv"
  cairn status --exit-code
  git add -A
  assert_same "$(printf 'A  .gitignore\nA  labels.csv.cairn')" "$(git status --porcelain)"
  cairn push
  cairn fsck
}

a_killed_import_can_be_made_again() {
  needs_strace
  new_repo source
  echo labels >labels.csv
  cairn add labels.csv
  cairn remote add -d storage "$PWD/../storage"
  commit labels
  cairn push
  SOURCE=$PWD
  cd ..
  new_repo
  cairn config core.jobs 1
  cairn remote add -d own "$PWD/../own"
  commit project
  kill_at_each_call check_after_import "$CAIRN" import "$SOURCE" labels.csv
}

test_case "a killed install loses no hook" a_killed_install_loses_no_hook
test_case "a killed hook blocks nothing" a_killed_hook_blocks_nothing
test_case "a killed checkout of a part leaves the rest" a_killed_checkout_of_a_part
test_case "a killed pull of a part takes nothing for deleted" a_killed_pull_of_a_part
test_case "a killed import can be made again" a_killed_import_can_be_made_again
finish
