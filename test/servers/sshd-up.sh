#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# An SSH server for the user who starts it, by key only:
#   test/servers/sshd-up.sh FOLDER PORT
# In FOLDER: `ssh_config` for ssh -F, with the hosts `here` (all is right), `stranger` (its key is not known), `changed` (known with
# another key) and `refused` (our key is not accepted); `known_hosts`, `id` (the key) and `log`.
set -eu
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
PATH=$PATH:/usr/sbin
need sshd openssh-server
need ssh openssh-client
new_folder "$1"
folder=$(realpath "$1")
port=$2

[ "$(id -u)" != 0 ] || mkdir -p /run/sshd # where sshd, as root, gives up its rights
for key in host id other; do
  ssh-keygen -q -t ed25519 -N '' -C "$key" -f "$folder/$key"
done
cp "$folder/id.pub" "$folder/authorized_keys"
known() { echo "[127.0.0.1]:$port $(cut -d' ' -f1,2 "$folder/$1.pub")"; }
known host >"$folder/known_hosts"
known other >"$folder/known_hosts_changed"
: >"$folder/known_hosts_empty"

cat >"$folder/sshd_config" <<CONFIG
ListenAddress 127.0.0.1
Port $port
HostKey $folder/host
PidFile $folder/pid
AuthorizedKeysFile $folder/authorized_keys
StrictModes no
PasswordAuthentication no
KbdInteractiveAuthentication no
UsePAM no
PermitRootLogin prohibit-password
Subsystem sftp internal-sftp
MaxStartups 100:30:200
MaxSessions 64
CONFIG

# host NAME KEY KNOWN_HOSTS
host() {
  cat <<CONFIG
Host $1
  HostName 127.0.0.1
  Port $port
  User $(id -un)
  IdentityFile $folder/$2
  IdentitiesOnly yes
  IdentityAgent none
  UserKnownHostsFile $folder/$3
  GlobalKnownHostsFile none
CONFIG
}
{
  host here id known_hosts
  host stranger id known_hosts_empty
  host changed id known_hosts_changed
  host refused other known_hosts
} >"$folder/ssh_config"

"$(command -v sshd)" -D -f "$folder/sshd_config" -E "$folder/log" </dev/null >/dev/null 2>&1 &
wait_until $! test -s "$folder/pid"
echo "up: $!"
