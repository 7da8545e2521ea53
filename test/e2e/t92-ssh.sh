#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# A remote over SSH, on a server of our own.
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/servers.sh"
start_server sshd 1
. "$(dirname "$0")/ssh_server.sh"

# A project with data, committed, and the remote $T/case/storage by way of a host of the server's ssh_config.
ssh_repo() {
  new_repo
  cairn remote add storage "ssh://${1:-here}$T/case/storage"
  mkdir folder
  seq 1000 >folder/a
  seq 2000 >folder/b
  random_file large.bin 3000000 ssh
  cairn add folder large.bin
  commit first
}

# must_fail_remote TEXT COMMAND…: status 7, and an error that names the address and says TEXT and what to do.
must_fail_remote() {
  must_fail 7 "${@:2}"
  assert_err "ssh://"
  assert_err "$1"
  assert_err "try: "
}

push_and_pull() {
  ssh_repo
  cairn push
  fresh_clone
  cairn status
  assert_out "cairn pull"
  cairn pull
  assert_same_trees ../repo/folder folder
  cmp ../repo/large.bin large.bin
  cairn status --exit-code
  cairn fsck
  find ../storage -type f >../files
  assert_lacks ../files /tmp/
}

clone_in_one_go() {
  ssh_repo
  cairn push
  cd ..
  cairn clone repo clone
  assert_same_trees repo/folder clone/folder
  cmp repo/large.bin clone/large.bin
}

second_push_sends_nothing() {
  ssh_repo
  cairn push
  local before
  before=$(files_of_remote)
  : >"$T/connections"
  cairn push
  assert_same "$before" "$(files_of_remote)"
  assert_same 1 "$(wc -l <"$T/connections")" "connections"
}

two_pushes_at_once() {
  ssh_repo
  git clone -q . ../other
  (
    cd ../other
    seq 5000 >more
    "$CAIRN" add -q more
    git add -A
    git commit -qm more
    "$CAIRN" push more
  ) >"$T/other" 2>&1 &
  local other=$!
  cairn push
  wait $other || fail "the other push: $(cat "$T/other")"
  rm -rf folder large.bin "$(store_of)"
  cairn pull
  cairn fsck
  cd ../other
  rm -rf more "$(store_of)"
  cairn pull more
  cmp <(seq 5000) more
}

# Whole objects alone may be seen, and another clone can bring the push to its end.
killed_push() {
  ssh_repo
  local round after process
  for round in 1 2 3 4; do
    random_file "more$round" 4000000 "$round"
    cairn add -q "more$round"
    commit "$round"
    "$CAIRN" push >/dev/null 2>&1 &
    process=$!
    after=$((RANDOM % 90 + 5))
    sleep "0.$(printf %02d $after)"
    kill -KILL $process 2>/dev/null || true
    wait $process || true
  done
  git clone -q . ../clone
  cp -r "$(store_of)" "$(git -C ../clone rev-parse --absolute-git-dir)/"
  cd ../clone
  cairn push
  rm -rf "$(store_of)"
  cairn pull
  cmp ../repo/large.bin large.bin
  for round in 1 2 3 4; do
    cmp "../repo/more$round" "more$round"
  done
  cairn fsck
}

connection_breaks() {
  ssh_repo
  : >"$T/connections"
  "$CAIRN" push >/dev/null 2>"$T/err" &
  local process=$!
  wait_for "$T/case/storage/packs"
  kill -KILL "$(tail -n1 "$T/connections")" 2>/dev/null || true
  wait $process || fail "did not go on with another connection"
  fresh_clone
  cairn pull
  cmp ../repo/large.bin large.bin
}

unknown_host_key() {
  ssh_repo stranger
  must_fail_remote "the host key of the server is not known yet" cairn push
  assert_absent ../storage
}

changed_host_key() {
  ssh_repo changed
  must_fail_remote "the host key of the server has changed" cairn push
}

wrong_key() {
  ssh_repo refused
  must_fail_remote "the server accepts none of our keys" cairn push
  cairn config --local remote.storage.keyfile "$SERVER/id"
  cairn push
  cairn pull
}

unknown_host() {
  ssh_repo no.such.host.invalid
  must_fail_remote "there is no host of that name" cairn push
}

nobody_listens() {
  ssh_repo
  cairn config remote.storage.port 1
  must_fail_remote "nobody answers at that port" cairn push
}

folder_is_gone() {
  ssh_repo
  cairn push
  fresh_clone
  cairn fetch
  rm -rf ../storage
  must_fail_remote "is gone" cairn pull
  must_fail_remote "is gone" cairn push
  assert_absent ../storage
}

folder_may_not_be_written() {
  [ "$(id -u)" = 0 ] || skip "only root sees what nobody may write"
  ssh_repo
  cairn config remote.storage.url ssh://here/proc/storage
  must_fail_remote "/proc/storage" cairn push
}

disk_is_full() {
  ssh_repo
  mkdir "$T/small"
  mount -t tmpfs -o size=1m none "$T/small" 2>/dev/null || skip "cannot mount a small file system here"
  cairn config remote.storage.url "ssh://here$T/small/remote"
  must_fail_remote "the disk of the server is full" cairn push
  (cd "$T/small" && find . -type f) >../files
  assert_lacks ../files /tmp/
  mount -o remount,size=20m "$T/small"
  cairn push
  rm -rf large.bin folder "$(store_of)"
  cairn pull
  cairn fsck
}

addresses() {
  new_repo
  must_fail 2 cairn remote add a ssh://host
  assert_err "ssh://HOST/PATH"
  must_fail 2 cairn remote add a me@host:data
  assert_err "ssh://me@host/~/data"
  must_fail 2 cairn remote add a ssh://me:s3cret@host/data
  assert_lacks "$T/err" s3cret
  must_fail 2 cairn remote add a -- ssh://-oProxyCommand=x/data
  must_fail 2 cairn remote add a 'ssh://$(touch x)/data'
  assert_absent x
  must_fail 2 cairn config remote.a.keyfile key
  assert_err "cairn config --local"
}

test_case "push, clone, pull" push_and_pull
test_case "clone with data" clone_in_one_go
test_case "a second push sends nothing, by one connection" second_push_sends_nothing
test_case "two pushes at once" two_pushes_at_once
test_case "a push is killed, and another clone ends it" killed_push
test_case "the connection breaks" connection_breaks
test_case "the host key is not known" unknown_host_key
test_case "the host key has changed" changed_host_key
test_case "the key is not accepted" wrong_key
test_case "there is no such host" unknown_host
test_case "nobody listens" nobody_listens
test_case "the folder is gone" folder_is_gone
test_case "the folder may not be written" folder_may_not_be_written
test_case "the disk is full" disk_is_full
test_case "what an address may be" addresses
finish
