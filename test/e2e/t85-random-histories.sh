#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Random histories on real Git: after each step data is as its pointer says or status names it, and no commit loses data.
# CAIRN_TEST_FULL=1 runs 500 of them, SEEDS="17 23" these.
. "$(dirname "$0")/lib.sh"

HISTORIES=$(cd "$(dirname "$0")" && pwd)/random_histories.py
export PYTHONDONTWRITEBYTECODE=1
LAST=8
[ -z "$FULL" ] || LAST=500
: "${SEEDS:=$(seq "$LAST")}"

history() {
  command -v b3sum >/dev/null || skip "no b3sum"
  run python3 "$HISTORIES" "$CAIRN" "$seed"
  [ "$STATUS" = 0 ] || fail "replay with: SEEDS=$seed bash test/e2e/t85-random-histories.sh"
}

# A cairn that does what the script given as standard input says instead, where it does not go on to the real one.
other_cairn() {
  { printf '#!/bin/bash\nreal() { "%s" "$@"; }\n' "$CAIRN"; cat; } >cairn
  chmod +x cairn
}

must_be_seen() {
  command -v b3sum >/dev/null || skip "no b3sum"
  mkdir history
  cd history
  must_fail 1 python3 "$HISTORIES" "$PWD/../cairn" 1
  assert_out "history 1 ("
}

a_status_that_hides_an_edit_is_seen() {
  other_cairn <<'SCRIPT'
real "$@" >out
status=$?
[ "$1" != status ] || sed -i 's/"modified",$/"clean",/' out
cat out
exit $status
SCRIPT
  must_be_seen
}

a_store_that_forgets_is_seen() {
  other_cairn <<'SCRIPT'
real "$@" || exit
[ "$1" != add ] || find .git/cairn -name '*.pack' -exec truncate -s 100 {} +
SCRIPT
  must_be_seen
}

test_case "a status that hides an edit is seen" a_status_that_hides_an_edit_is_seen
test_case "a store that forgets is seen" a_store_that_forgets_is_seen
for seed in $SEEDS; do
  test_case "history $seed" history
done
finish
