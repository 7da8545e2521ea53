#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Seeds, pinned variables, and hints for stages that draw by chance without a seed.
. "$(dirname "$0")/lib.sh"

seed_is_handed_on() {
  new_repo
  cat >order.py <<'PYTHON'
import os
print(hash("a text"), os.environ.get("CAIRN_SEED"), os.environ.get("NP_SEED"), os.environ.get("PYTHONHASHSEED"))
PYTHON
  cat >cairn.yaml <<'YAML'
stages:
  order:
    cmd: python3 order.py >order.txt
    seed: {value: 7, env: [NP_SEED]}
    outs: [order.txt]
YAML
  git add order.py
  cairn repro
  cp order.txt first.txt
  grep -q ' 7 7 7$' first.txt
  assert_contains cairn.lock 'PYTHONHASHSEED: "7"'
  assert_contains cairn.lock 'NP_SEED: "7"'
  assert_contains cairn.lock 'seed: 7'
  PYTHONHASHSEED=99 cairn repro -f
  cmp order.txt first.txt

  sed -i 's/value: 7/value: -1/' cairn.yaml
  cairn why order
  assert_out 'seed changed: 7 -> -1'
  cairn repro
  grep -q ' -1 -1 4294967295$' order.txt

  sed -i 's/seed: .*/seed: 4294967303/; s/python3/PYTHONHASHSEED= python3/' cairn.yaml
  cairn repro
  assert_contains cairn.lock 'PYTHONHASHSEED: "7"'

  # Without a seed two runs differ: the hashes of Python's strings do.
  sed -i '/seed:/d; s/PYTHONHASHSEED= //' cairn.yaml
  cairn repro
  cp order.txt first.txt
  cairn repro -f
  ! cmp -s order.txt first.txt || fail "two runs without a seed gave the same"
}

own_variables_win() {
  new_repo
  cat >cairn.yaml <<'YAML'
stages:
  s:
    cmd: echo "$CAIRN_SEED $PYTHONHASHSEED $TZ" >out.txt
    seed: 5
    env: {PYTHONHASHSEED: 1, TZ: Asia/Tokyo}
    pin_env: true
    outs: [out.txt]
YAML
  cairn repro
  assert_content out.txt '5 1 Asia/Tokyo'
}

variables_are_pinned() {
  new_repo
  cat >cairn.yaml <<'YAML'
pin_env: [SOURCE_DATE_EPOCH]
stages:
  all:
    cmd: echo "$TZ $LC_ALL $SOURCE_DATE_EPOCH" >all.txt; date -d @0 +%H >>all.txt
    pin_env: true
    outs: [all.txt]
  file:
    cmd: echo "$TZ $SOURCE_DATE_EPOCH" >file.txt
    outs: [file.txt]
  none:
    cmd: echo "$TZ $SOURCE_DATE_EPOCH" >none.txt
    pin_env: false
    outs: [none.txt]
YAML
  unset SOURCE_DATE_EPOCH
  TZ=Asia/Tokyo LC_ALL=C cairn repro
  assert_content all.txt 'UTC C.UTF-8 315532800
00'
  assert_content file.txt 'Asia/Tokyo 315532800'
  assert_content none.txt 'Asia/Tokyo '
  assert_contains cairn.lock 'SOURCE_DATE_EPOCH: "315532800"'

  # They are a part of what the result depends on.
  sed -i 's/pin_env: true/pin_env: [TZ]/' cairn.yaml
  cairn why all
  assert_out "LC_ALL"
  TZ=Asia/Tokyo LC_ALL=C cairn repro --json
  assert_value 'o("ran")' '"all"'
  assert_content all.txt $'UTC C \n00'
}

bad_pins() {
  new_repo
  printf 'stages:\n  s: {cmd: "true", pin_env: [HOME]}\n' >cairn.yaml
  must_fail 9 cairn repro
  assert_err "cairn.yaml:2:30: 'pin_env' is 'HOME', not one of TZ, LC_ALL, SOURCE_DATE_EPOCH"
}

# A stage without a seed whose script imports random.
random_stage() {
  new_repo
  printf 'import sys\nimport random\nprint(1)\n' >train.py
  cat >cairn.yaml <<'YAML'
stages:
  train:
    cmd: python3 train.py >out.txt
    outs: [out.txt]
YAML
  git add train.py
}

HINT="stage 'train' has no seed, and train.py:2 uses 'import random'; add to the stage: seed: 42"

unset_seed_is_hinted_at() {
  random_stage
  cairn repro --json
  assert_value 'd["hints"]' "[{\"kind\": \"seed\", \"stage\": \"train\", \"text\": \"$HINT\"}]"
  assert_err "hint: $HINT"
  # Only where something ran, and only where it has to be heard.
  cairn repro
  assert_lacks "$T/err" hint:
  cairn repro -f -q
  assert_lacks "$T/err" hint:
  cairn repro -f
  assert_err "hint: $HINT"
}

# The stage runs, and nothing is said of a seed.
no_hint() {
  cairn repro -f
  assert_out 'ran'
  assert_lacks "$T/err" hint:
}

no_hint_where_there_is_a_seed() {
  random_stage
  printf '    seed: 42\n' >>cairn.yaml
  no_hint
  sed -i 's/seed: 42/deterministic: false/' cairn.yaml
  no_hint
  printf 'train: {seed: 3}\n' >params.yaml
  sed -i 's/deterministic: false/params: [train.seed]/' cairn.yaml
  no_hint
  sed -i '/params:/d; s/train.py/train.py --seed 3/' cairn.yaml
  no_hint
  sed -i 's/ --seed 3//' cairn.yaml
  cairn repro -f
  assert_err "hint: $HINT"
  printf 'import random\nrandom.seed(1)\n' >train.py
  no_hint
  printf '# import random\n"""\nimport random\n"""\nimport os\n' >train.py
  no_hint
}

hints_of_scripts_and_commands() {
  new_repo
  printf 'x <- rnorm(3)\n' >model.R
  printf 'echo "$RANDOM"\n' >draw.sh
  cat >cairn.yaml <<'YAML'
stages:
  model: {cmd: cat model.R >m.txt, deps: [model.R], outs: [m.txt]}
  draw: {cmd: bash draw.sh >d.txt, deps: [draw.sh], outs: [d.txt]}
  mix: {cmd: seq 9 | shuf >x.txt, outs: [x.txt]}
  many:
    foreach: [1, 2]
    do: {cmd: 'seq ${item} | sort -R >${item}.txt', outs: ['${item}.txt']}
YAML
  cairn repro --json
  assert_value '[h["text"].split(";")[0] for h in d["hints"]]' \
    '["stage '"'draw' has no seed, and draw.sh:1 uses '\$RANDOM'"'", "stage '"'many' has no seed, and its command uses 'sort -R'"'", "stage '"'mix' has no seed, and its command uses 'shuf'"'", "stage '"'model' has no seed, and model.R:1 uses 'rnorm('"'"]'
}

test_case "a seed is handed to the command, and two runs with it are the same" seed_is_handed_on
test_case "variables of the stage's own win" own_variables_win
test_case "pinned variables: seen by the command, recorded, part of the key" variables_are_pinned
test_case "a variable that cannot be pinned is refused" bad_pins
test_case "a stage that draws by chance without a seed gets a hint" unset_seed_is_hinted_at
test_case "no hint where there is a seed" no_hint_where_there_is_a_seed
test_case "hints of scripts in other languages, of commands and of groups" hints_of_scripts_and_commands
finish
