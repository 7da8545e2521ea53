# shellcheck shell=bash
# SPDX-License-Identifier: Apache-2.0
# Real servers for the suites, by test/servers/NAME-up.sh; they end with the suite.

SERVER_PIDS=()

end_servers() {
  [ ${#SERVER_PIDS[@]} = 0 ] || kill -9 "${SERVER_PIDS[@]}" 2>/dev/null
  clean_up
}
trap end_servers EXIT

is_free() { ! (exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null; }

# start_server NAME PORTS: SERVER is its folder, SERVER_PORT the first of so many ports. Without its programs the suite is skipped.
start_server() {
  local status=0 told i
  SERVER=$T/$1
  for ((SERVER_PORT = 10000 + RANDOM % 20000; ; SERVER_PORT += $2)); do
    for ((i = 0; i < $2; ++i)); do is_free $((SERVER_PORT + i)) || continue 2; done
    break
  done
  told=$(bash "$(dirname "$0")/../servers/$1-up.sh" "$SERVER" "$SERVER_PORT" 2>&1) || status=$?
  if [ "$status" = 77 ]; then
    echo "skip $SUITE: $told"
    finish
  elif [ "$status" != 0 ]; then
    echo "FAIL $SUITE: no server: $told"
    exit 1
  fi
  read -ra SERVER_PIDS <<<"${told##*up: }"
}
