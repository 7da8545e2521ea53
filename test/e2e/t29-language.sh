#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Templates and loops of cairn.yaml, as repro, status and stage see them.
. "$(dirname "$0")/lib.sh"

loops() {
  new_repo
  cat >params.yaml <<'YAML'
models: {cnn: {lr: 5e-5}, sub/x: {lr: 2}}
args: {n: 3, deep: {on: true}, name: a b}
YAML
  cat >cairn.yaml <<'YAML'
stages:
  train:
    foreach: ${models}
    do:
      cmd: |
        mkdir -p out/${key}
        echo ${item.lr} ${args} \${HOME:+home} > out/${key}/m.txt
      outs: ['out/${key}/m.txt']
  grid:
    matrix:
      a: [1, 2]
      b: [x, y]
      exclude: [{a: 1, b: y}]
    cmd: cat out/cnn/m.txt > ${key}.txt
    deps: [out/cnn/m.txt]
    outs: ['${key}.txt']
YAML
}

loops_run() {
  loops
  cairn repro
  assert_out "5 ran"
  assert_content out/cnn/m.txt "5e-05 --n 3 --deep.on --name a b home"
  assert_content out/sub/x/m.txt "2 --n 3 --deep.on --name a b home"
  assert_present 1-x.txt 2-x.txt 2-y.txt
  assert_absent 1-y.txt
  cairn repro
  assert_out "5 up to date"
  cairn repro "train@sub/x"
  assert_out "1 up to date"
}

a_value_in_a_command_is_a_changed_command() {
  loops
  cairn repro
  sed -i 's/lr: 2/lr: 3/' params.yaml
  cairn repro
  assert_out "command changed"
  assert_out "1 ran, 4 up to date"
  assert_content out/sub/x/m.txt "3 --n 3 --deep.on --name a b home"
}

variables_of_the_environment_count() {
  new_repo
  # shellcheck disable=SC2016
  printf 'stages:\n  a:\n    cmd: echo ${env:MODE:-none} > a.txt\n    outs: [a.txt]\n' >cairn.yaml
  cairn repro
  assert_content a.txt none
  MODE=fast cairn repro
  assert_content a.txt fast
  sed -i 's/:-none//' cairn.yaml
  must_fail 9 cairn repro
  assert_err "cairn.yaml:3:15: environment variable 'MODE' is not set"
  sed -i 's/MODE/API_KEY/' cairn.yaml
  API_KEY=hidden must_fail 9 cairn repro
  assert_err "looks like a secret"
  ! grep -r hidden . || fail "a secret was written"
}

edits_keep_templates() {
  loops
  cp cairn.yaml before
  cairn stage add -n last -d 2-y.txt "wc -l < 2-y.txt"
  assert_same "$(cat before)" "$(head -n "$(wc -l <before)" cairn.yaml)" "what stood there"
  cairn repro
  assert_out "6 ran"
}

every_problem_at_once() {
  new_repo
  printf 'lr: 1\n' >params.yaml
  cat >cairn.yaml <<'YAML'
vars: [{lr: 2}, none.yaml]
stages:
  a:
    cmd: |
      one ${lr}
      two ${lrr}
    dep: [x]
  b:
    foreach: [1, 2]
    do: {cmd: 'x ${item.y}'}
YAML
  must_fail 9 cairn repro
  assert_err "cairn.yaml:1:9: variable 'lr' is defined already at params.yaml:1:1"
  assert_err "cairn.yaml:1:17: vars file 'none.yaml' is missing"
  assert_err "cairn.yaml:6:11: no variable 'lrr': did you mean 'lr'?"
  assert_err "cairn.yaml:7:5: unknown key 'dep' in stage 'a': did you mean 'deps'?"
  assert_err "cairn.yaml:10:18: 'item' is an integer: it has no 'y' (stage 'b@1')"
}

test_case "foreach and matrix make stages" loops_run
test_case "a value in a command is a changed command" a_value_in_a_command_is_a_changed_command
test_case "variables of the environment count" variables_of_the_environment_count
test_case "stage add keeps templates" edits_keep_templates
test_case "every problem of a file at once" every_problem_at_once
finish
