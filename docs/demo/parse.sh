#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# zones.tab -> places.tsv: name of the place, its first country, latitude and longitude in decimal degrees.
set -eu
echo parse >>"${DEMO_LOG:-/dev/null}" # lets the demo count what really ran
awk -F '\t' '
  # "+4230" or "-0131": degrees and minutes; "+404251": with seconds
  function degrees(text, digits,    value, rest) {
    value = substr(text, 2, digits)
    rest = substr(text, 2 + digits)
    value += substr(rest, 1, 2) / 60 + substr(rest, 3, 2) / 3600
    return substr(text, 1, 1) == "-" ? -value : value
  }
  /^#/ { next }
  {
    middle = match(substr($2, 2), /[-+]/) + 1
    printf "%s\t%s\t%.4f\t%.4f\n", $3, substr($1, 1, 2), degrees(substr($2, 1, middle - 1), 2), degrees(substr($2, middle), 3)
  }' zones.tab >places.tsv
