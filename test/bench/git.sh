#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# What cairn costs beside Git: `git status` of a project with 10,000 data files against the same repository without cairn, and
# cairn status and hooks with nothing to do in a repository of 100,000 files and 5,000 commits.
#   test/bench/git.sh CAIRN [RUNS] [FOLDER]
# Runs are interleaved; median and least are printed. Wall time means something on an idle machine only: starting `env true` is the yardstick.
set -euo pipefail
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
cairn=$(realpath "$1")
runs=${2:-9}
in_bench_folder "${3:-/dev/shm}"
git config --global gc.auto 0

# time_of NAME COMMAND…: one run in microseconds is added to the file NAME.
time_of() {
  local name=$1 start=${EPOCHREALTIME/./}
  "${@:2}" >/dev/null 2>&1
  echo $((${EPOCHREALTIME/./} - start)) >>"$work/$name.times"
}

median_of() { median <"$work/$1.times"; }
least() { sort -n "$work/$1.times" | head -n1; }

# report NAME TARGET
report() { awk -v n="$1" -v t="$2" -v a="$(median_of "$1")" -v b="$(least "$1")" 'BEGIN {printf "%-40s %8.1f ms  least %8.1f ms  target %s\n", n, a / 1e3, b / 1e3, t}'; }

# ratio NAME BASE TARGET
ratio() { awk -v n="$1 / $2" -v t="$3" -v a="$(median_of "$1")" -v b="$(median_of "$2")" 'BEGIN {printf "%-40s %8.2f     target %s\n", n, a / b, t}'; }

# Folders of small files that one project leaves to cairn and the other, having none, to a line of .gitignore.
data_files() {
  local i j
  for ((i = 0; i < 50; i++)); do
    mkdir -p "$1/folder$i"
    for ((j = 0; j < 200; j++)); do
      echo "$i $j" >"$1/folder$i/$j.txt"
    done
  done
}

# git_status NAME WHAT…: WHAT is added to cairn; the repository without cairn has the same files for Git, and ignores the data.
git_status() {
  local name=$1 i one
  mkdir "$name"
  cd "$name"
  git init -q with
  "$cairn" -q -C with init
  data_files with
  (cd with && "$cairn" -q add "${@:2}")
  cp -r with without
  rm -rf without/.git without/.cairn
  git init -q without
  find without -name .gitignore -delete
  echo '*.txt' >without/.gitignore
  for one in with without; do
    git -C "$one" add -A
    git -C "$one" commit -qm data
    [ -z "$(git -C "$one" status --porcelain)" ] || echo "git status is not clean in $one"
  done
  for ((i = 0; i < runs; i++)); do
    time_of "git-status-$name-with-cairn" git -C with status
    time_of "git-status-$name-without" git -C without status
  done
  cd ..
  report "git-status-$name-with-cairn" ""
  report "git-status-$name-without" ""
  ratio "git-status-$name-with-cairn" "git-status-$name-without" "<= 1.2"
}

# 100,000 files in 5,000 commits, each of which changes one.
history() {
  local i
  for ((i = 0; i < 5000; i++)); do
    printf 'commit refs/heads/main\ncommitter bench <bench@example.org> %d +0000\ndata 1\nx\n' $((1600000000 + i))
    if ((i == 0)); then
      seq 0 99999 | awk '{printf "M 100644 inline d%d/s%d/file%d.txt\ndata <<END\n%d\nEND\n", $1 / 1000, $1 % 10, $1, $1}'
    else
      printf 'M 100644 inline d0/s0/file0.txt\ndata <<END\nchange %d\nEND\n' "$i"
    fi
  done
}

large_repository() {
  git init -q large
  cd large
  history | git fast-import --quiet
  git checkout -q main
  "$cairn" -q init
  "$cairn" -q install
  mkdir data
  seq 1000 | while read -r i; do echo "$i" >"data/$i.txt"; done
  "$cairn" -q add data
  git add -A
  git commit -qm data
  git checkout -q -b other HEAD~1 2>/dev/null
  git commit -q --allow-empty -m other
  echo more >>d0/s0/file0.txt
  git commit -qam code
  git checkout -q main
  local i head other
  head=$(git rev-parse HEAD)
  other=$(git rev-parse HEAD~1)
  for ((i = 0; i < runs; i++)); do
    time_of "program" env true
    time_of "cairn-status" "$cairn" status
    time_of "hook-same-commit" .git/hooks/post-checkout "$head" "$head" 1
    time_of "hook-file-checkout" .git/hooks/post-checkout "$head" "$head" 0
    time_of "hook-other-commit" .git/hooks/post-checkout "$other~1" "$other" 1
    time_of "hook-own-commit" .git/hooks/post-commit
    time_of "hook-pre-commit" .git/hooks/pre-commit
  done
  report program ""
  report cairn-status "<= 150"
  report hook-same-commit "<= 15"
  report hook-file-checkout "<= 15"
  report hook-other-commit "<= 15"
  report hook-own-commit "<= 15"
  report hook-pre-commit ""
}

git_status folders $(seq -f 'folder%g' 0 49)
git_status files 'folder*/*.txt'
large_repository
