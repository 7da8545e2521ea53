#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Starts OpenStack Swift on one node with its S3 API, on 127.0.0.1. It is stricter than others about the region (us-east-1), and parts
# of an upload have at least 5 MiB.
# usage: swift-up.sh FOLDER PORT, see lib.sh
#
# S3 is on PORT, other servers on the five ports after it. The key's id is "test:tester", its secret "testing".
set -euo pipefail

. "$(dirname "$0")/lib.sh"

need swift-ring-builder swift
need swift-proxy-server swift-proxy
need swift-account-server swift-account
need swift-container-server swift-container
need swift-object-server swift-object
need memcached memcached
need curl curl
folder=${1:?folder}
port=${2:?port}
new_folder "$folder"
folder=$(cd "$folder" && pwd)
mkdir -p "$folder"/{etc,files/disk,run}

write_proxy_config() {
  cat >"$folder/etc/proxy.conf" <<TEXT
[DEFAULT]
bind_ip = 127.0.0.1
bind_port = $port
workers = 2
user = $(id -un)
swift_dir = $folder/etc
log_level = WARNING
[pipeline:main]
pipeline = catch_errors cache listing_formats bulk s3api tempauth slo dlo proxy-server
[app:proxy-server]
use = egg:swift#proxy
account_autocreate = true
[filter:catch_errors]
use = egg:swift#catch_errors
[filter:cache]
use = egg:swift#memcache
memcache_servers = 127.0.0.1:$((port + 4))
[filter:listing_formats]
use = egg:swift#listing_formats
[filter:bulk]
use = egg:swift#bulk
[filter:s3api]
use = egg:swift#s3api
location = us-east-1
[filter:tempauth]
use = egg:swift#tempauth
user_test_tester = testing .admin
[filter:slo]
use = egg:swift#slo
[filter:dlo]
use = egg:swift#dlo
TEXT
}

# write_storage_config KIND PORT: of one of the three servers behind the proxy, and its ring.
write_storage_config() {
  cat >"$folder/etc/$1.conf" <<TEXT
[DEFAULT]
bind_ip = 127.0.0.1
bind_port = $2
workers = 1
user = $(id -un)
swift_dir = $folder/etc
devices = $folder/files
mount_check = false
log_level = WARNING
[pipeline:main]
pipeline = $1-server
[app:$1-server]
use = egg:swift#$1
TEXT
  (
    cd "$folder/etc"
    swift-ring-builder "$1.builder" create 1 1 1
    swift-ring-builder "$1.builder" add "r1z1-127.0.0.1:$2/disk" 1
    swift-ring-builder "$1.builder" rebalance || [ $? = 1 ] # 1: with a warning
  ) >>"$folder/start.log" 2>&1
}

# start KIND: with a swift.conf of its own; the programs know only the one of the system.
start() {
  # In a group of its own: when it ends, it ends its whole group.
  setsid /usr/bin/python3 -c 'import sys
from swift.common import utils
utils.SWIFT_CONF_FILE = sys.argv[1]
from swift.common.wsgi import run_wsgi
sys.exit(run_wsgi(sys.argv[2], sys.argv[3]))' "$folder/etc/swift.conf" "$folder/etc/$1.conf" "$1-server" \
    >"$folder/$1.log" 2>&1 &
  echo $! >"$folder/run/$1.pid"
}

printf '[swift-hash]\nswift_hash_path_suffix = cairn\n' >"$folder/etc/swift.conf"
write_proxy_config
write_storage_config account $((port + 1))
write_storage_config container $((port + 2))
write_storage_config object $((port + 3))
memcached -u "$(id -un)" -l 127.0.0.1 -p $((port + 4)) -m 32 -P "$folder/run/memcached.pid" -d
for kind in account container object proxy; do
  start $kind
done
wait_until "$(cat "$folder/run/proxy.pid")" curl -s "http://127.0.0.1:$port/"
echo "up: $(cat "$folder"/run/*.pid | tr '\n' ' ')"
