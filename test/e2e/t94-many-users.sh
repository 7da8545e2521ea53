#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Several users of one remote at once: many_users.sh.
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/servers.sh"
. "$(dirname "$0")/many_users.sh"

in_a_folder() {
  use_remote() { :; }
  many_rounds "$T/case/storage"
}

over_webdav() {
  use_remote() {
    "$CAIRN" config --local remote.shared.user cairn
    "$CAIRN" config --local remote.shared.password dav-secret
  }
  many_rounds "webdav://127.0.0.1:$NGINX_PORT/dav/many"
}

over_ssh() {
  use_remote() { :; }
  many_rounds "ssh://here$T/case/storage"
}

test_case "users of a folder" in_a_folder
start_server nginx 1
NGINX_PORT=$SERVER_PORT
test_case "users of a WebDAV server" over_webdav
start_server sshd 1
. "$(dirname "$0")/ssh_server.sh"
test_case "users of an SSH server" over_ssh
finish
