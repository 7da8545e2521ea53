#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Remotes that rclone reaches: a folder, and a WebDAV server.
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/servers.sh"

start_server rclone 1
export RCLONE_CONFIG=$SERVER/rclone.conf

# rclone_repo REMOTE: a project with data, committed, and the remote cloud in a new folder of REMOTE.
rclone_repo() {
  FOLDER=f$RANDOM$RANDOM$RANDOM
  new_repo
  cairn remote add cloud "rclone:$1:$FOLDER/my data"
  make_odd_folder folder
  random_file large.bin 3000000 rclone
  cairn add folder large.bin
  commit first
}

# push_wipe_pull REMOTE KEPT: KEPT is where its files are.
push_wipe_pull() {
  local kept=$SERVER/$2
  rclone_repo "$1"
  cairn push
  cp -a . ../before
  rm -rf folder large.bin .git/cairn
  cairn pull
  assert_same_trees ../before/folder folder
  cmp ../before/large.bin large.bin
  cairn fsck
  fresh_clone
  share_back
  assert_absent "$kept/$FOLDER/my data/tmp/"*
  cairn remote test cloud
}

over_a_folder() { push_wipe_pull disk disk; }
over_webdav() { push_wipe_pull dav files; }

# No rclone is left behind, however cairn ends.
rclone_ends_with_cairn() {
  local i
  rclone_repo dead
  "$CAIRN" push >"$T/out" 2>"$T/err" &
  for ((i = 0; i < 200; ++i)); do
    pgrep -P $! >../children && break
    sleep 0.05
  done
  kill -9 $!
  wait $! || true
  while read -r child; do wait_gone "$child"; done <../children
  [ -s ../children ] || fail "rclone was not started"
}

failures_have_their_own_words() {
  rclone_repo disk
  cairn push
  fresh_clone
  cairn remote modify cloud url rclone:unknown:x
  must_fail 7 cairn pull
  assert_err "rclone has no remote of that name"
  assert_err "rclone listremotes"
  cairn remote modify cloud url rclone:wrong:x
  must_fail 7 cairn pull
  assert_err "401 Unauthorized"
  assert_lacks "$T/err" hidden
  cairn remote modify cloud url "rclone:disk:$FOLDER/my data"
  mkdir ../bin
  ln -s "$(command -v git)" ../bin
  must_fail 7 env PATH="$T/case/bin" "$CAIRN" pull
  assert_err "there is no rclone on this machine"
  must_fail 2 cairn remote add other rclone:disk
  assert_err "write it as rclone:REMOTE:PATH"
  flip_byte "$(find "$SERVER/disk/$FOLDER/my data/packs" -type f -size +1M)" 5000
  run "$CAIRN" pull
  [ "$STATUS" != 0 ] || fail "pulled damaged data"
  assert_absent large.bin
}

options_are_not_committed() {
  new_repo
  for url in "rclone::local:$T/case/here" "rclone:disk,copy_links=true:here"; do
    must_fail 2 cairn remote add cloud "$url"
    assert_err "may not be set in the committed configuration"
  done
  cairn remote add --local cloud "rclone::local:$T/case/here"
  seq 1000 >data
  cairn add data
  commit first
  cairn push
  assert_present "$T/case/here/format"
}

files_are_imported() {
  mkdir -p "$SERVER/disk/shared/folder"
  seq 100000 >"$SERVER/disk/shared/data.csv"
  seq 10 >"$SERVER/disk/shared/folder/a b"
  new_repo
  must_fail 2 cairn import-url rclone:disk:shared/data.csv
  assert_err "remote://NAME/PATH"
  cairn remote add cloud rclone:disk:shared
  cairn import-url remote://cloud/data.csv
  cairn import-url remote://cloud/folder
  cmp "$SERVER/disk/shared/data.csv" data.csv
  assert_same_trees "$SERVER/disk/shared/folder" folder
  cairn update --check
  TZ=Asia/Tokyo cairn update --check
  touch -d 2001-02-03 "$SERVER/disk/shared/data.csv"
  must_fail 1 cairn update --check
}

test_case "push, wipe, pull: a folder" over_a_folder
test_case "push, wipe, pull: WebDAV" over_webdav
test_case "files are imported" files_are_imported
test_case "rclone ends with cairn" rclone_ends_with_cairn
test_case "failures have their own words" failures_have_their_own_words
test_case "options are not committed" options_are_not_committed
finish
