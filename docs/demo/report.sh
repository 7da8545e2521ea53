#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# north.tsv and countries.tab -> report.txt (places by country) and metrics.json.
set -eu
echo report >>"${DEMO_LOG:-/dev/null}"
awk -F '\t' '
  /^#/ { next }
  FILENAME == "countries.tab" { name[$1] = $2; next }
  { places[name[$2]]++ }
  END { for (country in places) printf "%3d  %s\n", places[country], country }
' countries.tab north.tsv | LC_ALL=C sort -k1,1nr -k2 >report.txt
awk '
  { places += $1 }
  END { printf "{\"countries\": %d, \"places\": %d}\n", NR, places }
' report.txt >metrics.json
