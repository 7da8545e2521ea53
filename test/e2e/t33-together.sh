#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Several stages, and several cairns, at once.
. "$(dirname "$0")/lib.sh"

# A stage that waits until $GATE.go is there.
slow_stage() {
  cat >"$1/cairn.yaml" <<'YAML'
stages:
  slow:
    cmd: |
      touch "$GATE"
      for i in $(seq 400); do test -e "$GATE.go" && break; sleep 0.05; done
      echo done >slow.txt
    outs: [slow.txt]
YAML
}

start_slow() {
  "$CAIRN" repro "$@" >"$T/slow-out" 2>"$T/slow-err" &
  CHILD=$!
  wait_for "$GATE"
}

end_slow() {
  touch "$GATE.go"
  STATUS=0
  wait "$CHILD" || STATUS=$?
  cat "$T/slow-out" "$T/slow-err"
  assert_same 0 "$STATUS" "status of the slow repro"
}

independent_stages_run_at_once() {
  new_repo
  mkfifo ../ab ../bc ../cd
  cat >cairn.yaml <<'YAML'
stages:
  a:
    cmd: timeout 20 sh -c 'echo 1 >../ab'; echo a >a.txt
    outs: [a.txt]
  b:
    cmd: timeout 20 sh -c 'cat ../ab; echo 1 >../bc'; echo b >b.txt
    outs: [b.txt]
  c:
    cmd: timeout 20 sh -c 'cat ../bc; echo 1 >../cd'; echo c >c.txt
    outs: [c.txt]
  d:
    cmd: timeout 20 sh -c 'cat ../cd'; cat a.txt >/dev/null 2>&1 || true; echo d >d.txt
    outs: [d.txt]
  last:
    cmd: cat a.txt b.txt c.txt d.txt >last.txt
    deps: [a.txt, b.txt, c.txt, d.txt]
    outs: [last.txt]
YAML
  cairn repro -j 4
  assert_content last.txt "$(printf 'a\nb\nc\nd')"
  cairn repro -j 4
  assert_out "5 up to date"
  cp cairn.lock "$T/lock4"
  cairn fsck
}

one_job_runs_one_at_a_time() {
  new_repo
  cat >cairn.yaml <<'YAML'
stages:
  a:
    cmd: mkdir ../busy; sleep 0.1; rmdir ../busy
  b:
    cmd: mkdir ../busy; sleep 0.1; rmdir ../busy
  c:
    cmd: mkdir ../busy; sleep 0.1; rmdir ../busy
YAML
  cairn repro -j 1
  assert_out "3 ran"
}

other_commands_during_a_stage() {
  new_repo
  cairn install
  slow_stage .
  commit start
  start_slow
  echo other >other.csv
  cairn status
  cairn add other.csv
  cairn ls
  cairn why slow
  commit "other data"
  end_slow
  assert_content slow.txt "done"
  cairn status
  # What the other command did still holds: clean data goes with its pointer.
  commit "the result"
  git checkout -q HEAD~2
  assert_absent other.csv slow.txt
}

a_stage_may_call_cairn() {
  new_repo
  cat >cairn.yaml <<YAML
stages:
  inner:
    cmd: echo inner >inner.txt
    outs: [inner.txt]
  outer:
    cmd: |
      echo data >side.csv
      $CAIRN add side.csv
      $CAIRN status >/dev/null
      $CAIRN repro inner
      echo outer >outer.txt
    outs: [outer.txt]
YAML
  commit start
  cairn repro outer
  assert_content inner.txt inner
  assert_contains cairn.lock "inner:"
  assert_contains cairn.lock "outer:"
  cairn repro
  assert_out "2 up to date"
  cairn status
  assert_lacks "$T/out" "side.csv"
}

two_repros_of_one_stage() {
  new_repo
  slow_stage .
  start_slow
  "$CAIRN" repro >"$T/waits" 2>&1 &
  local waits=$!
  for _ in $(seq 400); do
    ! grep -q "waiting for stage 'slow'" "$T/waits" || break
    sleep 0.05
  done
  assert_contains "$T/waits" "pid $CHILD"
  end_slow
  wait "$waits"
  grep -Eq "1 (restored|up to date)" "$T/waits" || fail "$(cat "$T/waits")"
  cairn repro
  assert_out "1 up to date"
  cairn fsck
}

two_repros_of_different_stages() {
  new_repo
  slow_stage .
  printf '  quick:\n    cmd: echo quick >quick.txt\n    outs: [quick.txt]\n' >>cairn.yaml
  start_slow slow
  cairn repro quick
  end_slow
  assert_contains cairn.lock "quick:"
  assert_contains cairn.lock "slow:"
  cairn repro
  assert_out "2 up to date"
  rm quick.txt slow.txt
  cairn checkout
  assert_content quick.txt quick
  assert_content slow.txt "done"
}

long_lock_at_the_end_of_a_stage() {
  new_repo
  slow_stage .
  echo data >data.csv
  cairn add data.csv
  start_slow
  lock=$(find .git/cairn/projects -name lock)
  [ -f "$lock" ] || fail "no lock file found"
  python3 - "$lock" "$GATE" <<'PY' &
import fcntl, os, struct, sys, time
f = os.open(sys.argv[1], os.O_RDWR)
fcntl.fcntl(f, 37, struct.pack('hhqqi4x', fcntl.F_WRLCK, 0, 0, 0, 0))  # F_OFD_SETLK
open(sys.argv[2] + ".locked", "w").close()
time.sleep(8)
PY
  wait_for "$GATE.locked"
  end_slow
  assert_content slow.txt "done"
  cairn repro
  assert_out "1 up to date"
}

jobs_do_not_change_the_lock() {
  new_repo
  for i in 1 2 3 4 5 6 7 8; do
    printf '  s%s:\n    cmd: echo %s >o%s\n    outs: [o%s]\n' $i $i $i $i
  done | sed '1i stages:' >cairn.yaml
  cairn repro -j 1
  mv cairn.lock "$T/one.lock"
  rm -rf o* .git/cairn/runs
  cairn repro -j 8
  assert_out "8 ran"
  cmp cairn.lock "$T/one.lock"
}

test_case "-j 4: independent stages run at the same time" independent_stages_run_at_once
test_case "-j 1: one at a time" one_job_runs_one_at_a_time
test_case "status and add work while a stage runs" other_commands_during_a_stage
test_case "a stage may call cairn" a_stage_may_call_cairn
test_case "two repros of one stage: the second says who runs it" two_repros_of_one_stage
test_case "two repros of different stages: both are recorded" two_repros_of_different_stages
test_case "a finished stage is recorded though the project is locked for long" long_lock_at_the_end_of_a_stage
test_case "the lock does not depend on -j" jobs_do_not_change_the_lock
finish
