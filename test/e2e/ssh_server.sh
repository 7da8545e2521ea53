# shellcheck shell=bash
# SPDX-License-Identifier: Apache-2.0
# `ssh` that reads the configuration of our own server, after start_server sshd 1.

# ssh reads its configuration from the user's own home, whatever HOME says: a program in front of it names ours.
mkdir "$T/bin"
cat >"$T/bin/ssh" <<SSH
#!/bin/sh
echo \$\$ >>"$T/connections"
exec $(command -v ssh) -F "$SERVER/ssh_config" "\$@"
SSH
chmod +x "$T/bin/ssh"
export PATH=$T/bin:$PATH
