#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Experiments: run away from the workspace, kept as refs, shown, applied, and never in the way.
. "$(dirname "$0")/lib.sh"

# prepare (tracked data -> clean.txt) -> train (params, model kept by cairn, m.json kept by Git).
pipeline() {
  new_repo
  seq 100 >data.txt
  cairn add data.txt
  printf 'train:\n  lr: 0.1 # rate\n  depth: 3\nfail: no\n' >params.yaml
  cat >train.sh <<'SH'
set -e
get() { sed -n "s/^ *$1: \([^ ]*\).*/\1/p" params.yaml; }
[ "$(get fail)" = no ] || { echo "told to fail"; exit 7; }
[ -z "${HOLD:-}" ] || { touch "$HOLD.$$"; while [ -e "$HOLD" ]; do sleep 0.05; done; }
lr=$(get lr)
{ cat clean.txt; echo "$lr $(get depth)"; } >model.txt
echo "{\"acc\": 1$lr}" >m.json
SH
  cat >cairn.yaml <<'YAML'
stages:
  prepare:
    cmd: echo prepare >>"\${RAN:-/dev/null}"; sort -rn data.txt >clean.txt
    deps: [data.txt]
    outs: [clean.txt]
  train:
    cmd: sh train.sh
    deps: [clean.txt]
    params: [train, fail]
    outs: [model.txt]
    metrics: [m.json: {cache: false}]
YAML
  cairn repro
  commit start
}

# Everything that an experiment must leave alone: work tree, index, HEAD, branches.
footprint() {
  find . -path ./.git -prune -o -printf '%p %T@ %s %i %m\n' | sort
  git rev-parse HEAD
  git symbolic-ref HEAD
  git for-each-ref refs/heads refs/tags
  sha256sum .git/index
  git worktree list
}

nothing_left() {
  assert_same "" "$(find "$(store_of)/work" -mindepth 1 -name 'run-*')" "work trees of experiments"
  assert_same 1 "$(git worktree list | wc -l)" "work trees of Git"
}

one_experiment() {
  pipeline
  footprint >"$T/before"
  cairn exp run -n lower -S train.lr=0.05 -m "a lower rate"
  assert_out "done  lower  params.yaml:train.lr=0.05"
  footprint >"$T/after"
  diff "$T/before" "$T/after" || fail "exp run touched the workspace"
  nothing_left
  assert_same "$(git rev-parse HEAD)" "$(git rev-parse refs/cairn/exp/lower^)" "parent"
  assert_same "a lower rate" "$(git log -1 --format=%s refs/cairn/exp/lower)"
  git show refs/cairn/exp/lower:params.yaml >"$T/params"
  assert_content "$T/params" "train:
  lr: 0.05 # rate
  depth: 3
fail: no"
  assert_same '{"acc": 10.05}' "$(git show refs/cairn/exp/lower:m.json)"
  git show refs/cairn/exp/lower:cairn.lock | grep -q 'lr: 0.05' || fail "the lock is not in the commit"
  assert_same "M	cairn.lock
M	m.json
M	params.yaml" "$(git diff --name-status HEAD refs/cairn/exp/lower)"
  git fsck --strict
}

only_what_changed_runs() {
  pipeline
  rm -f "$RAN"
  cairn exp run -S train.lr=0.2
  assert_absent "$RAN"
  cairn exp run -n again -S train.lr=0.2 -v
  assert_lacks "$T/err" "running 'train'"
}

a_sweep() {
  pipeline
  cairn exp run -n grid -S train.lr=0.1,0.2 -S "train.depth=range(2,5)" -j 3
  assert_same 6 "$(git for-each-ref refs/cairn/exp | wc -l)" "experiments"
  for i in 1 2 3 4 5 6; do
    assert_out "done  grid-$i"
  done
  nothing_left
  assert_same "0.1 4" "$(git show refs/cairn/exp/grid-3:params.yaml | sed -n 's/ *\(lr\|depth\): \([^ ]*\).*/\2/p' | paste -sd' ')"
  cairn exp show --sort-by acc --descending --csv
  assert_same "Experiment,Base,Status,Created,acc,depth,lr" "$(head -n1 "$T/out" | sed 's/train\.//g')"
  # Three are equally good; those run at once stand in the order in which they ended.
  assert_same "grid-4 grid-5 grid-6" "$(sed -n 4,6p "$T/out" | cut -d, -f1 | sort | paste -sd' ')" "the best first"
  grep -q '^grid-4,main,done,.*,10.2,2,0.2$' "$T/out" || fail "not as it was run"
  must_fail 9 cairn exp run -n grid -S train.lr=0.1,0.2
  assert_err "'grid-1'"
}

dirty_trees_are_the_start() {
  pipeline
  echo 'echo >extra.txt new' >>train.sh
  sed -i 's/depth: 3/depth: 9/' params.yaml
  echo staged >staged.txt
  git add staged.txt
  echo untracked >untracked.txt
  footprint >"$T/before"
  cairn exp run -n dirty -S train.lr=0.3,0.4
  footprint >"$T/after"
  diff "$T/before" "$T/after" || fail "exp run touched the workspace"
  git show refs/cairn/exp/dirty-2:params.yaml | grep -q 'depth: 9' || fail "an edit is missing"
  assert_same staged "$(git show refs/cairn/exp/dirty-1:staged.txt)"
  git cat-file -e refs/cairn/exp/dirty-1:untracked.txt 2>/dev/null && fail "an untracked file is in the experiment"
  # The workspace is where the experiment began, so nothing of it is lost.
  cairn exp apply dirty-2
  assert_contains params.yaml "lr: 0.4"
  assert_contains params.yaml "depth: 9"
}

failed_runs_are_kept() {
  pipeline
  must_fail 8 cairn exp run -n bad -S fail=yes -S train.lr=0.5
  assert_err "told to fail"
  assert_out "failed  bad"
  nothing_left
  git log -1 --format=%B refs/cairn/exp/bad | grep -qx 'cairn-status: failed' || fail "no trailer"
  must_fail 8 cairn exp run -n mixed -S fail=yes,no -j 2 --json
  assert_value '[(e["name"], e["status"]) for e in d["experiments"]]' '[["mixed-1", "failed"], ["mixed-2", "done"]]'
  cairn exp show --json
  assert_value 'sorted((e["name"], e["status"]) for e in d["revisions"][1]["experiments"])' \
    '[["bad", "failed"], ["mixed-1", "failed"], ["mixed-2", "done"]]'
}

apply_brings_code_params_lock_and_data() {
  pipeline
  cairn exp run -n best -S train.lr=0.7 -S train.depth=4
  git rev-parse HEAD >"$T/head"
  cairn exp apply best --dry-run
  assert_same "" "$(git status --porcelain)"
  cairn exp apply best
  assert_same "$(cat "$T/head")" "$(git rev-parse HEAD)"
  assert_same "M cairn.lock M m.json M params.yaml" "$(git status --porcelain | xargs)"
  assert_contains params.yaml "lr: 0.7 # rate"
  assert_same "0.7 4" "$(tail -n1 model.txt)"
  assert_same "" "$(git diff refs/cairn/exp/best)"
  cairn status --exit-code
  cairn repro
  assert_out "2 up to date"
  cairn undo
  assert_same "" "$(git status --porcelain)"
  assert_same "0.1 3" "$(tail -n1 model.txt)"
  cairn undo
  assert_same "0.7 4" "$(tail -n1 model.txt)"
  git add -A
  git commit -qm best
  cairn exp apply best
  assert_same "" "$(git status --porcelain)"
}

apply_keeps_uncommitted_work() {
  pipeline
  cairn exp run -n best -S train.lr=0.7
  sed -i 's/lr: 0.1/lr: 0.123/' params.yaml
  must_fail 9 cairn exp apply best
  assert_err "'params.yaml'"
  assert_err "--force"
  assert_contains params.yaml "lr: 0.123"
  cairn exp apply best --force
  assert_contains params.yaml "lr: 0.7"
  cairn undo
  assert_contains params.yaml "lr: 0.123"
  git checkout -q params.yaml
  sed -i 's/depth: 3/depth: 33/' params.yaml
  git commit -qam later
  must_fail 9 cairn exp apply best
  assert_err "committed since"
  echo own >>model.txt
  git checkout -q HEAD~1
  must_fail 9 cairn exp apply best
  assert_err "model.txt"
  assert_same own "$(tail -n1 model.txt)"
}

branch_list_remove() {
  pipeline
  cairn exp run -n one -S train.lr=0.2
  cairn exp run -n two -S train.lr=0.3
  cairn exp branch one lower
  assert_same "$(git rev-parse refs/cairn/exp/one)" "$(git rev-parse lower)"
  must_fail 9 cairn exp branch two lower
  must_fail 2 cairn exp branch two 'a b'
  cairn exp list --names-only
  assert_content "$T/out" "one
two"
  must_fail 9 cairn exp remove one nothing
  cairn exp list --names-only
  assert_out one
  cairn exp remove one
  cairn exp list --names-only
  assert_content "$T/out" two
  must_fail 2 cairn exp remove
  cairn exp remove --all
  cairn exp list
  assert_content "$T/out" "no experiments"
  must_fail 9 cairn exp apply one
}

show_and_diff() {
  pipeline
  cairn exp run -n first -S train.lr=0.2
  git commit -q --allow-empty -m next
  cairn exp run -n second -S train.lr=0.3
  cairn exp show
  assert_out second
  assert_lacks "$T/out" first
  assert_out "1 experiment of other commits"
  cairn exp show -n 2 --md
  assert_out "| first |"
  cairn exp show -A --json
  assert_value 'sorted(e["name"] for r in d["revisions"] for e in r.get("experiments", []))' '["first", "second"]'
  cairn exp diff first second
  assert_content "$T/out" "Path    Metric  first  second  Change
m.json  acc     10.2   10.3    0.1

Path         Param     first  second  Change
params.yaml  train.lr  0.2    0.3     0.1"
  cairn exp diff first second --json
  assert_value 'd["metrics"]["m.json"]["acc"]["old"]' '10.2'
  cairn metrics diff first second
  assert_out 10.3
  must_fail 9 cairn exp show --sort-by nothing
}

bad_values_run_nothing() {
  pipeline
  must_fail 2 cairn exp run -S train.nothing=1
  assert_err "no key 'train.nothing'"
  must_fail 2 cairn exp run -S lr
  must_fail 2 cairn exp run -S other.yaml:a=1
  assert_err "git add other.yaml"
  must_fail 2 cairn exp run -n 'a/b'
  must_fail 2 cairn exp run -S train.lr=1 -S train.lr=2
  must_fail 9 cairn exp run no-such-stage
  cairn exp list
  assert_content "$T/out" "no experiments"
  cairn exp run -n new -S +train.new=x
  git show refs/cairn/exp/new:params.yaml | grep -q '^  new: x' || fail "no new key"
  nothing_left
}

# killed SIGNAL: a sweep of three, two at once, is sent it while its commands run.
killed() {
  pipeline
  export HOLD=$T/case/hold
  touch "$HOLD"
  setsid "$CAIRN" exp run -n kill -S train.lr=0.2,0.3,0.4 -j 2 >"$T/out" 2>"$T/err" &
  local pid=$!
  until [ "$(find "$T/case" -name 'hold.*' | wc -l)" = 2 ]; do
    kill -0 "$pid" || fail "ended too soon"
    sleep 0.05
  done
  find "$(store_of)/work" -name 'run-*' | grep -q . || fail "no work tree while it runs"
  assert_same 1 "$(git worktree list | wc -l)" "work trees of Git while it runs"
  kill "-$1" "$pid"
  STATUS=0
  wait "$pid" || STATUS=$?
}

kill_leaves_nothing() {
  killed KILL
  assert_same 137 "$STATUS"
  rm "$HOLD"
  cairn exp list
  assert_content "$T/out" "no experiments"
  nothing_left
  assert_same "" "$(git status --porcelain)"
  cairn exp run -n kill -S train.lr=0.2
  assert_same 1 "$(git for-each-ref refs/cairn/exp | wc -l)"
}

ctrl_c_keeps_what_is_finished() {
  killed INT
  assert_same 130 "$STATUS"
  rm "$HOLD"
  nothing_left
  cairn exp list
  assert_content "$T/out" "no experiments"
  cairn exp run -n kill -S train.lr=0.2
}

leftovers_of_others_stay() {
  pipeline
  export HOLD=$T/case/hold
  touch "$HOLD"
  "$CAIRN" exp run -n slow -S train.lr=0.2 >"$T/slow" 2>&1 &
  local pid=$!
  until find "$T/case" -name 'hold.*' | grep -q .; do
    kill -0 "$pid" || fail "ended too soon"
    sleep 0.05
  done
  cairn exp list
  find "$(store_of)/work" -name 'run-*' | grep -q . || fail "a running experiment's work tree was removed"
  rm "$HOLD"
  wait "$pid"
  cairn exp list --names-only
  assert_content "$T/out" slow
  nothing_left
}

in_a_subfolder() {
  git init -q repo
  cd repo
  mkdir sub
  echo outside >outside.txt
  cd sub
  cairn init -q
  echo 'n: 1' >params.yaml
  printf 'stages:\n  s:\n    cmd: cat ../outside.txt params.yaml >out.txt\n    params: [n]\n    outs: [out.txt]\n' >cairn.yaml
  cairn repro
  git add -A ..
  git commit -qm start
  cairn exp run -n sub -S n=2
  cairn exp apply sub
  assert_content out.txt "outside
n: 2"
  cairn exp diff sub HEAD
}

environments_of_the_project() {
  python3 -m venv --without-pip probe || skip "no venv here"
  new_repo
  python3 -m venv --without-pip .venv
  echo .venv >.gitignore
  echo 'n: 1' >params.yaml
  cat >cairn.yaml <<'YAML'
stages:
  s:
    cmd: python -c 'import sys; print(sys.prefix)' >prefix.txt; cat params.yaml >>prefix.txt
    environment: {python: ./.venv}
    params: [n]
    outs: [prefix.txt]
YAML
  cairn repro
  commit start
  cairn exp run -n same
  assert_lacks "$T/err" "running 's'"
  cairn exp run -n other -S n=2
  cairn exp apply other
  assert_contains prefix.txt "n: 2"
  assert_contains prefix.txt .venv
  git ls-tree --name-only refs/cairn/exp/other >"$T/names"
  assert_lacks "$T/names" .venv
}

odd_projects() {
  git init -q repo
  cd repo
  cairn init -q
  printf 'stages:\n  s:\n    cmd: echo 1 >out.txt\n    outs: [out.txt]\n' >cairn.yaml
  must_fail 9 cairn exp run
  assert_err "git commit"
  git add cairn.yaml
  git commit -qm part
  must_fail 6 cairn exp run
  assert_err "git add .cairn"
  git add -A
  git commit -qm whole
  git update-index --split-index
  GIT_DIR=$PWD/.git must_fail 9 cairn exp run
  assert_err "unset GIT_DIR"
  ln -s cairn.yaml link
  git add link
  cairn exp run -n split
  assert_same "120000 blob" "$(git ls-tree refs/cairn/exp/split link | cut -d' ' -f1,2)"
  nothing_left
}

test_case "one experiment" one_experiment
test_case "only what changed runs" only_what_changed_runs
test_case "a sweep" a_sweep
test_case "uncommitted work is the start, and stays" dirty_trees_are_the_start
test_case "failed runs are kept" failed_runs_are_kept
test_case "apply brings code, params, lock and data" apply_brings_code_params_lock_and_data
test_case "apply keeps uncommitted work" apply_keeps_uncommitted_work
test_case "branch, list and remove" branch_list_remove
test_case "show and diff" show_and_diff
test_case "bad values run nothing" bad_values_run_nothing
test_case "a killed sweep leaves nothing behind" kill_leaves_nothing
test_case "an interrupted sweep cleans up" ctrl_c_keeps_what_is_finished
test_case "other runs' work trees stay" leftovers_of_others_stay
test_case "a project in a subfolder" in_a_subfolder
test_case "environments inside the project" environments_of_the_project
test_case "projects that are half there" odd_projects
finish
