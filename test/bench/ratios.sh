#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# The promised speeds as ratios to cp, md5sum and true: runs interleaved, medians, one line each with its target.
#   test/bench/ratios.sh CAIRN GENERATE [RUNS] [FOLDER]
# CAIRN is a release build, GENERATE the bench tool cairn_generate, FOLDER memory-backed with 8 GiB free. Figures of wall time
# mean something on an idle machine only.
set -euo pipefail
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
cairn=$(realpath "$1")
generate=$(realpath "$2")
runs=${3:-5}
folder=${4:-/dev/shm}
in_bench_folder "$folder"

# seconds COMMAND…: wall time of one run in microseconds, in $elapsed.
seconds() {
  local start=${EPOCHREALTIME/./}
  "$@" >/dev/null 2>&1
  elapsed=$((${EPOCHREALTIME/./} - start))
}

# report NAME TARGET MICROSECONDS BASE: one line of the table.
report() { awk -v n="$1" -v t="$2" -v a="$3" -v b="$4" 'BEGIN {printf "%-44s %8.3f s  base %8.3f s  ratio %6.2f  target %s\n", n, a / 1e6, b / 1e6, a / b, t}'; }

project() {
  rm -rf "$1"
  mkdir "$1"
  git -C "$1" init -q
  "$cairn" -q -C "$1" init
  "$cairn" -q -C "$1" config core.compress 1
}

large_file() {
  "$generate" csv $((1 << 30)) table.csv 1
  local add=() md5=() checkout=() copy=()
  for ((i = 0; i < runs; i++)); do
    project p
    cp table.csv p/
    seconds "$cairn" -C p add table.csv && add+=("$elapsed")
    seconds md5sum table.csv && md5+=("$elapsed")
    rm p/table.csv
    seconds "$cairn" -C p checkout && checkout+=("$elapsed")
    seconds cp table.csv copy.csv && copy+=("$elapsed")
    cmp table.csv p/table.csv
    rm copy.csv
  done
  report "add 1 GiB CSV / md5sum" "<= 1.5" "$(printf '%s\n' "${add[@]}" | median)" "$(printf '%s\n' "${md5[@]}" | median)"
  report "checkout 1 GiB CSV / cp" "<= 2.5" "$(printf '%s\n' "${checkout[@]}" | median)" "$(printf '%s\n' "${copy[@]}" | median)"
  local first second size
  size=$(stat -c %s table.csv)
  first=$(du -sb p/.git/cairn/packs | cut -f1)
  "$generate" csv-v2 $((1 << 30)) p/table.csv 1
  "$cairn" -q -C p add table.csv
  second=$(($(du -sb p/.git/cairn/packs | cut -f1) - first))
  awk -v f="$first" -v s="$second" -v n="$size" 'BEGIN {printf "stored: %.3f of the file (target <= 0.45); 10 rows inserted, 1 %% appended: %.4f more (target <= 0.02)\n", f / n, s / n}'
  rm -rf p table.csv
}

small_files() {
  "$generate" small-files 50000 source 1
  local add=() copy=() status=() push=() pull=()
  for ((i = 0; i < runs; i++)); do
    project p
    cp -r source p/data
    rm -rf copied remote clone
    seconds "$cairn" -C p add data && add+=("$elapsed")
    seconds cp -r source copied && copy+=("$elapsed")
    seconds "$cairn" -C p status && status+=("$elapsed")
    "$cairn" -q -C p remote add r "$work/remote"
    seconds "$cairn" -C p push && push+=("$elapsed")
    git -C p add -A
    git -C p commit -qm data
    git clone -q p clone
    seconds "$cairn" -C clone pull && pull+=("$elapsed")
    diff -r source clone/data
  done
  local base
  base=$(printf '%s\n' "${copy[@]}" | median)
  report "add 50,000 files / cp -r" "<= 1.5" "$(printf '%s\n' "${add[@]}" | median)" "$base"
  report "status of them (target in seconds)" "<= 0.3 s" "$(printf '%s\n' "${status[@]}" | median)" 1000000
  report "push / cp -r" "<= 0.5" "$(printf '%s\n' "${push[@]}" | median)" "$base"
  report "pull / cp -r" "<= 2" "$(printf '%s\n' "${pull[@]}" | median)" "$base"
  echo "files on the remote: $(find remote -type f | wc -l) (target < 60)"
  rm -rf p source copied remote clone
}

start_up() {
  project p
  seq 10 >p/a
  "$cairn" -q -C p add a
  local version=() status=() nothing=()
  for ((i = 0; i < 20 * runs; i++)); do
    seconds "$cairn" --version && version+=("$elapsed")
    seconds "$cairn" -C p status && status+=("$elapsed")
    seconds /bin/true && nothing+=("$elapsed")
  done
  local base
  base=$(printf '%s\n' "${nothing[@]}" | median)
  echo "over 'true': --version $(($(printf '%s\n' "${version[@]}" | median) - base)) us (target <= 4000), status $(($(printf '%s\n' "${status[@]}" | median) - base)) us (target <= 10000)"
}

stages() {
  project p
  for ((i = 0; i < 1000; i++)); do
    ((i % 10 == 0)) && need=input || need=out$((i - 1))
    printf '  s%04d:\n    cmd: cp %s out%d\n    deps: [%s]\n    outs: [out%d]\n' "$i" "$need" "$i" "$need" "$i"
  done | sed '1i stages:' >p/cairn.yaml
  echo x >p/input
  "$cairn" -q -C p repro
  local repro=()
  for ((i = 0; i < runs; i++)); do
    seconds "$cairn" -C p repro && repro+=("$elapsed")
  done
  report "repro of 1,000 stages, nothing to do" "<= 0.3 s" "$(printf '%s\n' "${repro[@]}" | median)" 1000000
}

start_up
stages
small_files
large_file
