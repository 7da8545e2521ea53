#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Memory that push and pull take for one large file of random bytes, to a folder and over SSH, on this machine.
#   test/bench/memory.sh CAIRN [GIB] [FOLDER]
# FOLDER has room for three times GIB. The largest resident set of a process is printed.
set -euo pipefail
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
servers=$(realpath "$(dirname "${BASH_SOURCE[0]}")/../servers")
cairn=$(realpath "$1")
gib=${2:-8}
in_bench_folder "${3:-/var/tmp}"
port=$((20000 + $$ % 10000))
read -r _ server < <(bash "$servers/sshd-up.sh" "$work/server" $port)
trap 'kill $server; rm -rf "$work"' EXIT
mkdir bin
printf '#!/bin/sh\nexec %s -F %s "$@"\n' "$(command -v ssh)" "$work/server/ssh_config" >bin/ssh
chmod +x bin/ssh
export PATH=$work/bin:$PATH

# measure WHAT COMMAND…: the peak of one run.
measure() {
  python3 - "$@" <<'PY'
import resource, subprocess, sys, time
start = time.monotonic()
subprocess.run(sys.argv[2:], check=True)
peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
print(f"{sys.argv[1]:24} {peak / 1e3:7.1f} MB in {time.monotonic() - start:6.1f} s (target <= 250 MB)")
PY
}

git init -q project
cd project
"$cairn" -q init
head -c $((gib << 30)) /dev/urandom >data
hash=$(b3sum --no-names data)
measure "add of $gib GiB" "$cairn" -q add data
git add -A
git commit -qm data
for kind in folder ssh; do
  case $kind in
    folder) "$cairn" -q remote add -d folder "$work/remote" ;;
    ssh) "$cairn" -q remote add -d ssh "ssh://here$work/remote" ;;
  esac
  rm -f data
  measure "push, $kind" "$cairn" -q push
  rm -rf .git/cairn
  measure "pull, $kind" "$cairn" -q pull
  [ "$(b3sum --no-names data)" = "$hash" ] || echo "other bytes came back by $kind"
  rm -rf "$work/remote"
done
