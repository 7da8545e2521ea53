#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Starts a Ceph cluster of one node with S3 (RADOS Gateway) on 127.0.0.1; its data is in memory.
# usage: ceph-up.sh FOLDER PORT [MEMORY_MIB], see lib.sh
#
# S3 is on PORT, over TLS on PORT+1 (FOLDER/ca.pem), the monitor on PORT+2. Keys, as "id secret":
#   CAIRN cairn-secret    may do all
#   GUEST guest-secret    may not use the buckets of CAIRN
#   SMALL small-secret    has room for 64 KiB
# FOLDER/session holds the id, secret and token of a session that stands for a role of CAIRN, one a line.
set -euo pipefail

. "$(dirname "$0")/lib.sh"

need ceph-mon ceph-mon
need ceph-osd ceph-osd
need ceph ceph-common
need radosgw radosgw
need openssl openssl
need curl curl
folder=${1:?folder}
port=${2:?port}
memory=$((${3:-1024} * 1024 * 1024))
new_folder "$folder"
folder=$(cd "$folder" && pwd)
mkdir "$folder"/{mon,osd,rgw,run}
export CEPH_CONF="$folder/ceph.conf"

fsid=$(cat /proc/sys/kernel/random/uuid)

write_config() {
  cat >"$CEPH_CONF" <<TEXT
[global]
fsid = $fsid
mon_host = v1:127.0.0.1:$((port + 2))
ms_bind_msgr2 = false
auth_cluster_required = none
auth_service_required = none
auth_client_required = none
mon_allow_pool_size_one = true
mon_warn_on_pool_no_redundancy = false
osd_pool_default_size = 1
osd_pool_default_min_size = 1
osd_pool_default_pg_num = 1
osd_pool_default_pg_autoscale_mode = off
osd_crush_chooseleaf_type = 0
osd_mon_report_interval = 1
paxos_propose_interval = 0.05
paxos_min_wait = 0.01
run_dir = $folder/run
admin_socket = $folder/run/\$name.asok
pid_file = $folder/run/\$name.pid
crash_dir = $folder/run
log_file = $folder/\$name.log
[mon.a]
mon_data = $folder/mon
public_addr = v1:127.0.0.1:$((port + 2))
[osd.0]
osd_data = $folder/osd
public_addr = 127.0.0.1
cluster_addr = 127.0.0.1
osd_objectstore = memstore
osd_class_update_on_start = false
memstore_device_bytes = $memory
[client]
rgw_data = $folder/rgw
rgw_dns_name = localhost
rgw_enable_usage_log = false
rgw_multipart_min_part_size = 1048576
rgw_gc_obj_min_wait = 2
rgw_gc_processor_period = 2
rgw_gc_processor_max_time = 2
rgw_sts_key = 0123456789abcdef
[client.plain]
rgw_frontends = beast endpoint=127.0.0.1:$port
[client.tls]
rgw_frontends = beast ssl_endpoint=127.0.0.1:$((port + 1)) ssl_certificate=$folder/tls.pem
rgw_s3_auth_use_sts = true
TEXT
}

make_certificate() {
  openssl req -x509 -newkey rsa:2048 -nodes -days 30 -subj /CN=localhost \
    -addext subjectAltName=DNS:localhost,DNS:*.localhost,IP:127.0.0.1 \
    -keyout "$folder/key.pem" -out "$folder/ca.pem" 2>/dev/null
  cat "$folder/ca.pem" "$folder/key.pem" >"$folder/tls.pem"
}

start_cluster() {
  : >"$folder/keyring"
  ceph-mon -i a --mkfs --keyring "$folder/keyring"
  ceph-mon -i a
  # Another cluster's monitor, which has the port, would answer as well.
  [ "$(timeout 60 ceph fsid)" = "$fsid" ] || {
    echo "the monitor at port $((port + 2)) is not ours"
    return 1
  }
  ceph osd create >/dev/null
  ceph-osd -i 0 --mkfs
  ceph osd crush add osd.0 1.0 root=default
  ceph-osd -i 0
  # Two gateways: one that accepts sessions tells no wrong secret from a missing permission.
  radosgw -n client.plain
  radosgw -n client.tls
}

admin() { radosgw-admin "$@" >/dev/null; }

make_users() {
  admin user create --uid=cairn --display-name=cairn --access-key=CAIRN --secret-key=cairn-secret
  admin user create --uid=guest --display-name=guest --access-key=GUEST --secret-key=guest-secret
  admin user create --uid=small --display-name=small --access-key=SMALL --secret-key=small-secret
  admin quota set --uid=small --quota-scope=user --max-size=65536
  admin quota enable --uid=small --quota-scope=user
}

make_session() {
  local role=arn:aws:iam:::role/shared answer field
  admin role create --role-name=shared --assume-role-policy-doc='{"Version": "2012-10-17", "Statement": [
    {"Effect": "Allow", "Principal": {"AWS": ["arn:aws:iam:::user/cairn"]}, "Action": ["sts:AssumeRole"]}]}'
  admin role-policy put --role-name=shared --policy-name=all --policy-doc='{"Version": "2012-10-17", "Statement": [
    {"Effect": "Allow", "Action": ["s3:*"], "Resource": "arn:aws:s3:::*"}]}'
  answer=$(curl -fsS --aws-sigv4 aws:amz:us-east-1:sts --user CAIRN:cairn-secret --cacert "$folder/ca.pem" "https://localhost:$((port + 1))/" \
    --data "Action=AssumeRole&Version=2011-06-15&RoleArn=$role&RoleSessionName=test&DurationSeconds=3600")
  for field in AccessKeyId SecretAccessKey SessionToken; do
    sed -n "s,.*<$field>\(.*\)</$field>.*,\1,p" <<<"$answer"
  done >"$folder/session"
}

answers() {
  curl -s -o "$folder/answer" "http://127.0.0.1:$port/" &&
    curl -s -o "$folder/answer" --cacert "$folder/ca.pem" "https://localhost:$((port + 1))/"
}

pids() { cat "$folder"/run/*.pid 2>/dev/null | tr '\n' ' '; }

# end_on_failure STATUS: leaves no half a cluster.
end_on_failure() {
  [ "$1" = 0 ] && return
  tail -n 5 "$folder/start.log"
  # shellcheck disable=SC2046
  kill $(pids)
}

trap 'end_on_failure $?' EXIT
write_config
make_certificate
start_cluster >"$folder/start.log" 2>&1
for ((i = 0; i < 600; ++i)); do
  answers && break
  sleep 0.1
done
answers
make_users 2>>"$folder/start.log"
make_session 2>>"$folder/start.log"
echo "up: $(pids)"
