#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# What a remote over SSH costs beside ssh itself: writing and reading one object against `ssh HOST cat`, on this machine and
# through a relay with 20 ms round trip; and a push with nothing to do against `ssh HOST true`.
#   test/bench/sftp.sh SFTP_BENCH CAIRN [MIB] [RUNS] [FOLDER]
# Both programs are release builds. Runs are interleaved; medians are printed.
set -euo pipefail
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
servers=$(realpath "$(dirname "${BASH_SOURCE[0]}")/../servers")
bench=$(realpath "$1")
cairn=$(realpath "$2")
mib=${3:-256}
runs=${4:-5}
in_bench_folder "${5:-/dev/shm}"

port=$((20000 + $$ % 10000))
far_port=$((port + 1))
read -r _ server < <(bash "$servers/sshd-up.sh" "$work/server" $port)
python3 "$servers/latency_relay.py" $far_port $port 20 >"$work/relay" &
relay=$!
trap 'kill $server $relay; rm -rf "$work"' EXIT
until [ -s "$work/relay" ]; do sleep 0.1; done
config=$work/server/ssh_config
sed "s/^\[127.0.0.1\]:$port/[127.0.0.1]:$far_port/" "$work/server/known_hosts" >"$work/known"
cat "$work/known" >>"$work/server/known_hosts"
sed -n "/^Host here/,/^Host stranger/{s/here/far/;s/Port $port/Port $far_port/;/^Host stranger/d;p}" "$config" >"$work/far"
cat "$work/far" >>"$config"

# timed NAME COMMAND…: seconds of one run are added to the file NAME.
timed() {
  local start=${EPOCHREALTIME/./}
  "${@:2}"
  echo $((${EPOCHREALTIME/./} - start)) | awk '{print $1 / 1e6}' >>"$work/$1"
}

# compare WHAT OURS THEIRS SIZE: medians as rates, and their ratio; with SIZE 0 as times.
compare() {
  awk -v what="$1" -v a="$(median <"$work/$2")" -v b="$(median <"$work/$3")" -v mib="$4" 'BEGIN {
    if (mib > 0) printf "%-28s %7.1f MiB/s, ssh cat %7.1f MiB/s: %.2f (target 0.6 or more)\n", what, mib / a, mib / b, b / a
    else printf "%-28s %7.0f ms, ssh true %7.0f ms: %.2f (target 1.5 or less)\n", what, a * 1e3, b * 1e3, a / b
  }'
}

remote_ssh() { ssh -F "$config" -oBatchMode=yes "$@"; }
ssh_write() { remote_ssh "$1" "cat >$work/cat" <"$work/content"; }
ssh_read() { remote_ssh "$1" "cat $work/cat" >/dev/null; }
ssh_true() { remote_ssh "$1" true; }

head -c $((mib << 20)) /dev/urandom >content
for host in here far; do
  for ((i = 0; i < runs; ++i)); do
    timed $host-cat-write ssh_write $host
    "$bench" "$config" $host "$work/remote" "$mib" write >>$host-write
    timed $host-cat-read ssh_read $host
    "$bench" "$config" $host "$work/remote" "$mib" read >>$host-read
  done
  compare "write, $host" $host-write $host-cat-write "$mib"
  compare "read, $host" $host-read $host-cat-read "$mib"
done

# A push finds the server by a program `ssh` that reads our configuration.
mkdir bin
printf '#!/bin/sh\nexec %s -F %s "$@"\n' "$(command -v ssh)" "$config" >bin/ssh
chmod +x bin/ssh
git init -q repo
cd repo
"$cairn" -q init
seq 1000 >data
"$cairn" -q add data
git add -A
git commit -qm data
push() { PATH=$work/bin:$PATH "$cairn" -q push -r "$1"; }
for host in here far; do
  "$cairn" -q remote add $host "ssh://$host$work/pushed"
  push $host
  for ((i = 0; i < runs; ++i)); do
    timed $host-true ssh_true $host
    timed $host-push push $host
  done
  compare "push of nothing, $host" $host-push $host-true 0
done
