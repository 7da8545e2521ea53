#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# A saved version is run again, away from the workspace, and each output judged. CAIRN_TEST_FULL=1: a kill before each call too.
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/kill_at_calls.sh"

# prepare (tracked data -> clean.csv) -> train -> evaluate (metrics in Git). What PLANT and BREAK name goes wrong.
pipeline() {
  new_repo
  { echo id,x,y; seq 200 | awk '{print $1 "," $1 * 2 "," $1 % 7}'; } >data.csv
  cairn add data.csv
  cat >step.py <<'PY'
import csv, json, os, sys, time

plant = os.environ.get("PLANT", "").split("=")[0]
stage, source, target = sys.argv[1:4]
if os.environ.get("BREAK") == stage:
    print("told to fail")
    sys.exit(3)
if os.environ.get("GATE") and os.path.exists(os.environ["GATE"]):
    open(os.environ["GATE"] + "." + stage, "w").close()
    while os.path.exists(os.environ["GATE"]):
        time.sleep(0.02)
rows = list(csv.reader(open(source)))
if stage == "prepare":
    out = [rows[0]] + [r for r in rows[1:] if int(r[2]) != 0]
    if plant == "row":
        out[3][1] = "99"
    if plant == "order":
        out[1:] = reversed(out[1:])
    csv.writer(open(target, "w"), lineterminator="\n").writerows(out)
elif stage == "train":
    total = sum(int(r[1]) for r in rows[1:]) / len(rows)
    if plant == "close":
        total += 1e-9
    if plant == "far":
        total += 0.5
    json.dump({"weight": total, "at": time.time_ns()}, open(target, "w"))
else:
    print("evaluating")
    json.dump({"n": sum(1 for _ in open(source)) + (plant == "metric")}, open(target, "w"))
PY
  cat >cairn.yaml <<'YAML'
stages:
  prepare:
    cmd: python3 step.py prepare data.csv clean.csv
    deps: [data.csv]
    outs: [clean.csv: {compare: {rows: [id]}}]
  train:
    cmd: python3 step.py train clean.csv model.json
    deps: [clean.csv]
    outs: [model.json: {compare: {ignore: [at]}}]
  evaluate:
    cmd: python3 step.py evaluate clean.csv m.json
    deps: [clean.csv, model.json]
    metrics: [m.json: {cache: false}]
YAML
  git add -A
  cairn repro
  commit start
  cairn pipeline save v1.0
}

# Everything that must be left alone: work tree, index, HEAD, branches.
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

# out_of STAGE OUT: what the last JSON says of it.
out_of() {
  json "[o for x in d['verdict']['stages'] if x['stage'] == '$1' for o in x['outs'] if o['path'] == '$2'][0]$3"
}
verdict_of() { json "[x for x in d['verdict']['stages'] if x['stage'] == '$1'][0]$2"; }

same_results() {
  pipeline
  footprint >"$T/before"
  cairn pipeline reproduce --version v1.0 --json
  assert_value 'd["verdict"]["good"]' true
  assert_value '[x["verdict"] for x in d["verdict"]["stages"]]' '["reproduced", "reproduced", "reproduced"]'
  assert_same identical "$(out_of prepare clean.csv "['verdict']")"
  assert_same equal "$(out_of train model.json "['verdict']")"
  assert_same "ignoring at" "$(out_of train model.json "['rule']")"
  assert_same identical "$(out_of evaluate m.json "['verdict']")"
  footprint >"$T/after"
  diff "$T/before" "$T/after" || fail "the workspace was touched"
  nothing_left
  # No later repro takes the results of a reproduction, and the workspace is up to date as before.
  cairn repro
  assert_out "3 up to date"
}

differences_are_named() {
  pipeline
  export PLANT=row
  must_fail 1 cairn pipeline reproduce --version v1.0 --json --cause-time 0
  assert_same differs "$(verdict_of prepare "['verdict']")"
  assert_same differs "$(out_of prepare clean.csv "['verdict']")"
  out_of prepare clean.csv "['first']['text']" | grep -q 99 || fail "the difference is not told"
  # What comes after it had the recorded input.
  assert_same reproduced "$(verdict_of train "['verdict']")"
  assert_same reproduced "$(verdict_of evaluate "['verdict']")"
  PLANT=order cairn pipeline reproduce --version v1.0 --json --cause-time 0
  assert_same equal "$(out_of prepare clean.csv "['verdict']")"
  PLANT=far must_fail 1 cairn pipeline reproduce --version v1.0 --json --cause-time 0
  assert_same differs "$(out_of train model.json "['verdict']")"
  assert_same weight "$(out_of train model.json "['first']['key']")"
  PLANT=metric must_fail 1 cairn pipeline reproduce --version v1.0 --json --cause-time 0
  assert_same differs "$(out_of evaluate m.json "['verdict']")"
  nothing_left
  assert_same "" "$(git status --porcelain)"
}

tolerance_is_honoured() {
  pipeline
  sed -i 's/ignore: \[at\]/rtol: 1e-6, atol: 1e-6/' cairn.yaml
  sed -i 's/, "at": time.time_ns()//' step.py
  cairn repro
  commit tolerance
  cairn pipeline save v2.0
  PLANT=close cairn pipeline reproduce --version v2.0 --json
  assert_same equal "$(out_of train model.json "['verdict']")"
  PLANT=far must_fail 1 cairn pipeline reproduce --version v2.0 --json --cause-time 0
  assert_same differs "$(out_of train model.json "['verdict']")"
}

one_stage() {
  pipeline
  cairn pipeline reproduce --version v1.0 --stage train --json
  assert_value '[x["stage"] for x in d["verdict"]["stages"]]' '["train"]'
  assert_value 'd["recorded"]' false
  must_fail 9 cairn pipeline reproduce --version v1.0 --stage nosuch
}

a_failed_stage() {
  pipeline
  BREAK=prepare must_fail 1 cairn pipeline reproduce --version v1.0 --json
  assert_same failed "$(verdict_of prepare "['verdict']")"
  verdict_of prepare "['reason']" | grep -q "told to fail" || fail "the last lines are not told"
  # Its recorded output is at hand, so the others are judged.
  assert_same reproduced "$(verdict_of train "['verdict']")"
  cairn log --failed --json
  cairn log show "$(json 'd["runs"][0]["id"]')" --output
  assert_out "told to fail"
  nothing_left
}

special_stages() {
  new_repo
  echo in >in.txt
  cat >cairn.yaml <<'YAML'
stages:
  frozen:
    cmd: cp in.txt frozen.txt
    deps: [in.txt]
    outs: [frozen.txt]
    frozen: true
  always:
    cmd: date +%s%N >always.txt
    always_changed: true
    outs: [always.txt]
  persists:
    cmd: echo more >>persists.txt
    deps: [in.txt]
    outs: [persists.txt: {persist: true}]
  random:
    cmd: date +%s%N >random.txt
    deps: [in.txt]
    outs: [random.txt]
    deterministic: false
  optional:
    cmd: test -e nowhere || true
    deps: [in.txt]
    outs: [optional.txt: {optional: true}]
  after:
    cmd: cat frozen.txt always.txt persists.txt random.txt >after.txt
    deps: [frozen.txt, always.txt, persists.txt, random.txt]
    outs: [after.txt]
YAML
  echo in >frozen.txt
  cairn repro
  commit start
  cairn pipeline save v1.0
  cairn pipeline reproduce --version v1.0 --json
  assert_same skipped "$(verdict_of frozen "['verdict']")"
  verdict_of frozen "['reason']" | grep -q frozen || fail "frozen is not told"
  for stage in always persists random; do
    assert_same reproduced "$(verdict_of $stage "['verdict']")"
    assert_same not_compared "$(out_of $stage $stage.txt "['verdict']")"
  done
  verdict_of always "['reason']" | grep -q "runs always" || fail "always_changed is not told"
  verdict_of persists "['reason']" | grep -q persists || fail "persist is not told"
  verdict_of random "['reason']" | grep -q "not deterministic" || fail "deterministic: false is not told"
  assert_same identical "$(out_of optional optional.txt "['verdict']")"
  # All that it needs was put in place as recorded.
  assert_same identical "$(out_of after after.txt "['verdict']")"
}

a_named_place() {
  pipeline
  cairn pipeline reproduce --version v1.0 --in ../place
  assert_absent ../place
  cairn pipeline reproduce --version v1.0 --in ../place --keep
  assert_out "git worktree remove --force"
  assert_present ../place/model.json ../place/clean.csv
  git worktree list | grep -q place || fail "Git does not list it"
  assert_same "" "$(git -C ../place status --porcelain)" "status in the work tree"
  must_fail 9 cairn pipeline reproduce --version v1.0 --in ../place
  git worktree remove --force ../place
  assert_absent ../place
  mkdir inside
  must_fail 2 cairn pipeline reproduce --version v1.0 --in inside
  cairn pipeline reproduce --version v1.0 --keep --json
  local kept
  kept=$(json 'd["work_tree"]')
  assert_present "$kept/model.json"
  git worktree remove --force "$kept"
  nothing_left
}

from_the_remote() {
  pipeline
  cairn remote add storage ../storage
  commit remote
  must_fail 7 cairn pipeline reproduce --version v1.0 --from-remote
  cairn push
  cairn pipeline reproduce --version v1.0 --from-remote --json
  assert_value 'd["verdict"]["from_remote"]' true
  # Nothing of the local store counts, nor is needed.
  rm -rf .git/cairn/packs .git/cairn/index
  cairn pipeline reproduce --version v1.0 --from-remote --json
  PLANT=row must_fail 1 cairn pipeline reproduce --version v1.0 --from-remote --json --cause-time 0
  out_of prepare clean.csv "['first']['text']" | grep -q 99 || fail "the recorded output was not fetched"
}

what_is_missing() {
  pipeline
  rm -rf .git/cairn/packs .git/cairn/index
  must_fail 7 cairn pipeline reproduce --version v1.0
  assert_err data.csv
  nothing_left
}

# killed SIGNAL SECONDS
killed() {
  "$CAIRN" pipeline reproduce --version v1.0 --in ../place >"$T/killed" 2>&1 &
  local pid=$!
  sleep "$2"
  kill "-$1" "$pid" 2>/dev/null || true
  wait "$pid" || true
}

check_after_kill() {
  cairn exp list
  nothing_left
  assert_absent ../place ../place.moved
}

kills_leave_nothing() {
  pipeline
  footprint >"$T/before"
  local i
  for ((i = 0; i < ${KILLS:-6}; ++i)); do
    killed KILL "0.$((RANDOM % 5))$((RANDOM % 10))"
    check_after_kill
  done
  killed INT 0.2
  nothing_left
  assert_absent ../place
  footprint >"$T/after"
  diff "$T/before" "$T/after" || fail "the workspace was touched"
  cairn pipeline reproduce --version v1.0
}

a_kill_anywhere_leaves_nothing() {
  needs_strace
  pipeline
  kill_at_each_call check_after_kill "$CAIRN" pipeline reproduce --version v1.0 --in ../place
}

interrupted() {
  pipeline
  touch "$GATE"
  setsid "$CAIRN" pipeline reproduce --version v1.0 >"$T/out" 2>"$T/err" &
  local pid=$!
  wait_for "$GATE.prepare"
  kill -INT "$pid"
  STATUS=0
  wait "$pid" || STATUS=$?
  assert_same 130 "$STATUS"
  rm "$GATE"
  nothing_left
}

reports() {
  pipeline
  PLANT=row must_fail 1 cairn pipeline reproduce --version v1.0 --cause-time 0 --md r.md --html r.html
  assert_out clean.csv
  assert_contains r.md clean.csv
  assert_contains r.html clean.csv
  must_fail 9 cairn pipeline reproduce --version v9
  must_fail 2 cairn pipeline reproduce
  must_fail 2 cairn pipeline reproduce --version v1.0 --cause-time never
}

test_case "all outputs are as recorded" same_results
test_case "each kind of difference is named, once" differences_are_named
test_case "tolerances" tolerance_is_honoured
test_case "one stage" one_stage
test_case "a stage that fails" a_failed_stage
test_case "stages that need not give the same" special_stages
test_case "a work tree at a named place, kept" a_named_place
test_case "data of the remote alone" from_the_remote
test_case "an input that is nowhere" what_is_missing
test_case "kill -9 leaves nothing" kills_leave_nothing
[ -z "$FULL" ] || test_case "kill -9 before each call that changes something leaves nothing" a_kill_anywhere_leaves_nothing
test_case "Ctrl-C" interrupted
test_case "reports and bad input" reports
finish
