#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Hooks in every way that Git runs them: what they touch, what they push, what they stop.
HERE=$(realpath "$(dirname "$0")")
. "$HERE/lib.sh"
. "$HERE/hook_projects.sh"

# --- What moves ---

a_switch_touches_only_what_differs() {
  two_commits
  # Left behind before: the pointer moves without a hook.
  echo newer >still.csv
  cairn add still.csv
  commit newer
  CAIRN_NO_HOOKS=1 git checkout -q HEAD~1
  assert_content still.csv newer
  run git checkout -q HEAD~1
  assert_content data.csv one
  assert_content still.csv newer
  assert_lacks "$T/err" still.csv
  # … and status still tells.
  run "$CAIRN" status
  assert_out still.csv
  cairn checkout
  assert_content still.csv still
  run "$CAIRN" status --exit-code
  assert_same 0 "$STATUS"
}

data_fetched_later_is_told() {
  two_commits
  cairn remote add storage ../storage
  commit remote
  add_and_commit three
  cairn push --rev HEAD --rev HEAD~1
  git clone -q . ../clone
  cd ../clone
  cairn install
  run git checkout -q -b old HEAD~1
  assert_same 0 "$STATUS"
  assert_err "not here yet (cairn pull): data.csv"
  cairn fetch
  run "$CAIRN" status
  assert_out data.csv
  cairn pull
  assert_content data.csv two
}

an_unchanged_hook_is_silent() {
  two_commits
  local what
  for what in "checkout -q main" "checkout -q -b same" "checkout -q -- data.csv.cairn" "stash list"; do
    # shellcheck disable=SC2086
    run git $what
    assert_same "0 " "$STATUS $(cat "$T/err")" "git $what"
  done
}

a_forced_checkout_brings_the_data_of_the_pointer() {
  two_commits
  echo three >data.csv
  cairn add data.csv
  git checkout -q -f HEAD
  assert_content data.csv two
  cairn fsck
}

a_lock_moves_with_its_outs() {
  new_repo
  cairn install
  printf 'stages:\n  make:\n    cmd: cp in.txt out.txt && cp in.txt extra.txt\n    deps: [in.txt]\n    outs: [out.txt, extra.txt]\n' >cairn.yaml
  echo one >in.txt
  cairn repro
  commit one
  printf 'stages:\n  make:\n    cmd: cp in.txt out.txt\n    deps: [in.txt]\n    outs: [out.txt]\n' >cairn.yaml
  echo two >in.txt
  rm extra.txt
  cairn repro
  commit two
  git checkout -q HEAD~1
  assert_content out.txt one
  assert_content extra.txt one
  git checkout -q main
  assert_content out.txt two
  assert_absent extra.txt
  git checkout -q HEAD~1 -- cairn.lock
  assert_content out.txt one
  cairn fsck
}

a_rebase_that_only_moves_on_brings_data() {
  two_commits
  git checkout -q -b side HEAD~1
  assert_content data.csv one
  git rebase -q main
  assert_content data.csv two
}

a_rebase_touches_data_once() {
  two_commits
  git checkout -q -b side HEAD~1
  local i
  for i in 1 2 3; do
    echo "$i" >"side$i.csv"
    cairn add "side$i.csv"
    commit "side $i"
  done
  run git rebase -q main
  assert_same 1 "$(grep -c cairn: "$T/err")" "lines of cairn"
  assert_content data.csv two
  assert_content side3.csv 3
  assert_same "" "$(git status --porcelain)"
  cairn fsck
}

a_rebase_that_stops_leaves_data_until_it_ends() {
  two_commits
  git checkout -q -b side HEAD~1
  echo a >code
  commit code
  echo b >code
  commit code2
  GIT_SEQUENCE_EDITOR='sed -i "1s/pick/edit/"' git rebase -q -i main
  assert_content data.csv one
  git rebase --continue
  assert_content data.csv two
  git rebase -q main
  assert_content data.csv two
}

cherry_pick_and_revert_bring_data() {
  two_commits
  git checkout -q -b side HEAD~1
  git cherry-pick main
  assert_content data.csv two
  git revert --no-edit HEAD
  assert_content data.csv one
}

a_merge_concluded_by_commit_brings_data() {
  new_repo
  cairn install
  echo base >code
  echo one >data.csv
  cairn add data.csv
  commit base
  git checkout -q -b side
  echo side >code
  echo two >data.csv
  cairn add data.csv
  commit side
  git checkout -q main
  echo main >code
  commit main
  must_fail 1 git merge -q side
  assert_content data.csv one
  echo both >code
  git add code
  run git commit -qm merged
  assert_same 0 "$STATUS"
  assert_content data.csv two
  cairn fsck
}

a_users_own_commit_moves_nothing() {
  two_commits
  git rm -q --cached data.csv.cairn
  rm data.csv.cairn
  git commit -qm "no pointer"
  assert_content data.csv two
}

bisect_brings_data() {
  two_commits
  local i
  for i in 3 4 5 6; do
    echo "$i" >data.csv
    cairn add data.csv
    commit "$i"
  done
  git bisect start HEAD HEAD~5
  run git bisect run sh -c 'test "$(cat data.csv)" != 4 && test "$(cat data.csv)" != 5 && test "$(cat data.csv)" != 6'
  assert_out "is the first bad commit"
  assert_same 4 "$(git show -s --format=%s refs/bisect/bad)"
  git bisect reset
  assert_content data.csv 6
}

stash_and_reset_are_told_by_status() {
  two_commits
  echo three >data.csv
  cairn add data.csv
  git stash -q
  run "$CAIRN" status
  assert_out data.csv
  cairn checkout
  assert_content data.csv two
  git stash pop -q
  run "$CAIRN" status
  assert_out data.csv
  cairn checkout
  assert_content data.csv three
  git reset -q --hard HEAD~1
  run "$CAIRN" status
  assert_out data.csv
  cairn checkout
  assert_content data.csv one
}

data_whose_pointer_is_gone_is_told() {
  two_commits
  echo new >new.csv
  cairn add new.csv
  commit new
  git reset -q --hard HEAD~1
  must_fail 1 "$CAIRN" status --exit-code
  assert_out "data without a pointer"
  assert_out new.csv
  cairn status --json
  assert_value '[d["orphaned"], d["clean"]]' '[[{"path": "new.csv"}], false]'
  cairn checkout
  assert_absent new.csv
  cairn status --exit-code
  cairn remove data.csv
  cairn status --exit-code # the user knows
  assert_content data.csv two
}

# The folder gives way to one of its files: what is left of it goes, what Git keeps inside stays.
a_folder_gives_way_to_a_path_inside() {
  new_repo
  cairn install
  mkdir -p raw
  echo one >raw/one.csv
  echo two >raw/two.csv
  echo same >raw/notes.txt
  cairn add raw
  commit folder
  git checkout -qb inside
  cairn remove raw
  rm raw/two.csv
  cairn add raw/one.csv
  git add -f raw/notes.txt
  commit "one file"
  CAIRN_NO_HOOKS=1 git checkout -q main
  cairn checkout
  assert_content raw/two.csv two
  CAIRN_NO_HOOKS=1 git checkout -q inside
  must_fail 1 "$CAIRN" status --exit-code
  cairn status --json
  assert_value 'd["orphaned"]' '[{"path": "raw"}]'
  cairn checkout
  assert_absent raw/two.csv
  assert_content raw/one.csv one
  assert_content raw/notes.txt same
  cairn status --exit-code
  git checkout -q main
  assert_content raw/two.csv two
  git checkout -q inside
  assert_absent raw/two.csv
  assert_content raw/notes.txt same
  cairn status --exit-code
}

a_project_in_a_subfolder_follows() {
  git init -q repo
  cd repo
  mkdir -p a/b
  cairn -C a/b init -q
  cairn -C a/b install
  echo one >a/b/data.csv
  cairn -C a/b add data.csv
  commit one
  echo two >a/b/data.csv
  cairn -C a/b add data.csv
  commit two
  git checkout -q HEAD~1
  assert_content a/b/data.csv one
  git checkout -q main -- a/b/data.csv.cairn
  assert_content a/b/data.csv two
  git checkout -q -f main
  git checkout -q --orphan empty
  git rm -rq --cached .
  git clean -qfdx -e a/b/data.csv
  git commit -q --allow-empty -m empty
  git checkout -q -f main
  assert_content a/b/data.csv two
}

# --- The switch ---

one_variable_switches_all_hooks_off() {
  two_commits
  export CAIRN_NO_HOOKS=1
  run git checkout -q HEAD~1
  assert_same "0 " "$STATUS $(cat "$T/err")"
  assert_content data.csv two
  git checkout -q main
  echo three >data.csv
  echo x >x
  git add x
  run git commit -qm x
  assert_lacks "$T/err" cairn
  git init -q --bare ../git-remote
  git remote add origin ../git-remote
  git config cairn.program /nowhere
  git push -q origin main
  rm -rf .git/cairn
  git push -q origin main:other
}

# --- Before a commit ---

pipeline_project() {
  new_repo
  cairn install
  echo one >in.txt
  echo 'cat in.txt >out.txt' >make.sh
  printf 'stages:\n  make:\n    cmd: sh make.sh\n    deps: [in.txt]\n    outs: [out.txt]\n' >cairn.yaml
  cairn repro
  echo one >data.csv
  cairn add data.csv
  commit one
}

a_stale_lock_is_stopped_where_configured() {
  pipeline_project
  echo two >in.txt
  run git commit -qam "warns by default"
  assert_same 0 "$STATUS"
  cairn repro
  commit repro
  cairn config git.pre_commit block
  commit config
  echo three >in.txt
  must_fail 1 git commit -qam stale
  assert_err make
  assert_err "cairn repro"
  assert_same config "$(git log -1 --format=%s)"
  git commit -q --no-verify -am stale
  # Its lock is not up to date, but the commit has nothing to do with it.
  echo readme >readme
  git add readme
  git commit -qm readme
  cairn repro
  git add -u
  git commit -qm fresh
  # Code is an input too.
  echo 'cat in.txt in.txt >out.txt' >make.sh
  must_fail 1 git commit -qam code
  git reset -q
  echo more >>readme
  git commit -qm "without the code" readme
  cairn repro
  git add -u
  git commit -qm "with the code"
}

an_unstaged_edit_is_not_held_against_a_commit() {
  pipeline_project
  cairn config git.pre_commit block
  commit config
  echo two >in.txt
  cairn repro
  git add -A
  # The commit is fresh; the work tree has moved on.
  echo three >in.txt
  git commit -qm fresh
  must_fail 1 git commit -qam stale
}

changed_data_is_stopped_where_configured() {
  pipeline_project
  cairn config git.pre_commit block
  commit config
  echo two >data.csv
  echo readme >readme
  git add readme
  run git commit -qm readme
  assert_same 0 "$STATUS"
  assert_err data.csv
  cairn add data.csv
  echo three >data.csv
  must_fail 1 git commit -qam data
  assert_err data.csv
  cairn commit
  git commit -qam data
  # An output that was edited by hand.
  echo two >in.txt
  cairn repro
  echo edited >out.txt
  must_fail 1 git commit -qam out
  assert_err out.txt
  cairn config git.pre_commit off
  run git commit -qam out
  assert_same "0 " "$STATUS $(cat "$T/err")"
  must_fail 2 cairn config git.pre_commit sometimes
}

# --- Before a push ---

exactly_the_pushed_commits_are_sent() {
  shared_project
  add_and_commit one
  add_and_commit two
  git checkout -q -b private
  add_and_commit secret
  git checkout -q main
  add_and_commit three
  git push -q origin main
  git clone -q ../git-remote ../clone
  cd ../clone
  local one
  for one in three two one; do
    cairn pull
    assert_content data.csv "$one"
    git checkout -q HEAD~1 || true
    [ "$one" != one ] || break
  done
  cd ../repo
  git push -q --no-verify origin private
  cd ../clone
  git fetch -q
  git checkout -q origin/private
  must_fail 9 cairn pull
  cd ../repo
  # A new branch at a commit that was pushed without its data.
  git push -q origin private:again
  cd ../clone
  cairn pull
  assert_content data.csv secret
}

lost_data_of_a_tip_stops_a_push() {
  shared_project
  add_and_commit one
  add_and_commit two
  rm -rf .git/cairn/packs .git/cairn/index
  must_fail 1 git push -q origin main
  assert_err "no-verify"
  assert_same "" "$(git -C ../git-remote for-each-ref)"
  CAIRN_NO_HOOKS=1 git push -q origin main
}

lost_data_of_older_commits_is_warned_of() {
  shared_project
  add_and_commit one
  cp -r .git/cairn ../kept
  add_and_commit two
  rm -rf .git/cairn
  add_and_commit three
  run git push -q origin main
  assert_same 0 "$STATUS"
  assert_err "2 older commit(s)"
  assert_same "$(git rev-parse main)" "$(git -C ../git-remote rev-parse main)"
  git clone -q ../git-remote ../clone
  cd ../clone
  cairn pull
  assert_content data.csv three
}

data_that_is_only_on_the_remote_is_enough() {
  shared_project
  add_and_commit one
  add_and_commit two
  git push -q origin main
  git clone -q ../git-remote ../clone
  cd ../clone
  cairn install
  git checkout -q -b more
  echo readme >readme
  commit readme
  git push -q origin more
  git tag -a v1 -m v1
  git tag blob "$(git rev-parse HEAD:readme)"
  git push -q origin v1 blob :more
}

without_a_remote_the_push_says_so() {
  new_repo
  cairn install
  git init -q --bare ../git-remote
  git remote add origin ../git-remote
  add_and_commit one
  run git push -q origin main
  assert_same 0 "$STATUS"
  assert_err "cairn remote add"
}

# --- Other repositories ---

variables_of_another_repository_do_not_mislead() {
  new_repo part
  cairn install
  echo part >part.csv
  cairn add part.csv
  commit part
  cd ..
  new_repo
  cairn install
  git -c protocol.file.allow=always submodule --quiet add ../part sub
  add_and_commit one
  # A hook of the user's own that looks after the submodule.
  printf '#!/bin/sh\ncd sub && echo more >more.csv && "%s" add more.csv && "%s" status\n' "$CAIRN" "$CAIRN" >.git/hooks/post-commit
  chmod +x .git/hooks/post-commit
  git worktree add -q ../tree
  cd ../tree
  git -c protocol.file.allow=always submodule --quiet update --init
  echo two >data.csv
  cairn add data.csv
  git add -u
  git commit -qm two
  assert_present sub/more.csv.cairn
  assert_same "$(printf ' M .gitignore\n?? more.csv.cairn')" "$(git -C sub status --porcelain)"
  git -C sub checkout -q -- .
  # The variables themselves, as Git sets them.
  cd sub
  echo other >other.csv
  GIT_DIR=$(git -C .. rev-parse --absolute-git-dir) cairn add other.csv
  GIT_INDEX_FILE=$(git -C .. rev-parse --absolute-git-dir)/index cairn status
  assert_lacks "$T/out" data.csv
  GIT_DIR=$(git -C .. rev-parse --absolute-git-dir) GIT_WORK_TREE=$(realpath ..) cairn ls
  assert_out other.csv
  assert_lacks "$T/out" data.csv
}

test_case "a switch touches only data whose pointer differs" a_switch_touches_only_what_differs
test_case "data that is not here is told by status" data_fetched_later_is_told
test_case "a hook with nothing to do is silent" an_unchanged_hook_is_silent
test_case "git checkout -f brings the data of the pointer" a_forced_checkout_brings_the_data_of_the_pointer
test_case "a lock moves with its outs" a_lock_moves_with_its_outs
test_case "a rebase that applies nothing brings data" a_rebase_that_only_moves_on_brings_data
test_case "a rebase touches data once" a_rebase_touches_data_once
test_case "a rebase that stops leaves data until it ends" a_rebase_that_stops_leaves_data_until_it_ends
test_case "cherry-pick and revert bring data" cherry_pick_and_revert_bring_data
test_case "a merge concluded by git commit brings data" a_merge_concluded_by_commit_brings_data
test_case "a user's own commit moves no data" a_users_own_commit_moves_nothing
test_case "git bisect brings data" bisect_brings_data
test_case "stash and reset are told by status" stash_and_reset_are_told_by_status
test_case "data whose pointer is gone is told" data_whose_pointer_is_gone_is_told
test_case "a folder gives way to a path inside" a_folder_gives_way_to_a_path_inside
test_case "a project in a subfolder follows" a_project_in_a_subfolder_follows
test_case "CAIRN_NO_HOOKS switches all hooks off" one_variable_switches_all_hooks_off
test_case "git.pre_commit=block stops a stale lock" a_stale_lock_is_stopped_where_configured
test_case "an edit that is not staged is not held against a commit" an_unstaged_edit_is_not_held_against_a_commit
test_case "git.pre_commit=block stops changed data" changed_data_is_stopped_where_configured
test_case "exactly the pushed commits are sent" exactly_the_pushed_commits_are_sent
test_case "lost data of a tip stops a push" lost_data_of_a_tip_stops_a_push
test_case "lost data of older commits is warned of" lost_data_of_older_commits_is_warned_of
test_case "data that only the remote has is enough" data_that_is_only_on_the_remote_is_enough
test_case "without a remote a push says that data stays" without_a_remote_the_push_says_so
test_case "variables of another repository do not mislead" variables_of_another_repository_do_not_mislead
finish
