#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# A version, or the current state, with other data and parameters: away from the workspace, recorded, and compared.
. "$(dirname "$0")/lib.sh"

# prepare (raw.csv, kept by cairn) -> train (params, notes.txt of Git; model kept by cairn, m.json by Git).
one_input() {
  new_repo
  seq 100 >raw.csv
  cairn add raw.csv
  echo first >notes.txt
  printf 'train:\n  lr: 0.1 # rate\nfail: no\n' >params.yaml
  cat >train.sh <<'SH'
set -e
get() { sed -n "s/^ *$1: \([^ ]*\).*/\1/p" params.yaml; }
[ "$(get fail)" = no ] || { echo "told to fail"; exit 7; }
[ -z "${HOLD:-}" ] || { echo $$ >"$HOLD"; sleep 600; }
{ cat clean.txt notes.txt; get lr; } >model.txt
echo "{\"rows\": $(grep -c . clean.txt)}" >m.json
SH
  cat >cairn.yaml <<'YAML'
stages:
  prepare:
    cmd: echo prepare >>"\${RAN:-/dev/null}"; sort -rn raw.csv >clean.txt
    deps: [raw.csv]
    outs: [clean.txt]
  train:
    cmd: echo train >>"\${RAN:-/dev/null}"; sh train.sh
    deps: [clean.txt, notes.txt]
    params: [train, fail]
    outs: [model.txt]
    metrics: [m.json: {cache: false}]
YAML
  commit start
  cairn repro
  commit lock
  seq 200 >../new.csv
  : >"$RAN"
}

# A second input: a folder kept by cairn.
two_inputs() {
  one_input
  mkdir images
  echo a >images/a
  cairn add images
  cat >>cairn.yaml <<'YAML'
  count:
    cmd: ls images | wc -l >count.txt
    deps: [images]
    outs: [count.txt]
YAML
  cairn repro
  commit images
  mkdir ../others
  echo x >../others/x
  echo y >../others/y
  : >"$RAN"
}

# Everything that a run must leave alone.
footprint() {
  find . -path ./.git -prune -o -printf '%p %T@ %s %i %m\n' | sort
  git rev-parse HEAD
  git symbolic-ref HEAD
  git for-each-ref refs/heads refs/tags
  sha256sum .git/index
  git worktree list
}

nothing_left() {
  assert_same "" "$(find "$(store_of)/work" -mindepth 1 -name 'run-*')" "work trees"
  assert_same 1 "$(git worktree list | wc -l)" "work trees of Git"
}

# runs ARGUMENTS...: `pipeline run` that leaves the workspace alone; EXPERIMENT is the ref of what it kept.
runs() {
  footprint >"$T/before"
  cairn pipeline run "$@"
  footprint >"$T/after"
  diff "$T/before" "$T/after" || fail "pipeline run touched the workspace"
  nothing_left
  EXPERIMENT=refs/cairn/exp/$(git for-each-ref --sort=-creatordate --format='%(refname:lstrip=3)' refs/cairn/exp | head -n1)
}

# The content of a path that cairn keeps, as EXPERIMENT has it.
content_of() {
  cairn exp apply "${EXPERIMENT##*/}" --force >/dev/null
  cat "$1"
}

other_data() {
  one_input
  runs --data ../new.csv
  assert_ran prepare train
  assert_out "raw.csv"
  assert_out "../new.csv"
  assert_out "692 B"
  assert_out "model.txt"
  assert_out "kept as experiment ${EXPERIMENT##*/} (done)"
  grep -Eq '^m.json +rows +100 +200 +100$' "$T/out" || fail "no metric with its difference"
  assert_same "$(git rev-parse HEAD)" "$(git rev-parse "$EXPERIMENT^")" "parent"
  assert_same "run of the workspace with other raw.csv" "$(git log -1 --format=%s "$EXPERIMENT")"
  assert_same "M	cairn.lock
M	m.json
M	raw.csv.cairn" "$(git diff --name-status HEAD "$EXPERIMENT")"
  cmp <(content_of raw.csv) ../new.csv
  assert_same "$(seq 200 | sort -rn)" "$(cat clean.txt)"
  git fsck --strict
}

known_results_are_taken() {
  one_input
  runs --data raw.csv=../new.csv
  : >"$RAN"
  runs --data raw.csv.cairn=../new.csv --set train.lr=0.1
  assert_ran
  assert_out restored
}

inputs_are_listed() {
  two_inputs
  must_fail 2 cairn pipeline run --data ../new.csv
  assert_err "more than one input that '../new.csv' may stand for"
  assert_err "--data images=../new.csv, or --data notes.txt=../new.csv, or --data raw.csv=../new.csv"
  must_fail 9 cairn pipeline run --data raw.cvs=../new.csv
  assert_err "'raw.cvs' is no input of the stages that run"
  assert_err "did you mean 'raw.csv'?"
  must_fail 2 cairn pipeline run --data raw.csv=../new.csv --data raw.csv=../others
  must_fail 2 cairn pipeline run --data raw.csv=../new.csv --data raw.csv=../new.csv
  assert_err "'raw.csv' is given twice"
  assert_ran
  runs --stage prepare --data ../new.csv
  assert_ran prepare
  mkdir sub
  (cd sub && cairn pipeline run --data ../raw.csv=../../new.csv)
}

files_that_do_not_fit() {
  two_inputs
  must_fail 9 cairn pipeline run --data raw.csv=../no-such-file
  assert_err "'../no-such-file'"
  must_fail 9 cairn pipeline run --data ../no-such-file
  must_fail 2 cairn pipeline run --data raw.csv=../others
  assert_err "'../others' is a folder, and the input 'raw.csv' is a file"
  must_fail 2 cairn pipeline run --data images=../new.csv
  assert_err "'../new.csv' is a file, and the input 'images' is a folder"
  mkfifo ../pipe
  must_fail 2 cairn pipeline run --data raw.csv=../pipe
  assert_ran
  assert_same "" "$(git for-each-ref refs/cairn/exp)"
  nothing_left
}

a_folder() {
  two_inputs
  runs --data images=../others
  assert_ran
  assert_same 2 "$(content_of count.txt | tr -d ' ')"
  assert_same_trees ../others images
}

data_that_git_keeps() {
  one_input
  mkdir tables
  echo 1 >tables/one
  printf '  sum:\n    cmd: cat tables/* >sum.txt\n    deps: [tables]\n    outs: [sum.txt]\n' >>cairn.yaml
  cairn repro
  commit tables
  echo other >../notes
  mkdir ../tables
  echo 2 >../tables/two
  runs --data notes.txt=../notes --data tables=../tables
  assert_same "M	cairn.lock
M	notes.txt
D	tables/one
A	tables/two" "$(git diff --name-status --no-renames HEAD "$EXPERIMENT")"
  assert_same other "$(git show "$EXPERIMENT:notes.txt")"
  assert_same 2 "$(content_of sum.txt)"
}

params() {
  one_input
  echo edited >notes.txt
  echo untracked >other.txt
  runs --set train.lr=0.5 -m "a higher rate"
  assert_ran train
  grep -Eq '^params.yaml +train.lr +0.1 +0.5 +0.4$' "$T/out" || fail "no parameter with its difference"
  assert_same "a higher rate" "$(git log -1 --format=%s "$EXPERIMENT")"
  git show "$EXPERIMENT:params.yaml" | grep -qx '  lr: 0.5 # rate' || fail "the parameter is not in the commit"
  assert_same edited "$(git show "$EXPERIMENT:notes.txt")" "what the workspace has"
  must_fail 2 cairn pipeline run --set train.lr=0.1,0.2
  assert_err "cairn exp run"
  must_fail 2 cairn pipeline run --set train.nothing=1
  must_fail 2 cairn pipeline run --set none.yaml:lr=1
  assert_err "'none.yaml'"
}

a_failed_stage() {
  one_input
  footprint >"$T/before"
  must_fail 8 cairn pipeline run --data ../new.csv --set fail=yes
  footprint >"$T/after"
  diff "$T/before" "$T/after" || fail "pipeline run touched the workspace"
  assert_err "told to fail"
  assert_out "(failed)"
  nothing_left
  assert_same failed "$(git for-each-ref --format='%(contents)' refs/cairn/exp | sed -n 's/^cairn-status: //p')"
}

killed() {
  one_input
  footprint >"$T/before"
  HOLD=$T/hold "$CAIRN" pipeline run --data ../new.csv &
  pid=$!
  wait_for "$T/hold"
  kill -KILL "$pid"
  wait "$pid" || true
  wait_gone "$(cat "$T/hold")"
  rm "$T/hold"
  footprint >"$T/after"
  diff "$T/before" "$T/after" || fail "a killed run touched the workspace"
  cairn exp list
  assert_out "no experiments"
  nothing_left
  runs --data ../new.csv
}

interrupted() {
  one_input
  HOLD=$T/hold "$CAIRN" pipeline run --data ../new.csv >"$T/out" 2>"$T/err" &
  pid=$!
  wait_for "$T/hold"
  kill -INT "$pid"
  STATUS=0
  wait "$pid" || STATUS=$?
  rm "$T/hold"
  assert_same 130 "$STATUS" "status"
  nothing_left
  assert_same "" "$(git for-each-ref refs/cairn/exp)"
}

forms() {
  one_input
  runs --data ../new.csv --set train.lr=0.2 --json
  assert_value '[d["version"], d["saved_as"], d["experiment"]["status"]]' '[null, null, "done"]'
  assert_value '[d["inputs"][0]["path"], d["inputs"][0]["file"], d["inputs"][0]["old"]["size"], d["inputs"][0]["new"]["size"]]' \
    '["raw.csv", "../new.csv", 292, 692]'
  assert_value '[o["path"] for o in d["outs"]]' '["clean.txt", "m.json", "model.txt"]'
  assert_value '[d["params"], d["metrics"]]' \
    '[{"params.yaml": {"train.lr": {"diff": 0.1, "new": 0.2, "old": 0.1}}}, {"m.json": {"rows": {"diff": 100, "new": 200, "old": 100}}}]'
  assert_same "prepare train" "$(json 'o("ran")')"
  runs --data ../new.csv --md
  assert_out "| Input | Before | After | From |"
  assert_out "| Metric |"
}

# A version, and a workspace that has gone on since.
a_version() {
  one_input
  cairn pipeline save v1 -m first
  seq 50 >raw.csv
  cairn add raw.csv
  sed -i 's/lr: 0.1/lr: 0.9/' params.yaml
  echo 'echo more >>model.txt' >>train.sh
  cairn repro
  commit second
  : >"$RAN"
}

a_saved_version() {
  a_version
  runs --version v1 --data ../new.csv
  assert_ran prepare train
  assert_out "run of v1"
  assert_same "$(git rev-parse 'refs/cairn/versions/v1^{commit}')" "$(git rev-parse "$EXPERIMENT^")" "parent"
  assert_same "run of v1 with other raw.csv" "$(git log -1 --format=%s "$EXPERIMENT")"
  grep -Eq '^m.json +rows +100 +200 +100$' "$T/out" || fail "not compared with the version"
  assert_lacks "$T/out" train.lr
  runs --version v1
  assert_ran
  must_fail 9 cairn pipeline run --version v9
  assert_err "'v9'"
  must_fail 2 cairn pipeline run --version 'v 9'
}

saved_as_a_version() {
  a_version
  runs --version v1 --data ../new.csv --save-as large -m "all rows"
  assert_out "saved as version large"
  assert_same "$(git rev-parse "$EXPERIMENT")" "$(git rev-parse 'refs/cairn/versions/large^{commit}')" "commit of the version"
  : >"$RAN"
  runs --version large
  assert_out restored
  assert_ran
  must_fail 9 cairn pipeline run --save-as large
  assert_err "there is a version 'large'"
  must_fail 2 cairn pipeline run --save-as 'a b'
  must_fail 8 cairn pipeline run --set fail=yes --save-as bad
  must_fail 9 cairn pipeline run --data ../new.csv --stage prepare --save-as part
  assert_err "'train' is not up to date"
  assert_same "refs/cairn/versions/large
refs/cairn/versions/v1" "$(git for-each-ref --format='%(refname)' refs/cairn/versions)"
}

test_case "a saved version with other data" a_saved_version
test_case "the result becomes a version" saved_as_a_version
test_case "other data in place of the only input" other_data
test_case "results that are known are taken" known_results_are_taken
test_case "inputs are listed where one has to be chosen" inputs_are_listed
test_case "files that do not fit are refused" files_that_do_not_fit
test_case "a folder in place of a folder" a_folder
test_case "data that Git keeps" data_that_git_keeps
test_case "other parameters, on top of what the workspace has" params
test_case "a failed stage is kept, and told" a_failed_stage
test_case "a killed run leaves nothing" killed
test_case "an interrupted run leaves nothing" interrupted
test_case "JSON and Markdown" forms
finish
