#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Data follows commits through the Git hooks.
. "$(dirname "$0")/lib.sh"

# Two commits of data.csv, with hooks; HEAD is the second.
two_commits() {
  new_repo
  cairn install
  echo one >data.csv
  cairn add data.csv
  commit one
  echo two >data.csv
  cairn add data.csv
  commit two
}

old_commit_brings_old_data() {
  two_commits
  git checkout -q HEAD~1
  assert_content data.csv one
  git checkout -q main
  assert_content data.csv two
  assert_same "" "$(git status --porcelain)"
  cairn fsck
}

data_is_never_committed() {
  two_commits
  assert_same "$(printf '.cairn/config\n.gitattributes\n.gitignore\ndata.csv.cairn')" "$(git ls-files)"
}

checkout_without_pointer_removes_clean_data() {
  new_repo
  cairn install
  commit empty
  echo one >data.csv
  mkdir folder
  echo leaf >folder/leaf
  cairn add data.csv folder
  commit data
  git checkout -q HEAD~1
  assert_absent data.csv folder data.csv.cairn
  git checkout -q main
  assert_content data.csv one
  assert_content folder/leaf leaf
  cairn fsck
}

checkout_without_pointer_keeps_changed_data() {
  new_repo
  cairn install
  commit empty
  echo one >data.csv
  mkdir folder
  echo leaf >folder/leaf
  echo other >folder/other
  cairn add data.csv folder
  commit data
  echo mine >data.csv
  echo mine >folder/leaf
  run git checkout -q HEAD~1
  assert_same 0 "$STATUS" "status of git"
  assert_err data.csv
  assert_content data.csv mine
  assert_content folder/leaf mine
  cairn fsck
}

changed_data_survives_a_checkout_that_wants_other_data() {
  two_commits
  echo mine >data.csv
  run git checkout -q HEAD~1
  assert_same 0 "$STATUS" "status of git"
  assert_err data.csv
  assert_content data.csv mine
  must_fail 3 cairn checkout
  cairn checkout --force
  assert_content data.csv one
  cairn undo
  assert_content data.csv mine
  cairn fsck
}

git_checkout_of_a_pointer() {
  two_commits
  git checkout -q HEAD~1 -- data.csv.cairn
  assert_content data.csv one
  cairn fsck
}

merge_brings_the_data_of_the_other_branch() {
  two_commits
  git checkout -q -b side HEAD~1
  echo side >side.csv
  cairn add side.csv
  git add side.csv.cairn .gitignore
  git commit -qm side
  git checkout -q main
  assert_absent side.csv
  git merge -q --no-edit -X theirs side
  assert_content side.csv side
  assert_content data.csv two
  cairn fsck
}

fast_forward_merge_brings_data() {
  two_commits
  git checkout -q -b old HEAD~1
  assert_content data.csv one
  git merge -q main
  assert_content data.csv two
  cairn fsck
}

rebase_leaves_the_data_of_its_result() {
  two_commits
  git checkout -q -b side HEAD~1
  mkdir sub
  echo side >sub/side.csv
  cairn add sub/side.csv
  commit side
  git rebase -q main
  assert_content data.csv two
  assert_content sub/side.csv side
  assert_same "" "$(git status --porcelain)"
  cairn fsck
}

reset_and_stash_are_mended_by_checkout() {
  two_commits
  git reset -q --hard HEAD~1
  cairn checkout
  assert_content data.csv one
  cairn fsck
}

git_clean_loses_nothing() {
  two_commits
  mkdir folder
  echo leaf >folder/leaf
  cairn add folder
  commit folder
  git clean -qfdx
  assert_absent data.csv folder
  cairn checkout
  assert_content data.csv two
  assert_content folder/leaf leaf
  git clean -qfdx
  git checkout -q HEAD~2
  git checkout -q main
  assert_content data.csv two
  assert_content folder/leaf leaf
  cairn fsck
}

worktree_has_its_own_data_and_the_same_store() {
  two_commits
  git worktree add -q ../tree HEAD~1
  assert_content ../tree/data.csv one
  assert_content data.csv two
  cd ../tree
  echo three >three.csv
  cairn add three.csv
  git add -A
  git commit -qm three
  cd ../repo
  assert_absent three.csv
  git checkout -q "$(git -C ../tree rev-parse HEAD)"
  assert_content three.csv three
  cd ../tree
  cairn fsck
}

a_project_in_a_subfolder_works() {
  git init -q repo
  cd repo
  mkdir -p a/b
  cd a/b
  cairn init
  cairn install
  echo one >data.csv
  cairn add data.csv
  git add -A
  git commit -qm one
  echo two >data.csv
  cairn add data.csv
  git add -A
  git commit -qm two
  cd ../..
  git checkout -q HEAD~1
  assert_content a/b/data.csv one
  cairn -C a/b fsck
}

a_submodule_has_its_own_store() {
  (
    new_repo part
    echo part >part.csv
    cairn add part.csv
    commit part
    cairn remote add storage "$T/case/storage"
    commit remote
    cairn push
  )
  two_commits
  git -c protocol.file.allow=always submodule --quiet add ../part sub
  commit submodule
  cd sub
  cairn pull
  assert_content part.csv part
  assert_present ../.git/modules/sub/cairn
  cairn install
  echo more >part.csv
  cairn add part.csv
  commit more
  git checkout -q HEAD~1
  assert_content part.csv part
  cairn fsck
  cd ..
  assert_content data.csv two
  cairn status --exit-code
  cairn fsck
}

an_aborted_merge_keeps_the_data() {
  two_commits
  git checkout -q -b side HEAD~1
  echo side >data.csv
  cairn add data.csv
  commit side
  must_fail 1 git merge -q main
  assert_content data.csv side
  run "$CAIRN" status
  assert_out "conflict  data.csv: changed on both sides"
  git merge --abort
  cairn checkout
  assert_content data.csv side
  git merge -q main >/dev/null || git checkout -q --theirs -- data.csv.cairn
  git add data.csv.cairn
  git commit -qm merged
  cairn checkout
  assert_content data.csv two
  cairn fsck
}

test_case "git checkout of an old commit brings the old data" old_commit_brings_old_data
test_case "only pointers are committed" data_is_never_committed
test_case "a commit without the pointer removes clean data" checkout_without_pointer_removes_clean_data
test_case "a commit without the pointer keeps changed data" checkout_without_pointer_keeps_changed_data
test_case "changed data survives a checkout that wants other data" changed_data_survives_a_checkout_that_wants_other_data
test_case "git checkout of a pointer brings its data" git_checkout_of_a_pointer
test_case "merge brings the other branch's data" merge_brings_the_data_of_the_other_branch
test_case "a fast-forward merge brings data" fast_forward_merge_brings_data
test_case "rebase leaves the data of its result" rebase_leaves_the_data_of_its_result
test_case "after git reset, cairn checkout mends the workspace" reset_and_stash_are_mended_by_checkout
test_case "git clean -fdx loses nothing that was added" git_clean_loses_nothing
test_case "worktrees share the store and have their own data" worktree_has_its_own_data_and_the_same_store
test_case "a submodule has its own store" a_submodule_has_its_own_store
test_case "a merge with a conflict keeps the data" an_aborted_merge_keeps_the_data
test_case "a project below the Git root works" a_project_in_a_subfolder_works
finish
