#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# What it costs to observe a stage that opens 10,000 files: runs interleaved, medians, one line for each program with its target.
#   test/bench/trace_opens.sh TRACE_BENCH [RUNS] [FOLDER]
# TRACE_BENCH is the bench tool trace_bench of a release build, FOLDER memory-backed. Wall time means something on an idle
# machine only.
set -euo pipefail
trace_bench=$(realpath "$1")
runs=${2:-5}
folder=${3:-/dev/shm}
work=$(mktemp -d "$folder/cairn-bench.XXXXXX")
trap 'rm -rf "$work"' EXIT
cd "$work"
mkdir data
for ((i = 0; i < 10000; i++)); do
  printf 'id,value\n%d,%d\n' "$i" $((i * 7 % 1000)) >"data/$i.csv"
done
cat >sum.py <<'TEXT'
import glob
total = 0
for name in sorted(glob.glob("data/*.csv")):
    with open(name) as rows:
        next(rows)
        total += sum(int(row.split(",")[1]) for row in rows)
print(total)
TEXT
cat >opens.c <<'TEXT'
#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>
int main(void) {
  char name[64];
  for (int i = 0; i < 10000; ++i) {
    snprintf(name, sizeof name, "data/%d.csv", i);
    close(open(name, O_RDONLY));
  }
  return 0;
}
TEXT

median() { sort -n | awk '{v[NR] = $1} END {print v[int((NR + 1) / 2)]}'; }

# measure MODE COMMAND…: one run; wall and CPU microseconds in $wall and $cpu.
measure() { read -r wall cpu _ < <("$trace_bench" "$@" 2>/dev/null | tail -1); }

# compare NAME TARGET COMMAND…: one line; the target is of wall time.
compare() {
  local name=$1 target=$2 wall cpu mode i
  local -A walls=() cpus=()
  shift 2
  for ((i = 0; i < runs; i++)); do
    for mode in plain traced; do
      measure "$mode" "$@"
      walls[$mode]+="$wall "
      cpus[$mode]+="$cpu "
    done
  done
  awk -v n="$name" -v t="$target" -v a="$(tr ' ' '\n' <<<"${walls[traced]% }" | median)" -v b="$(tr ' ' '\n' <<<"${walls[plain]% }" | median)" \
    -v c="$(tr ' ' '\n' <<<"${cpus[traced]% }" | median)" -v d="$(tr ' ' '\n' <<<"${cpus[plain]% }" | median)" \
    'BEGIN {printf "%-32s wall %6.3f / %6.3f s  ratio %5.2f  target %-6s  CPU %6.3f / %6.3f s  ratio %5.2f\n", n, a / 1e6, b / 1e6, a / b, t, c / 1e6, d / 1e6, c / d}'
}

# The interpreter itself: a launcher in front of it would open files of its own.
python=$(python3 -c 'import sys; print(sys.executable)') || python=
[ -z "$python" ] || compare "python3: read and sum 10,000 CSV" "<= 2.5" "$python" sum.py
compare "cat of 10,000 files" "<= 2.5" bash -c 'cat data/* >copy'
if cc -O2 -o opens opens.c 2>/dev/null; then
  compare "open and close alone" "none" ./opens
fi
