#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# params, metrics and plots data: the workspace and other revisions, read without a checkout.
. "$(dirname "$0")/lib.sh"

# Two commits, tagged v1 and v2, and a workspace beyond them. acc.json is kept by cairn, m.json by Git.
history() {
  new_repo
  printf 'lr: 0.1 # rate\nmodel: {depth: 3}\nunused: yes\n' >params.yaml
  printf '{"a": 1, "b": 2}\n' >other.json
  cat >cairn.yaml <<'YAML'
params: [listed.toml]
metrics: [hand.yaml]
stages:
  train:
    cmd: |
      lr=$(sed -n 's/lr: \([0-9.]*\).*/\1/p' params.yaml)
      echo "{\"acc\": $lr, \"n\": 10}" >acc.json
      echo "{\"deep\": {\"loss\": 1$lr}}" >m.json
      printf 'step,loss\n1,0.5\n2,%s\n' "$lr" >loss.csv
    params: [lr, model.depth, other.json: [a]]
    metrics: [acc.json, m.json: {cache: false}]
    plots: [loss.csv: {x: step, y: loss}]
YAML
  echo 'top = 1' >listed.toml
  echo 'score: 5' >hand.yaml
  cairn repro
  commit one
  git tag v1
  sed -i 's/lr: 0.1/lr: 0.2/' params.yaml
  echo 'score: 7' >hand.yaml
  cairn repro
  commit two
  git tag v2
  sed -i 's/lr: 0.2/lr: 0.333333333/' params.yaml
  cairn repro
}

params_show() {
  history
  cairn params show
  assert_content "$T/out" "Path         Param        Value
listed.toml  top          1
other.json   a            1
params.yaml  lr           0.33333
params.yaml  model.depth  3
params.yaml  unused       yes"
  cairn params show --deps
  assert_lacks "$T/out" unused
  assert_lacks "$T/out" listed
  cairn params show params.yaml:lr,model.depth --rev v1 --rev v2 --no-path
  assert_content "$T/out" "Param        v1   v2
lr           0.1  0.2
model.depth  3    3"
  cairn params show --json
  assert_value 'd["revisions"][""]["data"]["params.yaml"]' '{"data": {"lr": 0.333333333, "model": {"depth": 3}, "unused": "yes"}}'
  assert_value 'd["revisions"][""]["data"]["other.json"]["data"]' '{"a": 1}'
}

params_diff() {
  history
  cairn params diff
  assert_content "$T/out" "Path         Param  HEAD  workspace
params.yaml  lr     0.2   0.33333"
  cairn params diff v1 v2 --json
  assert_value 'd["diff"]' '{"params.yaml": {"lr": {"diff": 0.1, "new": 0.2, "old": 0.1}}}'
  cairn params diff v1 v2 --all --targets params.yaml
  assert_out "model.depth  3    3"
  assert_lacks "$T/out" top
  cairn params diff HEAD HEAD
  assert_content "$T/out" "no differences"
}

metrics_show() {
  history
  cairn metrics show -T
  assert_content "$T/out" "Revision   Path       acc      n   score  deep.loss
workspace  acc.json   0.33333  10  -      -
workspace  hand.yaml  -        -   7      -
workspace  m.json     -        -   -      10.333
v1         acc.json   0.1      10  -      -
v1         hand.yaml  -        -   5      -
v1         m.json     -        -   -      10.1
v2         acc.json   0.2      10  -      -
v2         hand.yaml  -        -   7      -
v2         m.json     -        -   -      10.2"
  cairn metrics show acc.json --precision 2
  assert_content "$T/out" "Path      acc   n
acc.json  0.33  10"
  cairn metrics show -a -A --json
  assert_value 'sorted(len(n) for n in d["revisions"])' '[4, 9, 40, 40]'
  assert_value 'd["revisions"]["main"]["data"]["acc.json"]' '{"data": {"acc": 0.2, "n": 10}}'
  must_fail 9 cairn metrics show nothing.json
  must_fail 9 cairn metrics show --rev no-such
}

metrics_diff() {
  history
  cairn metrics diff v1
  assert_content "$T/out" "Path       Metric     v1    workspace  Change
acc.json   acc        0.1   0.33333    0.23333
hand.yaml  score      5     7          2
m.json     deep.loss  10.1  10.333     0.23333"
  cairn metrics diff v1 v2 --md --targets hand.yaml
  assert_content "$T/out" "| Path | Metric | v1 | v2 | Change |
|---|---|---|---|---|
| hand.yaml | score | 5 | 7 | 2 |"
  cairn metrics diff v1 v2 --csv --targets acc.json
  assert_content "$T/out" "Path,Metric,v1,v2,Change
acc.json,acc,0.1,0.2,0.1"
  cairn metrics diff v1 v2 --json
  assert_value 'd["diff"]["hand.yaml"]' '{"score": {"diff": 2, "new": 7, "old": 5}}'
  assert_value '[d["old"], d["new"]]' '["v1", "v2"]'
}

reading_changes_nothing() {
  history
  git stash -q
  find . -path ./.git/objects -prune -o -printf '%p %T@ %i\n' | grep -v stat-cache | sort >"$T/before"
  cairn metrics show -A
  cairn params diff v1 v2
  find . -path ./.git/objects -prune -o -printf '%p %T@ %i\n' | grep -v stat-cache | sort >"$T/after"
  diff "$T/before" "$T/after" || fail "reading wrote something"
}

what_is_not_here() {
  history
  git commit -qam three
  fresh_clone
  must_fail 3 cairn metrics show --rev v1
  assert_err "'acc.json' is not here"
  assert_err "cairn fetch --rev"
  assert_out "10.1"
  must_fail 3 cairn metrics diff v1 v2 --json
  assert_value 'd["diff"]["m.json"]["deep.loss"]["new"]' '10.2'
  assert_value '[e["code"] for e in d["errors"]]' '["not_found", "not_found"]'
}

in_a_subfolder_with_templates() {
  git init -q repo
  cd repo
  mkdir -p sub/inner
  cd sub
  cairn init -q
  printf 'name: first\n' >inner/params.yaml
  cat >inner/cairn.yaml <<'YAML'
stages:
  s:
    cmd: 'echo "n: 3" >${name}.yaml'
    metrics: ['${name}.yaml']
YAML
  cairn repro
  (cd .. && git add -A && git commit -qm one)
  printf 'name: second\n' >inner/params.yaml
  cairn repro
  cairn metrics show --rev HEAD
  assert_out "inner/first.yaml"
  assert_lacks "$T/out" second
  cairn -C inner metrics show second.yaml
  assert_out "inner/second.yaml  3"
}

commits_that_cannot_be_read() {
  history
  printf 'stages: [\n' >cairn.yaml
  git commit -qam broken
  git checkout -q v2 -- cairn.yaml
  git commit -qm mended
  must_fail 3 cairn metrics show -A --json
  assert_value 'len(d["revisions"])' '5'
  assert_value 'len(d["errors"])' '1'
  assert_err "cairn.yaml:"
}

plots_data() {
  history
  cairn plots data
  assert_content "$T/out" "Revision  Path      step  loss
-         loss.csv  1     0.5
-         loss.csv  2     0.33333"
  cairn plots data loss.csv --rev v1 --csv
  assert_content "$T/out" "Revision,Path,step,loss
v1,loss.csv,1,0.5
v1,loss.csv,2,0.1"
  cairn plots data --json
  assert_value 'd["plots"]' '[{"path": "loss.csv", "points": [{"loss": 0.5, "step": 1}, {"loss": 0.333333333, "step": 2}], "properties": {"x": "step", "y": "loss"}, "revision": ""}]'
}

# A history of 200 commits that change one file: what they share is read once.
long_history() {
  history
  git commit -qam base
  local i
  for i in $(seq 200); do
    printf 'score: %s\n' "$i" >hand.yaml
    git commit -qam "$i"
  done
  cairn metrics show -A --json
  assert_value 'len(d["revisions"])' '204'
  assert_value 'sorted({f["data"]["hand.yaml"]["data"]["score"] for f in d["revisions"].values()})[-1]' '200'
}

test_case "params show" params_show
test_case "params diff" params_diff
test_case "metrics show" metrics_show
test_case "metrics diff" metrics_diff
test_case "reading changes nothing" reading_changes_nothing
test_case "what is not in the store is named" what_is_not_here
test_case "a project in a subfolder, with templates" in_a_subfolder_with_templates
test_case "one broken commit does not hide the others" commits_that_cannot_be_read
test_case "plots data" plots_data
test_case "a long history" long_history
finish
