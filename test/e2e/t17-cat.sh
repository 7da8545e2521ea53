#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# cat: the content of tracked files, here and in other repositories.
. "$(dirname "$0")/lib.sh"

# A pushed project with a large binary file, a folder and a file of Git.
project() {
  new_repo source
  cairn remote add storage ../storage
  mkdir -p data/folder
  random_file data/large.bin 3000000 cat
  seq 1000 >data/folder/a
  echo first >data/labels.csv
  echo text >README
  cairn add data/large.bin data/folder data/labels.csv
  commit first
  git tag one
  echo second >data/labels.csv
  cairn commit
  commit second
  cairn push --all-tags --rev HEAD
}

# bytes_of FILE FIRST LAST
bytes_of() { tail -c "+$(($2 + 1))" "$1" | head -c $(($3 - $2 + 1)); }

from_the_store() {
  project
  cp data/large.bin ../expected
  rm -r data/large.bin data/folder data/labels.csv
  "$CAIRN" cat data/large.bin >../got
  cmp ../expected ../got
  "$CAIRN" cat data/large.bin --range 1000000-1099999 >../got
  bytes_of ../expected 1000000 1099999 | cmp - ../got
  "$CAIRN" cat data/large.bin --range 2999990- >../got
  bytes_of ../expected 2999990 2999999 | cmp - ../got
  "$CAIRN" cat data/large.bin --range 5000000-6000000 >../got
  assert_same 0 "$(stat -c %s ../got)"
  assert_same 1 "$("$CAIRN" cat data/folder/a --range 0-0)"
  assert_same second "$("$CAIRN" cat data/labels.csv)"
  assert_same first "$("$CAIRN" cat data/labels.csv --rev one)"
  assert_same text "$("$CAIRN" -C data cat ../README)"
  assert_same "" "$(git status --porcelain)"
  cairn cat data/labels.csv --json
  assert_value '[d["size"], d["base64"]]' '[7, "c2Vjb25kCg=="]'
}

# Only what is needed comes from the remote, and nothing stays.
from_the_remote() {
  project
  cp data/large.bin ../expected
  git clone -q . ../clone
  cd ../clone
  "$CAIRN" cat data/large.bin >../got
  cmp ../expected ../got
  "$CAIRN" cat data/large.bin --range 1000000-1000999 >../got
  bytes_of ../expected 1000000 1000999 | cmp - ../got
  assert_same 1000 "$("$CAIRN" cat data/folder/a | tail -n 1)"
  assert_same "" "$(find .git/cairn/packs -type f)"
  assert_same "" "$(find .git/cairn/tmp -mindepth 1)"
  for pack in ../storage/packs/*; do
    flip_byte "$pack" $(($(stat -c %s "$pack") / 2))
  done
  must_fail 4 cairn cat data/large.bin
  rm -r ../storage
  must_fail 7 cairn cat data/large.bin
  assert_err storage
}

of_another_repository() {
  project
  cd ..
  "$CAIRN" cat source data/large.bin >got
  cmp source/data/large.bin got
  "$CAIRN" cat "file://$PWD/source" data/large.bin --range 100-199 >got
  bytes_of source/data/large.bin 100 199 | cmp - got
  assert_same first "$("$CAIRN" cat source data/labels.csv --rev one)"
  assert_same text "$("$CAIRN" cat source README)"
  must_fail 9 cairn cat source nothing
  must_fail 2 cairn cat source data/folder
  must_fail 2 cairn cat source ../x
  must_fail 7 cairn cat nowhere x
  must_fail 6 cairn cat README
}

what_can_go_wrong() {
  project
  must_fail 9 cairn cat nothing
  must_fail 2 cairn cat data/folder
  must_fail 9 cairn cat data/folder/nothing
  must_fail 9 cairn cat README --rev nowhere
  local range
  for range in x 1 -5 5-4 1-2-3 18446744073709551616-; do
    must_fail 2 cairn cat README "--range=$range"
  done
  # A reader that goes away is no reason to say anything.
  (set +o pipefail && "$CAIRN" cat data/large.bin 2>../err | head -c 10 >../got)
  assert_same 10 "$(stat -c %s ../got)"
  assert_same "" "$(cat ../err)"
  must_fail 9 bash -c '"$1" cat data/large.bin >/dev/full' - "$CAIRN"
}

test_case "from the store" from_the_store
test_case "from the remote" from_the_remote
test_case "of another repository" of_another_repository
test_case "what can go wrong" what_can_go_wrong
finish
