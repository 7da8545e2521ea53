#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# repro runs what has changed, and nothing else.
. "$(dirname "$0")/lib.sh"

# Five stages: clean -> train -> report, and two that stand alone, reading JSON and TOML.
five_stages() {
  new_repo
  printf '1\n2\n3\n' >raw.csv
  cairn add raw.csv
  mkdir scripts
  printf 'grep -v "$1" "$2" >"$3"\n' >scripts/clean.sh
  printf 'lr: 0.1\nmodel:\n  depth: 3\n  kind: tree\nunused: 1\n' >params.yaml
  printf '{"a": {"b": [1, 2]}, "unused": 1}\n' >settings.json
  printf 'top = 1\n[deep]\nx = 2\n' >whole.toml
  cat >cairn.yaml <<'YAML'
stages:
  clean:
    cmd: echo clean >>"$RAN"; sh scripts/clean.sh 9 raw.csv clean.csv
    deps: [raw.csv]
    outs: [clean.csv]
  train:
    cmd: echo train >>"$RAN"; { cat clean.csv; grep lr params.yaml; grep depth params.yaml; } >model.txt
    deps: [clean.csv]
    params: [lr, model.depth]
    outs: [model.txt]
  report:
    cmd: echo report >>"$RAN"; wc -l <model.txt >report.txt
    deps: [model.txt]
    outs: [report.txt]
  json:
    cmd: echo json >>"$RAN"; cat settings.json >json.txt
    params:
      - settings.json: [a.b]
    outs: [json.txt]
  toml:
    cmd: echo toml >>"$RAN"; cat whole.toml >toml.txt
    params:
      - whole.toml:
    outs: [toml.txt]
YAML
  commit start
  cairn repro
  assert_ran clean train report json toml
}

# Everything in the work tree and what cairn keeps of runs: path, mtime, size, inode.
footprint() {
  find . -path ./.git -prune -o -printf '%p %T@ %s %i\n' | sort
  find .git/cairn -path '*runs*' -printf '%p %T@ %s %i\n' | sort
  sha256sum cairn.lock
}

second_repro_writes_nothing() {
  five_stages
  commit lock
  sleep 0.05
  footprint >"$T/before"
  cairn repro
  footprint >"$T/after"
  assert_same "" "$(diff "$T/before" "$T/after")" "what a second repro wrote"
  assert_ran
  assert_same "" "$(git status --porcelain)"
  assert_out "5 up to date"
}

input_reruns_what_depends_on_it() {
  five_stages
  printf '1\n2\n3\n4\n' >raw.csv
  cairn why clean
  assert_out "raw.csv"
  cairn repro
  assert_ran clean train report
  assert_content report.txt 6
}

early_cutoff() {
  five_stages
  printf '1\n2\n3\n9\n' >raw.csv
  cairn repro
  assert_ran clean
  cairn repro
  assert_ran
}

yaml_param_reruns_its_stage() {
  five_stages
  sed -i 's/lr: 0.1/lr: 0.2/' params.yaml
  cairn why train
  assert_out "lr"
  assert_out "0.1 -> 0.2"
  cairn repro
  assert_ran train report
  sed -i 's/depth: 3/depth: 4/' params.yaml
  cairn why train
  assert_out "model.depth"
  assert_out "3 -> 4"
  cairn repro
  assert_ran train report
  sed -i 's/unused: 1/unused: 2/; s/kind: tree/kind: bush/' params.yaml
  cairn why train
  assert_out "up to date"
  cairn repro
  assert_ran
  sed -i 's/depth: 4/depth:    4  # the same/' params.yaml
  cairn repro
  assert_ran
}

json_and_toml_params() {
  five_stages
  printf '{"unused": 2, "a": {"b": [1,2], "c": 1}}\n' >settings.json
  cairn repro
  assert_ran
  printf '{"a": {"b": [1, 3]}}\n' >settings.json
  cairn why json
  assert_out "a.b"
  cairn repro
  assert_ran json
  printf 'top = 1\n[deep]\nx = 2\n[new]\ny = 1\n' >whole.toml
  cairn why toml
  assert_out "new"
  cairn repro
  assert_ran toml
  printf 'top = 1\n' >whole.toml
  cairn why toml
  assert_out "deep"
  cairn repro
  assert_ran toml
}

missing_param_is_named() {
  five_stages
  printf 'model:\n  depth: 3\n' >params.yaml
  must_fail 9 cairn repro
  assert_err "lr"
  assert_err "cairn.yaml:"
  assert_ran
}

command_reruns_its_stage() {
  five_stages
  sed -i 's/wc -l <model/wc -c <model/' cairn.yaml
  cairn why report
  assert_out "wc [--l-]{+-c+} <model"
  cairn repro
  assert_ran report
}

code_file_reruns_its_stage() {
  five_stages
  printf '# other\ngrep -v "$1" "$2" >"$3"\n' >scripts/clean.sh
  cairn why clean
  assert_out "scripts/clean.sh"
  cairn repro
  assert_ran clean
  assert_contains cairn.lock "scripts/clean.sh"
}

adding_and_removing_declarations() {
  five_stages
  cp cairn.yaml "$T/cairn.yaml"
  echo more >extra.txt
  git add extra.txt
  sed -i 's/deps: \[model.txt\]/deps: [model.txt, extra.txt]/' cairn.yaml
  cairn why report
  assert_out "extra.txt"
  cairn repro
  assert_ran report
  sed -i 's/deps: \[clean.csv\]/deps: []/' cairn.yaml
  cairn why train
  assert_out "clean.csv"
  cairn repro
  assert_ran train
  sed -i 's/params: \[lr, model.depth\]/params: [lr]/' cairn.yaml
  cairn why train
  assert_out "model.depth"
  cairn repro
  assert_ran train
  sed -i 's/params: \[lr\]/params: [lr, model.kind]/' cairn.yaml
  cairn repro
  assert_ran train
  sed -i 's/cat settings.json >json.txt/tee copy.txt <settings.json >json.txt/; s/outs: \[json.txt\]/outs: [json.txt, copy.txt]/' cairn.yaml
  cairn repro
  assert_ran json
  sed -i 's/outs: \[json.txt, copy.txt\]/outs: [json.txt]/' cairn.yaml
  cairn why json
  assert_out "copy.txt"
  cairn repro
  assert_ran json
  cp "$T/cairn.yaml" cairn.yaml
  cairn repro
  assert_ran # all was there before
  cairn repro
  assert_out "5 up to date"
}

earlier_state_comes_from_the_run_cache() {
  five_stages
  sha256sum clean.csv model.txt report.txt cairn.lock >"$T/sums"
  printf '1\n2\n3\n4\n' >raw.csv
  sed -i 's/lr: 0.1/lr: 0.5/' params.yaml
  cairn repro
  assert_ran clean train report
  printf '1\n2\n3\n' >raw.csv
  sed -i 's/lr: 0.5/lr: 0.1/' params.yaml
  cairn repro
  assert_ran
  assert_out restored
  sha256sum --quiet -c "$T/sums"
  cairn repro
  assert_out "5 up to date"
}

deleted_output_comes_back() {
  five_stages
  sha256sum clean.csv model.txt >"$T/sums"
  rm clean.csv
  echo changed >model.txt
  cairn why train
  assert_out model.txt
  cairn repro
  assert_ran
  sha256sum --quiet -c "$T/sums"
  cairn repro
  assert_out "5 up to date"
}

up_to_date_stage_has_no_reason() {
  five_stages
  cairn why train
  assert_out "up to date"
}

selections() {
  five_stages
  printf '1\n2\n3\n4\n' >raw.csv
  printf '{"a": {"b": 7}}\n' >settings.json
  cairn repro train -s
  assert_ran
  cairn repro model.txt
  assert_ran clean train
  cairn repro --downstream report
  assert_ran report
  cairn repro cairn.yaml
  assert_ran json
  cairn repro --downstream clean --force
  assert_ran clean train report
  cairn repro -f -s toml
  assert_ran toml
  cairn repro --force
  assert_ran clean train report json toml
  must_fail 9 cairn repro nothing-like-it
  assert_err nothing-like-it
}

dry_run_changes_nothing() {
  five_stages
  printf '1\n2\n3\n4\n' >raw.csv
  rm model.txt
  sleep 0.05
  footprint >"$T/before"
  cairn repro --dry-run
  assert_out "would run"
  assert_out clean
  footprint >"$T/after"
  assert_same "" "$(diff "$T/before" "$T/after")" "what --dry-run wrote"
  assert_ran
}

dry_run_of_a_new_pipeline() {
  new_repo
  mkdir sub
  cat >sub/cairn.yaml <<'YAML'
stages:
  one:
    cmd: echo 1 >a
    outs: [a]
  two:
    cmd: cp a b
    deps: [a]
    outs: [b]
YAML
  cairn repro --dry-run
  assert_out "2 would run"
  assert_absent sub/a sub/cairn.lock sub/.gitignore
}

frozen_stage() {
  five_stages
  sed -i 's/^  train:/  train:\n    frozen: true/' cairn.yaml
  printf '1\n2\n3\n4\n' >raw.csv
  cairn repro
  assert_ran clean
  sed -i '/frozen: true/d' cairn.yaml
  cairn repro
  assert_ran train report
}

always_changed_stage() {
  new_repo
  cat >cairn.yaml <<'YAML'
stages:
  clock:
    cmd: echo clock >>"$RAN"; echo same >now.txt
    always_changed: true
    outs: [now.txt]
  use:
    cmd: echo use >>"$RAN"; cp now.txt used.txt
    deps: [now.txt]
    outs: [used.txt]
YAML
  cairn repro
  assert_ran clock use
  cairn repro
  assert_ran clock
}

changed_state_of_caching() {
  five_stages
  commit lock
  sed -i 's/outs: \[report.txt\]/outs:\n      - report.txt:\n          cache: false/' cairn.yaml
  cairn why report
  assert_out report.txt
  cairn repro
  assert_ran report
  run git check-ignore report.txt
  assert_same 1 "$STATUS" "an output that is not cached is left to Git: check-ignore"
  sed -i '/cache: false/d; s/- report.txt:/- report.txt/' cairn.yaml
  cairn repro
  git check-ignore -q report.txt
}

folder_dep_without_what_git_ignores() {
  new_repo
  mkdir -p src/lib
  echo code >src/a.py
  echo code >src/lib/b.py
  printf '*.pyc\n/src/cache/\n' >.gitignore
  cat >cairn.yaml <<'YAML'
stages:
  use:
    cmd: echo use >>"$RAN"; cat src/a.py src/lib/b.py >out.txt
    deps: [src]
    outs: [out.txt]
YAML
  commit start
  cairn repro
  assert_ran use
  mkdir -p src/__pycache__ src/lib/__pycache__ src/cache
  echo compiled >src/__pycache__/a.pyc
  echo compiled >src/lib/__pycache__/b.pyc
  echo cached >src/cache/x
  cairn repro
  assert_ran
  echo more >src/lib/c.py
  cairn why use
  assert_out src
  assert_out c.py
  cairn repro
  assert_ran use
}

folder_dep_of_tracked_data() {
  new_repo
  mkdir data
  echo 1 >data/a
  echo tmp >data/b.tmp
  echo '*.log' >.gitignore
  echo '*.tmp' >data/.cairnignore
  cairn add data
  cat >cairn.yaml <<'YAML'
stages:
  use:
    cmd: echo use >>"$RAN"; cat data/a >out.txt
    deps: [data]
    outs: [out.txt]
YAML
  commit start
  cairn repro
  assert_ran use
  echo other >data/b.tmp
  cairn repro
  assert_ran
  echo counts >data/c.log
  cairn why use
  assert_out c.log
  cairn repro
  assert_ran use
}

folder_dep_with_outputs_of_stages() {
  new_repo
  mkdir -p all/build
  echo build/ >.gitignore
  echo hand >all/hand.txt
  echo 1 >in.txt
  cat >cairn.yaml <<'YAML'
stages:
  make:
    cmd: echo make >>"$RAN"; cp in.txt all/build/made.txt
    deps: [in.txt]
    outs: [all/build/made.txt]
  use:
    cmd: echo use >>"$RAN"; cat all/hand.txt all/build/*.txt >out.txt
    deps: [all]
    outs: [out.txt]
YAML
  commit start
  cairn repro
  assert_ran make use
  cairn repro
  assert_ran
  echo 2 >in.txt
  cairn repro
  assert_ran make use
  assert_content out.txt "$(printf 'hand\n2')"
  cairn fsck
}

why_names_files_of_a_folder() {
  new_repo
  mkdir data
  echo 1 >data/a
  echo 1 >data/b
  cairn add data
  cat >cairn.yaml <<'YAML'
stages:
  use:
    cmd: cat data/* >out.txt
    deps: [data]
    outs: [out.txt]
YAML
  cairn repro
  echo 2 >data/b
  rm data/a
  echo new >data/c
  cairn why use
  assert_out data/a
  assert_out data/b
  assert_out data/c
  "$CAIRN" why use --json | python3 -m json.tool >/dev/null
}

test_case "a second repro runs and writes nothing" second_repro_writes_nothing
test_case "a changed input reruns what depends on it" input_reruns_what_depends_on_it
test_case "the same output does not rerun dependents" early_cutoff
test_case "a changed YAML param reruns its stage alone" yaml_param_reruns_its_stage
test_case "params in JSON, and whole files in TOML" json_and_toml_params
test_case "a missing param is named with its place" missing_param_is_named
test_case "a changed command reruns its stage" command_reruns_its_stage
test_case "a changed script that cmd names reruns its stage" code_file_reruns_its_stage
test_case "adding or removing a dep, param or out reruns its stage" adding_and_removing_declarations
test_case "an earlier state is restored without running" earlier_state_comes_from_the_run_cache
test_case "a deleted or changed output comes back without running" deleted_output_comes_back
test_case "why says that a stage is up to date" up_to_date_stage_has_no_reason
test_case "targets, -s, --downstream, --force" selections
test_case "--dry-run changes nothing" dry_run_changes_nothing
test_case "--dry-run of a pipeline that never ran" dry_run_of_a_new_pipeline
test_case "a frozen stage does not run" frozen_stage
test_case "an always_changed stage runs every time" always_changed_stage
test_case "an output can stop and start being cached" changed_state_of_caching
test_case "what Git ignores in a folder dep does not count" folder_dep_without_what_git_ignores
test_case "in tracked data only .cairnignore counts" folder_dep_of_tracked_data
test_case "outputs of stages in a folder dep count" folder_dep_with_outputs_of_stages
test_case "why names the files of a folder" why_names_files_of_a_folder
finish
