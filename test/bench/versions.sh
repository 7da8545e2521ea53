#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# What comparing versions costs: the profile of a large table, and the difference of two versions with 10,000 tracked files.
#   test/bench/versions.sh CAIRN GENERATE [RUNS] [FOLDER]
# CAIRN is a release build, GENERATE the bench tool cairn_generate, FOLDER memory-backed with 4 GiB free. Figures of wall time
# mean something on an idle machine only.
set -euo pipefail
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
cairn=$(realpath "$1")
generate=$(realpath "$2")
runs=${3:-5}
folder=${4:-/dev/shm}
in_bench_folder "$folder"

# measure COMMAND…: wall time of one run in microseconds, in $elapsed.
measure() {
  local start=${EPOCHREALTIME/./}
  "$@" >/dev/null
  elapsed=$((${EPOCHREALTIME/./} - start))
}

# peak_memory COMMAND…: of one run, in KiB.
peak_memory() {
  python3 -c 'import resource, subprocess, sys
subprocess.run(sys.argv[1:], check=True, stdout=subprocess.DEVNULL)
print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)' "$@"
}

drift() {
  "$generate" csv $((1 << 30)) table.csv 1
  "$generate" csv $((1 << 20)) before.csv 2
  local drift=() md5=()
  for ((i = 0; i < runs; i++)); do
    measure "$cairn" drift before.csv table.csv && drift+=("$elapsed")
    measure md5sum table.csv && md5+=("$elapsed")
  done
  awk -v a="$(printf '%s\n' "${drift[@]}" | median)" -v b="$(printf '%s\n' "${md5[@]}" | median)" -v m="$(peak_memory "$cairn" drift before.csv table.csv)" \
    'BEGIN {printf "drift of 1 GiB CSV / md5sum: %.3f s / %.3f s, ratio %.2f (target <= 3); %.0f MB (target < 200)\n", a / 1e6, b / 1e6, a / b, m / 1000}'
  rm table.csv before.csv
}

# 10,000 pointers in 100 folders and a pipeline; between the two versions data, a parameter and code change.
two_versions() {
  mkdir p && cd p
  git init -q
  "$cairn" -q init
  python3 - <<'PY'
import os
for folder in range(100):
    os.makedirs(f"data/{folder}")
    for name in range(100):
        open(f"data/{folder}/{name}.bin", "w").write(f"{folder} {name}\n")
PY
  find data -name '*.bin' -print0 | xargs -0 "$cairn" -q add
  echo 'lr: 0.1' >params.yaml
  echo 'cat data/0/*.bin >out.txt' >run.sh
  printf 'stages:\n  all: {cmd: sh run.sh, deps: [run.sh, data/0], params: [lr], outs: [out.txt]}\n' >cairn.yaml
  git add -A && git commit -qm one
  "$cairn" -q repro && git add -A && git commit -qm lock && "$cairn" -q pipeline save v1
  for name in 1 2 3 4 5; do echo more >>"data/0/$name.bin"; done
  "$cairn" -q commit --force 2>/dev/null || "$cairn" -q commit
  echo 'lr: 0.2' >params.yaml
  echo 'cat data/0/*.bin data/0/1.bin >out.txt' >run.sh
  "$cairn" -q repro && git add -A && git commit -qm two && "$cairn" -q pipeline save v2
}

version_diff() {
  (two_versions) >/dev/null
  local diff=()
  for ((i = 0; i < 3 * runs; i++)); do
    measure "$cairn" -C p pipeline diff v1 v2 && diff+=("$elapsed")
  done
  local git=()
  for ((i = 0; i < 3 * runs; i++)); do
    measure git -C p diff-tree -r --numstat refs/cairn/versions/v1 refs/cairn/versions/v2 && git+=("$elapsed")
  done
  awk -v a="$(printf '%s\n' "${diff[@]}" | median)" -v b="$(printf '%s\n' "${git[@]}" | median)" \
    'BEGIN {printf "pipeline diff, 10,000 tracked files: %.0f ms (target < 100); git diff-tree --numstat: %.0f ms\n", a / 1e3, b / 1e3}'
  "$cairn" -C p pipeline diff v1 v2
}

drift
version_diff
