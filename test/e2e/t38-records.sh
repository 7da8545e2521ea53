#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# What runs leave behind: records, logs, the run cache; and what is left of them after a kill.
KILL_SECONDS=${CAIRN_KILL_SECONDS:-12} # longer by hand
. "$(dirname "$0")/lib.sh"

# newest [STAGE]: id of the newest run.
newest() {
  cairn log "$@" -n 1 --json >/dev/null
  json 'd["runs"][0]["id"]'
}

a_run_leaves_a_record() {
  new_repo
  printf 'lr: 0.1\n' >params.yaml
  echo in >in
  cat >cairn.yaml <<'YAML'
stages:
  train:
    cmd: echo out of it; echo and err >&2; cat in >model
    deps: [in]
    params: [lr]
    outs: [model]
YAML
  commit first
  cairn repro
  cairn log
  assert_out train
  assert_out "first run"
  run=$(newest train)
  cairn log show "${run:0:6}" --json
  assert_same ok "$(json 'd["run"]["status"]')"
  assert_same "$run" "$(json 'd["run"]["id"]')"
  assert_same "$(git rev-parse HEAD)" "$(json 'd["run"]["commit"]')"
  assert_same False "$(json 'd["run"]["dirty"]')"
  assert_same "$(hostname)" "$(json 'd["run"]["host"]')"
  assert_same 0.1 "$(json 'd["run"]["params"]["params.yaml"]["lr"]')"
  assert_same in "$(json 'd["run"]["deps"][0]["path"]')"
  assert_same "b3:$(b3_of model)" "$(json 'd["run"]["outs"][0]["hash"]')"
  assert_same True "$(json 'd["run"]["usage"]["wall_us"] > 0')"
  assert_same True "$(json 'd["run"]["usage"]["peak_memory"] > 100000')"
  assert_same True "$(json 'd["run"]["system"]["cpus"] >= 1')"
  cairn log show "$run" --output
  assert_content "$T/out" "$(printf 'out of it\nand err')"
  cairn log show "$run"
  assert_out "lr = 0.1"

  printf 'lr: 0.2\n' >params.yaml
  cairn repro
  cairn log -n 1
  assert_out "param params.yaml:lr"
  cairn log compare "$run" "$(newest)"
  assert_out "0.1 -> 0.2"
  cairn log show "$(newest)" --json
  assert_same True "$(json 'd["run"]["dirty"]')"
}

b3_of() {
  "$CAIRN" check-ignore --help >/dev/null # the digits are in the lock
  sed -n "/path: $1\$/,/size/s/.*hash: b3://p" cairn.lock | tail -n1
}

every_end_is_recorded() {
  new_repo
  cat >cairn.yaml <<'YAML'
stages:
  fails: {cmd: "echo before; exit 3", outs: [a]}
  killed: {cmd: "echo dying; kill -9 $$", outs: [b]}
  late: {cmd: "echo waiting; sleep 60", timeout: 1s, outs: [c]}
  lacks: {cmd: "echo nothing", outs: [d]}
  noshell: {cmd: "x", shell: no-such-shell, outs: [e]}
YAML
  must_fail 8 cairn repro -k
  cairn log --failed --json
  assert_same "['failed', 'failed', 'failed', 'failed', 'timed_out']" \
    "$(json 'sorted(r["status"] for r in d["runs"])')"
  assert_same 3 "$(json '[r["exit"] for r in d["runs"] if r["stage"] == "fails"][0]')"
  assert_same 9 "$(json '[r["signal"] for r in d["runs"] if r["stage"] == "killed"][0]')"
  for pair in fails:before killed:dying late:waiting lacks:nothing; do
    cairn log show "$(newest "${pair%%:*}")" --output
    assert_out "${pair#*:}"
  done
  cairn log show "$(newest lacks)"
  assert_out "did not make its output"
  # Ctrl-C, and then the stage runs well.
  printf 'stages:\n  s: {cmd: "echo here; touch \\"$GATE\\"; test -e \\"$GATE.go\\" || sleep 60; echo 1 > o", outs: [o]}\n' >cairn.yaml
  env --default-signal=INT "$CAIRN" repro >"$T/out" 2>"$T/err" &
  child=$!
  wait_for "$GATE"
  kill -INT "$child"
  STATUS=0
  wait "$child" || STATUS=$?
  assert_same 130 "$STATUS"
  cairn log s --json
  assert_same interrupted "$(json 'd["runs"][0]["status"]')"
  cairn log show "$(newest s)" --output
  assert_out here
  touch "$GATE.go"
  cairn repro
  cairn log s --failed
  assert_out interrupted
  assert_lacks "$T/out" " ok "
}

output_is_kept_as_it_was() {
  new_repo
  cairn config runs.log_size 1000 --local
  cat >cairn.yaml <<'YAML'
stages:
  binary: {cmd: "printf '\\000\\377\\r\\n\\033[31m'; echo 1 > a", outs: [a]}
  long: {cmd: "seq 100000; echo 1 > b", outs: [b]}
  silent: {cmd: "echo 1 > c", outs: [c]}
YAML
  cairn repro
  "$CAIRN" log show "$(newest binary)" --output >../binary
  printf '\000\377\r\n\033[31m' | cmp - ../binary
  cairn log show "$(newest long)" --output
  assert_same 1 "$(head -n1 "$T/out")"
  assert_same 100000 "$(tail -n1 "$T/out")"
  assert_out "bytes of output were left out here]"
  [ "$(stat -c %s "$T/out")" -lt 1100 ] || fail "longer than the limit"
  cairn log show "$(newest silent)" --json
  assert_same None "$(json 'd["run"]["log"]')"
}

no_variables_are_recorded() {
  new_repo
  export CAIRN_TEST_SECRET=hunter2hunter2
  printf 'stages:\n  s: {cmd: "echo 1 > o", outs: [o]}\n' >cairn.yaml
  cairn repro
  ! grep -rqa hunter2 .git/cairn || fail "the environment was stored"
  unset CAIRN_TEST_SECRET
}

ids_are_asked_for_by_their_beginning() {
  new_repo
  printf 'stages:\n  s: {cmd: "date +%%N > o", outs: [o], always_changed: true}\n' >cairn.yaml
  for _ in $(seq 20); do
    "$CAIRN" repro -q
  done
  cairn log -n 0 --json
  assert_same 20 "$(json 'len(d["runs"])')"
  digit=$(json '[c for c in "0123456789abcdef" if sum(r["id"][0] == c for r in d["runs"]) > 1][0]')
  must_fail 2 cairn log show "$digit"
  assert_err "give more digits"
  must_fail 9 cairn log show ffffffffffffffffffff
  must_fail 9 cairn log show zz
  cairn log -n 3 --json
  assert_same 3 "$(json 'len(d["runs"])')"
}

two_results_of_one_key() {
  new_repo
  cat >cairn.yaml <<'YAML'
stages:
  s:
    cmd: cat ../hidden > o
    outs: [o]
  quiet:
    cmd: cat ../hidden > q
    outs: [q]
    deterministic: false
YAML
  echo 1 >../hidden
  commit start
  cairn repro
  git add cairn.lock
  git commit -qm one
  first=$(newest s)
  echo 2 >../hidden
  cairn repro --force
  cp "$T/err" ../warnings
  assert_contains ../warnings "stage 's' is not deterministic"
  assert_contains ../warnings "'o'"
  assert_contains ../warnings "cairn log compare ${first:0:12} $(newest s | cut -c1-12)"
  assert_lacks ../warnings "stage 'quiet' is not"
  cairn log compare "$first" "$(newest s)"
  assert_out "not deterministic"
  assert_out "out 'o'"
  # The lock of the workspace decides, then that of HEAD, then the oldest.
  rm o
  cairn repro
  assert_content o 2
  rm o cairn.lock
  cairn repro
  assert_content o 1
  git commit -qam "no lock" --allow-empty
  git rm -q --cached cairn.lock
  rm o cairn.lock
  git commit -qm "lock is gone"
  cairn repro
  assert_content o 1
}

a_stage_that_another_runs_is_waited_for() {
  new_repo
  cat >cairn.yaml <<'YAML'
stages:
  slow:
    cmd: |
      echo ran >>"$RAN"
      touch "$GATE"
      for i in $(seq 400); do test -e "$GATE.go" && break; sleep 0.05; done
      echo done >slow.txt
    outs: [slow.txt]
YAML
  "$CAIRN" repro >"$T/first" 2>&1 &
  first=$!
  wait_for "$GATE"
  "$CAIRN" repro >"$T/second" 2>&1 &
  second=$!
  for _ in $(seq 200); do
    ! grep -q "waiting for stage 'slow'" "$T/second" || break
    sleep 0.05
  done
  assert_contains "$T/second" "pid $first on $(hostname)"
  touch "$GATE.go"
  wait "$first"
  wait "$second"
  grep -Eq "1 (restored|up to date)" "$T/second" || fail "$(cat "$T/second")"
  assert_content "$RAN" ran
  cairn log
  assert_same 1 "$(grep -c slow "$T/out")"
}

# A graph of 30 stages that all note that they ran.
kill_repo() {
  new_repo
  {
    echo "stages:"
    for i in $(seq 30); do
      printf '  s%d:\n    cmd: echo %d >> "$RAN"; echo %d > o%d\n    outs: [o%d]\n' "$i" "$i" "$i" "$i" "$i"
      [ $((i % 3)) = 0 ] || continue
      printf '    deps: [o%d, o%d]\n' $((i - 1)) $((i - 2))
    done
  } >cairn.yaml
  commit start
}

# What was reported as done is not run again; what is there at the end is right.
killed_anywhere() {
  local deadline=$((SECONDS + KILL_SECONDS)) round=0 reported delay
  kill_repo
  while [ "$SECONDS" -lt "$deadline" ]; do
    round=$((round + 1))
    printf '# round %d\n' "$round" >>cairn.yaml
    sed -i "s/; echo \([0-9]*\) > o\([0-9]*\)\$/; echo \1 > o\2 # $round/; s/ # [0-9]*\$/ # $round/" cairn.yaml
    : >"$RAN"
    delay=$((RANDOM % 400))
    "$CAIRN" repro -j 3 --json >"$T/out" 2>"$T/progress" &
    child=$!
    sleep "0.$(printf %03d "$delay")"
    kill -9 "$child" 2>/dev/null || true
    wait "$child" 2>/dev/null || true
    cairn status >/dev/null
    cairn fsck >/dev/null # the lock names nothing that is not in the store
    # What the journal holds must not run again.
    cairn log -n 0 --json >/dev/null
    reported=$(json '" ".join(sorted(r["stage"][1:] for r in d["runs"] if r["status"] == "ok" and r["start"] > "'"$(date -u +%Y)"'"))' | tr ' ' '\n' | sort | uniq -c | awk -v n="$round" '$1 >= n { print $2 }')
    : >"$RAN"
    cairn repro -j 3 >/dev/null
    for stage in $reported; do
      ! grep -qx "$stage" "$RAN" || fail "s$stage ran again although it was recorded (round $round)"
    done
    for i in $(seq 30); do
      assert_content "o$i" "$i"
    done
    cairn repro
    assert_out "30 up to date"
  done
  echo "$round rounds"
  cairn fsck
  assert_same "" "$(unfinished)"
}

dry_run_tells_what_will_be() {
  new_repo
  echo 1 >in
  cat >cairn.yaml <<'YAML'
stages:
  a: {cmd: "cat in > a.txt", deps: [in], outs: [a.txt]}
  b: {cmd: "head -c 1 a.txt > b.txt", deps: [a.txt], outs: [b.txt]}
  c: {cmd: "cat b.txt > c.txt", deps: [b.txt], outs: [c.txt]}
  d: {cmd: "echo d > d.txt", outs: [d.txt]}
YAML
  commit start
  local state options
  for state in "true" "echo 2 >in" "echo 1 >in" "rm -f a.txt" "rm -f c.txt d.txt" "rm -f cairn.lock" "echo 12 >in" \
    "rm -f a.txt b.txt c.txt cairn.lock" "echo x >d.txt" "sed -i 's/echo d/echo e/' cairn.yaml" \
    "sed -i 's/echo e/echo d/' cairn.yaml"; do
    for options in "" "--no-run-cache" "--force" "-s d" "a"; do
      eval "$state"
      # shellcheck disable=SC2086
      cairn repro --dry-run --json $options >/dev/null
      cp "$T/out" "$T/plan"
      # shellcheck disable=SC2086
      cairn repro --json $options >/dev/null
      python3 - "$T/plan" "$T/out" <<'PY' || fail "after '$state', repro $options"
import json, sys
plan, done = (json.load(open(name))["stages"] for name in sys.argv[1:])
meaning = {"would_run": {"ran"}, "would_restore": {"restored"}, "up_to_date": {"up_to_date"},
           "might_run": {"ran", "restored", "up_to_date"}, "would_adopt": {"adopted"}}
assert [s["stage"] for s in plan] == [s["stage"] for s in done]
for was, now in zip(plan, done):
    unknown = any(c["kind"] == "upstream" for c in was["changes"])
    if was["outcome"] == "would_run" and unknown:
        assert now["outcome"] in {"ran", "restored"}, (was, now)  # what comes before decides
        continue
    assert now["outcome"] in meaning[was["outcome"]], (was, now)
first = [s for s in plan if s["outcome"] != "up_to_date"]
assert not first or first[0]["outcome"] != "might_run", first
PY
    done
  done
}

many_runs_are_cut() {
  new_repo
  cairn config runs.keep 5 --local
  printf 'stages:\n  s:\n    cmd: |\n      echo %s >/dev/null; date +%%N > o\n    always_changed: true\n    outs: [o]\n' \
    "$(head -c 30000 /dev/zero | tr '\0' x)" >cairn.yaml
  for _ in $(seq 40); do
    "$CAIRN" repro -q
  done
  cairn log -n 0 --json
  [ "$(json 'len(d["runs"])')" -lt 20 ] || fail "too many runs are kept"
  [ "$(json 'len(d["runs"])')" -ge 5 ] || fail "too few runs are kept"
  cairn log -n 1
}

# A pipeline with a parameter, committed with its lock, and a remote.
shared_pipeline() {
  new_repo
  cairn remote add storage ../storage
  printf 'lr: 0.1\n' >params.yaml
  echo in >in
  cairn add in
  cat >cairn.yaml <<'YAML'
stages:
  train:
    cmd: echo train >>"$RAN"; echo training; cat in params.yaml >model
    deps: [in]
    params: [lr]
    outs: [model]
YAML
  cairn repro
  commit start
  cairn push
  assert_out "pushed 1 record of a run"
  : >"$RAN"
  git clone -q . ../clone
}

results_are_shared() {
  shared_pipeline
  printf 'lr: 0.5\n' >params.yaml
  cairn repro
  cairn push
  assert_out "pushed 1 record of a run"
  cairn push
  assert_lacks "$T/out" record
  ! grep -rqa "host: " ../storage/runs || fail "the host was pushed"
  ! grep -rqa "user: " ../storage/runs || fail "the user was pushed"
  cp model ../model
  : >"$RAN"
  cd ../clone
  cairn pull
  assert_out "fetched 2 records of runs"
  cairn pull
  assert_lacks "$T/out" record
  # Somebody else has the same idea.
  printf 'lr: 0.5\n' >params.yaml
  cairn repro --pull
  assert_out "1 restored"
  assert_same "" "$(cat "$RAN")" "commands that ran"
  cmp model ../model
  cairn log --json
  assert_same "['', '']" "$(json '[r["id"] and "" for r in d["runs"]]')"
  must_fail 9 cairn log show "$(newest)" --output
  cd ../repo
  cairn push --logs
  cd ../clone
  cairn fetch --logs
  cairn log show "$(newest)" --output
  assert_out training
  cairn fsck
}

# Git has the metrics of the commit, not those of another state: their content goes along with the records.
what_git_keeps_is_shared() {
  new_repo origin
  cairn remote add storage ../storage
  cat >cairn.yaml <<'YAML'
stages:
  score:
    cmd: echo ran >>../ran; cp in score.json; cp in curve.csv
    deps: [in]
    metrics: [{score.json: {cache: false}}]
    plots: [{curve.csv: {cache: false}}]
YAML
  echo '{"a": 1}' >in
  cairn repro
  commit start
  git clone -q . ../clone
  echo '{"a": 2}' >in
  cairn repro
  cairn push
  assert_same 2 "$(wc -l <../ran)" "commands that ran"
  cd ../clone
  cairn pull
  echo '{"a": 2}' >in
  cairn repro --pull
  assert_out "1 restored"
  assert_same 2 "$(wc -l <../ran)" "commands that ran"
  cmp in score.json
  cmp in curve.csv
}

missing_data_is_pulled() {
  shared_pipeline
  cd ../clone
  must_fail 9 cairn repro
  must_fail 2 cairn repro --pull --dry-run
  cairn repro --pull
  assert_content in in
  assert_content model "$(printf 'in\nlr: 0.1')"
  assert_same "" "$(cat "$RAN")" "commands that ran"
}

the_host_is_shared_on_request() {
  shared_pipeline
  printf 'lr: 0.7\n' >params.yaml
  cairn repro
  cairn config core.share_host true --local
  cairn push
  grep -rqa "host: $(hostname)" ../storage/runs || fail "the host was not pushed"
  cairn push --no-run-cache
}

damaged_results_are_refused() {
  shared_pipeline
  segment=$(ls ../storage/runs/*)
  flip_byte "$segment" 200
  cd ../clone
  cairn pull
  assert_err "does not match its name"
  cairn log
  assert_out "no run is remembered"
}

many_segments_are_merged() {
  shared_pipeline
  for i in $(seq 40); do
    printf 'lr: %d\n' "$i" >params.yaml
    "$CAIRN" repro -q
    "$CAIRN" push -q
  done
  [ "$(ls ../storage/runs | wc -l)" -le 33 ] || fail "too many segments"
  cd ../clone
  cairn pull
  cairn log -n 0 --json
  assert_same 41 "$(json 'len(d["runs"])')"
}

test_case "a run leaves a record" a_run_leaves_a_record
test_case "failed, late and interrupted runs leave theirs" every_end_is_recorded
test_case "output is kept as it was, up to a limit" output_is_kept_as_it_was
test_case "the environment is not recorded" no_variables_are_recorded
test_case "runs are named by the beginning of their ids" ids_are_asked_for_by_their_beginning
test_case "two results of one key" two_results_of_one_key
test_case "a stage that another process runs is waited for" a_stage_that_another_runs_is_waited_for
test_case "cairn killed anywhere" killed_anywhere
test_case "a dry run says what the run then does" dry_run_tells_what_will_be
test_case "the journal is cut" many_runs_are_cut
test_case "results are shared" results_are_shared
test_case "--pull brings what is missing" missing_data_is_pulled
test_case "what Git keeps is shared" what_git_keeps_is_shared
test_case "the host is shared on request" the_host_is_shared_on_request
test_case "damaged results are refused" damaged_results_are_refused
test_case "many segments are merged" many_segments_are_merged
finish
