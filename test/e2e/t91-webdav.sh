#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# A WebDAV server as remote, and a web server to read from.
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/servers.sh"

start_server nginx 1
export NO_PROXY=127.0.0.1,localhost

login() {
  cairn config --local remote.dav.user cairn
  cairn config --local remote.dav.password "${1:-dav-secret}"
}

# A project with data, committed, and the remote dav in a new folder.
dav_repo() {
  FOLDER=f$RANDOM$RANDOM$RANDOM
  new_repo
  cairn remote add dav "webdav://127.0.0.1:$SERVER_PORT/dav/$FOLDER/data"
  login
  make_odd_folder folder
  random_file large.bin 3000000 dav
  cairn add folder large.bin
  commit first
}

push_clone_pull() {
  dav_repo
  cairn push
  cairn remote test
  assert_out "login from remote.dav.user"
  fresh_clone
  login
  cairn pull
  assert_same_trees ../repo/folder folder
  cmp ../repo/large.bin large.bin
  cairn fsck
  share_back
  assert_absent "$SERVER/files/dav/$FOLDER/data/tmp/"*
}

over_http() {
  dav_repo
  cairn push
  fresh_clone
  cairn remote add -d web "http://127.0.0.1:$SERVER_PORT/token/dav/$FOLDER/data"
  must_fail 7 cairn pull
  assert_err "the server does not accept the login (no user or token is set)"
  cairn config --local remote.web.token_command "echo dav-token"
  cairn pull
  assert_same_trees ../repo/folder folder
  cmp ../repo/large.bin large.bin
  seq 1000 >more
  cairn add more
  commit second
  must_fail 9 cairn push
  assert_err "is for reading only"
}

failures_have_their_own_words() {
  dav_repo
  login secret-wrong
  must_fail 7 cairn push
  assert_err "remote 'dav'"
  assert_err "the server does not accept the login (with remote.dav.user)"
  assert_err "cairn config --local remote.dav.user NAME"
  assert_lacks "$T/err" secret-wrong
  login
  cairn push
  mv "$SERVER/files/dav/$FOLDER" "$SERVER/files/dav/away"
  must_fail 7 cairn push
  assert_err "is gone, or not the one that was used before"
  mv "$SERVER/files/dav/away" "$SERVER/files/dav/$FOLDER"
  flip_byte "$(find "$SERVER/files/dav/$FOLDER/data/packs" -type f -size +1M)" 5000
  fresh_clone
  login
  run "$CAIRN" pull
  [ "$STATUS" != 0 ] || fail "pulled damaged data"
  assert_absent large.bin
  must_fail 2 cairn remote add other "webdav://me:hidden@127.0.0.1/x"
  assert_lacks "$T/err" hidden
}

test_case "push, clone, pull" push_clone_pull
test_case "pull over HTTP" over_http
test_case "failures have their own words" failures_have_their_own_words
finish
