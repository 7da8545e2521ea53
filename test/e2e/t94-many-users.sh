#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Several users of one remote at once: many_users.sh.
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/servers.sh"
. "$(dirname "$0")/many_users.sh"

test_case "users of a folder" in_a_folder
start_server nginx 1
NGINX_PORT=$SERVER_PORT
test_case "users of a WebDAV server" over_webdav
start_server sshd 1
. "$(dirname "$0")/ssh_server.sh"
test_case "users of an SSH server" over_ssh
finish
