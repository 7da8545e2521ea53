#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Pipelines that are wrong and stages that misbehave: a message that names stage, file and line, the documented status, and the
# previous outputs in place.
. "$(dirname "$0")/lib.sh"

# What is there and what it holds, but for the pipeline itself.
footprint() {
  find . -path ./.git -prune -o -type f ! -name cairn.yaml -exec sha256sum {} + | sort
}

# A good pipeline that ran: in -> out.txt and folder -> after.txt. What is there is in ../before.
good_pipeline() {
  new_repo
  echo 1 >in
  printf 'lr: 0.1\n' >params.yaml
  cat >cairn.yaml <<'YAML'
stages:
  make:
    cmd: mkdir folder; cp in folder/part; cp in out.txt
    deps: [in]
    outs: [out.txt, folder]
  after:
    cmd: cp out.txt after.txt
    deps: [out.txt]
    outs: [after.txt]
YAML
  cairn repro
  footprint >../before
}

# assert_refused STATUS MESSAGE...: with the pipeline on stdin repro ends so, says all this, and changes nothing.
assert_refused() {
  local status=$1 message
  shift
  cat >cairn.yaml
  must_fail "$status" cairn repro --keep-going
  for message in "$@"; do
    assert_err "$message"
  done
  # What the lock and .gitignore said of stages that are gone may go with them.
  footprint | grep -v -e cairn.lock -e .gitignore >../after
  grep -v -e cairn.lock -e .gitignore ../before | diff - ../after || fail "something was changed"
}

# assert_same_elsewhere MESSAGE: commands that only look say the same.
assert_same_elsewhere() {
  must_fail 9 cairn status
  assert_err "$1"
  must_fail 9 cairn repro --dry-run --json
  python3 -c 'import json, sys; d = json.load(open(sys.argv[1])); assert not d["ok"] and sys.argv[2] in d["errors"][0]["message"], d' \
    "$T/out" "$1" || fail "not in the JSON document: $1"
}

cycles() {
  good_pipeline
  assert_refused 9 "stages need each other in a cycle" "cairn.yaml:2:27: 'a' reads 'c', and 'c' writes 'c' (cairn.yaml:4:38)" \
    "cairn.yaml:3:27: 'b' reads 'a'" "cairn.yaml:4:27: 'c' reads 'b'" <<'YAML'
stages:
  a: {cmd: cp c a, deps: [c], outs: [a]}
  b: {cmd: cp a b, deps: [a], outs: [b]}
  c: {cmd: cp b c, deps: [b], outs: [c]}
YAML
  assert_same_elsewhere "stages need each other in a cycle"
  # By a folder, by a glob, by a params file.
  assert_refused 9 "in a cycle" "'a' reads 'two'" "'b' reads 'one/x'" <<'YAML'
stages:
  a: {cmd: cat two/*, deps: [two], outs: [one]}
  b: {cmd: cat one/x, deps: [one/x], outs: [two/y]}
YAML
  assert_refused 9 "in a cycle" "'a' reads '*.tsv'" <<'YAML'
stages:
  a: {cmd: cat *.tsv, deps: ['*.tsv'], outs: [a.csv]}
  b: {cmd: cat a.csv, deps: ['a.*'], outs: [b.tsv]}
YAML
  assert_refused 9 "in a cycle" "'a' reads 'made.yaml'" <<'YAML'
stages:
  a: {cmd: cp made.yaml a, params: [{made.yaml: [x]}], outs: [a]}
  b: {cmd: cp a made.yaml, deps: [a], outs: [made.yaml]}
YAML
  assert_refused 9 "cairn.yaml:2:27: stage 'a' both reads 'd/x' and writes 'd' (cairn.yaml:2:40)" <<'YAML'
stages:
  a: {cmd: cp a b, deps: [d/x], outs: [d]}
YAML
}

outs_of_two() {
  good_pipeline
  assert_refused 9 "cairn.yaml:3:30: out 'o' of stage 'b' is also out 'o' of stage 'a' (cairn.yaml:2:30)" <<'YAML'
stages:
  a: {cmd: echo 1 >o, outs: [o]}
  b: {cmd: echo 2 >o, outs: [./x/../o]}
YAML
  assert_same_elsewhere "out 'o' of stage 'b'"
  assert_refused 9 "cairn.yaml:2:44: out 'o' of stage 'a' is also out 'o'" <<'YAML'
stages:
  a: {cmd: echo 1 >o, outs: [o], metrics: [o]}
YAML
  assert_refused 9 "out 'o/p' of stage 'b'" "out 'o' of stage 'a'" "cairn.yaml:2:30" "cairn.yaml:3:32" <<'YAML'
stages:
  a: {cmd: echo 1 >o, outs: [o]}
  b: {cmd: echo 2 >o/p, outs: [o/p]}
YAML
  # Two that a loop makes.
  assert_refused 9 "out 'same' of stage 's@2' is also out 'same' of stage 's@1'" <<'YAML'
stages:
  s:
    foreach: [1, 2]
    do: {cmd: "echo ${item} >same", outs: [same]}
YAML
}

outs_of_two_by_globs() {
  good_pipeline
  assert_refused 9 "out '*.csv' of stage 'a' overlaps out 'o.csv' of stage 'b' (cairn.yaml:3:34)" <<'YAML'
stages:
  a: {cmd: echo 1 >x.csv, outs: ['*.csv']}
  b: {cmd: echo 2 >o.csv, outs: [o.csv]}
YAML
  assert_refused 9 "cairn.yaml:3:34: out 'd/a*' of stage 'b' overlaps out 'd/*.csv' of stage 'a' (cairn.yaml:2:34)" <<'YAML'
stages:
  a: {cmd: echo 1 >x.csv, outs: ['d/*.csv']}
  b: {cmd: echo 2 >o.csv, outs: ['d/a*']}
YAML
  assert_refused 9 "out 'd/**/*.csv' of stage 'a' overlaps out 'd' of stage 'b'" <<'YAML'
stages:
  a: {cmd: echo, outs: ['d/**/*.csv']}
  b: {cmd: mkdir d, outs: [d]}
YAML
  # Those that cannot meet may stand together.
  cat >cairn.yaml <<'YAML'
stages:
  a: {cmd: mkdir -p d; echo 1 >d/x.csv, outs: ['d/*.csv']}
  b: {cmd: mkdir -p d; echo 1 >d/x.tsv, outs: ['d/*.tsv']}
YAML
  cairn repro
  assert_out "2 ran"
}

outs_outside() {
  good_pipeline
  mkdir ../elsewhere
  ln -s ../elsewhere linked
  footprint >../before
  assert_refused 9 "cairn.yaml:2:33: path '../o' is outside the project" "cairn.yaml:3:38: path '/tmp/o' is absolute" \
    "cairn.yaml:4:27: path '../*.csv' is outside the project" "cairn.yaml:5:27: bad path '.git/x'" \
    "cairn.yaml:5:35: bad path '.cairn/y'" "cairn.yaml:5:45: path '.' is the project's own folder" \
    "cairn.yaml:5:48: path 's3://b/c' is a URL" <<'YAML'
stages:
  a: {cmd: echo 1 >../o, outs: [../o]}
  b: {cmd: echo 1 >/tmp/o, outs:    [/tmp/o]}
  c: {cmd: echo 1, outs: ['../*.csv']}
  d: {cmd: echo 1, outs: [.git/x, .cairn/y, ., 's3://b/c']}
YAML
  assert_same_elsewhere "path '../o' is outside the project"
  assert_absent ../o
  # Through a symlink.
  printf "stages:\n  a: {cmd: echo 1 >linked/o, outs: [linked/o]}\n" >cairn.yaml
  must_fail 9 cairn repro
  assert_err "cairn.yaml:2:37: out of stage 'a': cannot create folder"
  assert_err "linked"
  assert_absent ../elsewhere/o
}

missing_deps() {
  good_pipeline
  assert_refused 9 "cairn.yaml:2:27: dep 'no' of stage 'a' is missing" "try: make it" \
    "cairn.yaml:3:27: dep 'no*.csv' of stage 'b' matches nothing" <<'YAML'
stages:
  a: {cmd: cat no, deps: [no], outs: [o]}
  b: {cmd: cat no, deps: ['no*.csv'], outs: [p]}
YAML
  # A dep that is missing and that other stages do not need.
  sed -i '/^stages:/!d' cairn.yaml
  cat >>cairn.yaml <<'YAML'
  bad: {cmd: cat no, deps: [no], outs: [o]}
  good: {cmd: echo 1 >g, outs: [g]}
YAML
  must_fail 9 cairn repro --keep-going
  assert_err "cairn.yaml:2:29: dep 'no' of stage 'bad' is missing"
  assert_content g 1
}

missing_params() {
  good_pipeline
  assert_refused 9 "cairn.yaml:2:32: parameter 'params.yaml:rate' of stage 'a' is missing" \
    "cairn.yaml:3:43: parameter 'no.json:k' of stage 'b' is missing" <<'YAML'
stages:
  a: {cmd: echo 1 >o, params: [rate], outs: [o]}
  b: {cmd: echo 1 >p, params: [{no.json: [k]}], outs: [p]}
YAML
  assert_refused 9 "cairn.yaml:2:21: " "rate" <<'YAML'
stages:
  a: {cmd: "echo >o ${rate}", outs: [o]}
YAML
  # A file that is broken is named with its own place.
  printf 'x: [1\n' >broken.yaml
  footprint >../before
  assert_refused 9 "broken.yaml:2" <<'YAML'
stages:
  a: {cmd: echo 1 >o, params: [{broken.yaml: [x]}], outs: [o]}
YAML
}

# misbehave SCRIPT: stage "make" with input 2 does this at its end.
misbehave() {
  cd "$T/case"
  rm -rf repo
  good_pipeline
  echo 2 >in
  footprint >../before
  python3 - "$1" <<'PY'
import sys
lines = ["stages:", "  make:", "    cmd: |", "      mkdir folder; cp in folder/part; cp in out.txt"]
lines += ["      " + line for line in sys.argv[1].splitlines()]
lines += ["    deps: [in]", "    outs: [out.txt, folder]", "  after:", "    cmd: cp out.txt after.txt", "    deps: [out.txt]",
          "    outs: [after.txt]"]
open("cairn.yaml", "w").write("\n".join(lines) + "\n")
PY
}

# assert_stage_failed MESSAGE: repro ends with 8 and says this with the place of the stage; all is as it was.
assert_stage_failed() {
  must_fail 8 cairn repro
  assert_err "error: cairn.yaml:2:3: $1"
  footprint >../after
  diff ../before ../after || fail "something was changed"
  cairn status
  assert_out "make"
}

changes_its_input() {
  misbehave 'echo 3 >in'
  must_fail 8 cairn repro
  assert_err "error: cairn.yaml:2:3: an input of stage 'make' changed while it ran"
  assert_err "dep 'in' changed"
  assert_content out.txt 1
  assert_content folder/part 1
  assert_content after.txt 1
  # Also when it is another that changes, and of code and params.
  echo 'echo x' >script.sh
  git add script.sh
  printf 'stages:\n  s: {cmd: "echo : >>script.sh; sed -i s/0.1/0.2/ params.yaml; sh script.sh >o", params: [lr], outs: [o]}\n' >cairn.yaml
  must_fail 8 cairn repro
  assert_err "cairn.yaml:2:3: an input of stage 's' changed while it ran"
  assert_err "script.sh"
  assert_err "param 'params.yaml:lr' changed: 0.1 -> 0.2"
  assert_absent o
}

killed() {
  misbehave 'kill -KILL $$'
  assert_stage_failed "the command of stage 'make' was killed by signal 9"
  must_fail 8 cairn repro --json
  tr -d ' \n' <"$T/out" | grep -qF '"attempts":1,"exit":137,"signal":9' || fail "the signal is not in the document"
}

child_killed() {
  misbehave 'sh -c "kill -SEGV \$\$"
true'
  assert_stage_failed "the command of stage 'make' ended with status 139"
}

leaves_children() {
  misbehave '(sleep 1000; echo late >out.txt) & echo $! >>../pids
(trap "" TERM; sleep 1000; echo late >folder/late) & echo $! >>../pids'
  cairn repro
  assert_err "warning: cairn.yaml:2:3: the command of stage 'make' left processes running"
  assert_gone ../pids
  assert_content after.txt 2
}

# Children in a session of their own, which hold the output open.
leaves_daemons() {
  misbehave 'setsid sh -c "echo \$\$ >../pids; exec sleep 6" &
for i in $(seq 400); do test -s ../pids && break; sleep 0.05; done'
  local before=$SECONDS
  cairn repro
  [ $((SECONDS - before)) -lt 30 ] || fail "it waited for a daemon"
  assert_content after.txt 2
}

fails_and_leaves_children() {
  misbehave '(sleep 1000; echo late >out.txt) & echo $! >>../pids
exit 4'
  assert_stage_failed "the command of stage 'make' ended with status 4"
  assert_gone ../pids
}

prints_binary() {
  misbehave 'for i in $(seq 50); do printf "\000\001\033\200\377\n\302"; done
printf "\033]0;title\007\033[2J\000\377\n"
exit 5'
  assert_stage_failed "the command of stage 'make' ended with status 5"
  must_fail 8 cairn repro
  ! LC_ALL=C grep -q "$(printf '[\001-\010\013\014\016-\032\034-\037\177]')" "$T/err" || fail "control characters on the terminal"
  ! grep -qaF "$(printf '\033]0;')" "$T/err" || fail "the title of the terminal was set"
  # In the record it is to the byte.
  cairn log make -n 1 --json >/dev/null
  "$CAIRN" log show "$(grep -m1 '"id"' "$T/out" | cut -d'"' -f4)" --output >../output
  assert_same $((50 * 7 + 17)) "$(stat -c %s ../output)"
}

prints_a_long_line() {
  misbehave 'head -c 1048576 /dev/zero | tr "\0" x; echo
echo done'
  cairn repro
  assert_same 1048576 "$(grep -o 'x\{100,\}' "$T/err" | tr -d '\n' | wc -c)"
  cairn log make -n 1 --json >/dev/null
  "$CAIRN" log show "$(grep -m1 '"id"' "$T/out" | cut -d'"' -f4)" --output >../output
  assert_same "$((1048577 + 5))" "$(stat -c %s ../output)"
  assert_content after.txt 2
}

# Without --trace this is not seen; but nothing breaks, and what Git or others have is as the command left it.
writes_elsewhere() {
  misbehave 'echo side >side.txt
mkdir -p other; echo x >other/x
echo up >../up'
  cairn repro
  assert_content after.txt 2
  assert_content side.txt side
  assert_lacks cairn.lock "path: side.txt"
  cairn repro
  assert_out "2 up to date"
  # Another stage's output: that stage is not up to date, and is mended.
  misbehave 'echo mine >after.txt'
  cairn repro
  cairn repro
  assert_content after.txt 2
  cairn status
}

writes_into_cairns_own() {
  misbehave 'test -e ../again || echo junk >cairn.lock; touch ../again; rm -f .gitignore'
  must_fail 9 cairn repro
  assert_err "cairn.lock:1:1: not a lock"
  assert_content cairn.lock junk
  # Whether the next stage began before the lock was read is a matter of time: it is done, or as it was.
  case $(cat after.txt) in
    1 | 2) ;;
    *) fail "after.txt is neither the previous output nor the new one" ;;
  esac
  rm cairn.lock
  cairn repro
  assert_out "restored      make"
  assert_content after.txt 2
  cairn repro
  assert_out "2 up to date"
  git check-ignore -q out.txt || fail "out.txt is not ignored"
}

removes_its_folder() {
  new_repo
  mkdir sub
  echo 1 >sub/in
  printf 'stages:\n  s:\n    cmd: cp in out; test ! -e ../../bad || rm -rf ../sub\n    wdir: sub\n    deps: [in]\n    outs: [out]\n' >cairn.yaml
  cairn repro
  touch ../bad
  echo 2 >sub/in
  must_fail 8 cairn repro
  assert_err "cairn.yaml:2:3"
  assert_content sub/out 1
}

out_is_of_another_kind() {
  misbehave 'rm -rf out.txt; mkfifo out.txt folder/pipe'
  must_fail 9 cairn repro
  assert_err "cairn.yaml:7:12: out of stage 'make': 'out.txt' is a device, pipe or socket, which cannot be stored"
  footprint >../after
  diff ../before ../after || fail "something was changed"
  misbehave 'rm -rf out.txt; ln -s /etc/passwd out.txt'
  run "$CAIRN" repro
  [ "$STATUS" != 0 ] || fail "a symlink was taken for the output"
  assert_err "out.txt"
  footprint >../after
  diff ../before ../after || fail "something was changed"
}

test_case "cycles name all their places" cycles
test_case "outs of two stages" outs_of_two
test_case "outs of two stages by globs" outs_of_two_by_globs
test_case "outs outside the project" outs_outside
test_case "missing deps" missing_deps
test_case "missing params" missing_params
test_case "a stage that changes its input" changes_its_input
test_case "a stage that is killed" killed
test_case "a stage whose child is killed" child_killed
test_case "a stage that leaves children" leaves_children
test_case "a stage that leaves a daemon" leaves_daemons
test_case "a stage that fails and leaves children" fails_and_leaves_children
test_case "a stage that prints binary" prints_binary
test_case "a stage that prints a line of 1 MiB" prints_a_long_line
test_case "a stage that writes outside its outs" writes_elsewhere
test_case "a stage that writes over cairn.lock" writes_into_cairns_own
test_case "a stage that removes its folder" removes_its_folder
test_case "outs that are no files" out_is_of_another_kind
finish
