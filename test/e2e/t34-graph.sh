#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# One graph over several cairn.yaml files, and what is wrong in them.
. "$(dirname "$0")/lib.sh"

# in.txt -> prepare/cairn.yaml:make -> models/cairn.yaml:train -> root's report
three_folders() {
  new_repo
  mkdir -p prepare models/deep
  echo 1 >in.txt
  cat >cairn.yaml <<'YAML'
stages:
  report:
    cmd: echo report >>"$RAN"; cat models/model.txt >report.txt
    deps: [models/model.txt]
    outs: [report.txt]
YAML
  cat >prepare/cairn.yaml <<'YAML'
stages:
  make:
    cmd: echo make >>"$RAN"; cat ../in.txt >made.txt
    deps: [../in.txt]
    outs: [made.txt]
YAML
  cat >models/cairn.yaml <<'YAML'
stages:
  train:
    cmd: echo train >>"$RAN"; cat ../prepare/made.txt >model.txt
    deps: [../prepare/made.txt]
    outs: [model.txt]
  make:
    cmd: echo other-make >>"$RAN"; echo x >x.txt
    outs: [x.txt]
YAML
  commit start
}

subfolders_are_one_graph() {
  three_folders
  cairn repro
  assert_ran make train report other-make
  assert_present cairn.lock prepare/cairn.lock models/cairn.lock
  assert_content report.txt 1
  echo 2 >in.txt
  cairn -C models/deep repro
  assert_ran make train report
  assert_content report.txt 2
}

addresses() {
  three_folders
  cairn repro train
  assert_ran make train
  cairn repro models/cairn.yaml:make
  assert_ran other-make
  echo 2 >in.txt
  cairn -C prepare repro make
  assert_ran make
  echo 3 >in.txt
  cairn -C models repro model.txt
  assert_ran make train
  run "$CAIRN" repro make
  [ "$STATUS" != 0 ] || fail "an ambiguous name was taken"
  assert_err prepare/cairn.yaml:make
  assert_err models/cairn.yaml:make
  cairn why prepare/cairn.yaml:make
  assert_out "up to date"
  cairn -C models repro cairn.yaml
  assert_ran
  cairn repro report.txt
  assert_ran report
}

moved_folder_keeps_its_results() {
  new_repo
  mkdir part
  echo 1 >part/in
  printf 'stages:\n  a:\n    cmd: echo a >>"$RAN"; cp in out\n    deps: [in]\n    outs: [out]\n' >part/cairn.yaml
  cairn repro
  assert_ran a
  mv part other
  cairn repro
  assert_ran
}

cycle() {
  new_repo
  mkdir sub
  cat >cairn.yaml <<'YAML'
stages:
  one:
    cmd: cp sub/b a
    deps: [sub/b]
    outs: [a]
YAML
  cat >sub/cairn.yaml <<'YAML'
stages:
  two:
    cmd: cp ../a b
    deps: [../a]
    outs: [b]
YAML
  must_fail 9 cairn repro
  assert_err "cairn.yaml:4:12: 'one' reads 'sub/b'"
  assert_err "sub/cairn.yaml:4:12: 'sub/cairn.yaml:two' reads 'a'"
  assert_err "(sub/cairn.yaml:5:12)"
  must_fail 9 cairn dag
  must_fail 9 cairn status
}

overlapping_outputs() {
  new_repo
  mkdir sub
  printf 'stages:\n  one:\n    cmd: "true"\n    outs: [sub/data]\n' >cairn.yaml
  printf 'stages:\n  two:\n    cmd: "true"\n    outs:\n      - data/part.csv\n' >sub/cairn.yaml
  must_fail 9 cairn repro
  assert_err "cairn.yaml:4:12"
  assert_err "sub/cairn.yaml:5:9"
  printf 'stages:\n  two:\n    cmd: "true"\n    outs:\n      - data\n' >sub/cairn.yaml
  must_fail 9 cairn repro
  assert_err "cairn.yaml:4:12"
  assert_err "sub/cairn.yaml:5:9"
  rm sub/cairn.yaml
  printf 'stages:\n  one:\n    cmd: "true"\n    deps: [x]\n    outs: [x]\n' >cairn.yaml
  must_fail 9 cairn repro
  assert_err "cairn.yaml:4:12"
  assert_err "cairn.yaml:5:12"
}

output_that_is_tracked_otherwise() {
  new_repo
  echo 1 >added.csv
  cairn add added.csv
  printf 'stages:\n  one:\n    cmd: echo 2 >added.csv\n    outs: [added.csv]\n' >cairn.yaml
  commit start
  run "$CAIRN" repro
  [ "$STATUS" != 0 ] || fail "an output that has a pointer was accepted"
  assert_err added.csv
  assert_content added.csv 1
  echo by-git >source.py
  git add source.py
  printf 'stages:\n  one:\n    cmd: echo 2 >source.py\n    outs: [source.py]\n' >cairn.yaml
  run "$CAIRN" repro
  [ "$STATUS" != 0 ] || fail "an output that Git tracks was accepted"
  assert_err source.py
  assert_content source.py by-git
}

output_that_steers_cairn_or_git() {
  new_repo
  for name in cairn.lock sub/cairn.lock sub/.gitignore new.cairn .cairnignore; do
    printf 'stages:\n  one:\n    cmd: echo 1 >%s\n    outs: [%s]\n' "$name" "$name" >cairn.yaml
    must_fail 9 cairn repro
    assert_err "cairn.yaml:4:12: out '$name'"
    assert_absent "$name"
  done
}

malformed_yaml() {
  new_repo
  printf 'stages:\n  one:\n    cmd: [a\n' >cairn.yaml
  must_fail 9 cairn repro
  assert_err "cairn.yaml:"
  printf 'stages:\n  one:\n    cmd: a\n  one:\n    cmd: b\n' >cairn.yaml
  must_fail 9 cairn repro
  assert_err "cairn.yaml:4:3"
  printf 'stages:\n\tone:\n' >cairn.yaml
  must_fail 9 cairn repro
  assert_err "cairn.yaml:2:"
  printf '\xff\xfe' >cairn.yaml
  must_fail 9 cairn repro
  printf 'stages: 1\n' >cairn.yaml
  must_fail 9 cairn repro
  assert_err "cairn.yaml:1:"
}

alias_bomb() {
  new_repo
  {
    echo 'a0: &a0 [x, x, x, x, x, x, x, x, x]'
    for i in $(seq 30); do
      j=$((i - 1))
      echo "a$i: &a$i [*a$j, *a$j, *a$j, *a$j, *a$j, *a$j, *a$j, *a$j, *a$j]"
    done
  } >cairn.yaml
  before=$(date +%s%N)
  must_fail 9 timeout 10 "$CAIRN" repro
  echo "took $((($(date +%s%N) - before) / 1000000)) ms"
  mv cairn.yaml params.yaml
  printf 'stages:\n  a:\n    cmd: "true"\n    params: [x]\n' >cairn.yaml
  must_fail 9 timeout 10 "$CAIRN" repro
}

all_problems_at_once() {
  new_repo
  mkdir sub
  cat >cairn.yaml <<'YAML'
stages:
  one:
    cmd: "true"
    colour: blue
    outs: [/absolute]
  two:
    deps: [../outside]
    cmd: 1
  "th/ree":
    cmd: "true"
YAML
  must_fail 9 cairn repro
  assert_err "cairn.yaml:4:5"
  assert_err "colour"
  assert_err "cairn.yaml:5:12"
  assert_err "cairn.yaml:7:12"
  assert_err "cairn.yaml:9:3"
}

problems_of_several_files() {
  new_repo
  mkdir sub
  printf 'stages:\n  one:\n    colour: 1\n    cmd: "true"\n' >cairn.yaml
  printf 'stages:\n  two:\n    shape: 1\n    cmd: "true"\n' >sub/cairn.yaml
  must_fail 9 cairn repro
  assert_err colour
  assert_err shape
}

damaged_lock() {
  new_repo
  printf 'stages:\n  a:\n    cmd: echo 1 >a\n    outs: [a]\n' >cairn.yaml
  cairn repro
  cp cairn.lock "$T/lock"
  sed -i 's/hash: b3:./hash: b3:Z/' cairn.lock
  must_fail 9 cairn repro
  assert_err "cairn.lock:"
  sed 's/^cairn: 1/cairn: 99/' "$T/lock" >cairn.lock
  run "$CAIRN" repro
  [ "$STATUS" != 0 ] || fail "a newer lock was taken"
  assert_err 99
  sed 's/$/\r/' "$T/lock" >cairn.lock
  cairn repro
  assert_out "1 up to date"
  : >cairn.lock
  cairn status || true
}

no_stages() {
  new_repo
  cairn repro
  : >cairn.yaml
  cairn repro
  cairn dag
}

large_graph() {
  new_repo
  echo 0 >o0
  awk 'BEGIN { print "stages:"; for (i = 1; i <= 200; ++i) { j = i % 10 == 1 ? 0 : i - 1
    printf "  s%d:\n    cmd: cp o%d o%d\n    deps: [o%d]\n    outs: [o%d]\n", i, j, i, j, i } }' >cairn.yaml
  cairn repro -q -j 4
  cairn repro
  assert_out "200 up to date"
  for i in $(seq 200); do assert_content "o$i" 0; done
}

test_case "cairn.yaml files in subfolders are one graph" subfolders_are_one_graph
test_case "addresses" addresses
test_case "a moved folder keeps its results" moved_folder_keeps_its_results
test_case "a cycle names all its places" cycle
test_case "overlapping outputs name both places" overlapping_outputs
test_case "an output that is tracked otherwise is refused" output_that_is_tracked_otherwise
test_case "an output that steers cairn or Git is refused" output_that_steers_cairn_or_git
test_case "malformed YAML" malformed_yaml
test_case "an alias bomb" alias_bomb
test_case "all problems of a file at once" all_problems_at_once
test_case "all problems of several files at once" problems_of_several_files
test_case "a damaged or newer lock" damaged_lock
test_case "no stages" no_stages
test_case "a graph of 200 stages" large_graph
finish
