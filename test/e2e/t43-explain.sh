#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# What cairn says of stages without running them: why, repro --dry-run, dag, status, stage list --state.
. "$(dirname "$0")/lib.sh"

three_stages() {
  new_repo
  mkdir data
  echo 1 >data/a
  echo 2 >data/b
  printf 'lr: 0.1\n' >params.yaml
  cat >cairn.yaml <<'YAML'
stages:
  prepare:
    cmd: cat data/a data/b >clean.txt
    deps: [data]
    outs: [clean.txt]
  train:
    cmd: wc -l <clean.txt >model.txt
    deps: [clean.txt]
    params: [lr]
    outs: [model.txt]
  eval:
    cmd: cat model.txt >score.txt
    deps: [model.txt]
    outs: [score.txt]
YAML
  commit start
}

workspace() { manifest . | grep -v '^\./\.git/'; }

nothing_is_run() {
  assert_same "$(cat "$T/tree")" "$(workspace)" "the workspace"
}

why_shows_words_of_a_command() {
  three_stages
  cairn repro
  sed -i 's/wc -l/wc -c/' cairn.yaml
  cairn why train
  assert_out 'command changed:'
  assert_out 'wc [--l-]{+-c+} <clean.txt >model.txt'
  cairn why train --json
  assert_same "wc -l <clean.txt >model.txt" "$(json 'd["stages"][0]["changes"][0]["before"]')"
  assert_same "removed -l added -c" \
    "$(json '" ".join(p["op"] + " " + p["text"] for p in d["stages"][0]["changes"][0]["pieces"] if p["op"] != "same")')"
  assert_same changed "$(json 'd["stages"][0]["state"]')"
}

why_shows_lines_of_a_script() {
  new_repo
  printf 'stages:\n  a:\n    cmd: |\n      echo 1 >o\n      echo 2 >>o\n      echo 3 >>o\n      echo 4 >>o\n    outs: [o]\n' >cairn.yaml
  cairn repro
  sed -i 's/echo 4/echo five/' cairn.yaml
  cairn why a
  assert_out 'echo [-4-]{+five+} >>o'
  assert_lacks "$T/out" 'echo 1'
}

why_without_names_lists_what_is_not_up_to_date() {
  three_stages
  cairn repro
  cairn why
  assert_out "all stages are up to date"
  echo 3 >data/c
  cairn why
  assert_out "added data/c"
  assert_same "prepare train eval" "$(grep -o '^[a-z]* run *[a-z]*' "$T/out" | sed 's/.* //' | tr '\n' ' ' | sed 's/ $//')"
  cairn why eval
  assert_out "stage 'train' would run before it"
  assert_lacks "$T/out" "data/c"
  must_fail 9 cairn why nothing
}

why_tells_of_params_and_variables() {
  three_stages
  sed -i 's/    params: \[lr\]/    params: [lr]\n    env: {MODE: fast}/' cairn.yaml
  cairn repro
  sed -i 's/fast/slow/' cairn.yaml
  echo 'lr: 0.2' >params.yaml
  cairn why train
  assert_out "param 'params.yaml:lr' changed: 0.1 -> 0.2"
  assert_out "'MODE' changed: \"fast\" -> \"slow\""
}

dry_run_gives_reasons() {
  three_stages
  workspace >"$T/tree"
  cairn repro --dry-run
  nothing_is_run
  assert_out "would run     prepare"
  assert_out "it never ran"
  cairn repro
  printf 'stages:\n  a:\n    cmd: cat p q r s >o\n    deps: [p, q, r, s]\n    outs: [o]\n' >cairn.yaml
  touch p q r s
  cairn repro
  for name in p q r s; do echo "$name" >"$name"; done
  cairn repro --dry-run
  assert_out "dep 'p' changed"
  assert_lacks "$T/out" "dep 's' changed"
  assert_out "and 1 more reason (-v names all)"
  cairn repro --dry-run -v
  assert_out "dep 's' changed"
}

status_counts_and_names() {
  three_stages
  cairn status
  assert_out "pipeline: 3 never run"
  cairn repro
  cairn status
  assert_lacks "$T/out" "pipeline"
  cairn status --exit-code
  echo 3 >data/a
  cairn status
  assert_out "pipeline: 1 changed, 2 upstream changed"
  assert_out "prepare: dep 'data' changed"
  assert_same 3 "$(grep -c '^  ' "$T/out")"
  must_fail 1 cairn status --exit-code
  cairn status --json
  assert_same 1 "$(json 'd["pipeline_counts"]["changed"]')"
  assert_same "{'changed deps': {'data': 'modified'}}" "$(json 'd["pipeline"][0]["status"][0]')"
  echo 1 >data/a
  cairn freeze eval
  printf '  again:\n    cmd: "true"\n    always_changed: true\n' >>cairn.yaml
  cairn repro again
  cairn status
  assert_out "frozen"
  assert_out "again (always runs)"
  rm model.txt
  cairn status
  assert_out "outputs missing"
  assert_out "model.txt"
}

states_everywhere() {
  three_stages
  cairn repro
  echo 'lr: 0.3' >params.yaml
  workspace >"$T/tree"
  cairn dag
  nothing_is_run
  assert_out "| up to date |"
  assert_out "| changed |"
  assert_out "| upstream changed |"
  cairn dag --dot
  assert_out '"train" [label="train\nchanged", color='
  cairn dag --mermaid
  assert_out '["prepare<br/>up to date"]:::good'
  cairn dag --md
  assert_same '```mermaid' "$(head -n1 "$T/out")"
  assert_same '```' "$(tail -n1 "$T/out")"
  cairn dag --no-state
  assert_lacks "$T/out" "changed"
  cairn dag prepare
  assert_lacks "$T/out" "train"
  cairn dag --json
  assert_same "prepare up_to_date" "$(json '" ".join([d["stages"][0]["stage"], d["stages"][0]["state"]])')"
  must_fail 2 cairn dag --dot --md
  cairn stage list --state
  assert_out "train    changed"
  cairn stage list --state --names-only eval
  assert_same "eval  upstream changed" "$(cat "$T/out")"
  nothing_is_run
}

outs_graph() {
  three_stages
  cairn dag --outs --dot
  assert_out '"clean.txt" -> "model.txt"'
  assert_out '"model.txt" -> "score.txt"'
  cairn dag --outs --json
  assert_same "model.txt train ['clean.txt']" "$(json '"%s %s %s" % (d["outs"][1]["out"], d["outs"][1]["stage"], d["outs"][1]["needs"])')"
  must_fail 2 cairn dag --outs --collapse
}

groups_collapse() {
  new_repo
  cat >cairn.yaml <<'YAML'
stages:
  get: {cmd: echo 1 >raw, outs: [raw]}
  fit:
    foreach: [a, b, c]
    do:
      cmd: cat raw >${item}.txt
      deps: [raw]
      outs: ["${item}.txt"]
  sum: {cmd: cat a.txt b.txt c.txt >all, deps: [a.txt, b.txt, c.txt], outs: [all]}
YAML
  cairn dag --collapse
  assert_out "| fit (3)"
  assert_out "all never run"
  assert_lacks "$T/out" "fit@a"
  cairn repro get fit@a
  cairn dag --collapse
  assert_out "1 up to date, 2 never run"
  cairn dag --collapse --json
  assert_same "fit 3 ['get']" "$(json '"%s %d %s" % (d["stages"][1]["stage"], len(d["stages"][1]["members"]), d["stages"][1]["needs"])')"
  cairn why fit
  assert_out "fit@b"
  cairn freeze fit@b
  assert_out "froze all 3 stages of 'fit' in cairn.yaml: a group is frozen as a whole"
}

broken_input_is_no_crash() {
  three_stages
  cairn repro
  rm -r data
  run "$CAIRN" status
  assert_out "cannot run"
  run "$CAIRN" dag
  assert_same 0 "$STATUS"
  assert_out "cannot run"
}

last_runs_are_told() {
  new_repo
  printf 'stages:\n  a:\n    cmd: cat in >o\n    deps: [in]\n    outs: [o]\n' >cairn.yaml
  echo 1 >in
  cairn repro
  cairn why a
  assert_out "up to date"
  grep -Eq 'since [0-9-]+ [0-9:]+ UTC, run [0-9a-f]{12}$' "$T/out" || fail "no run is named"
  sed -i 's/cat in/cat in; false/' cairn.yaml
  must_fail 8 cairn repro
  cairn why a
  assert_out "command changed"
  id=$(sed -n 's/.*cairn log show //p' "$T/out")
  cairn log show "$id"
  assert_out "exit 1"
  cairn why a --json
  assert_same "failed failed $id" "$(json '"%s %s %s" % (d["stages"][0]["state"], d["stages"][0]["last_run"]["status"], d["stages"][0]["last_run"]["id"][:12])')"
  cairn status
  assert_out "failed last time   a: run $id failed at"
  cairn dag
  assert_out "failed last time"
}

environments_in_words() {
  new_repo
  printf 'v1\n' >version.txt
  printf 'stages:\n  a:\n    cmd: echo 1 >o\n    outs: [o]\n    environment: {files: [version.txt]}\n' >cairn.yaml
  commit start
  cairn repro
  printf 'v2\n' >version.txt
  cairn why a
  assert_out "environment changed"
  assert_out "version.txt changed"
}

test_case "why shows a changed command word by word" why_shows_words_of_a_command
test_case "of a long script why shows the lines around a change" why_shows_lines_of_a_script
test_case "why without names lists what is not up to date, in order" why_without_names_lists_what_is_not_up_to_date
test_case "why tells of params and variables" why_tells_of_params_and_variables
test_case "the last run of a stage is told" last_runs_are_told
test_case "a changed environment is told in words" environments_in_words
test_case "a dry run gives reasons, and runs nothing" dry_run_gives_reasons
test_case "status counts stages and names reasons" status_counts_and_names
test_case "dag and stage list show states" states_everywhere
test_case "dag draws outputs" outs_graph
test_case "dag draws a group as one, and a group is frozen as a whole" groups_collapse
test_case "a missing input is told, in status and dag" broken_input_is_no_crash
finish
