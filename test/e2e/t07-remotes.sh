#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# A folder as remote: push, fetch, pull.
. "$(dirname "$0")/lib.sh"

# A repository with data and a default remote in ../storage.
shared_repo() {
  new_repo
  cairn remote add storage ../storage
  mkdir folder
  seq 1000 >folder/a
  seq 2000 >folder/b
  random_file large.bin 300000 remotes
  cairn add folder large.bin
  commit first
}

fresh_clone() {
  git clone -q . ../clone
  cd ../clone
}

files_of_remote() { (cd ../storage && find . -type f -printf '%p %s %i\n' | sort); }

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

remote_folder_is_gone() {
  shared_repo
  cairn push
  fresh_clone
  rm -rf ../storage
  must_fail 7 cairn pull
  assert_err storage
  assert_absent folder large.bin
  must_fail 7 cairn fetch
}

remote_is_not_writable() {
  shared_repo
  cairn push
  echo more >more
  cairn add more
  [ "$(id -u)" = 0 ] || skip "only root can take another user id"
  command -v setpriv >/dev/null || skip "no setpriv"
  chown -R 65534:65534 .
  local before
  before=$(files_of_remote)
  chmod a+rx "$T" "$T/case"
  must_fail 7 setpriv --reuid 65534 --regid 65534 --clear-groups "$CAIRN" push
  assert_err storage
  assert_same "$before" "$(files_of_remote)"
}

remote_is_a_file() {
  shared_repo
  : >../storage
  must_fail 7 cairn push
  assert_err storage
  must_fail 7 cairn pull
}

remote_is_something_else() {
  shared_repo
  mkdir ../storage
  echo mine >../storage/letters
  run "$CAIRN" push
  assert_content ../storage/letters mine
}

largest_pack() { find ../storage/packs -type f -printf '%s %p\n' | sort -n | tail -n1 | cut -d' ' -f2-; }

corrupt_pack_on_the_remote() {
  shared_repo
  cairn push
  fresh_clone
  local pack size offset
  pack=$(largest_pack)
  size=$(stat -c %s "$pack")
  for offset in 40 $((size / 2)) $((size - 60)) $((size - 3)); do
    cp "$pack" ../saved
    flip_byte "$pack" "$offset"
    rm -rf "$(store_of)"
    run "$CAIRN" pull
    case $STATUS in
      3 | 4 | 7) ;;
      *) fail "status $STATUS with byte $offset flipped" ;;
    esac
    [ ! -e large.bin ] || cmp ../repo/large.bin large.bin
    [ ! -e folder/a ] || cmp ../repo/folder/a folder/a
    [ ! -e folder/b ] || cmp ../repo/folder/b folder/b
    cp ../saved "$pack"
  done
  cairn pull
  assert_same_trees ../repo/folder folder
  cmp ../repo/large.bin large.bin
  cairn fsck
}

truncated_pack_on_the_remote() {
  shared_repo
  cairn push
  fresh_clone
  local pack
  pack=$(largest_pack)
  cp "$pack" ../saved
  chmod u+w "$pack"
  truncate -s $(($(stat -c %s "$pack") / 2)) "$pack"
  run "$CAIRN" pull
  [ "$STATUS" != 0 ] || fail "pulled from a truncated pack"
  [ ! -e large.bin ] || cmp ../repo/large.bin large.bin
  rm -f "$pack"
  run "$CAIRN" pull
  [ "$STATUS" != 0 ] || fail "pulled without the pack"
  cp ../saved "$pack"
  cairn pull
  cmp ../repo/large.bin large.bin
  cairn fsck
}

damaged_small_files_on_the_remote() {
  shared_repo
  cairn push
  fresh_clone
  local file
  while IFS= read -r file; do
    cp "$file" ../saved
    chmod u+w "$file"
    truncate -s 3 "$file"
    rm -rf "$(store_of)"
    run "$CAIRN" pull
    [ ! -e large.bin ] || cmp ../repo/large.bin large.bin
    cp ../saved "$file"
  done < <(find ../storage -type f ! -path '*/packs/*')
  cairn pull
  assert_same_trees ../repo/folder folder
  cairn fsck
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

push_of_what_is_not_here() {
  shared_repo
  cairn push
  fresh_clone
  seq 4 >new
  cairn add new
  # What was never fetched is on the remote already.
  cairn push
  rm -rf ../storage
  run "$CAIRN" push
  [ "$STATUS" != 0 ] || fail "status 0 although data is neither here nor there"
}

remote_started_anew() {
  shared_repo
  cairn push
  rm -rf ../storage
  must_fail 7 cairn push
  assert_err "mount or restore it"
  assert_absent ../storage
  cairn remote remove storage
  cairn remote add storage ../storage
  cairn push
  fresh_clone
  cairn pull
  assert_same_trees ../repo/folder folder
  cairn fsck
}

two_pushes_at_once() {
  shared_repo
  cairn push folder
  git clone -q . ../second
  (
    cd ../second
    random_file other.bin 3000000 other
    cairn add other.bin
  )
  "$CAIRN" push >"$T/push1" 2>&1 &
  local first=$!
  "$CAIRN" -C ../second push other.bin >"$T/push2" 2>&1
  wait "$first"
  cd ../second
  rm -rf "$(store_of)" other.bin
  cairn pull
  cmp ../repo/large.bin large.bin
  assert_same 3000000 "$(stat -c %s other.bin)"
  cairn fsck
}

test_case "remote add, list, default, remove" remote_settings
test_case "push, clone, pull" push_and_pull
test_case "a second push sends nothing" second_push_sends_nothing
test_case "push sends only what is new" push_sends_only_what_is_new
test_case "push and pull of targets" targets_only
test_case "fetch leaves the workspace as it is" fetch_leaves_the_workspace
test_case "all branches and tags" all_branches_and_tags
test_case "push and fetch of revisions" revisions
test_case "no remote, or an unknown one" no_remote_is_named
test_case "the remote folder is gone" remote_folder_is_gone
test_case "the remote is not writable" remote_is_not_writable
test_case "the remote is a file" remote_is_a_file
test_case "the remote folder holds something else" remote_is_something_else
test_case "a corrupt pack on the remote" corrupt_pack_on_the_remote
test_case "a truncated and a missing pack on the remote" truncated_pack_on_the_remote
test_case "damaged small files on the remote" damaged_small_files_on_the_remote
test_case "pull keeps changed data" pull_keeps_changed_data
test_case "push from a clone that lacks data" push_of_what_is_not_here
test_case "a remote that was emptied gets everything again" remote_started_anew
test_case "two pushes at once" two_pushes_at_once
finish
