#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# A bucket of another real S3 service, OpenStack Swift, as remote.
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/servers.sh"

command -v rclone >/dev/null || { echo "skip $SUITE: no rclone" && finish; }
start_server swift 6
unset "${!AWS_@}"
export NO_PROXY=127.0.0.1,localhost
export AWS_ACCESS_KEY_ID=test:tester AWS_SECRET_ACCESS_KEY=testing

make_bucket() {
  run rclone --s3-provider Other --s3-env-auth --s3-endpoint "http://127.0.0.1:$SERVER_PORT" mkdir ":s3:$1"
  [ "$STATUS" = 0 ] || fail "no bucket was made"
}

# The store is removed too, so that all comes from the bucket.
push_wipe_pull() {
  make_bucket data
  new_repo
  cairn remote add bucket "s3://data/project"
  cairn config remote.bucket.endpointurl "http://127.0.0.1:$SERVER_PORT"
  make_odd_folder folder
  random_file large.bin 3000000 swift
  cairn add folder large.bin
  commit first
  cairn push
  mkdir ../before
  mv folder large.bin ../before
  rm -rf .git/cairn
  cairn pull
  assert_same_trees ../before/folder folder
  cmp ../before/large.bin large.bin
  cairn fsck
  cairn status --exit-code
  fresh_clone
  cairn pull
  assert_same_trees ../before/folder folder
  share_back
}

test_case "push, wipe, pull" push_wipe_pull
finish
