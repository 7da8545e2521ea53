#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# What every command keeps to: help, JSON, streams, statuses.
. "$(dirname "$0")/lib.sh"

# Names of all commands, one a line, as the overview lists them.
all_commands() {
  "$CAIRN" --help | sed -n 's/^  \([a-z-]*\( [a-z-]*\)\{0,1\}\)  *[A-Z].*/\1/p' | sed 's/ *$//'
}

# A call of each command that should succeed in project().
good_calls() {
  cat <<'CALLS'
install
doctor
version
config core.compress
add other.csv
commit
status
checkout
diff
ls
move moved.csv there.csv
remove gone.csv.cairn
undo
check-ignore x.tmp
stage add -n extra -o extra.txt "echo 1 >extra.txt"
stage edit extra --desc more
stage list --state
freeze extra
unfreeze extra
stage remove extra
repro
dag
why one
env show
env check
env diff
log
log show "$(some_run)"
log compare "$(some_run)" "$(some_run)"
params show
params diff
metrics show
metrics diff
plots data
exp run -n first
exp show
exp list
exp diff
exp apply first
exp branch first
exp remove first
remote add second ../second
remote list
remote remove second
remote default
push
fetch
pull
fsck
uninstall
CALLS
}

# The id of the newest run, wherever the test stands.
some_run() {
  "$CAIRN" -C "${home:-$PWD}" log --json 2>/dev/null | sed -n 's/.*"id": "\(.*\)",/\1/p' | head -n1
}

project() {
  new_repo
  mkdir ../store ../second
  cairn remote add store "$PWD/../store"
  for name in data moved gone; do
    echo "$name" >"$name.csv"
    cairn add "$name.csv"
  done
  cairn config core.compress fast
  printf 'stages:\n  one:\n    cmd: cp data.csv out.txt\n    deps: [data.csv]\n    outs: [out.txt]\n' >cairn.yaml
  cairn repro
  commit start
  echo other >other.csv
  echo "*.tmp" >.cairnignore
}

# document FILE COMMAND OK: FILE is one JSON document that says so.
document() {
  python3 - "$@" <<'PY' || fail "not the document that was expected: $1"
import json, sys
path, command, ok = sys.argv[1:4]
with open(path) as file:
    doc = json.load(file)
assert doc["cairn"] == 1, doc
assert doc["command"] == command, doc
assert doc["ok"] is (ok == "true"), doc
if ok == "false":
    assert doc["errors"] and all(e["message"] for e in doc["errors"]) or doc.get("stages"), doc
PY
}

no_escapes() {
  ! grep -q $'\033' "$T/out" "$T/err" || fail "escape codes, and no terminal"
}

overview_names_all() {
  for name in init add commit status checkout diff ls move remove undo check-ignore 'stage add' 'stage list' 'stage edit' \
    'stage remove' freeze unfreeze repro dag why log 'log show' 'log compare' 'env show' 'env check' 'env diff' 'params show' \
    'params diff' 'metrics show' 'metrics diff' 'plots data' 'exp run' 'exp show' 'exp list' 'exp diff' 'exp apply' \
    'exp branch' 'exp remove' 'remote add' 'remote list' 'remote remove' 'remote default' push fetch pull fsck config doctor \
    version install uninstall; do
    all_commands | grep -qxF -- "$name" || fail "the overview lacks $name"
  done
}

help_with_an_example() {
  all_commands | while read -r name; do
    run "$CAIRN" $name --help
    assert_same 0 "$STATUS" "$name --help"
    assert_out "Usage: cairn $name"
    assert_out "Example"
    assert_out "  cairn $name"
    [ ! -s "$T/err" ] || fail "$name --help writes to stderr"
    no_escapes
    run "$CAIRN" $name -h
    assert_same 0 "$STATUS" "$name -h"
  done
}

good_calls_as_text() {
  project
  good_calls | while read -r call; do
    eval "run \"\$CAIRN\" $call"
    assert_same 0 "$STATUS" "cairn $call"
    no_escapes
    assert_lacks "$T/err" "error"
  done
}

good_calls_as_json() {
  project
  good_calls | while read -r call; do
    name=$(all_commands | while read -r name; do case "$call " in "$name "*) echo "$name" ;; esac; done | tail -n1)
    eval "run \"\$CAIRN\" $call --json"
    assert_same 0 "$STATUS" "cairn $call --json"
    document "$T/out" "$name" true
    no_escapes
  done
}

good_calls_in_silence() {
  project
  good_calls | while read -r call; do
    eval "run \"\$CAIRN\" -q $call"
    assert_same 0 "$STATUS" "cairn -q $call"
    [ ! -s "$T/out" ] && [ ! -s "$T/err" ] || fail "not silent: cairn -q $call"
  done
}

good_calls_from_elsewhere() {
  project
  home=$PWD
  cd /
  good_calls | sed "s,\.\./second,$T/case/second," | while read -r call; do
    eval "run \"\$CAIRN\" -C '$home' $call"
    assert_same 0 "$STATUS" "cairn -C $home $call"
  done
}

unknown_options() {
  all_commands | while read -r name; do
    must_fail 2 cairn $name --no-such-option
    must_fail 2 cairn $name --no-such-option --json
    document "$T/out" "$name" false
    must_fail 2 cairn --json $name --no-such-option
    document "$T/out" "$name" false
  done
}

unknown_commands() {
  must_fail 2 cairn no-such-command
  assert_err "cairn --help"
  must_fail 2 cairn no-such-command --json
  document "$T/out" "" false
  must_fail 2 cairn
  must_fail 2 cairn remote
  assert_err "remote add"
  must_fail 2 cairn remote no-such
  must_fail 2 cairn stage
  must_fail 2 cairn --no-such-option
}

missing_arguments() {
  project
  for name in add move remove check-ignore 'log show' 'log compare' 'remote add' 'remote remove' 'stage add' 'stage edit' \
    'stage remove' freeze unfreeze 'exp apply' 'exp branch' 'exp remove'; do
    must_fail 2 cairn $name
    must_fail 2 cairn $name --json
    document "$T/out" "$name" false
  done
}

outside_a_project() {
  git init -q repo
  cd repo
  echo x >x
  good_calls | grep -vE '^(doctor|version|init)' | while read -r call; do
    eval "must_fail 6 cairn $call"
    assert_err "cairn init"
    eval "must_fail 6 cairn $call --json"
    python3 -m json.tool <"$T/out" >"$T/null"
  done
  mkdir ../no-git
  cd ../no-git
  must_fail 6 cairn init
  must_fail 6 cairn status
  cairn doctor || true
  cairn version
  must_fail 9 cairn -C /no/such/folder status
}

errors_as_json() {
  project
  must_fail 3 cairn add nothing-here --json
  document "$T/out" add false
  printf 'stages: [\n' >cairn.yaml
  for name in repro dag status 'stage list' 'why one'; do
    must_fail 9 cairn $name --json
    document "$T/out" "${name% one}" false
  done
}

results_alone_on_stdout() {
  project
  echo changed >data.csv
  "$CAIRN" repro >"$T/out" 2>"$T/err"
  assert_lacks "$T/out" running
  assert_err running
  "$CAIRN" remote default >"$T/out" 2>"$T/err"
  assert_content "$T/out" store
  must_fail 9 cairn checkout not-tracked
  [ ! -s "$T/out" ] || fail "an error call prints to stdout"
}

output_that_cannot_be_written() {
  project
  STATUS=0
  "$CAIRN" ls >/dev/full 2>"$T/err" || STATUS=$?
  [ "$STATUS" != 0 ] || fail "status 0 though nothing could be printed"
}

version_and_help() {
  cairn --version
  assert_out "cairn "
  cairn version
  cairn -V
  cairn -h
  assert_out "Usage: cairn"
}

dry_runs_change_nothing() {
  project
  echo changed >data.csv
  rm out.txt
  sleep 0.05
  find . -path ./.git -prune -o -printf '%p %T@ %i\n' | sort >"$T/before"
  all_commands | while read -r name; do
    "$CAIRN" $name --help | grep -q -- '--dry-run' || continue
    case $name in
    add) "$CAIRN" add --dry-run other.csv ;;
    move) "$CAIRN" move --dry-run moved.csv there.csv ;;
    remove) "$CAIRN" remove --dry-run gone.csv.cairn ;;
    stage\ add) "$CAIRN" stage add --dry-run -n extra true ;;
    *) "$CAIRN" $name --dry-run || true ;;
    esac
    find . -path ./.git -prune -o -printf '%p %T@ %i\n' | sort >"$T/after"
    diff "$T/before" "$T/after" || fail "$name --dry-run changed the workspace"
  done
}

test_case "the overview names all commands" overview_names_all
test_case "--help works and has an example" help_with_an_example
test_case "plain calls succeed without escape codes" good_calls_as_text
test_case "--json is one document" good_calls_as_json
test_case "-q is silent on success" good_calls_in_silence
test_case "-C works from elsewhere" good_calls_from_elsewhere
test_case "unknown options are status 2" unknown_options
test_case "unknown commands are status 2" unknown_commands
test_case "missing arguments are status 2" missing_arguments
test_case "outside a project is status 6" outside_a_project
test_case "errors are in the JSON document" errors_as_json
test_case "stdout holds results alone" results_alone_on_stdout
test_case "output that cannot be written is a failure" output_that_cannot_be_written
test_case "version and help" version_and_help
test_case "--dry-run changes nothing" dry_runs_change_nothing
finish
