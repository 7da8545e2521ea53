#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# What cairn adds to many small stages. Usage: CAIRN=path/to/cairn stages.sh [STAGES [ROUNDS]]
# Runs `cairn repro -j 2` over STAGES trivial stages and, interleaved, the same commands by bare shells two at a time; prints the
# medians, the difference for each stage, and counts of fsync calls. Then 10 x STAGES stages with nothing to do.
set -eu
CAIRN=$(realpath "${CAIRN:?}")
STAGES=${1:-1000}
ROUNDS=${2:-5}
T=$(mktemp -d "${TMPDIR:-/dev/shm}/cairn-stages.XXXXXX")
trap 'rm -rf "$T"' EXIT
export HOME=$T GIT_CONFIG_NOSYSTEM=1 LC_ALL=C.UTF-8
git config --global user.name T
git config --global user.email t@example.org
git config --global init.defaultBranch main

# make_repo FOLDER STAGES
make_repo() {
  git init -q "$1"
  (cd "$1" && "$CAIRN" init -q)
  {
    echo "stages:"
    for ((i = 0; i < $2; ++i)); do
      printf '  s%d:\n    cmd: echo %d > out%d.txt\n    outs: [out%d.txt]\n' "$i" "$i" "$i" "$i"
    done
  } >"$1/cairn.yaml"
  git -C "$1" add -A
  git -C "$1" commit -qm start
}

ms() { echo $(($(date +%s%N) / 1000000)); }
median() { sort -n | sed -n "$(((ROUNDS + 1) / 2))p"; }

bare() {
  mkdir "$1"
  (cd "$1" && seq 0 $((STAGES - 1)) | xargs -P 2 -I{} bash -eo pipefail -c 'echo {} > out{}.txt')
}

: >"$T/cairn-times"
: >"$T/bare-times"
for ((round = 0; round < ROUNDS; ++round)); do
  make_repo "$T/repo$round" "$STAGES"
  start=$(ms)
  (cd "$T/repo$round" && "$CAIRN" repro -q -j 2)
  echo $(($(ms) - start)) >>"$T/cairn-times"
  start=$(ms)
  bare "$T/bare$round"
  echo $(($(ms) - start)) >>"$T/bare-times"
done
with=$(median <"$T/cairn-times")
without=$(median <"$T/bare-times")
awk -v n="$STAGES" -v a="$with" -v b="$without" \
  'BEGIN { printf "%d stages, -j 2: cairn %d ms, bare shells %d ms: %.2f ms more a stage\n", n, a, b, (a - b) / n }'

if command -v strace >/dev/null; then
  make_repo "$T/traced" "$STAGES"
  (cd "$T/traced" && strace -f -c -o "$T/trace" -e trace=fsync,fdatasync,sync_file_range,sync,syncfs "$CAIRN" repro -q -j 2)
  awk -v n="$STAGES" '$NF ~ /^(fsync|fdatasync|sync|syncfs)$/ { calls += $4 } END { printf "fsync and fdatasync: %d, %.2f a stage\n", calls, calls / n }' "$T/trace"
fi

many=$((10 * STAGES))
make_repo "$T/many" "$many"
(cd "$T/many" && "$CAIRN" repro -q -j 2 && "$CAIRN" repro -q)
: >"$T/idle-times"
for ((round = 0; round < ROUNDS; ++round)); do
  start=$(ms)
  (cd "$T/many" && "$CAIRN" repro -q)
  echo $(($(ms) - start)) >>"$T/idle-times"
done
echo "$many stages with nothing to do: $(median <"$T/idle-times") ms"
if [ -x /usr/bin/time ]; then
  (cd "$T/many" && /usr/bin/time -f 'peak memory: %M KiB' "$CAIRN" repro -q)
fi
