#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# places.tsv -> north.tsv: the places north of the latitude that params.yaml names.
set -eu
echo north >>"${DEMO_LOG:-/dev/null}"
latitude=$(awk '$1 == "latitude:" { print $2 }' params.yaml)
awk -F '\t' -v latitude="$latitude" '$3 > latitude' places.tsv >north.tsv
