#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# What a push costs beside `rclone copy`, to a real bucket (Ceph) and over SSH, on this machine: one file of random bytes, and many
# small files as one tracked folder, against rclone's copy of one file of the same size, and of the same many files.
#   test/bench/remotes.sh CAIRN [MIB] [FILES] [RUNS] [FOLDER]
# The bucket's data is in memory: four times MIB and some, since what is removed goes later. Runs are interleaved; medians are
# printed. Each pushes to a new place.
set -euo pipefail
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
servers=$(realpath "$(dirname "${BASH_SOURCE[0]}")/../servers")
cairn=$(realpath "$1")
mib=${2:-1024}
files=${3:-50000}
runs=${4:-3}
in_bench_folder "${5:-/dev/shm}"
port=$((20000 + $$ % 10000))
unset "${!AWS_@}"
export NO_PROXY=127.0.0.1,localhost RCLONE_CONFIG=$work/rclone.conf
pids=()
trap 'kill "${pids[@]}"; rm -rf "$work"' EXIT

# start NAME PORT [ARGUMENTS]
start() {
  local told
  told=$(bash "$servers/$1-up.sh" "$work/$1" "${@:2}")
  # shellcheck disable=SC2206 # process ids
  pids+=(${told##*up: })
}
start sshd "$port"
start ceph $((port + 1)) $((4 * mib + 1024))

s3() {
  curl -fsS --aws-sigv4 aws:amz:us-east-1:s3 -H 'x-amz-content-sha256: UNSIGNED-PAYLOAD' --user CAIRN:cairn-secret \
    -X "$1" "http://127.0.0.1:$((port + 1))/$2"
}
s3 PUT bench

# rclone and cairn take the keys of the server and of the user alike.
config=$work/sshd/ssh_config
option_of() { awk -v key="$1" '$1 == "Host" {here = $2 == "here"} here && $1 == key {print $2; exit}' "$config"; }
cat >"$RCLONE_CONFIG" <<TEXT
[bucket]
type = s3
provider = Ceph
access_key_id = CAIRN
secret_access_key = cairn-secret
endpoint = http://127.0.0.1:$((port + 1))
[ssh]
type = sftp
host = 127.0.0.1
port = $port
user = $(id -un)
key_file = $(option_of IdentityFile)
known_hosts_file = $work/sshd/known_hosts
shell_type = none
TEXT
mkdir bin
printf '#!/bin/sh\nexec %s -F %s "$@"\n' "$(command -v ssh)" "$config" >bin/ssh
chmod +x bin/ssh
export PATH=$work/bin:$PATH AWS_ACCESS_KEY_ID=CAIRN AWS_SECRET_ACCESS_KEY=cairn-secret

# timed NAME COMMAND…: seconds of one run are added to the file NAME.
timed() {
  local start=${EPOCHREALTIME/./}
  "${@:2}"
  echo $((${EPOCHREALTIME/./} - start)) | awk '{print $1 / 1e6}' >>"$work/$1"
}

# compare WHAT OURS THEIRS TARGET
compare() {
  awk -v what="$1" -v a="$(median <"$work/$2")" -v b="$(median <"$work/$3")" -v target="$4" 'BEGIN {
    printf "%-44s %7.2f s, rclone %7.2f s: %.2f (target %s)\n", what, a, b, a / b, target
  }'
}

# rclone_copy KIND PLACE SOURCE
rclone_copy() {
  case $1 in
    bucket) rclone copy "$3" "bucket:bench/$2" ;;
    ssh) rclone copy "$3" "ssh:$work/$2" ;;
  esac
}

# new_remote KIND PLACE: the project's remote is there, and new to it.
new_remote() {
  "$cairn" -q remote remove r >/dev/null 2>&1 || :
  case $1 in
    bucket)
      "$cairn" -q remote add r "s3://bench/$2"
      "$cairn" -q config remote.r.endpointurl "http://127.0.0.1:$((port + 1))"
      ;;
    ssh) "$cairn" -q remote add r "ssh://here$work/$2" ;;
  esac
}
push() { "$cairn" -q push -r r; }

# remove_place KIND PLACE
remove_place() {
  case $1 in
    bucket) rclone purge "bucket:bench/$2" ;;
    ssh) rm -rf "${work:?}/$2" ;;
  esac
}

# project NAME: a project that tracks ./NAME, committed.
project() {
  git -C "$1" init -q
  (cd "$1" && "$cairn" -q init && "$cairn" -q add data && git add -A && git commit -qm data)
}

mkdir one many
head -c $((mib << 20)) /dev/urandom >one/data
# As many bytes in FILES files, in folders of 500.
size=$(((mib << 20) / files))
for ((i = 0; i < files / 500; ++i)); do
  mkdir -p "many/data/d$i"
  dd if=one/data bs=$((size * 500)) skip=$i count=1 status=none | split -a 3 -d -b $size - "many/data/d$i/f"
done
project one
project many

for kind in bucket ssh; do
  for ((i = 0; i < runs; ++i)); do
    timed $kind-rclone-one rclone_copy $kind rclone-one$i one/data
    remove_place $kind rclone-one$i
    for what in one many; do
      cd $what
      new_remote $kind cairn-$what$i
      timed $kind-cairn-$what push
      cd ..
      remove_place $kind cairn-$what$i
    done
  done
  timed $kind-rclone-many rclone_copy $kind rclone-many many/data
  compare "$kind: push of $mib MiB, to one file" $kind-cairn-one $kind-rclone-one "<= 1.3"
  compare "$kind: push of $files files, to one file" $kind-cairn-many $kind-rclone-one "<= 1.3"
  compare "$kind: push of $files files, to as many" $kind-cairn-many $kind-rclone-many "<= 0.2"
done
