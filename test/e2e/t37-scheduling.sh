#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# What runs when: resources, timeouts, tries, Ctrl-C, what is left behind, and what a terminal shows.
. "$(dirname "$0")/lib.sh"

# assert_json TEXT: in the last document, without spaces.
assert_json() { tr -d ' \n' <"$T/out" | grep -qF -- "$1" || fail "not in the document: $1"; }

# One stage for each line "NAME KEYS" of stdin, which writes when it began and ended.
stages_that_tell() {
  local name keys
  echo "stages:"
  while read -r name keys; do
    echo "  $name: {cmd: 'echo + $name >>../events; sleep 0.1; echo - $name >>../events; echo $name >$name.txt', outs: [$name.txt], $keys}"
  done
}

# most_at_once: of the stages in ../events.
most_at_once() { awk '$1=="+" {if (++n > most) most = n} $1=="-" {--n} END {print most}' ../events; }

tokens_limit_how_many_stages_run() {
  new_repo
  for i in 1 2 3 4 5 6; do echo "s$i resources: {db: 1}"; done | stages_that_tell >cairn.yaml
  cairn repro -j 6 --resource db=2
  [ "$(most_at_once)" -le 2 ] || fail "$(cat ../events)"
  assert_same 12 "$(wc -l <../events)"
  rm ../events
  cairn config resources.db 1
  cairn repro -j 6 --force
  assert_same 1 "$(most_at_once)"
}

cpus_limit_how_many_stages_run() {
  new_repo
  { for i in 1 2 3; do echo "s$i resources: {cpus: 2}"; done; echo "t1"; echo "t2"; } | stages_that_tell >cairn.yaml
  cairn repro -j 6 --resource cpus=2.5
  awk '$1=="+" {n += w($2); if (n > 2) bad = 1} $1=="-" {n -= w($2)} END {exit bad}
       function w(name) {return name ~ /^s/ ? 2 : 1}' ../events || fail "$(cat ../events)"
}

what_asks_for_too_much_fails_before_anything_runs() {
  new_repo
  printf 'a\nb resources: {cpus: 8, mem: 2GiB, db: 1}\n' | stages_that_tell >cairn.yaml
  must_fail 8 cairn repro -j 2 --resource cpus=4 --resource mem=1GiB
  assert_err "cairn.yaml:3:3: stage 'b' needs 8 CPUs (there are 4 CPUs), 2 GiB of memory (there are 1 GiB of memory), 1 of 'db' (there is none)"
  assert_out "'b' failed before it was started"
  assert_absent ../events
  must_fail 8 cairn repro --dry-run --resource cpus=4 --resource mem=1GiB
  cairn repro -j 2 --resource cpus=8 --resource mem=2GiB --resource db=1
  assert_out "2 ran"
  # What is up to date needs nothing.
  cairn repro --resource cpus=1 --resource mem=1
  assert_out "2 up to date"
}

a_bad_resource_is_a_usage_error() {
  new_repo
  echo a | stages_that_tell >cairn.yaml
  must_fail 2 cairn repro --resource db
  assert_err "'db' is not of the form NAME=N"
  must_fail 2 cairn repro --resource mem=much
  assert_err "'mem=much' does not give a size such as 4GiB"
  must_fail 2 cairn repro --resource db=1.5
  assert_err "'db=1.5' does not give a whole number"
}

a_command_that_takes_too_long_is_ended() {
  new_repo
  cat >cairn.yaml <<'YAML'
stages:
  slow:
    cmd: |
      echo $$ >../pid
      echo new >slow.txt
      if [ -e ../hang ]; then sleep 1000; fi
    deps: [in]
    outs: [slow.txt]
    timeout: 1s
YAML
  echo 1 >in
  cairn repro
  touch ../hang
  echo 2 >in
  must_fail 8 cairn repro --json
  assert_json '"attempts":1,"exit":143,"signal":15,"timed_out":true'
  assert_err "was ended after its timeout of 1 s"
  assert_content slow.txt new
  assert_gone ../pid
  cairn repro --json --dry-run
}

a_command_that_failed_is_tried_again() {
  new_repo
  cat >cairn.yaml <<'YAML'
stages:
  flaky:
    cmd: |
      echo try >>../tries
      test -e out.txt && exit 9 # the last try's output is not there any more
      echo half >out.txt
      [ $(wc -l <../tries) -ge 3 ]
      echo whole >out.txt
    outs: [out.txt]
    retries: {count: 3, delay: 10ms}
YAML
  cairn repro
  assert_err "'flaky' waits 0.01 s after attempt 1 of 4, which failed"
  assert_err "'flaky' waits 0.02 s after attempt 2 of 4, which failed"
  assert_err "running 'flaky', attempt 3"
  assert_content out.txt whole
  assert_same 3 "$(wc -l <../tries)"
  echo 'stages: {bad: {cmd: exit 3, retries: {count: 1, delay: 1ms}}}' >cairn.yaml
  must_fail 8 cairn repro --json
  assert_json '"attempts":2,"exit":3,"signal":0,"timed_out":false'
}

# A stage that, once ../gate is there, waits in the foreground and in the background; $1 is done first.
waiting_stage() {
  cat >cairn.yaml <<YAML
stages:
  first: {cmd: "echo 1 >first.txt", outs: [first.txt], deps: [in]}
  wait:
    cmd: |
      $1
      echo broken >wait.txt
      [ \$(cat first.txt in | wc -l) -eq 2 ] || exit 1
      test -e ../wanted || { cat in >wait.txt; exit 0; }
      sleep 1000 & echo \$! >>../pids
      echo \$\$ >>../pids
      rounds=\$(seq 1000)
      touch ../gate || true # the signal may hit it once the file is there
      for i in \$rounds; do sleep 1 || true; done
    outs: [wait.txt]
    deps: [first.txt, in]
  last: {cmd: "echo 3 >last.txt", outs: [last.txt], deps: [wait.txt]}
YAML
  echo one >in
  cairn repro
  touch ../wanted
  echo two >in
  "$CAIRN" repro --json >"$T/out" 2>"$T/err" &
  CHILD=$!
  wait_for ../gate
}

ended() {
  STATUS=0
  wait "$CHILD" || STATUS=$?
}

ctrl_c_once_ends_commands_gently() {
  new_repo
  waiting_stage 'trap "echo tidied >../tidied; exit 5" TERM'
  kill -INT "$CHILD"
  ended
  assert_same 130 "$STATUS"
  assert_content ../tidied tidied
  assert_content wait.txt one
  assert_content last.txt 3
  assert_gone ../pids
  assert_json '"stage":"first","outcome":"ran"'
  assert_json '"stage":"wait","outcome":"skipped","reason":"interrupted"'
  assert_json '"stage":"last","outcome":"skipped","reason":"interrupted"'
  rm ../wanted
  cairn repro
  assert_content wait.txt two
}

ctrl_c_twice_kills_commands() {
  new_repo
  waiting_stage 'trap "touch ../told" TERM'
  kill -INT "$CHILD"
  wait_for ../told
  kill -INT "$CHILD"
  ended
  assert_same 130 "$STATUS"
  assert_content wait.txt one
  assert_gone ../pids
}

nothing_is_left_when_cairn_is_killed() {
  new_repo
  waiting_stage :
  kill -KILL "$CHILD"
  ended
  for _ in $(seq 100); do
    (assert_gone ../pids) 2>/dev/null && break
    sleep 0.05
  done
  assert_gone ../pids
  rm ../wanted
  cairn repro
  assert_content wait.txt two
}

what_a_command_leaves_running_is_killed() {
  new_repo
  cat >cairn.yaml <<'YAML'
stages:
  daemon:
    cmd: |
      (sleep 1000; echo late >out.txt) & echo $! >../pids
      echo done >out.txt
    outs: [out.txt]
YAML
  cairn repro
  assert_err "warning: cairn.yaml:2:3: the command of stage 'daemon' left processes running"
  assert_content out.txt "done"
  assert_gone ../pids
}

lines_have_a_prefix_only_where_stages_may_mix() {
  new_repo
  cat >cairn.yaml <<'YAML'
stages:
  a: {cmd: "echo one; printf 'no end'", outs: []}
  b: {cmd: "printf 'x\\033[2Jy\\377\\t\\033[31mred\\033[0m\\n'; printf '1%%\\r2%%\\r\\n'", outs: []}
YAML
  cairn repro -j 2
  assert_err "[a] one"
  assert_err "[a] no end"
  assert_err "$(printf '[b] x\\x1b[2Jy\\xff\t\033[31mred\033[0m')"
  assert_err "[b] 2%"
  cairn repro -j 1
  grep -qx "no end" "$T/err" || fail "prefix with -j 1"
  cairn repro -j 2 --single-item a
  grep -qx "no end" "$T/err" || fail "prefix for one stage"
  NO_COLOR=1 cairn repro -j 1
  cairn repro -q
  assert_same "" "$(cat "$T/err")" "output with -q"
}

a_very_long_line_comes_in_pieces() {
  new_repo
  cat >cairn.yaml <<'YAML'
stages: {long: {cmd: "head -c 200000 /dev/zero | tr '\\0' x", outs: []}}
YAML
  cairn repro
  assert_same 200000 "$(grep -o '^x*$' "$T/err" | tr -d '\n' | wc -c)"
  assert_same 65536 "$(grep -o '^x*$' "$T/err" | wc -L)"
}

# on_terminal COMMAND...: what it draws is in $T/screen.
on_terminal() {
  command -v script >/dev/null || skip "no script(1)"
  TERM=xterm script -qefc "stty cols 60 rows 20; $*" "$T/screen" >/dev/null </dev/null
}

a_terminal_shows_what_runs() {
  new_repo
  cat >cairn.yaml <<'YAML'
stages:
  first:
    cmd: |
      printf 'a line that is too long for the terminal: 0123456789 0123456789 0123456789\n\033[1;1Hodd'
      for i in $(seq 400); do [ -e ../seen ] && break; sleep 0.05; done
    outs: []
  second:
    cmd: |
      echo the end of this; sleep 0.5; echo is shown; touch ../seen; exit 3
    outs: []
YAML
  STATUS=0
  on_terminal "$CAIRN repro -j 2 -k" || STATUS=$?
  assert_same 8 "$STATUS"
  grep -qF "$(printf '\033[J')" "$T/screen" || fail "nothing was drawn"
  grep -qE 'first +0 s +(a line that|\\x1b\[1;1Hodd)' "$T/screen" || fail "no live line: $(cat -v "$T/screen")"
  assert_contains "$T/screen" "failed 'second' in 0 s"
  assert_contains "$T/screen" "[second] is shown"
  assert_contains "$T/screen" "ran 'first' in"
  assert_lacks "$T/screen" "$(printf '\033[1;1H')"
  assert_lacks "$T/screen" "0123456789 0123456789 0123456789"
}

a_dumb_terminal_gets_lines() {
  new_repo
  echo 'stages: {a: {cmd: echo hello, outs: []}}' >cairn.yaml
  on_terminal "TERM=dumb $CAIRN repro -j 2"
  assert_contains "$T/screen" "running 'a'"
  assert_contains "$T/screen" "hello"
  assert_lacks "$T/screen" "$(printf '\033')"
}

test_case "tokens limit how many stages run at once" tokens_limit_how_many_stages_run
test_case "CPUs limit how many stages run at once" cpus_limit_how_many_stages_run
test_case "what asks for too much fails before anything runs" what_asks_for_too_much_fails_before_anything_runs
test_case "a bad --resource is a usage error" a_bad_resource_is_a_usage_error
test_case "a command that takes too long is ended" a_command_that_takes_too_long_is_ended
test_case "a command that failed is tried again" a_command_that_failed_is_tried_again
test_case "Ctrl-C once ends commands gently" ctrl_c_once_ends_commands_gently
test_case "Ctrl-C twice kills commands" ctrl_c_twice_kills_commands
test_case "nothing is left when cairn is killed" nothing_is_left_when_cairn_is_killed
test_case "what a command leaves running is killed" what_a_command_leaves_running_is_killed
test_case "lines have a prefix only where stages may mix" lines_have_a_prefix_only_where_stages_may_mix
test_case "a very long line comes in pieces" a_very_long_line_comes_in_pieces
test_case "a terminal shows what runs" a_terminal_shows_what_runs
test_case "a dumb terminal gets lines" a_dumb_terminal_gets_lines
finish
