#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Starts a WebDAV server of rclone's own on 127.0.0.1 that shows FOLDER/files, and writes FOLDER/rclone.conf with these remotes:
#   disk   FOLDER/disk
#   dav    the server
#   wrong  the server, with a password that it does not accept
#   dead   a server that is not there
# usage: rclone-up.sh FOLDER PORT, see lib.sh
set -euo pipefail

. "$(dirname "$0")/lib.sh"

need rclone rclone
need curl curl
folder=${1:?folder}
port=${2:?port}
new_folder "$folder"
folder=$(cd "$folder" && pwd)
mkdir "$folder"/{files,disk}

# dav_remote NAME PORT PASSWORD
dav_remote() {
  cat <<TEXT
[$1]
type = webdav
url = http://127.0.0.1:$2
vendor = other
user = cairn
pass = $(rclone obscure "$3")
TEXT
}

{
  printf '[disk]\ntype = alias\nremote = %s\n' "$folder/disk"
  dav_remote dav "$port" dav-secret
  dav_remote wrong "$port" hidden
  dav_remote dead 1 dav-secret
} >"$folder/rclone.conf"

RCLONE_USER=cairn RCLONE_PASS=dav-secret rclone serve webdav "$folder/files" --config "$folder/rclone.conf" \
  --addr "127.0.0.1:$port" --dir-cache-time 1s --log-file "$folder/log" </dev/null >/dev/null 2>&1 &
wait_until $! curl -fs -u cairn:dav-secret "http://127.0.0.1:$port/"
echo "up: $!"
