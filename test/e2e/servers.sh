# shellcheck shell=bash
# SPDX-License-Identifier: Apache-2.0
# Real servers for the suites, by test/servers/NAME-up.sh; they end with the suite.

SERVER_PIDS=()

# A server that is asked to end takes its workers with it; one that does not within 10 s is killed.
end_servers() {
  local process i
  for process in "${SERVER_PIDS[@]}"; do
    kill -CONT "$process" 2>/dev/null
    kill "$process" 2>/dev/null
  done
  for process in "${SERVER_PIDS[@]}"; do
    for ((i = 0; i < 200; ++i)); do
      has_ended "$process" && break
      sleep 0.05
    done
    has_ended "$process" || kill -9 "$process"
  done
  clean_up
}
trap end_servers EXIT

is_free() { ! (exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null; }

# free_ports COUNT: SERVER_PORT is the first of so many ports of 127.0.0.1 on which nobody listens.
free_ports() {
  local i
  for ((SERVER_PORT = 10000 + RANDOM % 20000; ; SERVER_PORT += $1)); do
    for ((i = 0; i < $1; ++i)); do is_free $((SERVER_PORT + i)) || continue 2; done
    return
  done
}

# start_server NAME PORTS: SERVER is its folder, SERVER_PORT the first of so many ports; with other ports while that fails.
# Without its programs the suite is skipped.
start_server() {
  local status told attempt
  for ((attempt = 0; attempt < 5; ++attempt)); do
    SERVER=$T/$1-$attempt
    free_ports "$2"
    status=0
    told=$(bash "$(dirname "$0")/../servers/$1-up.sh" "$SERVER" "$SERVER_PORT" 2>&1) || status=$?
    if [ "$status" = 0 ]; then
      # shellcheck disable=SC2206 # process ids
      SERVER_PIDS+=(${told##*up: })
      return
    elif [ "$status" = 77 ]; then
      echo "skip $SUITE: $told"
      finish
    fi
    echo "$1 on port $SERVER_PORT: $told" >&2
  done
  echo "FAIL $SUITE: no server"
  exit 1
}

# In ../clone: adds data and pushes it. Then ../repo pulls it, and is where the case goes on.
share_back() {
  seq 1000 >more
  cairn add more
  commit second
  cairn push
  cd ../repo
  git pull -q ../clone
  cairn pull
  cmp more ../clone/more
}
