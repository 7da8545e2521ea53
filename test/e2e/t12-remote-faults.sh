#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# A remote that is gone, damaged, full of other things, or used by two at once.
. "$(dirname "$0")/lib.sh"

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

test_case "the remote folder is gone" remote_folder_is_gone
test_case "the remote is not writable" remote_is_not_writable
test_case "the remote is a file" remote_is_a_file
test_case "the remote folder holds something else" remote_is_something_else
test_case "a corrupt pack on the remote" corrupt_pack_on_the_remote
test_case "a truncated and a missing pack on the remote" truncated_pack_on_the_remote
test_case "damaged small files on the remote" damaged_small_files_on_the_remote
test_case "push from a clone that lacks data" push_of_what_is_not_here
test_case "a remote that was emptied gets everything again" remote_started_anew
test_case "two pushes at once" two_pushes_at_once
finish
