#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# A damaged store: what is wrong is never returned, what can be mended mends itself.
. "$(dirname "$0")/lib.sh"

stored_data() {
  new_repo
  mkdir folder
  seq 1000 >folder/a
  seq 2000 >folder/b
  random_file large.bin 300000 damage
  cairn add large.bin
  cairn add folder
  cp -a folder ../expected-folder
  cp large.bin ../expected-large
}

packs() { find "$(store_of)" -name '*.pack' -type f; }
largest_pack() { packs | xargs ls -S | head -n1; }
index_files() { find "$(store_of)/index" -type f; }

only_right_bytes() {
  local name
  [ ! -e large.bin ] || cmp ../expected-large large.bin
  for name in a b; do
    [ ! -e "folder/$name" ] || cmp "../expected-folder/$name" "folder/$name"
  done
}

flipped_byte_in_a_pack() {
  stored_data
  local pack size offset
  pack=$(largest_pack)
  size=$(stat -c %s "$pack")
  cp "$pack" ../saved
  for offset in 200 $((size / 2)); do
    flip_byte "$pack" "$offset"
    must_fail 4 cairn fsck
    assert_out "damaged"
    rm -rf folder large.bin
    must_fail 4 cairn checkout
    assert_err large.bin
    assert_absent large.bin
    only_right_bytes
    assert_same_trees ../expected-folder folder
    cp ../saved "$pack"
  done
  cairn checkout
  assert_same_trees ../expected-folder folder
  cmp ../expected-large large.bin
  cairn fsck
}

every_part_of_a_pack() {
  stored_data
  local pack size offset
  for pack in $(packs); do
    size=$(stat -c %s "$pack")
    cp "$pack" ../saved
    for offset in 0 9 $((size - 90)) $((size - 40)) $((size - 1)); do
      flip_byte "$pack" "$offset"
      run "$CAIRN" fsck
      [ "$STATUS" != 0 ] || fail "fsck found nothing with byte $offset of $size flipped"
      rm -rf folder large.bin
      run "$CAIRN" checkout
      only_right_bytes
      cp ../saved "$pack"
    done
  done
  cairn checkout
  cairn fsck
}

pack_is_truncated_or_gone() {
  stored_data
  local pack
  pack=$(largest_pack)
  cp "$pack" ../saved
  chmod u+w "$pack"
  truncate -s 1000 "$pack"
  must_fail 4 cairn fsck
  rm -rf folder large.bin
  run "$CAIRN" checkout
  [ "$STATUS" = 4 ] || [ "$STATUS" = 3 ] || fail "status $STATUS"
  assert_absent large.bin
  rm -f "$pack"
  run "$CAIRN" fsck
  [ "$STATUS" != 0 ] || fail "fsck found nothing"
  run "$CAIRN" checkout
  [ "$STATUS" != 0 ] || fail "checkout without the pack ended with 0"
  assert_absent large.bin
  cp ../saved "$pack"
  cairn fsck --rebuild-index
  cairn checkout
  cmp ../expected-large large.bin
}

pull_replaces_a_damaged_pack() {
  stored_data
  cairn remote add storage ../storage
  cairn push
  flip_byte "$(largest_pack)" 5000
  rm large.bin
  must_fail 4 cairn checkout
  assert_absent large.bin
  mv "$(largest_pack)" ../damaged.pack
  cairn pull
  cmp ../expected-large large.bin
  cairn fsck
}

damaged_data_is_not_pushed() {
  stored_data
  cairn remote add storage ../storage
  flip_byte "$(largest_pack)" 5000
  run "$CAIRN" push
  [ "$STATUS" != 0 ] || fail "pushed damaged data"
}

index_is_gone() {
  stored_data
  [ -n "$(index_files)" ] || fail "no index found"
  index_files | xargs rm -f
  rm -rf folder large.bin
  cairn checkout
  assert_same_trees ../expected-folder folder
  cmp ../expected-large large.bin
  cairn fsck
}

# damage_file FILE HOW: a byte's offset from the start (0, 9) or the end (-1), half, or empty.
damage_file() {
  local size
  size=$(stat -c %s "$1")
  chmod u+w "$1"
  case $2 in
    middle) flip_byte "$1" $((size / 2)) ;;
    half) truncate -s $((size / 2)) "$1" ;;
    empty) truncate -s 0 "$1" ;;
    -*) flip_byte "$1" $((size + $2)) ;;
    *) flip_byte "$1" "$2" ;;
  esac
}

index_is_damaged() {
  stored_data
  local how file
  for how in 0 9 middle -1 half empty; do
    for file in $(index_files); do
      damage_file "$file" "$how"
    done
    rm -rf folder large.bin
    cairn checkout
    assert_same_trees ../expected-folder folder
    cmp ../expected-large large.bin
    cairn fsck
  done
}

stat_cache_is_damaged() {
  stored_data
  local file
  while IFS= read -r file; do
    random_file "$file" 500 garbage
    cairn status --exit-code
    : >"$file"
    cairn status --exit-code
    echo changed >>large.bin
    must_fail 1 cairn status --exit-code
    cp ../expected-large large.bin
  done < <(find .git/cairn .git/worktrees -type f \( -name '*stat*' -o -name '*material*' -o -name '*undo*' \) 2>/dev/null)
  cairn checkout --force
  cmp ../expected-large large.bin
  cairn fsck
}

same_size_and_time_is_seen() {
  new_repo
  echo one >data.csv
  cairn add data.csv
  touch -r data.csv ../time
  printf 'two\n' >data.csv
  touch -r ../time data.csv
  must_fail 1 cairn status --exit-code
  run "$CAIRN" checkout
  assert_content data.csv two
  cairn add data.csv
  rm data.csv
  cairn checkout
  assert_content data.csv two
  cairn fsck
}

test_case "a flipped byte in a pack" flipped_byte_in_a_pack
test_case "a flipped byte in every part of a pack" every_part_of_a_pack
test_case "a truncated pack, and one that is gone" pack_is_truncated_or_gone
test_case "pull brings what a damaged pack held, once it is moved away" pull_replaces_a_damaged_pack
test_case "damaged data is not pushed" damaged_data_is_not_pushed
test_case "the index is gone" index_is_gone
test_case "the index is damaged" index_is_damaged
test_case "the stat cache is damaged" stat_cache_is_damaged
test_case "a change that keeps size and time is seen" same_size_and_time_is_seen
finish
