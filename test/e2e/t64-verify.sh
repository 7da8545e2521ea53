#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Stages run several times give the same, or it is said what differs.
. "$(dirname "$0")/lib.sh"

pipeline() {
  new_repo
  seq 50 >data.txt
  cairn add data.txt
  cat >cairn.yaml <<'YAML'
stages:
  sort:
    cmd: sort -rn data.txt >sorted.txt; echo x >>"$RAN"
    deps: [data.txt]
    outs: [sorted.txt]
  stamp:
    cmd: (cat sorted.txt; [ -z "${PLANT:-}" ] || date +%s%N) >stamped.txt
    deps: [sorted.txt]
    outs: [stamped.txt]
YAML
  cairn repro
  commit start
  rm -f "$RAN"
}

verdict_of() { json "[x for x in d['verdict']['stages'] if x['stage'] == '$1'][0]$2"; }

the_same_each_time() {
  pipeline
  cairn pipeline verify --runs 3 --json
  assert_value '(d["verdict"]["good"], d["verdict"]["runs"], d["recorded"])' '[true, 3, true]'
  assert_same 3 "$(wc -l <"$RAN")" "runs"
  assert_same "" "$(git status --porcelain)"
  assert_same "" "$(find "$(store_of)/work" -mindepth 1 -name 'run-*')" "work trees"
}

not_the_same() {
  pipeline
  PLANT=1 must_fail 1 cairn pipeline verify --json --cause-time 0
  assert_same reproduced "$(verdict_of sort "['verdict']")"
  assert_same differs "$(verdict_of stamp "['verdict']")"
  assert_same stamped.txt "$(verdict_of stamp "['outs'][0]['path']")"
  assert_same 51 "$(verdict_of stamp "['outs'][0]['first']['line']")"
}

not_as_recorded() {
  pipeline
  sed -i 's/sort -rn/sort -r/' cairn.yaml
  commit "the lock is old now"
  cairn pipeline verify sort --json
  verdict_of sort "['reason']" | grep -q "cairn.lock has no result" || fail "an old lock is not told"
}

with_changes() {
  pipeline
  echo "# more" >>cairn.yaml
  cairn pipeline verify --json
  assert_value 'd["recorded"]' false
  assert_err "not recorded"
}

declared_not_deterministic() {
  pipeline
  sed -i 's/    outs: \[stamped.txt\]/    outs: [stamped.txt]\n    deterministic: false/' cairn.yaml
  PLANT=1 cairn repro
  commit declared
  PLANT=1 cairn pipeline verify stamp --json
  verdict_of stamp "['reason']" | grep -q "not deterministic" || fail "it is not told"
}

test_case "the same each time" the_same_each_time
test_case "not the same" not_the_same
test_case "the lock is old" not_as_recorded
test_case "changes that are not committed" with_changes
test_case "declared not deterministic" declared_not_deterministic
finish
