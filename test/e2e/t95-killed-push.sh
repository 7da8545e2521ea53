#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# A push over the network that is killed at each of its requests. CAIRN_TEST_FULL=1: at every one, before and after the server has it;
# else at every fifth.
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/servers.sh"

start_server nginx 1
NGINX_PORT=$SERVER_PORT
FOLDER=$SERVER/files/dav/data
start_server fault-proxy 1
echo "$NGINX_PORT" >"$SERVER/target"
export NO_PROXY=127.0.0.1,localhost

# kill_at NUMBER before|after: the status of a push that ends with that request.
kill_at() {
  : >"$SERVER/requests"
  STATUS=0
  # shellcheck disable=SC2016
  bash -c 'echo "$1 $2 $$" >"$3/kill.new" && mv "$3/kill.new" "$3/kill" && exec "$4" -j2 push' - "$1" "$2" "$SERVER" "$CAIRN" \
    >"$T/out" 2>"$T/err" || STATUS=$?
  rm "$SERVER/kill"
}

use_remote() {
  cairn config --local remote.dav.user cairn
  cairn config --local remote.dav.password dav-secret
}

# What the first commit published stays whole for another clone.
others_get_what_was_published() {
  rm -rf "$(store_of)" first folder
  use_remote
  cairn pull
  assert_same_trees ../published/folder folder
  cmp ../published/first first
}

packs_there() { (cd "$FOLDER" && find packs -type f | sort); }

killed_at_each_request() {
  new_repo
  cairn remote add dav "webdav://127.0.0.1:$SERVER_PORT/dav/data"
  use_remote
  make_odd_folder folder
  random_file first 900000 first
  cairn add folder first
  commit published
  cairn push
  mkdir ../published
  cp -a folder first ../published
  git clone -q . ../clone
  (cd ../clone && use_remote && cairn pull)
  random_file second 900000 second
  random_file third 900000 third
  cairn add second
  cairn add third
  cp folder/deep/large.bin folder/copy
  cairn commit
  commit second
  cp -a "$FOLDER" "$T/saved"
  cp -a "$(store_of)" "$T/store"

  local step=5 number when before
  [ -z "$FULL" ] || step=1
  for ((number = 1; ; number += step)); do
    [ "$number" -lt 200 ] || fail "a push has no end"
    for when in before after; do
      rm -rf "$FOLDER" "$(store_of)"
      cp -a "$T/saved" "$FOLDER"
      cp -a "$T/store" "$(store_of)"
      kill_at "$number" "$when"
      [ "$STATUS" != 0 ] || break 2
      assert_same 137 "$STATUS" "status of the push killed $when request $number"
      (cd ../clone && others_get_what_was_published)
      before=$(packs_there)
      : >"$SERVER/requests"
      cairn push
      # What had arrived stays, and is not sent again.
      while read -r pack; do
        assert_lacks "$SERVER/requests" "MOVE /dav/data/$pack"
        ! grep -q "^PUT .*$pack" "$SERVER/requests" || fail "$pack was sent again"
      done <<<"$before"
      assert_same "$before" "$(comm -12 <(echo "$before") <(packs_there))"
      git clone -q . ../check
      (cd ../check && use_remote && cairn pull && cmp ../repo/second second && cmp ../repo/third third && cmp ../repo/folder/copy folder/copy)
      rm -rf ../check
    done
  done
  [ "$number" -gt 8 ] || fail "a push has only $number requests"
}

test_case "a push is killed at each of its requests" killed_at_each_request
finish
