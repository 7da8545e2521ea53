#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# The same input gives the same bytes, and ids are plain BLAKE3.
. "$(dirname "$0")/lib.sh"

make_inputs() {
  random_file large.bin 5000000 large
  seq 200000 >numbers.csv
  make_odd_folder folder
}

digits_are_those_of_b3sum() {
  command -v b3sum >/dev/null || skip "no b3sum"
  new_repo
  make_inputs
  : >empty
  local file
  for file in large.bin numbers.csv empty; do
    cairn add "$file"
    assert_contains "$file.cairn" "hash: b3:$(b3sum --no-names "$file")"
  done
  cairn fsck
}

threads_do_not_show() {
  local jobs
  for jobs in 1 2 8; do
    mkdir "$jobs"
    (
      cd "$jobs"
      new_repo
      make_inputs
      cat >cairn.yaml <<'YAML'
stages:
  a:
    cmd: seq 100000 >a.txt
    outs: [a.txt]
  b:
    cmd: mkdir b && head -5 numbers.csv >b/five
    deps: [numbers.csv]
    outs: [b]
YAML
      cairn add -j "$jobs" large.bin numbers.csv folder
      cairn repro -j "$jobs"
      cat ./*.cairn cairn.lock .gitignore .gitattributes >../all
      cairn ls -R --hash folder >../list
      cairn fsck
    )
  done
  assert_present 1/repo/cairn.lock 1/repo/folder.cairn
  for jobs in 2 8; do
    cmp 1/all "$jobs/all"
    cmp 1/list "$jobs/list"
  done
}

order_and_history_do_not_show() {
  mkdir one two
  (
    cd one
    new_repo
    mkdir folder
    seq 1000 >folder/a
    seq 2000 >folder/b
    cairn add folder
  )
  (
    cd two
    new_repo
    mkdir folder
    seq 7 >folder/b
    cairn add folder
    seq 2000 >folder/b
    seq 1000 >folder/a
    seq 5 >folder/c
    touch -d 2001-01-01 folder/a
    cairn add --force folder
    rm folder/c
    cairn add folder
  )
  cmp one/repo/folder.cairn two/repo/folder.cairn
}

unchanged_add_writes_nothing() {
  new_repo
  make_inputs
  cairn add large.bin folder
  touch ../mark
  local before
  before=$(find . -type f -name '*.cairn' -printf '%p %i %T@\n'; find "$(store_of)" -name '*.pack' | sort)
  cairn add large.bin folder
  assert_out unchanged
  touch large.bin
  cairn add large.bin
  cairn add --force large.bin folder
  assert_same "$before" "$(find . -type f -name '*.cairn' -printf '%p %i %T@\n'; find "$(store_of)" -name '*.pack' | sort)"
  cairn fsck
}

user_keys_are_kept() {
  new_repo
  echo one >data.csv
  cairn add data.csv
  printf 'desc: the data\nmeta:\n  owner: me\n' >>data.csv.cairn
  echo two >data.csv
  cairn add data.csv
  assert_contains data.csv.cairn "desc: the data"
  assert_contains data.csv.cairn "  owner: me"
  cairn fsck
}

similar_data_is_stored_once() {
  new_repo
  random_file large.bin 8000000 dedup
  cairn add large.bin
  local before after
  before=$(du -sb "$(store_of)" | cut -f1)
  { echo inserted; cat large.bin; echo appended; } >large2.bin
  cp large.bin copy.bin
  cairn add large2.bin copy.bin
  after=$(du -sb "$(store_of)" | cut -f1)
  [ $((after - before)) -lt 1000000 ] || fail "stored $((after - before)) bytes for a few new ones"
  cairn fsck
}

test_case "ids are the digits of b3sum" digits_are_those_of_b3sum
test_case "pointers, trees and locks do not depend on threads" threads_do_not_show
test_case "pointers do not depend on order and history" order_and_history_do_not_show
test_case "an add without changes writes nothing" unchanged_add_writes_nothing
test_case "the user's keys in a pointer are kept" user_keys_are_kept
test_case "similar data is stored once" similar_data_is_stored_once
finish
