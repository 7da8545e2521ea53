#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# drift: tables of two states compared, as a report and as a gate.
. "$(dirname "$0")/lib.sh"

# table FILE SHIFT CITIES: 2000 rows, the same for the same arguments.
table() {
  awk -v shift="$2" -v cities="$3" 'BEGIN {
    srand(7); split(cities, city, " "); print "id,age,city"
    for (i = 1; i <= 2000; ++i) {
      printf "%d,%.2f,%s\n", i, 20 + shift + 40 * rand(), city[1 + int(rand() * length(city))]
    }
  }' >"$1"
}

# Data that cairn keeps in versions v1 and v2, and a file that Git has.
history() {
  new_repo
  table train.csv 0 "Bonn Ulm Jena"
  mkdir parts
  table parts/a.csv 0 "Bonn Ulm"
  printf 'x\n1\n2\n' >small.csv
  cairn add train.csv parts
  commit one
  git tag v1
  table train.csv 15 "Bonn Ulm Jena Kiel"
  cairn add train.csv
  printf 'x\n1\n3\n' >small.csv
  commit two
  git tag v2
}

two_versions() {
  history
  cairn drift v1 v2
  assert_out "train.csv: 2000 rows before, 2000 after"
  assert_out "small.csv: 2 rows before, 2 after"
  assert_lacks "$T/out" parts/a.csv
  cairn drift v1 v2 train.csv --json
  assert_value 'd["files"][0]["path"]' '"train.csv"'
  assert_value '[c["column"] for c in d["files"][0]["columns"]]' '["age", "city", "id"]'
  assert_value '[c["verdict"] for c in d["files"][0]["columns"]]' '["shifted", "shifted", "same"]'
  assert_value 'd["files"][0]["columns"][1]["unseen"]' '["Kiel"]'
  assert_value 'd["files"][0]["hits"]' '[]'
  cairn drift v1 v2 parts
  assert_out "parts/a.csv: unchanged"
}

the_workspace() {
  history
  cairn drift v2 workspace
  assert_content "$T/out" "no table differs"
  rm train.csv
  cairn drift v1 workspace train.csv
  assert_out "train.csv: 2000 rows before, 2000 after"
  table parts/a.csv 50 "Bonn Ulm"
  cairn drift HEAD workspace --json
  assert_value '[f["path"] for f in d["files"]]' '["parts/a.csv"]'
  rm -r parts parts.cairn
  cairn drift HEAD workspace parts
  assert_out "parts/a.csv: gone"
}

a_gate() {
  history
  must_fail 1 "$CAIRN" drift v1 v2 train.csv --fail-on 'psi>0.2,ks>0.1'
  assert_out "FAILED  train.csv: column 'age': ks 0."
  assert_out "is above 0.1"
  assert_lacks "$T/out" "FAILED  train.csv: column 'id'"
  cairn drift v1 v2 train.csv --fail-on 'psi>50,ks>0.99,nulls>0.05,schema'
  must_fail 2 "$CAIRN" drift v1 v2 --fail-on 'psi<1'
  assert_err "'psi<1' is no rule of drift"
  must_fail 1 "$CAIRN" drift v1 v2 train.csv --fail-on 'psi>0.2' --json
  assert_value 'd["ok"]' 'false'
  assert_value '[(h["column"], h["measure"], h["limit"], h["value"] > 0.2) for h in d["files"][0]["hits"]][0]' \
    '["age", "psi", 0.2, true]'
}

the_gate_of_cairn_yaml() {
  history
  printf 'drift:\n  train.csv: {fail_on: "ks>0.1", columns: [id]}\n' >cairn.yaml
  cairn drift v1 workspace train.csv
  printf 'drift:\n  train.csv: {fail_on: "ks>0.1"}\n' >cairn.yaml
  must_fail 1 "$CAIRN" drift v1 workspace train.csv
  assert_out "FAILED  train.csv: column 'age': ks"
  cairn drift v1 v2 train.csv
  cairn drift v1 workspace train.csv --fail-on schema
  printf 'drift:\n  train.csv: {fail_on: "kx>0.1"}\n' >cairn.yaml
  must_fail 9 "$CAIRN" drift v1 workspace train.csv
  assert_err "cairn.yaml:2:24: 'kx>0.1' is no rule of drift"
}

two_files() {
  mkdir plain
  cd plain
  table old.csv 0 "Bonn Ulm"
  awk -F, -v OFS='\t' '{$1 = $1} 1' old.csv >new.tsv
  cairn drift old.csv new.tsv --html page.html
  assert_out "new.tsv: 2000 rows before, 2000 after"
  assert_lacks "$T/out" shifted
  assert_contains page.html "<svg"
  assert_lacks page.html "http"
  awk -F, 'NR > 1 { printf "{\"id\": %d, \"age\": %s, \"city\": \"%s\"}\n", $1, $2, $3 }' old.csv >new.jsonl
  cairn drift "$PWD/old.csv" new.jsonl --json
  assert_value '[c["verdict"] for c in d["files"][0]["columns"]]' '["same", "same", "same"]'
  printf 'a\n"x\n' >bad.csv
  must_fail 9 "$CAIRN" drift old.csv bad.csv
  assert_err "bad.csv:2: a quoted cell is not closed"
  must_fail 9 "$CAIRN" drift old.csv none.csv
  assert_err "none.csv"
}

profiles_are_kept() {
  history
  cairn drift v1 v2 train.csv
  cp "$T/out" "$T/first"
  local profiles
  profiles=$(store_of)/profiles
  [ "$(find "$profiles" -type f | wc -l)" = 2 ] || fail "profiles: $(ls "$profiles")"
  for profile in "$profiles"/*; do
    flip_byte "$profile" 100
  done
  cairn drift v1 v2 train.csv
  cmp "$T/out" "$T/first"
  rm -r "$profiles"
  cairn drift v1 v2 train.csv
  cmp "$T/out" "$T/first"
}

bad_input() {
  history
  must_fail 9 "$CAIRN" drift v1 v9
  assert_err v9
  must_fail 9 "$CAIRN" drift v1 v2 nothing.csv
  assert_err "'nothing.csv' holds no table in 'v1' or 'v2'"
  echo hello >note.txt
  must_fail 3 "$CAIRN" drift v1 workspace note.txt
  assert_err "'note.txt' is no table that cairn can read"
  must_fail 2 "$CAIRN" drift v1
  rm -rf "$(store_of)"/packs
  must_fail 3 "$CAIRN" drift v1 v2 train.csv
  assert_err "is not here"
  assert_err "cairn fetch --rev"
}

test_case "two versions" two_versions
test_case "the workspace, with and without the file" the_workspace
test_case "a gate" a_gate
test_case "the gate of cairn.yaml" the_gate_of_cairn_yaml
test_case "two files, without a project" two_files
test_case "profiles are kept, and made anew when damaged" profiles_are_kept
test_case "bad input" bad_input
finish
