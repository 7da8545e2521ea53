#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Input that cannot be taken: a clear error with a documented status, nothing lost, nothing half-written.
. "$(dirname "$0")/lib.sh"

missing_file() {
  new_repo
  must_fail 3 cairn add nothing.csv
  assert_err nothing.csv
  assert_absent nothing.csv.cairn .gitignore
}

unreadable_file() {
  new_repo
  mkdir folder
  echo good >folder/good
  echo secret >folder/secret
  echo fine >fine
  if [ "$(id -u)" = 0 ]; then
    command -v setpriv >/dev/null || skip "no setpriv"
    chown -R 65534:65534 .
    chmod a+rx "$T" "$T/case"
    set -- setpriv --reuid 65534 --regid 65534 --clear-groups
  fi
  chmod 000 folder/secret
  must_fail 3 "$@" "$CAIRN" add folder fine
  assert_err folder/secret
  assert_absent folder.cairn
  assert_present fine.cairn
  chmod 644 folder/secret
  chmod 000 folder
  run "$@" "$CAIRN" add folder
  [ "$STATUS" != 0 ] || fail "status 0 with an unreadable folder"
  assert_err folder
  assert_absent folder.cairn
  chmod 755 folder
  run "$@" "$CAIRN" add folder
  assert_same 0 "$STATUS" "status of the last add"
  run "$@" "$CAIRN" fsck
  assert_same 0 "$STATUS" "status of fsck"
}

file_changed_while_added() {
  new_repo
  large_file large.bin 40000000
  (while :; do printf x >>large.bin; done) &
  local writer=$!
  run "$CAIRN" add large.bin
  kill "$writer"
  wait "$writer" 2>/dev/null || :
  # Whether it is seen or missed, what the pointer names is what was read.
  if [ "$STATUS" = 0 ]; then
    mv large.bin ../after
    cairn checkout
    cmp -n "$(stat -c %s large.bin)" large.bin ../after
  else
    assert_same 3 "$STATUS" "status of add"
    assert_err large.bin
    assert_absent large.bin.cairn
  fi
  cairn fsck
}

path_that_git_tracks() {
  new_repo
  mkdir folder
  echo one >data.csv
  echo two >folder/two
  commit tracked
  must_fail 3 cairn add data.csv
  assert_err "git rm"
  assert_err "--cached"
  must_fail 3 cairn add folder
  assert_err "git rm"
  assert_absent data.csv.cairn folder.cairn
  git rm -q --cached data.csv
  cairn add data.csv
  cairn fsck
}

symlink_targets() {
  new_repo
  echo one >data.csv
  mkdir folder
  echo x >folder/x
  ln -s data.csv link
  ln -s folder folder-link
  ln -s nowhere dangling
  local link
  for link in link folder-link dangling folder-link/x; do
    must_fail 3 cairn add "$link"
    assert_err symlink
    assert_absent "$link.cairn"
  done
}

special_files() {
  new_repo
  mkfifo pipe
  must_fail 3 cairn add pipe
  mkdir folder
  mkfifo folder/pipe
  echo x >folder/x
  must_fail 3 cairn add folder
  assert_err folder/pipe
  assert_absent folder.cairn
}

own_files_are_refused() {
  new_repo
  echo one >data.csv
  cairn add data.csv
  must_fail 3 cairn add data.csv.cairn
  must_fail 2 cairn add .cairn
  must_fail 2 cairn add .git
  must_fail 3 cairn add .
  must_fail 2 cairn add ../..
  must_fail 2 cairn add /etc/hostname
}

overlapping_tracked_paths() {
  new_repo
  mkdir folder
  echo a >folder/a
  cairn add folder/a
  must_fail 3 cairn add folder
  assert_err folder/a
  assert_absent folder.cairn
}

# refuse_pointer TEXT STATUS MESSAGE
refuse_pointer() {
  printf '%b' "$1" >data.csv.cairn
  run "$CAIRN" checkout
  [ "$STATUS" != 0 ] || fail "accepted: $1"
  assert_err data.csv.cairn
  assert_err "$2"
  run "$CAIRN" status
  assert_contains <(cat "$T/out" "$T/err") data.csv.cairn
  assert_content data.csv one
}

malformed_pointers() {
  new_repo
  echo one >data.csv
  cairn add data.csv
  cp data.csv.cairn ../good
  local good hash
  good=$(cat data.csv.cairn)
  hash=$(sed -n 's/^hash: //p' data.csv.cairn)
  refuse_pointer "$good\ncolour: blue\n" ":5:1"
  assert_err colour
  refuse_pointer "cairn: 2\ntype: file\nhash: $hash\nsize: 4\n" newer
  refuse_pointer "cairn: 1\ntype: file\nhash: $hash\nhash: $hash\nsize: 4\n" ":4:1"
  refuse_pointer "cairn: 1\ntype: file\nsize: 4\n" hash
  refuse_pointer "cairn: 1\ntype: file\nhash: b3:1234\nsize: 4\n" ":3:"
  refuse_pointer "cairn: 1\ntype: folder\nhash: $hash\nsize: 4\n" ":2:"
  refuse_pointer "cairn: 1\ntype: file\nhash: $hash\nsize: -4\n" ":4:"
  refuse_pointer "cairn: 1\ntype: fi" cut
  refuse_pointer "" data.csv
  refuse_pointer "<<<<<<< HEAD\n$good\n=======\n$good\n>>>>>>> side\n" data.csv
  refuse_pointer "a: &a [x]\nb: [*a, *a]\n" data.csv
  refuse_pointer '\x00\xff\xfe\x01' data.csv
  cp ../good data.csv.cairn
  cairn checkout
  cairn fsck
}

# What a pointer that cannot be read covers is not known, so nothing is done until it is mended.
bad_pointer_is_mended_as_the_hint_says() {
  new_repo
  echo one >data.csv
  echo two >other.csv
  cairn add data.csv other.csv
  echo garbage >data.csv.cairn
  rm other.csv
  must_fail 9 cairn checkout
  assert_err "data.csv.cairn:1:1"
  assert_err "remove it and run 'cairn add'"
  assert_content data.csv one
  rm data.csv.cairn
  cairn add data.csv
  cairn checkout
  assert_content other.csv two
  cairn fsck
}

# The id is right, the size is not.
pointer_with_a_wrong_size() {
  new_repo
  echo one >data.csv
  cairn add data.csv
  sed -i 's/^size: 4/size: 5/' data.csv.cairn
  rm data.csv
  must_fail 4 cairn checkout
  assert_err data.csv
  assert_absent data.csv
  cairn fsck
}

malformed_config() {
  new_repo
  echo one >data.csv
  cp .cairn/config ../good
  printf 'core:\n  jobs: [1\n' >>.cairn/config
  must_fail 9 cairn status
  assert_err ".cairn/config:"
  grep -Eq '\.cairn/config:[0-9]+:[0-9]+' "$T/err" || fail "no line and column"
  printf 'core:\n  compress: 77\n' >.git/cairn/config
  cp ../good .cairn/config
  must_fail 9 cairn status
  grep -Eq '/config:[0-9]+:[0-9]+' "$T/err" || fail "no line and column"
  rm .git/cairn/config
  printf 'cache:\n  dir: /tmp/elsewhere\n' >>.cairn/config
  must_fail 2 cairn add data.csv
  assert_err "--local"
  cp ../good .cairn/config
  sed -i 's/format: 1/format: 99/' .cairn/config
  must_fail 9 cairn add data.csv
  assert_err newer
  cp ../good .cairn/config
  cairn add data.csv
  cairn fsck
}

outside_a_repository() {
  mkdir plain
  cd plain
  must_fail 6 cairn status
  assert_err "cairn init"
  must_fail 6 cairn init
  assert_err "git init"
  must_fail 6 cairn add x
  git init -q .
  must_fail 6 cairn status
  assert_err "cairn init"
  cairn init
  must_fail 9 cairn init
  cairn status
}

bare_repository() {
  git init -q --bare bare
  cd bare
  must_fail 6 cairn init
  assert_absent .cairn cairn
}

project_without_git() {
  mkdir plain
  cd plain
  cairn init --no-git
  echo one >data.csv
  mkdir folder
  echo x >folder/x
  cairn add data.csv folder
  echo two >data.csv
  cairn add data.csv
  rm -r folder data.csv
  cairn checkout
  assert_content data.csv two
  assert_content folder/x x
  cairn remote add storage ../storage
  cairn push
  rm -r .cairn/local
  rm data.csv
  cairn pull
  assert_content data.csv two
  run "$CAIRN" install
  [ "$STATUS" != 0 ] || fail "installed hooks without Git"
  cairn fsck
}

# A file system of 8 MiB at $T/small, until the case ends.
mount_small() {
  [ "$(id -u)" = 0 ] || skip "only root can mount a small file system"
  mkdir -p "$T/small"
  mount -t tmpfs -o size=8m small "$T/small" 2>/dev/null || skip "cannot mount a small file system here"
}

full_store() {
  mount_small
  new_repo
  cairn config --local cache.dir "$T/small/store"
  echo one >data.csv
  cairn add data.csv
  large_file large.bin 20000000
  run "$CAIRN" add large.bin
  [ "$STATUS" = 9 ] || [ "$STATUS" = 3 ] || fail "status $STATUS on a full disk"
  assert_err "space"
  assert_absent large.bin.cairn
  rm data.csv
  cairn checkout
  assert_content data.csv one
  echo two >small.csv
  cairn add small.csv
  cairn fsck
}

full_workspace() {
  mount_small
  new_repo source
  large_file large.bin 20000000
  echo one >data.csv
  cairn add large.bin data.csv
  commit data
  cairn remote add storage ../storage
  commit remote
  cd "$T/small"
  git clone -q "$T/case/source" repo
  cd repo
  cairn config --local cache.dir "$T/case/source/.git/cairn"
  run "$CAIRN" checkout
  [ "$STATUS" = 9 ] || [ "$STATUS" = 3 ] || fail "status $STATUS on a full disk"
  assert_err "space"
  assert_absent large.bin
  assert_same "" "$(find . -path ./.git -prune -o -type f -size +100k -print)" "left behind"
  cairn checkout data.csv
  assert_content data.csv one
}

unwritable_workspace() {
  [ "$(id -u)" = 0 ] || skip "only root can take another user id"
  new_repo
  echo one >data.csv
  cairn add data.csv
  rm data.csv
  chown -R 65534:65534 .git
  chmod a+rx "$T" "$T/case"
  run setpriv --reuid 65534 --regid 65534 --clear-groups "$CAIRN" checkout
  [ "$STATUS" != 0 ] || fail "status 0"
  assert_absent data.csv
}

test_case "a missing file" missing_file
test_case "an unreadable file and folder" unreadable_file
test_case "a file that changes while it is added" file_changed_while_added
test_case "a path that Git tracks" path_that_git_tracks
test_case "symlinks as targets" symlink_targets
test_case "special files" special_files
test_case "cairn's own files and paths outside" own_files_are_refused
test_case "a folder that holds tracked paths" overlapping_tracked_paths
test_case "malformed pointers" malformed_pointers
test_case "a bad pointer is mended as the hint says" bad_pointer_is_mended_as_the_hint_says
test_case "a pointer with a wrong size" pointer_with_a_wrong_size
test_case "malformed configuration" malformed_config
test_case "outside a repository" outside_a_repository
test_case "a bare repository" bare_repository
test_case "a project without Git" project_without_git
test_case "a full disk below the store" full_store
test_case "a full disk below the workspace" full_workspace
test_case "a workspace that may not be written" unwritable_workspace
finish
