# shellcheck shell=bash
# SPDX-License-Identifier: Apache-2.0
# What the start scripts of servers share. `NAME-up.sh FOLDER PORT` makes FOLDER, starts the server on 127.0.0.1 with all that it
# keeps in there, waits until it answers, and prints `up: PID…`: whoever started it ends these processes. Status 77: it cannot run
# here, and the last line says why. Any other status: it did not start (somebody may have been faster with the port).

# new_folder FOLDER
new_folder() {
  mkdir -m 700 "$1"
}

# need PROGRAM PACKAGE
need() {
  command -v "$1" >/dev/null || {
    echo "no $1: it is in the package $2"
    exit 77
  }
}

# wait_until PROCESS COMMAND…: until the command succeeds, up to 20 s; fails at once when the process has ended.
wait_until() {
  local i
  for ((i = 0; i < 400; ++i)); do
    kill -0 "$1" 2>/dev/null || break
    "${@:2}" >/dev/null 2>&1 && return
    sleep 0.05
  done
  kill "$1" 2>/dev/null
  echo "the server did not start"
  exit 1
}
