#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# A sweep of 50 experiments on a small pipeline against 50 times `git worktree add` and `git worktree remove`, in one run: one
# line with the ratio and its target.
#   test/bench/experiments.sh CAIRN [RUNS] [FOLDER]
# CAIRN is a release build, FOLDER memory-backed. Every sweep runs with new values, so each experiment really runs a stage and
# takes another from the run cache.
set -euo pipefail
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
cairn=$(realpath "$1")
runs=${2:-5}
folder=${3:-/dev/shm}
in_bench_folder "$folder"

count=50

# seconds COMMAND…: wall time of one run in microseconds, in $elapsed.
seconds() {
  local start=${EPOCHREALTIME/./}
  "$@" >/dev/null 2>&1
  elapsed=$((${EPOCHREALTIME/./} - start))
}

worktrees() {
  local i
  for ((i = 0; i < count; ++i)); do
    git worktree add -q --detach "$work/tree"
    git worktree remove "$work/tree"
  done
}

git init -q repo
cd repo
"$cairn" -q init
seq 1000 >data.txt
"$cairn" -q add data.txt
printf 'n: 0\n' >params.yaml
cat >cairn.yaml <<'YAML'
stages:
  prepare:
    cmd: sort -rn data.txt >clean.txt
    deps: [data.txt]
    outs: [clean.txt]
  train:
    cmd: cat clean.txt params.yaml >model.txt; cp params.yaml score.yaml
    deps: [clean.txt]
    params: [n]
    outs: [model.txt]
    metrics: [score.yaml: {cache: false}]
YAML
mkdir src
for i in $(seq 20); do
  seq "$i" 200 >"src/$i.py"
done
"$cairn" -q repro
git add -A
git commit -qm start

for ((run = 0; run < runs; ++run)); do
  seconds worktrees
  echo "$elapsed" >>"$work/base"
  first=$((run * count + 1))
  seconds "$cairn" -q exp run -S "n=range($first,$((first + count)))"
  echo "$elapsed" >>"$work/exp"
done
found=$("$cairn" exp list --names-only | wc -l)
[ "$found" = $((runs * count)) ] || { echo "only $found experiments" >&2; exit 1; }
awk -v a="$(median <"$work/exp")" -v b="$(median <"$work/base")" -v n="$count" \
  'BEGIN {printf "%-44s %8.3f s  base %8.3f s  ratio %6.2f  target <= 3\n", "exp run, sweep of " n, a / 1e6, b / 1e6, a / b}'
