#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# ci check in fresh clones without data, what it says to GitHub, GitLab and JUnit, and workflows of ci init that really run.
. "$(dirname "$0")/lib.sh"

# raw.csv and parts/ (tracked) -> clean.csv (kept by cairn) -> m.json (kept by Git); pushed, with a bare origin.
team_project() {
  new_repo
  cairn install
  cairn remote add storage ../storage
  printf 'id,x\n1,5\n2,7\n' >raw.csv
  mkdir -p parts/deep
  seq 9 >parts/deep/a.txt
  seq 8 >parts/b.txt
  cairn add raw.csv parts
  echo 'lr: 0.1' >params.yaml
  printf 'sort raw.csv >clean.csv\n' >clean.sh
  cat >cairn.yaml <<'YAML'
stages:
  clean:
    cmd: sh clean.sh
    deps: [raw.csv]
    outs: [clean.csv]
  deep:
    cmd: cat parts/deep/a.txt parts/*.txt >deep.txt
    deps: [parts/deep/a.txt, "parts/*.txt"]
    outs: [deep.txt]
  score:
    cmd: "wc -l <clean.csv >/dev/null; echo '{\"auc\": 0.9, \"rows\": 3}' >m.json"
    deps: [clean.csv]
    params: [lr]
    metrics: [m.json: {cache: false}]
YAML
  git add -A
  cairn repro
  commit start
  git init -q --bare ../origin.git
  git remote add origin "file://$PWD/../origin.git"
  cairn install
  cairn push
  git push -q origin main
}

# Goes into a fresh clone NAME without data, as CI has it.
ci_clone() {
  git clone -q "file://$T/case/origin.git" "$T/case/$1"
  cd "$T/case/$1"
  git fetch -q origin '+refs/cairn/versions/*:refs/cairn/remotes/origin/versions/*' '+refs/cairn/verdicts/*:refs/cairn/remotes/origin/verdicts/*'
}

# failed CHECK WORDS: check fails with a line of that check that holds these words.
failed() {
  must_fail 1 cairn ci check
  grep -E "^FAILED +$1 " "$T/out" | grep -qF -- "$2" || fail "no line of $1 with: $2"
}

passes_without_data() {
  team_project
  cairn pipeline save v1 --push
  ci_clone ci
  assert_absent raw.csv parts clean.csv
  cairn ci check
  assert_same 4 "$(grep -c '^ok ' "$T/out")" 'checks that passed'
  assert_out '4 of 4 checks passed'
  assert_absent raw.csv parts clean.csv .git/cairn/packs/*
  cairn ci check --json
  assert_value '[d["ok"], d["state"], [c["check"] for c in d["checks"]]]' '[true, "ok", ["commit", "data", "versions", "stages"]]'
  assert_same "$(git rev-parse HEAD)" "$(json 'd["commit"]')"
  assert_value 'd["bytes_read"] >= 0 and d["data_bytes"] > 0' true
}

reads_no_content() {
  new_repo
  cairn remote add storage ../storage
  mkdir data
  for i in 1 2 3; do large_file "data/$i" 4000000; done
  large_file one 8000000
  cairn add data one
  commit data
  cairn push
  fresh_clone
  cairn ci check --json
  assert_value 'd["data_bytes"]' 20000000
  # Folders are read, in whole checked blocks of a pack.
  assert_value '0 < d["bytes_read"] < d["data_bytes"] / 100' true
}

finds_stale_locks_without_data() {
  team_project
  ci_clone ci
  sed -i 's/sort raw/sort -r raw/' clean.sh
  commit code
  failed stages "stage 'clean' is not up to date: code 'clean.sh' changed"
  assert_lacks "$T/out" "stage 'score'"
  git reset -q --hard HEAD~1
  echo 'lr: 0.2' >params.yaml
  commit params
  failed stages "stage 'score' is not up to date: param 'params.yaml:lr'"
  git reset -q --hard HEAD~1
  sed -i 's/sh clean.sh/sh  clean.sh/' cairn.yaml
  commit cmd
  failed stages "cairn.yaml:2: stage 'clean' is not up to date"
  assert_out '; try: cairn repro'
}

# The data of the pointer is not here, and still its change is seen.
finds_changed_pointers_without_data() {
  team_project
  git clone -q ../origin.git ../other
  cd ../other
  cairn pull
  printf 'id,x\n1,5\n' >raw.csv
  seq 10 >parts/deep/a.txt
  seq 3 >parts/c.txt
  cairn add raw.csv parts
  commit 'new data'
  cairn push
  git push -q origin main
  ci_clone ci
  assert_absent raw.csv parts
  failed stages "stage 'clean' is not up to date: dep 'raw.csv' changed"
  assert_out "dep 'parts/deep/a.txt' changed"
  assert_out "dep 'parts/c.txt'"
  assert_lacks "$T/out" 'parts/b.txt'
  assert_lacks "$T/out" "stage 'score'"
}

judges_folders_that_hold_recorded_data() {
  new_repo
  cairn remote add storage ../storage
  mkdir -p in/sub/raw
  echo code >in/code.py
  echo one >in/sub/a.csv
  echo two >in/sub/raw/b.csv
  cairn add in/sub/a.csv in/sub/raw
  printf 'stages:\n  all: {cmd: ls in >out.txt, deps: [in], outs: [out.txt]}\n' >cairn.yaml
  git add -A
  cairn repro
  commit start
  cairn push
  fresh_clone
  cairn ci check
  echo more >>in/code.py
  commit code
  failed stages "dep 'in' changed"
}

finds_data_that_was_not_pushed() {
  team_project
  printf 'id,x\n9,9\n' >raw.csv
  cairn add raw.csv
  cairn repro
  commit more
  failed data "raw.csv.cairn:1: 'raw.csv' is not on remote 'storage'; try: cairn push raw.csv"
  assert_out "'clean.csv' is not on remote 'storage'"
  assert_lacks "$T/out" "'parts' is not"
  cairn push
  cairn ci check
  # A pack that is gone is seen here as well as where nothing is.
  find ../storage/packs -type f -delete
  failed data "'parts' is not on remote"
  CAIRN_NO_HOOKS=1 git push -q origin main
  ci_clone ci
  failed data "'raw.csv' is not on remote"
}

needs_a_remote() {
  new_repo
  echo a >a
  cairn add a
  commit a
  failed data "'a' is on no remote: no default remote is set; try: cairn remote add"
  cairn remote add storage ../storage
  commit remote
  must_fail 7 cairn ci check
  must_fail 7 cairn ci check --json
  cairn push
  cairn ci check
}

checks_saved_versions() {
  team_project
  cairn pipeline save v1 --push
  echo 'lr: 0.3' >params.yaml
  cairn repro
  commit two
  cairn push
  cairn pipeline save v2
  cairn ci check
  assert_out '2 saved versions'
  # A version whose data the remote lost: neither HEAD nor its root says so.
  printf 'id,x\n4,4\n' >raw.csv
  cairn add raw.csv && cairn repro && commit three
  cairn push
  cairn pipeline save v3
  git revert --no-edit HEAD >/dev/null
  cairn checkout
  cairn push
  cairn ci check
  local root=../storage/roots/*/$(git rev-parse HEAD~1)
  rm $root
  cairn ci check
  # Its packs go, and what HEAD needs is sent anew.
  find ../storage/packs ../storage/indexes -type f -delete
  cairn push
  failed versions "version 'v3': "
  assert_out "not on remote 'storage'; try: cairn push --rev v3"
  assert_lacks "$T/out" "version 'v1'"
  cairn push --rev v3
  cairn ci check
  # What is no version, and one that was changed.
  git update-ref refs/cairn/versions/fake HEAD
  failed versions 'is no version that cairn saved'
  git update-ref -d refs/cairn/versions/fake
}

requires_a_clean_workspace() {
  team_project
  echo x >>clean.sh
  failed commit "clean.sh:1: 'clean.sh' differs from HEAD"
  rm clean.sh
  failed commit "'clean.sh' of HEAD is gone"
}

holds_metrics_to_limits() {
  team_project
  cat >>cairn.yaml <<'YAML'
ci:
  metrics:
    m.json:
      auc: {min: 0.8, max: 1}
      rows:
YAML
  commit policy
  cairn ci check
  assert_out '2 metrics'
  sed -i 's/min: 0.8/min: 0.95/; s/rows:/loss:/' cairn.yaml
  commit stricter
  failed metrics "cairn.yaml:18: metric 'auc' of 'm.json' is 0.9, below 0.95"
  assert_out "cairn.yaml:19: metric 'loss' of 'm.json' is missing"
  sed -i 's/min: 0.95/min: high/' cairn.yaml
  commit nonsense
  must_fail 9 cairn ci check
  assert_err 'cairn.yaml:18:18: '
}

# A metric that only cairn keeps is not here in CI: told, not passed.
tells_what_it_cannot_check() {
  team_project
  sed -i 's/m.json: {cache: false}/m.json/' cairn.yaml
  printf 'ci: {metrics: {m.json: {auc: {min: 0.8}}}}\n' >>cairn.yaml
  git rm -q --cached m.json
  cairn repro
  commit cached
  cairn push
  git push -q origin main
  ci_clone ci
  must_fail 3 cairn ci check
  grep -q '^UNKNOWN  *metrics .*m.json' "$T/out" || fail 'no unknown metric'
  assert_out '1 not checked'
  cairn pull m.json
  cairn ci check
}

drift_project() {
  new_repo
  cairn remote add storage ../storage
  python3 -c 'print("x"); [print(i % 100) for i in range(1000)]' >t.csv
  cairn add t.csv
  printf 'drift:\n  t.csv: {fail_on: "psi>0.2,ks>0.1"}\n' >cairn.yaml
  commit one
}

gates_drift() {
  drift_project
  cairn push
  cairn ci check
  assert_out 'no saved version of another commit to compare with'
  cairn pipeline save v1
  echo >>cairn.yaml
  commit two
  cairn push
  cairn ci check
  assert_out '1 gate, against v1'
  python3 -c 'print("x"); [print(i % 100 + 80) for i in range(1000)]' >t.csv
  cairn add t.csv
  commit three
  cairn push
  failed drift "cairn.yaml:2: 't.csv' drifted from v1: column 'x': "
  # Without data and profiles it is told, and judged once both states are here.
  git clone -q . ../clone
  cd ../clone
  git fetch -q origin '+refs/cairn/versions/*:refs/cairn/remotes/origin/versions/*'
  must_fail 3 cairn ci check
  assert_out "drift of 't.csv' is not checked"
  assert_out 'cairn fetch t.csv --rev v1 --rev HEAD'
  cairn fetch t.csv --rev v1 --rev HEAD
  failed drift "'t.csv' drifted from v1"
  # Another state to compare with.
  printf 'ci: {drift_from: HEAD~1}\n' >>cairn.yaml
  commit base
  cairn ci check
  assert_out 'against HEAD~1'
  sed -i 's/HEAD~1/nowhere/' cairn.yaml
  commit 'bad base'
  failed drift "cairn.yaml:4: "
}

wants_verified_results() {
  team_project
  printf 'ci: {verified: true}\n' >>cairn.yaml
  commit policy
  failed verified "cairn.yaml:15: the result of stage 'clean' is not verified: there is no verdict on it; try: cairn pipeline verify"
  cairn pipeline verify
  cairn ci check
  assert_out '3 stages'
  # The verdict holds for the results, not for the commit.
  echo note >README
  commit note
  cairn push
  cairn ci check
  echo 'lr: 0.5' >params.yaml
  cairn repro
  commit lr
  cairn push
  failed verified "stage 'score' is not verified"
  assert_lacks "$T/out" "stage 'clean' is not verified"
  sed -i 's/verified: true/verified: [clean, nothing]/' cairn.yaml
  commit named
  cairn push
  failed verified "there is no stage 'nothing' to verify"
  assert_lacks "$T/out" "'score'"
}

refuses_unstable_results() {
  new_repo
  cairn remote add storage ../storage
  printf 'stages:\n  r: {cmd: "date +%%N >r.txt", outs: [r.txt], deps: [cairn.yaml]}\nci: {verified: [r]}\n' >cairn.yaml
  cairn repro
  commit start
  cairn push
  must_fail 1 cairn pipeline verify --cause-time 0
  failed verified "its last verdict is differs"
}

# Names that annotations have to escape.
speaks_to_programs() {
  git init -q top
  mkdir 'top/a,b:c%'
  cd 'top/a,b:c%'
  cairn init -q
  mkdir 'x,y'
  echo 1 >'x,y/p:100%.txt'
  cairn add 'x,y/p:100%.txt'
  commit odd
  must_fail 1 cairn ci check --github --gitlab ../q.json --junit ../j.xml --md ../s.md
  assert_same '::error file=a%2Cb%3Ac%25/x%2Cy/p%3A100%25.txt.cairn,line=1,title=cairn data::' \
    "$(head -n1 "$T/out" | sed "s/'x,y.*//")"
  assert_out "::'x,y/p:100%25.txt' is on no remote"
  assert_out 'FAILED  data'
  python3 - <<'PY'
import json, xml.etree.ElementTree as tree
quality = json.load(open("../q.json"))
assert len(quality) == 1
one = quality[0]
assert one["location"] == {"path": "a,b:c%/x,y/p:100%.txt.cairn", "lines": {"begin": 1}}, one
assert one["severity"] == "major" and len(one["fingerprint"]) == 64 and one["check_name"] == "cairn data"
suite = tree.parse("../j.xml").getroot().find("testsuite")
cases = {case.get("name"): case for case in suite}
assert suite.get("tests") == str(len(cases)) and suite.get("failures") == "1" and suite.get("errors") == "0"
assert cases["data"].find("failure").get("message").startswith("'x,y/p:100%.txt'")
assert len(list(cases["versions"])) == 0
PY
  assert_contains ../s.md '| data | failed | 1 tracked path |'
  assert_contains ../s.md '- **data** x,y/p:100%.txt.cairn:1: '
  cairn remote add storage ../../storage && commit remote && cairn push
  cairn ci check --github --gitlab ../q.json
  assert_lacks "$T/out" '::error'
  assert_content ../q.json '[]'
}

# steps FILE: the commands of a workflow, but for those that install.
steps() {
  python3 - "$1" <<'PY'
import sys, yaml
document = yaml.safe_load(open(sys.argv[1]))
if "jobs" in document:
    for step in document["jobs"]["check"]["steps"]:
        if "run" in step and not step["name"].startswith("Install"):
            print(step["run"])
else:
    print("\n".join(document["cairn"]["script"]))
PY
}

# run_steps: as CI would, with cairn on PATH, in a fresh clone with all history.
run_steps() {
  mkdir -p ../bin
  ln -sf "$CAIRN" ../bin/cairn
  steps "$1" >../steps.sh
  run env PATH="$T/case/bin:$PATH" GITHUB_WORKSPACE="$PWD" GITHUB_STEP_SUMMARY="$T/case/summary.md" CI_PROJECT_DIR="$PWD" \
    bash -eo pipefail ../steps.sh
}

writes_workflows_that_run() {
  python3 -c 'import yaml' 2>/dev/null || skip 'no PyYAML'
  team_project
  cairn pipeline save v1 --push
  cairn ci init github
  assert_out 'wrote .github/workflows/cairn.yml; next: git add .github/workflows/cairn.yml'
  cairn ci init gitlab
  commit workflows
  git push -q origin main
  local provider file
  for file in .github/workflows/cairn.yml .gitlab-ci.yml; do
    provider=clone$(basename "$file")
    git clone -q "file://$T/case/origin.git" "$T/case/$provider"
    cd "$T/case/$provider"
    run_steps "$file"
    [ "$STATUS" = 0 ] || fail "the steps of $file ended with $STATUS"
    assert_out '1 saved version'
    assert_present raw.csv clean.csv parts/deep/a.txt
    cd ../repo
  done
  assert_contains ../summary.md '4 of 4 checks passed'
  assert_present ../clone.gitlab-ci.yml/cairn-quality.json ../clone.gitlab-ci.yml/cairn-junit.xml
  # They stop a commit that must not pass.
  echo 'lr: 0.9' >params.yaml
  commit stale
  git push -q origin main
  git clone -q ../origin.git ../stale
  cd ../stale
  run_steps .github/workflows/cairn.yml
  assert_same 1 "$STATUS" 'status of the steps'
  assert_out '::error file=cairn.yaml,line='
  assert_absent raw.csv
}

writes_workflows_for_folders() {
  python3 -c 'import yaml' 2>/dev/null || skip 'no PyYAML'
  git init -q top
  mkdir -p top/sub/project
  cd top/sub/project
  cairn init -q
  cairn remote add storage ../../../storage
  echo 1 >a
  cairn add a
  cairn ci init gitlab
  commit start
  cairn push
  cd ../..
  assert_contains .gitlab-ci.yml 'cd sub/project'
  git clone -q --bare . ../origin.git
  git clone -q "file://$T/case/origin.git" ../clone
  cd ../clone
  mkdir -p ../bin
  run_steps .gitlab-ci.yml
  assert_same 0 "$STATUS" 'status of the steps'
  assert_content sub/project/a 1
  cd ../top/sub/project
  cairn ci init github
  assert_contains ../../.github/workflows/cairn.yml 'working-directory: sub/project'
}

never_overwrites() {
  new_repo
  echo mine >.gitlab-ci.yml
  must_fail 9 cairn ci init gitlab
  assert_err "'.gitlab-ci.yml' is there already"
  assert_err 'cairn ci init gitlab --dry-run'
  assert_content .gitlab-ci.yml mine
  cairn ci init gitlab --dry-run
  assert_out 'cairn ci check'
  mkdir "$T/case/outside"
  ln -s "$T/case/outside" .github
  must_fail 9 cairn ci init
  assert_absent "$T/case/outside/workflows"
  must_fail 2 cairn ci init jenkins
  must_fail 2 cairn ci
}

says_what_is_wrong_with_the_project() {
  must_fail 6 cairn ci check
  new_repo
  must_fail 9 cairn ci check
  assert_err 'there is no commit yet'
  printf 'ci: {metrics: []}\n' >cairn.yaml
  commit bad
  must_fail 9 cairn ci check
  assert_err 'cairn.yaml:1:15: '
}

test_case 'a fresh clone without data passes' passes_without_data
test_case 'no content is read from the remote' reads_no_content
test_case 'stale locks are found without data' finds_stale_locks_without_data
test_case 'changed pointers are found without data' finds_changed_pointers_without_data
test_case 'folders that hold absent data are judged' judges_folders_that_hold_recorded_data
test_case 'data that was not pushed is found' finds_data_that_was_not_pushed
test_case 'a remote is needed' needs_a_remote
test_case 'saved versions are checked' checks_saved_versions
test_case 'the workspace has to be HEAD' requires_a_clean_workspace
test_case 'metrics are held to limits' holds_metrics_to_limits
test_case 'what cannot be checked is told' tells_what_it_cannot_check
test_case 'drift gates hold' gates_drift
test_case 'results are verified' wants_verified_results
test_case 'unstable results are refused' refuses_unstable_results
test_case 'annotations, Code Quality, JUnit and Markdown' speaks_to_programs
test_case 'workflows of ci init run' writes_workflows_that_run
test_case 'workflows of projects in folders run' writes_workflows_for_folders
test_case 'ci init never overwrites' never_overwrites
test_case 'bad projects are refused' says_what_is_wrong_with_the_project
finish
