#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Random graphs with resources: within the limits, in order, and killed at random points without any loss. CAIRN_TEST_FULL=1 runs 200
# of them, CAIRN_TEST_SEED=N begins with another one.
SEED=${CAIRN_TEST_SEED:-} # lib.sh takes CAIRN_* away
. "$(dirname "$0")/lib.sh"

GRAPHS=$(cd "$(dirname "$0")" && pwd)/random_graphs.py
FIRST=${SEED:-1}
COUNT=8
[ -z "$FULL" ] || COUNT=200

a_random_graph() {
  run python3 "$GRAPHS" "$CAIRN" "$seed"
  [ "$STATUS" = 0 ] || fail "python3 random_graphs.py CAIRN $seed"
  cat "$T/out" >>"$T/graphs"
}

several_ran_at_once_and_were_killed() {
  awk '{ for (i = 2; i <= NF; ++i) { if ($i == "at" && $(i + 1) == "most" && $(i + 2) > most) most = $(i + 2)
         if ($i == "kills") kills += $(i - 1) } } END { print most, kills, NR; exit !(most >= 3 && kills >= NR) }' "$T/graphs"
}

for ((seed = FIRST; seed < FIRST + COUNT; ++seed)); do
  test_case "graph $seed" a_random_graph
done
cat "$T/graphs"
test_case "several ran at once, and they were killed" several_ran_at_once_and_were_killed
finish
