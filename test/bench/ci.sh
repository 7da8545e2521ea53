#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# What `cairn ci check` costs in a fresh clone: 100,000 files of 16 kB in 100 tracked folders, 500 saved versions, a folder remote.
#   test/bench/ci.sh CAIRN [RUNS] [FOLDER] [VERSIONS] [FILES_A_FOLDER]
# CAIRN is a release build, FOLDER memory-backed with 6 GiB free. Figures of wall time mean something on an idle machine only.
set -euo pipefail
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
cairn=$(realpath "$1")
runs=${2:-5}
versions=${4:-500}
files=${5:-1000}
in_bench_folder "${3:-/dev/shm}"
export CAIRN_NO_HOOKS=1

# Text that zstd makes a half of, other in every file.
make_data() {
  python3 - "$files" <<'PY'
import os, random, sys
random.seed(1)
for folder in range(100):
    os.makedirs(f"data/{folder}")
    for name in range(int(sys.argv[1])):
        with open(f"data/{folder}/{name}.hex", "w") as file:
            file.write(random.randbytes(8000).hex())
PY
}

project() {
  git init -q p && cd p
  "$cairn" -q init
  make_data
  "$cairn" -q add data/*
  git add -A && git commit -qm data
  local version revisions=()
  for ((version = 1; version <= versions; version++)); do
    echo "$version" >"data/$((version % 100))/$((version % files)).hex"
    "$cairn" -q add "data/$((version % 100))"
    git commit -qam "$version"
    "$cairn" -q pipeline save "v$version"
    revisions+=(--rev "v$version")
  done
  "$cairn" -q remote add storage ../storage
  git add -A && git commit -qm remote
  "$cairn" -q push
  "$cairn" -q push "${revisions[@]}"
  cd ..
  git clone -q --no-checkout p clone
  cd clone
  git fetch -q origin '+refs/cairn/versions/*:refs/cairn/remotes/origin/versions/*'
  git checkout -q main
}

(project) >&2
cd clone
wall=() cpu=()
for ((i = 0; i < runs; i++)); do
  rm -rf .git/cairn
  TIMEFORMAT='%R %U %S'
  { time "$cairn" ci check --json >../report.json; } 2>../time
  read -r real user system <../time
  wall+=("$real")
  cpu+=("$(awk -v u="$user" -v s="$system" 'BEGIN {print u + s}')")
done
python3 - "$(printf '%s\n' "${wall[@]}" | median)" "$(printf '%s\n' "${cpu[@]}" | median)" <<'PY'
import json, sys
report = json.load(open("../report.json"))
share = 100 * report["bytes_read"] / report["data_bytes"]
print("; ".join(f"{one['check']}: {one['about']}, {one['state']}" for one in report["checks"]))
print(f"ci check in a fresh clone: {sys.argv[1]} s, CPU {sys.argv[2]} s (target <= 2)")
print(f"read from the remote: {report['bytes_read']} of {report['data_bytes']} bytes of data, {share:.3f} % (target < 1)")
PY
