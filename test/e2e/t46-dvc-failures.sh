#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# What goes wrong with other tools for pipelines ends well here: one case for each failure that was seen with DVC.
. "$(dirname "$0")/lib.sh"

# hold FILE...: another program locks them whole until ../release is there; $HOLDER is its id.
hold() {
  rm -f ../held ../release
  python3 - "$@" <<'PY' &
import fcntl, os, struct, sys, time
files = [os.open(name, os.O_RDWR) for name in sys.argv[1:]]
for f in files:
    fcntl.fcntl(f, 37, struct.pack('hhqqi4x', fcntl.F_WRLCK, 0, 0, 0, 0))  # F_OFD_SETLK
open("../held", "w").close()
while not os.path.exists("../release"):
    time.sleep(0.02)
PY
  HOLDER=$!
  wait_for ../held
}

# A stage that waits for the gate; it has begun when this returns.
begin_slow_stage() {
  new_repo
  cat >cairn.yaml <<'YAML'
stages:
  slow:
    cmd: |
      echo slow >>"$RAN"
      touch "$GATE"
      for i in $(seq 1000); do test -e "$GATE.go" && break; sleep 0.02; done
      echo done >slow.txt
    outs: [slow.txt]
YAML
  echo data >data.csv
  cairn add data.csv
  "$CAIRN" repro >../slow.out 2>../slow.err &
  CHILD=$!
  wait_for "$GATE"
}

# DVC: "status" of an editor at the end of a stage made repro fail, and its result was not recorded.
lock_is_held_at_the_end() {
  begin_slow_stage
  local locks
  locks=$(find .git/cairn -name lock -o -name '*.lock')
  [ -n "$locks" ] || fail "no lock files"
  # shellcheck disable=SC2086
  hold $locks
  touch "$GATE.go"
  sleep 4 # longer than DVC waits
  touch ../release
  wait "$HOLDER"
  STATUS=0
  wait "$CHILD" || STATUS=$?
  assert_same 0 "$STATUS" "status of repro: $(cat ../slow.err)"
  assert_content slow.txt "done"
  assert_contains cairn.lock "slow:"
  cairn repro
  assert_out "1 up to date"
  assert_ran slow
}

# The same with readers that come again and again, as editors do.
readers_all_the_time() {
  begin_slow_stage
  (
    while [ ! -e ../release ]; do
      "$CAIRN" status >/dev/null || echo "status $?" >>../reader
      "$CAIRN" dag >/dev/null || echo "dag $?" >>../reader
    done
  ) &
  local reader=$!
  touch "$GATE.go"
  wait "$CHILD" || fail "repro: $(cat ../slow.err)"
  cairn repro
  assert_out "1 up to date"
  touch ../release
  wait "$reader"
  assert_absent ../reader
  assert_ran slow
}

# DVC: a lock file that a killed process left had to be removed by hand.
killed_holder_leaves_no_lock() {
  begin_slow_stage
  # shellcheck disable=SC2046
  hold $(find .git/cairn -name lock -o -name '*.lock')
  kill -9 "$HOLDER" "$CHILD"
  wait "$HOLDER" "$CHILD" || true
  rm "$RAN"
  touch "$GATE.go"
  cairn status
  cairn repro
  assert_out "1 ran"
  assert_ran slow
}

two_deps() {
  new_repo
  echo a >a
  echo b >b
  printf 'x: 1\ny: 2\n' >params.yaml
  cat >cairn.yaml <<'YAML'
stages:
  use:
    cmd: echo use >>"$RAN"; cat a >out.txt; echo side >side.txt
    deps: [a, b]
    params: [x, y]
    outs: [out.txt, side.txt]
YAML
  commit start
  cairn repro
  assert_ran use
  cairn repro
  assert_ran
}

# DVC: all of these were "up to date".
what_is_taken_out_is_a_change() {
  two_deps
  sed -i 's/deps: \[a, b\]/deps: [a]/' cairn.yaml
  cairn status
  assert_out "dep 'b' was removed"
  must_fail 1 cairn status --exit-code
  cairn why use
  assert_out "dep 'b'"
  cairn repro
  assert_ran use
  ! grep -q 'path: b$' cairn.lock || fail "the dep is still in the lock"
  sed -i 's/params: \[x, y\]/params: [x]/' cairn.yaml
  cairn why use
  assert_out "param 'params.yaml:y'"
  cairn repro
  assert_ran use
  sed -i 's/outs: \[out.txt, side.txt\]/outs: [out.txt]/; s/; echo side >side.txt//' cairn.yaml
  cairn why use
  assert_out "side.txt"
  cairn repro
  assert_ran use
  assert_lacks cairn.lock side.txt
  cairn repro
  assert_ran
}

# DVC: a stage that was taken out stayed in the lock for ever.
a_stage_that_is_taken_out_leaves_the_lock() {
  two_deps
  printf 'stages:\n  other: {cmd: echo 1 >o, outs: [o]}\n' >cairn.yaml
  cairn repro
  assert_lacks cairn.lock "use:"
  assert_contains cairn.lock "other:"
}

# DVC: outputs were deleted before the command and stayed so when it failed.
a_failure_leaves_previous_outputs() {
  new_repo
  echo 1 >in
  cat >cairn.yaml <<'YAML'
stages:
  model:
    cmd: |
      mkdir -p model/part
      cp in model/part/weights
      cp in metrics.txt
      test ! -e ../fail || exit 7
    deps: [in]
    outs: [model, metrics.txt]
YAML
  cairn repro
  cp -a model ../expected
  cp cairn.lock ../lock
  echo 2 >in
  touch ../fail
  must_fail 8 cairn repro
  assert_same_trees ../expected model
  assert_content metrics.txt 1
  cmp cairn.lock ../lock
  # Also those that nobody recorded.
  echo mine >model/mine
  cp -a model ../mine
  must_fail 8 cairn repro --force
  assert_same_trees ../mine model
  rm ../fail
  cairn repro
  assert_content metrics.txt 2
  assert_content model/part/weights 2
}

# DVC: each line ran in a shell of its own, so that this printed nothing.
lines_of_a_command_are_one_script() {
  new_repo
  cat >cairn.yaml <<'YAML'
stages:
  lines:
    cmd: |
      V=hello
      cd sub
      greet() { echo "$1, $V"; }
      cat <<END >out.txt
      $(greet you)
      END
    outs: [sub/out.txt]
  items:
    cmd:
    - V=hello
    - echo $V >items.txt
    outs: [items.txt]
YAML
  mkdir sub
  cairn repro
  assert_content sub/out.txt "you, hello"
  assert_content items.txt hello
}

# DVC: 255, whatever the command ended with; nothing else told.
status_of_the_command_is_passed_on() {
  new_repo
  cat >cairn.yaml <<'YAML'
stages:
  good: {cmd: echo 1 >good, outs: [good]}
  seven: {cmd: exit 7, outs: [seven]}
  signal: {cmd: kill -TERM $$, outs: [signal]}
  after: {cmd: cp seven after, deps: [seven], outs: [after]}
YAML
  must_fail 8 cairn repro --keep-going --json
  assert_same "False stage_failed stage_failed" "$(json '" ".join(map(str, [d["ok"]] + [e["code"] for e in d["errors"]]))')"
  assert_same "failed 7 0" "$(json '" ".join(map(str, [s["seven"]["outcome"], s["seven"]["exit"], s["seven"]["signal"]]))')"
  assert_same "failed 143 15" "$(json '" ".join(map(str, [s["signal"]["outcome"], s["signal"]["exit"], s["signal"]["signal"]]))')"
  assert_same "ran skipped" "$(json 's["good"]["outcome"] + " " + s["after"]["outcome"]')"
  must_fail 8 cairn repro seven
  assert_err "status 7"
  assert_err "cairn.yaml:3:3"
  cairn log seven --json
  assert_same 7 "$(json 'd["runs"][0]["exit"]')"
}

# DVC: of a stage that would come from the run cache it said both that it was cached and that it was run.
a_dry_run_tells_the_truth() {
  new_repo
  echo 1 >in
  cat >cairn.yaml <<'YAML'
stages:
  a: {cmd: echo a >>"$RAN"; cp in a.txt, deps: [in], outs: [a.txt]}
  b: {cmd: echo b >>"$RAN"; cp a.txt b.txt, deps: [a.txt], outs: [b.txt]}
  c: {cmd: echo c >>"$RAN"; echo c >c.txt, outs: [c.txt]}
YAML
  cairn repro
  echo 2 >in
  cairn repro
  : >"$RAN"
  echo 1 >in
  cairn repro --dry-run --json
  assert_same "would_restore up_to_date" "$(json 's["a"]["outcome"] + " " + s["c"]["outcome"]')"
  cairn repro --dry-run
  assert_lacks "$T/out" "would run "
  assert_lacks "$T/out" "cp in a.txt"
  assert_ran
  assert_content a.txt 2
  cairn repro
  assert_out "2 restored"
  assert_ran
  assert_content b.txt 1
  # What was never made is said to run, and is.
  echo 3 >in
  cairn repro --dry-run --json
  assert_same "would_run would_run" "$(json 's["a"]["outcome"] + " " + s["b"]["outcome"].replace("might", "would")')"
  cairn repro
  assert_ran a b
  # Where nothing is to do it says so, and with --no-run-cache that all of it is to be done.
  cairn repro --dry-run --json
  assert_same "up_to_date" "$(json 's["a"]["outcome"]')"
  echo 1 >in
  cairn repro --dry-run --json --no-run-cache
  assert_same "would_run" "$(json 's["a"]["outcome"]')"
  cairn repro --no-run-cache
  assert_ran a b
}

# DVC: three outputs of the same inputs lay side by side, and it never said so.
different_results_of_the_same_inputs_are_told() {
  new_repo
  cat >cairn.yaml <<'YAML'
stages:
  s: {cmd: cat ../hidden >o, outs: [o]}
YAML
  local i runs=() hashes=()
  for i in 1 2 3; do
    echo "$i" >../hidden
    cairn repro --force --json
    cp "$T/err" "../warnings.$i"
    cairn log s -n 1 --json
    runs+=("$(json 'd["runs"][0]["id"][:12]')")
    cairn log show "${runs[-1]}" --json
    hashes+=("$(json 'd["run"]["outs"][0]["hash"][:15]')")
  done
  assert_lacks ../warnings.1 "not deterministic"
  for i in 2 3; do
    assert_contains "../warnings.$i" "stage 's' is not deterministic"
    assert_contains "../warnings.$i" "'o'"
    assert_contains "../warnings.$i" "${runs[i - 1]}"
    assert_contains "../warnings.$i" "${hashes[i - 1]}"
    assert_contains "../warnings.$i" "${hashes[0]}"
  done
  cairn log compare "${runs[0]}" "${runs[1]}"
  assert_out "${hashes[0]}"
  assert_out "${hashes[1]}"
  assert_out "not deterministic"
}

# DVC: an object with mode 0444 was taken as it was, pushed, and pulled as garbage.
damaged_results_are_never_given_out() {
  new_repo
  cairn remote add storage ../storage
  seq 20000 >in
  cat >cairn.yaml <<'YAML'
stages:
  s: {cmd: echo s >>"$RAN"; sort -r in >sorted, deps: [in], outs: [sorted]}
YAML
  commit start
  cairn repro
  commit lock
  assert_ran s
  cp sorted ../expected
  local pack
  for pack in $(find .git/cairn -name '*.pack'); do
    flip_byte "$pack" 200
    chmod 444 "$pack"
  done
  rm sorted
  run "$CAIRN" repro
  if [ "$STATUS" = 0 ]; then
    cmp sorted ../expected # it was made again
    assert_ran s
  else
    assert_same 4 "$STATUS" "status of repro with a damaged store"
    assert_absent sorted
    assert_err sorted
    cairn repro --force
    cmp sorted ../expected
    assert_ran s
  fi
  run "$CAIRN" push
  if [ "$STATUS" = 0 ]; then
    fresh_clone
    cairn pull
    cmp sorted ../expected
  else
    assert_same 4 "$STATUS" "status of push with a damaged store"
  fi
}

# DVC: repro recorded a folder that had been damaged as if the stage had made it.
damaged_outputs_are_not_taken_for_results() {
  new_repo
  cat >cairn.yaml <<'YAML'
stages:
  s: {cmd: echo s >>"$RAN"; mkdir d; seq 3 >d/a; seq 4 >d/b, outs: [d]}
YAML
  cairn repro
  cp -a d ../expected
  cp cairn.lock ../lock
  rm d/a
  echo garbage >d/b
  cairn status
  assert_out "d"
  cairn repro
  assert_same_trees ../expected d
  cmp cairn.lock ../lock
  assert_ran s
}

# DVC: the line in .gitignore of a stage that had gone well was taken back when a later one failed.
ignored_outputs_stay_ignored() {
  new_repo
  cat >cairn.yaml <<'YAML'
stages:
  a: {cmd: echo a >a.txt, outs: [a.txt]}
  b: {cmd: cat a.txt; exit 1, deps: [a.txt], outs: [b.txt]}
YAML
  must_fail 8 cairn repro
  git check-ignore -q a.txt || fail "a.txt is not ignored"
  git add -A
  assert_same "" "$(git ls-files a.txt)"
  assert_contains cairn.lock "a:"
  cairn repro a
  assert_out "1 up to date"
}

# DVC: status was 0 whether something had changed or not.
changes_have_a_status() {
  two_deps
  cairn status --exit-code
  echo c >a
  must_fail 1 cairn status --exit-code
  cairn status
}

# DVC: what a stage read without saying so made it stale for ever, and nothing told.
undeclared_input_is_found() {
  "$CAIRN" repro --help | grep -q -e --trace || skip "repro does not know --trace"
  new_repo
  echo 1 >declared
  echo 1 >hidden
  cat >cairn.yaml <<'YAML'
stages:
  s:
    cmd: cat declared hid* >o
    deps: [declared]
    outs: [o]
YAML
  commit start
  run "$CAIRN" repro --trace --strict
  cat "$T/out" "$T/err" >../both
  [ "$STATUS" != 0 ] || fail "--strict took a stage with an undeclared input"
  assert_contains ../both "hidden"
  assert_contains ../both "'s'"
  assert_lacks ../both "'declared'"
}

test_case "locks are held when a stage ends" lock_is_held_at_the_end
test_case "readers all the time" readers_all_the_time
test_case "a killed process leaves no lock" killed_holder_leaves_no_lock
test_case "a dep, param or out that is taken out is a change" what_is_taken_out_is_a_change
test_case "a stage that is taken out leaves the lock" a_stage_that_is_taken_out_leaves_the_lock
test_case "a failure leaves previous outputs" a_failure_leaves_previous_outputs
test_case "the lines of a command are one script" lines_of_a_command_are_one_script
test_case "the status of a command is passed on" status_of_the_command_is_passed_on
test_case "a dry run tells the truth" a_dry_run_tells_the_truth
test_case "different results of the same inputs are told" different_results_of_the_same_inputs_are_told
test_case "damaged results are never given out" damaged_results_are_never_given_out
test_case "damaged outputs are not taken for results" damaged_outputs_are_not_taken_for_results
test_case "ignored outputs stay ignored after a failure" ignored_outputs_stay_ignored
test_case "changes have a status" changes_have_a_status
test_case "an undeclared input is found" undeclared_input_is_found
finish
