#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Repositories that are not plain: each works, or says clearly why not and what to do.
. "$(dirname "$0")/lib.sh"

# In $T/case: git-remote (bare) and repo, which is pushed there; data of two commits in ../storage.
shared_history() {
  git init -q --bare git-remote
  git -C git-remote config uploadpack.allowFilter true
  git -C git-remote config uploadpack.allowAnySHA1InWant true
  new_repo
  cairn install
  cairn remote add storage "$T/case/storage"
  git remote add origin "file://$T/case/git-remote"
  mkdir data code other
  echo one >data/a.csv
  echo leaf >other/leaf
  echo code >code/run.sh
  printf 'stages:\n  make:\n    cmd: cat data/a.csv code/run.sh >out.txt\n    deps: [data/a.csv]\n    outs: [out.txt]\n' >cairn.yaml
  cairn add data/a.csv other
  cairn repro
  commit one
  echo two >data/a.csv
  cairn add data/a.csv
  cairn repro
  commit two
  git push -q origin main
  cd ..
}

# All that a project does, here, in a clone of shared_history with hooks: data of both commits, new data, stages, and its way
# to the remote and back. $1: the folder that has data.
everything_works() {
  local top=$1 other
  cairn install
  cairn pull
  assert_content "$top/data/a.csv" two
  cairn status --exit-code
  cairn fetch --rev HEAD~1
  git checkout -q -b work HEAD~1
  assert_content "$top/data/a.csv" one
  echo "three $(printf 'grü\xc3\x9fe')" >"$top/data/a.csv"
  cairn add "$top/data/a.csv"
  assert_same "" "$(git ls-files --others --exclude-standard)" "untracked"
  cairn repro
  assert_contains out.txt three
  git add -u
  run git commit -qm three
  assert_same "0 " "$STATUS $(cat "$T/err")" "commit"
  git push -q origin work
  git checkout -q HEAD~1
  assert_content "$top/data/a.csv" one
  rm "$top/data/a.csv"
  cairn checkout
  assert_content "$top/data/a.csv" one
  git checkout -q work
  assert_contains "$top/data/a.csv" three
  cairn fsck
  assert_same "" "$(git status --porcelain)"
}

sparse_checkout_with_a_cone() {
  shared_history
  git clone -q --sparse "file://$T/case/git-remote" clone
  cd clone
  git sparse-checkout set data code
  # A cone has folders by name, and .cairn is one.
  must_fail 6 cairn status
  assert_err "left out of the sparse checkout"
  assert_err "git sparse-checkout add .cairn"
  must_fail 6 cairn init
  assert_err "git sparse-checkout add .cairn"
  git sparse-checkout add .cairn
  everything_works .
}

sparse_checkout_without_a_cone() {
  shared_history
  git clone -q "file://$T/case/git-remote" clone
  cd clone
  git sparse-checkout set --no-cone '/*' '!/code/'
  assert_absent code/run.sh
  cairn install
  cairn pull
  assert_content data/a.csv two
  cairn status --exit-code || true
  git checkout -q HEAD~1
  assert_content data/a.csv one
}

sparse_index() {
  shared_history
  git clone -q --sparse "file://$T/case/git-remote" clone
  cd clone
  git sparse-checkout set --sparse-index data code .cairn
  everything_works .
}

split_index() {
  shared_history
  git clone -q "file://$T/case/git-remote" clone
  cd clone
  git update-index --split-index
  everything_works .
}

index_version_4() {
  shared_history
  git clone -q "file://$T/case/git-remote" clone
  cd clone
  git update-index --index-version 4
  everything_works .
}

partial_clone() {
  shared_history
  git clone -q --filter=blob:none "file://$T/case/git-remote" clone
  cd clone
  everything_works .
}

shallow_clone() {
  shared_history
  git clone -q --depth 2 "file://$T/case/git-remote" clone
  cd clone
  everything_works .
  # The oldest commit has no parent here.
  git checkout -q "$(git rev-list --max-parents=0 HEAD | tail -1)"
  cairn status
}

linked_work_tree() {
  shared_history
  cd repo
  git worktree add -q ../tree main~1
  cd ../tree
  git checkout -q -b tree main
  everything_works .
  assert_content ../repo/data/a.csv two
}

submodule() {
  shared_history
  git init -q super
  cd super
  git -c protocol.file.allow=always submodule --quiet add "file://$T/case/git-remote" sub
  git commit -qm sub
  cd sub
  everything_works .
}

names_with_spaces_and_umlauts() {
  mkdir "$(printf 'grü\xc3\x9fe und leer')"
  cd "$(printf 'grü\xc3\x9fe und leer')"
  git init -q --bare git-remote
  git init -q "re po"
  cd "re po"
  cairn init -q
  cairn install
  cairn remote add storage "../stor age"
  git remote add origin ../git-remote
  mkdir "da ta"
  echo one >"da ta/ä b.csv"
  cairn add "da ta/ä b.csv"
  printf 'stages:\n  make:\n    cmd: cp "da ta/ä b.csv" out.txt\n    deps: ["da ta/ä b.csv"]\n    outs: [out.txt]\n' >cairn.yaml
  cairn repro
  commit one
  git push -q origin main
  echo two >"da ta/ä b.csv"
  cairn add "da ta/ä b.csv"
  cairn repro
  commit two
  run git checkout -q HEAD~1
  assert_content "da ta/ä b.csv" one
  assert_content out.txt one
  git checkout -q main
  git push -q origin main
  git clone -q ../git-remote "../cl one"
  cd "../cl one"
  cairn pull
  assert_content "da ta/ä b.csv" two
  assert_content out.txt two
}

sha256_repository() {
  git init -q --object-format=sha256 repo
  cd repo
  must_fail 9 cairn init
  assert_err sha256
  assert_err "git init --object-format=sha1"
  assert_absent .cairn .gitattributes
  assert_same "" "$(git status --porcelain)"
  # One that others made a project of: Git goes on, and each command says why it does not.
  mkdir .cairn
  printf 'core:\n  format: 1\n  project: 0123456789abcdef\n' >.cairn/config
  echo one >data.csv
  must_fail 3 cairn add data.csv
  assert_err sha256
  must_fail 9 cairn install
  assert_err sha256
  assert_content data.csv one
  assert_absent data.csv.cairn
}

other_owner() {
  [ "$(id -u)" = 0 ] || skip "needs root, to give a repository to another user"
  new_repo
  cairn install
  echo one >data.csv
  cairn add data.csv
  commit one
  chown -R 65534:65534 .
  unset SUDO_UID
  must_fail 128 git status
  run "$CAIRN" install
  assert_same 9 "$STATUS"
  assert_err "owned by another user"
  assert_err "safe.directory $PWD"
  echo two >other.csv
  run "$CAIRN" add other.csv
  assert_same 3 "$STATUS"
  assert_err "safe.directory $PWD"
  git config --global --add safe.directory "$PWD"
  cairn add other.csv
  cairn install
  git status
}

reftable() {
  git init -q --ref-format=reftable repo 2>/dev/null || skip "this git knows no reftable"
  cd repo
  run "$CAIRN" init
  assert_err reftable
}

bare_repository() {
  shared_history
  cd git-remote
  must_fail 6 cairn status
  cp ../repo/.git/hooks/post-* ../repo/.git/hooks/pre-* hooks/
  git config cairn.program "$CAIRN"
  git init -q --bare ../second
  git worktree add -q ../tree main
  run git push -q ../second main
  assert_same "0 " "$STATUS $(cat "$T/err")"
}

test_case "sparse checkout with a cone" sparse_checkout_with_a_cone
test_case "sparse checkout without a cone" sparse_checkout_without_a_cone
test_case "sparse index" sparse_index
test_case "split index" split_index
test_case "index of version 4" index_version_4
test_case "partial clone" partial_clone
test_case "shallow clone" shallow_clone
test_case "linked work tree" linked_work_tree
test_case "submodule" submodule
test_case "spaces and UTF-8 in all names" names_with_spaces_and_umlauts
test_case "SHA-256 repositories are refused before anything is written" sha256_repository
test_case "a repository of another user" other_owner
test_case "reftable" reftable
test_case "bare repositories" bare_repository
finish
