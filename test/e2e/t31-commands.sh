#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# How a stage's command is run.
. "$(dirname "$0")/lib.sh"

forms_of_cmd() {
  new_repo
  cat >cairn.yaml <<'YAML'
stages:
  string:
    cmd: echo "a  b"   >string.txt
    outs: [string.txt]
  block:
    cmd: |
      word=kept
      cd /
      cd - >/dev/null
      say() { echo "$1 $word"; }
      say block >block.txt
    outs: [block.txt]
  list:
    cmd:
      - word=list
      - mkdir -p made && cd made
      - echo $word >../list.txt
    outs: [list.txt]
YAML
  cairn repro
  assert_content string.txt "a  b"
  assert_content block.txt "block kept"
  assert_content list.txt "list"
  cairn repro
  assert_out "3 up to date"
}

a_failing_line_ends_the_script() {
  new_repo
  cat >cairn.yaml <<'YAML'
stages:
  a:
    cmd: |
      false
      touch reached
YAML
  must_fail 8 cairn repro
  assert_absent reached
}

a_failing_middle_of_a_pipe_fails() {
  new_repo
  cat >cairn.yaml <<'YAML'
stages:
  a:
    cmd: echo 1 | (cat; exit 7) | cat >a.txt
    outs: [a.txt]
YAML
  must_fail 8 cairn repro
  assert_err "status 7"
  assert_absent a.txt cairn.lock
}

working_folder() {
  new_repo
  mkdir -p sub/deeper
  echo in >sub/deeper/in
  cat >sub/cairn.yaml <<'YAML'
stages:
  a:
    wdir: deeper
    cmd: cp in out; pwd >where
    deps: [in]
    outs: [out, where, ../up]
YAML
  sed -i 's/>where/>where; echo up >..\/up/' sub/cairn.yaml
  cairn repro
  assert_content sub/deeper/where "$PWD/sub/deeper"
  assert_content sub/deeper/out in
  assert_content sub/up up
  cairn -C sub/deeper repro
  assert_out "1 up to date"
}

missing_working_folder() {
  new_repo
  printf 'stages:\n  a:\n    wdir: nowhere\n    cmd: "true"\n' >cairn.yaml
  run "$CAIRN" repro
  [ "$STATUS" != 0 ] || fail "a missing wdir went unnoticed"
  assert_err nowhere
}

other_shell() {
  new_repo
  cat >cairn.yaml <<'YAML'
stages:
  a:
    shell: sh
    cmd: false; echo "\${BASH_VERSION:-none}" >a.txt
    outs: [a.txt]
  b:
    shell: python3
    cmd: |
      import sys
      open("b.txt", "w").write("x" * 3)
    outs: [b.txt]
YAML
  cairn repro
  assert_content b.txt xxx
  sed -i 's/shell: sh/shell: bash -e/' cairn.yaml
  cairn why a
  assert_out "shell"
  assert_out "bash -e"
  must_fail 8 cairn repro
}

missing_shell() {
  new_repo
  printf 'stages:\n  a:\n    shell: no-such-shell -c\n    cmd: "true"\n' >cairn.yaml
  run "$CAIRN" repro
  [ "$STATUS" != 0 ] || fail "a missing shell went unnoticed"
  assert_err no-such-shell
  assert_err "shell:"
}

metrics_without_cache() {
  new_repo
  cat >cairn.yaml <<'YAML'
stages:
  a:
    cmd: echo run >>../ran; echo '{"auc":0.5}' >m.json; echo '{}' >n.json
    metrics:
      - m.json:
          cache: false
      - n.json
YAML
  cairn repro
  run git check-ignore m.json
  assert_same 1 "$STATUS"
  git check-ignore -q n.json
  commit all
  rm m.json
  cairn repro
  assert_content m.json '{"auc":0.5}'
  assert_content ../ran run
}

uncached_output_that_is_no_metric() {
  new_repo
  cat >cairn.yaml <<'YAML'
stages:
  a:
    cmd: echo run >>../ran; echo text >a.txt
    outs:
      - a.txt:
          cache: false
YAML
  cairn repro
  commit all
  assert_same a.txt "$(git ls-files a.txt)"
  rm a.txt
  cairn repro
  assert_content a.txt text
  assert_same 2 "$(wc -l <../ran)"
}

outputs_in_folders() {
  new_repo
  cat >cairn.yaml <<'YAML'
stages:
  a:
    cmd: echo 1 >new/deep/a.txt; mkdir -p tree/x; echo 2 >tree/x/b; echo '#!/bin/sh' >tree/run; chmod +x tree/run; ln -s x tree/link; mkdir tree/empty
    outs: [new/deep/a.txt, tree]
YAML
  cairn repro
  assert_content new/deep/a.txt 1
  cp -a tree "$T/case/tree"
  git check-ignore tree new/deep/a.txt
  rm -r tree new/deep/a.txt
  cairn checkout
  assert_content new/deep/a.txt 1
  assert_same_trees tree "$T/case/tree"
  echo extra >tree/x/extra
  cairn why a
  assert_out tree
  cairn repro
  assert_same_trees tree "$T/case/tree"
}

outputs_start_from_nothing() {
  new_repo
  cat >cairn.yaml <<'YAML'
stages:
  a:
    cmd: ls tree >>../seen 2>/dev/null || true; mkdir -p tree; cp in tree/$(cat in)
    deps: [in]
    outs: [tree]
YAML
  echo one >in
  cairn repro
  echo two >in
  cairn repro
  assert_absent tree/one
  assert_same "" "$(cat ../seen)"
}

what_commands_print() {
  new_repo
  cat >cairn.yaml <<'YAML'
stages:
  a:
    cmd: echo to-stdout; echo to-stderr >&2; cat
YAML
  "$CAIRN" repro >"$T/out" 2>"$T/err" </dev/zero
  assert_lacks "$T/out" to-stdout
  assert_err to-stdout
  assert_err to-stderr
  printf 'stages:\n  a:\n    cmd: echo one-a; echo two-a\n  b:\n    cmd: echo one-b; printf no-newline\n' >cairn.yaml
  "$CAIRN" repro -j 2 --json >"$T/out" 2>"$T/err"
  python3 -m json.tool <"$T/out" >/dev/null
  assert_err "[a] one-a"
  assert_err "[b] no-newline"
}

environment_of_commands() {
  new_repo
  printf 'stages:\n  a:\n    cmd: echo "$CAIRN_STAGE $CAIRN_ROOT $MINE" >e.txt\n    outs: [e.txt]\n' >cairn.yaml
  MINE=yes cairn repro
  assert_content e.txt "a $PWD yes"
}

test_case "cmd as string, block and list" forms_of_cmd
test_case "a failing line ends the script" a_failing_line_ends_the_script
test_case "a failing middle of a pipe fails" a_failing_middle_of_a_pipe_fails
test_case "wdir" working_folder
test_case "a missing wdir is named" missing_working_folder
test_case "shell:" other_shell
test_case "a missing shell is a clear error" missing_shell
test_case "metrics with cache: false" metrics_without_cache
test_case "an output that is not cached runs again when lost" uncached_output_that_is_no_metric
test_case "outputs in folders, and folders as outputs" outputs_in_folders
test_case "a command starts without its old outputs" outputs_start_from_nothing
test_case "what commands print goes to stderr" what_commands_print
test_case "the environment of commands" environment_of_commands
finish
