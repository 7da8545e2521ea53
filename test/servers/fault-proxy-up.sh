#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Starts fault_proxy.py, which says what it does.
# usage: fault-proxy-up.sh FOLDER PORT, see lib.sh
set -euo pipefail

. "$(dirname "$0")/lib.sh"

need python3 python3
need curl curl
folder=${1:?folder}
port=${2:?port}
new_folder "$folder"
python3 "$(dirname "$0")/fault_proxy.py" "$folder" "$port" >"$folder/log" 2>&1 &
echo "1 GET /ready status 204" >"$folder/faults"
wait_until $! curl -fs "http://127.0.0.1:$port/ready"
rm "$folder/faults" "$folder/requests"
echo "up: $!"
