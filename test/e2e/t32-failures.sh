#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Stages that fail, are interrupted or killed.
. "$(dirname "$0")/lib.sh"

# A program in the background; bash would let it ignore SIGINT.
start() {
  env --default-signal=INT "$@" >"$T/out" 2>"$T/err" &
  CHILD=$!
}

# Waits for CHILD; its status is in STATUS.
join() {
  STATUS=0
  wait "$CHILD" || STATUS=$?
}

# A stage that ran once with input "good"; out.txt and tree are its outputs, from a folder and a file.
one_stage() {
  new_repo
  echo good >in
  cat >cairn.yaml <<'YAML'
stages:
  a:
    cmd: |
      echo run >>../ran
      mkdir tree
      cp in tree/half
      cp in out.txt
      sh -c "$(cat in.sh)"
      cp in tree/whole
    deps: [in]
    outs: [out.txt, tree]
  b:
    cmd: cp out.txt b.txt
    deps: [out.txt]
    outs: [b.txt]
YAML
  echo : >in.sh
  cairn repro
  sha256sum out.txt tree/half tree/whole b.txt cairn.lock >"$T/sums"
  rm -f ../ran
}

# The state that one_stage left.
assert_previous() {
  sha256sum --quiet -c "$T/sums" || fail "previous outputs or the lock are not as before"
}

failed_stage() {
  one_stage
  echo bad >in
  echo 'exit 42' >in.sh
  must_fail 8 cairn repro
  assert_err "'a'"
  assert_err "status 42"
  assert_previous
  must_fail 8 cairn repro --json
  python3 - "$T/out" <<'PY'
import json, sys
doc = json.load(open(sys.argv[1]))
assert doc["command"] == "repro" and doc["ok"] is False, doc
stages = {s["stage"]: s for s in doc["stages"]}
assert stages["a"]["outcome"] == "failed", doc
assert "42" in json.dumps(stages["a"]), doc
assert stages["b"]["outcome"] == "skipped", doc
PY
  echo : >in.sh
  cairn repro
  assert_content tree/whole bad
  assert_content b.txt bad
}

stage_killed_by_a_signal() {
  one_stage
  echo bad >in
  echo 'kill -9 $PPID' >in.sh
  must_fail 8 cairn repro
  assert_err "signal 9"
  assert_previous
}

missing_output() {
  new_repo
  echo 1 >in
  cat >cairn.yaml <<'YAML'
stages:
  a:
    cmd: cp in made.txt; test "$(cat in)" != 1 || cp in other.txt
    deps: [in]
    outs: [made.txt, other.txt]
YAML
  cairn repro
  echo 2 >in
  must_fail 8 cairn repro
  assert_err other.txt
  assert_content made.txt 1
  assert_content other.txt 1
  cp cairn.lock "$T/lock"
  rm -f made.txt other.txt
  must_fail 8 cairn repro
  assert_absent made.txt other.txt
  cmp cairn.lock "$T/lock"
}

own_input_changed() {
  one_stage
  echo other >in
  echo 'echo changed >>in' >in.sh
  must_fail 8 cairn repro
  assert_err "changed while it ran"
  assert_previous
  cairn status
}

edited_outputs_survive_a_failure() {
  one_stage
  echo "mine" >out.txt
  echo "mine too" >tree/extra
  sed -i 's/cp in tree.whole/exit 3/' cairn.yaml
  must_fail 8 cairn repro
  assert_content out.txt mine
  assert_content tree/extra "mine too"
}

interrupted() {
  local signal=$1
  one_stage
  echo bad >in
  echo 'echo $$ >"$GATE"; sleep '"300.$$ & sleep 301.$$" >in.sh # $$ tells them from those of others
  start "$CAIRN" repro
  wait_for "$GATE"
  kill -"$signal" "$CHILD"
  join
  assert_same 130 "$STATUS" "status after $signal"
  wait_gone "$(cat "$GATE")"
  assert_same "" "$(pgrep -f "sleep 30[01]\\.$$\$" || true)" "processes left"
  assert_previous
  echo : >in.sh
  cairn repro
  assert_content tree/whole bad
}

interrupted_by_ctrl_c() { interrupted INT; }
interrupted_by_term() { interrupted TERM; }

killed_in_a_stage() {
  one_stage
  echo bad >in
  echo 'echo $$ >"$GATE"; sleep '"302.$$ & sleep 303.$$"'; echo after >"$GATE.after"' >in.sh
  start "$CAIRN" repro
  wait_for "$GATE"
  kill -9 "$CHILD"
  join
  wait_gone "$(cat "$GATE")"
  for _ in 1 2 3 4 5 6 7 8 9 10; do
    [ -n "$(pgrep -f "sleep 30[23]\\.$$\$" || true)" ] || break
    sleep 0.1
  done
  assert_same "" "$(pgrep -f "sleep 30[23]\\.$$\$" || true)" "processes left"
  cairn status
  echo good >in
  cairn repro # back to what the lock says: restored
  assert_previous
  echo bad >in
  echo : >in.sh
  cairn repro
  assert_content tree/whole bad
  assert_content tree/half bad
  assert_content b.txt bad
  cairn fsck
}

killed_between_stages() {
  new_repo
  cat >cairn.yaml <<'YAML'
stages:
  a:
    cmd: echo a >>../ran; echo 1 >a.txt
    outs: [a.txt]
  b:
    cmd: echo b >>../ran; cp a.txt b.txt
    deps: [a.txt]
    outs: [b.txt]
  c:
    cmd: echo c >>../ran; test -e ../go || { sleep 1; touch "$GATE"; sleep 304; }; cp b.txt c.txt
    deps: [b.txt]
    outs: [c.txt]
YAML
  start "$CAIRN" repro
  wait_for "$GATE"
  kill -9 "$CHILD"
  join
  touch ../go
  rm ../ran
  cairn repro
  assert_content ../ran c
  assert_content c.txt 1
  assert_contains cairn.lock "a:"
  cairn repro
  assert_out "3 up to date"
}

keep_going() {
  new_repo
  cat >cairn.yaml <<'YAML'
stages:
  bad:
    cmd: exit 5
    outs: [bad.txt]
  needs-bad:
    cmd: cp bad.txt x.txt
    deps: [bad.txt]
    outs: [x.txt]
  free1:
    cmd: echo 1 >free1.txt
    outs: [free1.txt]
  free2:
    cmd: cp free1.txt free2.txt
    deps: [free1.txt]
    outs: [free2.txt]
YAML
  must_fail 8 cairn repro -j 1
  assert_absent free1.txt free2.txt
  assert_out "failed"
  assert_out "skipped"
  must_fail 8 cairn repro -j 1 --keep-going
  assert_present free1.txt free2.txt
  assert_out "needs 'bad', which failed"
  must_fail 8 cairn repro -j 1 --keep-going
  assert_out "2 up to date"
}

first_run_that_fails_leaves_nothing() {
  new_repo
  printf 'stages:\n  a:\n    cmd: mkdir d; echo 1 >d/a; echo 2 >b; exit 1\n    outs: [d, b]\n' >cairn.yaml
  git add -A
  must_fail 8 cairn repro
  assert_absent d b cairn.lock .gitignore
}

test_case "a failed stage: status 8, its own status, previous outputs back" failed_stage
test_case "a stage killed by a signal" stage_killed_by_a_signal
test_case "an output that was not made" missing_output
test_case "a stage that changes its own input is not recorded" own_input_changed
test_case "edited outputs come back too" edited_outputs_survive_a_failure
test_case "SIGINT" interrupted_by_ctrl_c
test_case "SIGTERM" interrupted_by_term
test_case "cairn killed while a command runs" killed_in_a_stage
test_case "cairn killed between two stages" killed_between_stages
test_case "--keep-going, and fail-fast" keep_going
test_case "a first run that fails leaves nothing" first_run_that_fails_leaves_nothing
finish
