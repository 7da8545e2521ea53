#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# A folder as remote: push, fetch, pull.
. "$(dirname "$0")/lib.sh"
UNIT=$(realpath "$(dirname "$0")/../unit")

remote_settings() {
  new_repo
  cairn remote add first ../first
  cairn remote add second /somewhere/else
  cairn remote list
  assert_out first
  assert_out /somewhere/else
  cairn remote default
  assert_out first
  cairn remote default second
  cairn remote default
  assert_out second
  must_fail 9 cairn remote add first ../other
  must_fail 9 cairn remote default nothing
  cairn remote remove second
  must_fail 9 cairn remote default
  must_fail 9 cairn remote remove second
  cairn remote add --local mine ../mine
  assert_lacks .cairn/config mine
}

paths_are_told() {
  new_repo
  mkdir images
  echo cat >images/cat.jpg
  echo dog >images/dog.jpg
  echo one >data.csv
  cairn add images data.csv
  commit data
  cairn remote add -d storage ../storage
  cairn push --verbose
  assert_out "pushed    data.csv  (1 file, 4 B)"
  assert_out "pushed    images  (2 files, 8 B)"
  echo two >data.csv
  cairn add data.csv
  commit more
  cairn push --json
  assert_value 'd["paths"]' '[{"bytes": 4, "files": 1, "path": "data.csv"}]'
  cairn push --json
  assert_value 'd["paths"]' '[]'
  git clone -q . ../clone
  cd ../clone
  cairn fetch --json images
  assert_value 'd["paths"]' '[{"bytes": 8, "files": 2, "path": "images"}]'
  cairn fetch --rev HEAD --verbose
  assert_out "fetched   data.csv (in $(git rev-parse --short=9 HEAD))  (1 file, 4 B)"
}

push_and_pull() {
  shared_repo
  cairn push
  fresh_clone
  cairn status
  assert_out "cairn pull"
  cairn pull
  assert_same_trees ../repo/folder folder
  cmp ../repo/large.bin large.bin
  cairn status --exit-code
  cairn fsck
  cairn pull
}

clone_with_other_line_ends() {
  shared_repo
  cairn push
  git clone -q -c core.autocrlf=true . ../clone
  cd ../clone
  cairn pull
  assert_same_trees ../repo/folder folder
  sed -i 's/$/\r/' folder.cairn
  rm -r folder
  cairn checkout
  assert_same_trees ../repo/folder folder
  cairn fsck
}

two_repositories_share_a_store() {
  new_repo one
  cairn config --local cache.dir "$T/case/shared"
  seq 50000 >data
  cairn add data
  assert_absent .git/cairn/packs
  cd ..
  new_repo two
  cairn config --local cache.dir "$T/case/shared"
  seq 50000 >data
  cairn add data
  assert_lacks "$T/out" stored
  cp ../one/data.cairn other.cairn
  cairn checkout other
  cmp data other
  cairn fsck
}

second_push_sends_nothing() {
  shared_repo
  cairn push
  local before
  before=$(files_of_remote)
  cairn push
  assert_same "$before" "$(files_of_remote)"
  cairn add large.bin
  cairn push
  assert_same "$before" "$(files_of_remote)"
}

push_sends_only_what_is_new() {
  shared_repo
  cairn push
  local before after
  before=$(du -sb ../storage | cut -f1)
  echo tail >>large.bin
  cairn add large.bin
  commit second
  cairn push
  after=$(du -sb ../storage | cut -f1)
  [ $((after - before)) -lt 300000 ] || fail "sent $((after - before)) bytes"
  fresh_clone
  cairn pull
  cmp ../repo/large.bin large.bin
}

targets_only() {
  shared_repo
  cairn push folder
  fresh_clone
  cairn pull folder
  assert_same_trees ../repo/folder folder
  assert_absent large.bin
  must_fail 9 cairn pull large.bin
  assert_err large.bin
  assert_absent large.bin
  rm -rf folder "$(store_of)"
  cairn pull folder/a
  assert_absent folder/b
  cairn pull folder
  assert_same_trees ../repo/folder folder
  must_fail 9 cairn pull nothing
}

fetch_leaves_the_workspace() {
  shared_repo
  cairn push
  fresh_clone
  cairn fetch
  assert_absent folder large.bin
  mv ../storage ../gone
  cairn checkout
  assert_same_trees ../repo/folder folder
  cairn fsck
}

all_branches_and_tags() {
  shared_repo
  git tag v1
  seq 9 >large.bin
  cairn add large.bin
  commit second
  git checkout -q -b side
  seq 5 >side
  cairn add side
  commit side
  git checkout -q main
  cairn push --all-branches --all-tags
  fresh_clone
  git branch -q side origin/side
  cairn fetch --all-branches --all-tags
  mv ../storage ../gone
  cairn checkout
  cmp <(seq 9) large.bin
  git checkout -q side
  cairn checkout
  cmp <(seq 5) side
  git checkout -q v1
  cairn checkout
  assert_same 300000 "$(stat -c %s large.bin)"
  cairn fsck
}

revisions() {
  shared_repo
  cp large.bin ../large.bin
  seq 9 >large.bin
  cairn add large.bin
  commit second
  cairn push
  git clone -q . ../clone
  (
    cd ../clone
    git checkout -q HEAD~1
    run "$CAIRN" pull
    [ "$STATUS" != 0 ] || fail "pulled what was never pushed"
  )
  cairn push --rev HEAD~1
  cd ../clone
  cairn fetch --rev main~1 --rev main
  mv ../storage ../gone
  git checkout -q main~1
  cairn checkout
  cmp large.bin ../large.bin
  must_fail 9 cairn push --rev no-such-revision
  cairn fsck
}

no_remote_is_named() {
  new_repo
  echo one >data
  cairn add data
  must_fail 9 cairn push
  assert_err "cairn remote add"
  must_fail 9 cairn push -r nothing
}

pull_keeps_changed_data() {
  shared_repo
  cairn push
  fresh_clone
  cairn pull
  git -C ../repo checkout -q main
  (
    cd ../repo
    seq 3000 >folder/a
    cairn add folder
    commit second
    cairn push
  )
  git pull -q
  echo mine >folder/a
  must_fail 3 cairn pull
  assert_content folder/a mine
  cairn pull --force
  cmp ../repo/folder/a folder/a
  cairn undo
  assert_content folder/a mine
  cairn fsck
}

plug_in() {
  new_repo
  local plugin
  plugin="exec:python3 $UNIT/plugin/folder_plugin.py $T/case/storage"
  must_fail 2 cairn remote add storage "$plugin"
  assert_err "--local"
  cairn remote add --local storage "$plugin"
  seq 1000 >data
  random_file large.bin 3000000 plug-in
  cairn add data large.bin
  commit first
  cairn push
  cairn push
  fresh_clone
  must_fail 9 cairn pull
  cairn remote add --local storage "$plugin"
  cairn pull
  cmp ../repo/large.bin large.bin
  cmp ../repo/data data
  cairn fsck
  cairn config --local remote.storage.url exec:no-such-program
  must_fail 7 cairn push
  assert_err no-such-program
}

test_case "remote add, list, default, remove" remote_settings
test_case "push, fetch and pull tell how much of each path" paths_are_told
test_case "push, clone, pull" push_and_pull
test_case "a clone that turns line ends" clone_with_other_line_ends
test_case "two repositories share a store" two_repositories_share_a_store
test_case "a second push sends nothing" second_push_sends_nothing
test_case "push sends only what is new" push_sends_only_what_is_new
test_case "push and pull of targets" targets_only
test_case "fetch leaves the workspace as it is" fetch_leaves_the_workspace
test_case "all branches and tags" all_branches_and_tags
test_case "push and fetch of revisions" revisions
test_case "no remote, or an unknown one" no_remote_is_named
test_case "pull keeps changed data" pull_keeps_changed_data
test_case "a plug-in" plug_in
finish
