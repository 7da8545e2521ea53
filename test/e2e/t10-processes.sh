#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Several cairn at once, and cairn killed in the middle.
. "$(dirname "$0")/lib.sh"

two_adds_at_once() {
  new_repo
  large_file one.bin 8000000
  large_file two.bin 8000000
  "$CAIRN" add one.bin >"$T/one" 2>&1 &
  local first=$! status=0
  "$CAIRN" add two.bin >"$T/two" 2>&1 || status=$?
  wait "$first" || fail "first add: $(cat "$T/one")"
  assert_same 0 "$status" "status of the second add"
  assert_present one.bin.cairn two.bin.cairn
  assert_contains .gitignore one.bin
  assert_contains .gitignore two.bin
  cairn status --exit-code
  cairn fsck
}

many_at_once() {
  new_repo
  local i pids=()
  for i in 1 2 3 4 5 6; do
    seq "$i" $((i * 1000)) >"f$i"
  done
  for i in 1 2 3 4 5 6; do
    "$CAIRN" add "f$i" >"$T/add$i" 2>&1 &
    pids+=($!)
    "$CAIRN" status >/dev/null 2>&1 &
    pids+=($!)
  done
  for i in "${pids[@]}"; do
    wait "$i" || fail "one of many failed: $(cat "$T"/add*)"
  done
  cairn status --exit-code
  assert_same 6 "$(find . -maxdepth 1 -name '*.cairn' -type f | wc -l)"
  cairn fsck
}

held_lock_is_named() {
  new_repo
  echo one >data.csv
  large_file large.bin 30000000
  "$CAIRN" add large.bin >"$T/one" 2>&1 &
  local holder=$! tries=0
  # Stopped while it holds the lock: everybody else waits for it.
  until [ -n "$(unfinished 2>/dev/null)" ]; do
    tries=$((tries + 1))
    [ "$tries" -lt 3000 ] || fail "add never began to write"
    kill -0 "$holder" 2>/dev/null || break
  done
  kill -STOP "$holder" || skip "add ended before it could be stopped"
  must_fail 5 cairn add data.csv
  assert_absent data.csv.cairn
  cairn status
  kill -CONT "$holder"
  wait "$holder"
  cairn add data.csv
  cairn fsck
}

killed_add() {
  new_repo
  echo first >first
  cairn add first
  large_file large.bin 30000000
  local delay
  for delay in 0k 5000k; do
    "$CAIRN" add large.bin >"$T/one" 2>&1 &
    local victim=$! tries=0
    until [ -n "$(find "$(store_of)/tmp" -type f -size "+$delay")" ]; do
      tries=$((tries + 1))
      [ "$tries" -lt 3000 ] || break
      kill -0 "$victim" 2>/dev/null || break
    done
    kill -9 "$victim" 2>/dev/null || :
    wait "$victim" 2>/dev/null || :
    assert_absent large.bin.cairn
    cairn status
    rm first
    cairn checkout
    assert_content first first
    cairn fsck
  done
  cairn add large.bin
  assert_same "" "$(unfinished)" "left in tmp"
  assert_same "" "$(git status --porcelain | grep -v -e .cairn -e .git)" "left in the workspace"
  mv large.bin ../expected
  cairn checkout
  cmp ../expected large.bin
  cairn fsck
}

killed_checkout() {
  new_repo
  mkdir folder
  local i
  for i in $(seq 300); do
    seq "$i" $((i + 500)) >"folder/$i"
  done
  large_file folder/large.bin 10000000
  cp -a folder ../expected
  cairn add folder
  for i in 0.02 0.1; do
    rm -rf folder
    "$CAIRN" checkout >"$T/one" 2>&1 &
    local victim=$!
    sleep "$i"
    kill -9 "$victim" 2>/dev/null || :
    wait "$victim" 2>/dev/null || :
    # Each file is whole or not there.
    [ ! -d folder ] || (cd folder && find . -type f -exec cmp {} ../../expected/{} \;)
    cairn checkout
    assert_same_trees ../expected folder
  done
  cairn status --exit-code
  cairn fsck
}

# add_and_interrupt MEGABYTES: the status of an add that gets SIGTERM when it has begun to write.
add_and_interrupt() {
  new_repo
  large_file large.bin $(($1 * 1000000))
  "$CAIRN" add large.bin >"$T/one" 2>"$T/err" &
  local victim=$!
  until [ -n "$(unfinished 2>/dev/null)" ]; do
    kill -0 "$victim" 2>/dev/null || break
  done
  kill -TERM "$victim" 2>/dev/null || :
  STATUS=0
  wait "$victim" || STATUS=$?
}

interrupted_add() {
  local megabytes
  for megabytes in 30 120 480; do  # on a busy machine the signal may come too late for a small file
    add_and_interrupt "$megabytes"
    [ "$STATUS" = 0 ] || break
  done
  assert_same 130 "$STATUS" "status of an interrupted add"
  assert_absent large.bin.cairn
  assert_same "" "$(unfinished)" "left in tmp"
  cairn add large.bin
  cairn fsck
}

closed_output() {
  new_repo
  mkdir folder
  (cd folder && touch $(seq 3000))
  cairn add folder
  "$CAIRN" ls -R 2>"$T/err" | head -n1 >/dev/null
  run "$CAIRN" status >&-
  [ "$STATUS" -lt 70 ]
}

test_case "two adds at once" two_adds_at_once
test_case "many at once" many_at_once
test_case "a held lock is waited for, then named" held_lock_is_named
test_case "add killed in the middle" killed_add
test_case "checkout killed in the middle" killed_checkout
test_case "add interrupted" interrupted_add
test_case "output that nobody reads" closed_output
finish
