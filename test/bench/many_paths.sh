#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# How the commands grow with the number of files that are tracked one by one in one folder: each at N files and at 2 N. A
# growth of 2 is linear; 4 is a search through all paths for each path.
#   test/bench/many_paths.sh CAIRN [N] [FOLDER]
set -euo pipefail
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
cairn=$(realpath "$1")
files=${2:-10000}
in_bench_folder "${3:-/dev/shm}"
git config --global gc.auto 0
# Of two runs the least: a growth is no place for what else the machine does.
RUNS=2

# timed NAME COMMAND…: a line "NAME MICROSECONDS" in $times.
timed() {
  local start=${EPOCHREALTIME/./}
  "${@:2}" >"$work/out" 2>&1 || { head -n 5 "$work/out"; exit 1; }
  echo "$1 $((${EPOCHREALTIME/./} - start))" >>"$times"
}

edit_all() {
  local one
  for one in f/*.csv; do echo "$1" >>"$one"; done
}

# project FILES: all commands with that many.
project() {
  local i
  rm -rf case
  mkdir case
  cd case
  git init -q repo
  cd repo
  "$cairn" -q init
  "$cairn" -q remote add -d shared ../shared
  git add -A
  git commit -qm start
  mkdir f
  for ((i = 0; i < $1; i++)); do echo "$i" >"f/$i.csv"; done
  timed add "$cairn" add f/*.csv
  git add -A
  git commit -qm one
  timed status "$cairn" status
  timed push "$cairn" push
  timed checkout-named "$cairn" checkout f/*.csv
  git clone -q . ../clone
  cd ../clone
  timed pull "$cairn" pull
  timed drop "$cairn" drop f/*.csv
  timed fetch "$cairn" fetch
  timed checkout "$cairn" checkout
  cd ../repo
  edit_all more
  timed status-changed "$cairn" status
  timed diff "$cairn" diff
  timed commit-named "$cairn" commit f/*.csv
  git commit -qam two
  timed diff-revisions "$cairn" diff HEAD~1 HEAD
  timed status-remote "$cairn" status --remote
  timed stage-add "$cairn" stage add -n count -d f/0.csv -o count.txt 'wc -c <f/0.csv >count.txt'
  timed repro "$cairn" repro
  git add -A
  git commit -qm stage
  timed push-again "$cairn" push
  timed save "$cairn" pipeline save v1
  timed ci-check "$cairn" ci check
  git checkout -q -b side HEAD~2
  "$cairn" -q checkout
  edit_all side
  "$cairn" -q commit
  git commit -qam side
  # Pointers in conflict as a merge leaves them, without starting a driver for each.
  git -c merge.cairn.driver='git merge-file -q %A %B %O; exit 1' merge -q main >/dev/null 2>&1 || true
  timed resolve "$cairn" resolve --ours
  git commit -qm merged
  timed remove "$cairn" remove --outs f/*.csv
  timed undo "$cairn" undo
  cd ../..
}

for count in "$files" $((2 * files)); do
  times=$work/times.$count
  for ((run = 0; run < RUNS; run++)); do project "$count"; done
done
awk '
  FILENAME == ARGV[1] {if (!($1 in once)) {order[++count] = $1; once[$1] = $2} else if ($2 < once[$1]) once[$1] = $2; next}
  {if (!($1 in twice) || $2 < twice[$1]) twice[$1] = $2}
  END {for (i = 1; i <= count; i++) {c = order[i]; printf "%-20s %8.0f ms  twice as many %8.0f ms  growth %.1f\n", c, once[c] / 1e3, twice[c] / 1e3, twice[c] / once[c]}}
' "$work/times.$files" "$work/times.$((2 * files))"
