#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Commands that edit cairn.yaml: stage add, edit, remove, freeze, unfreeze.
. "$(dirname "$0")/lib.sh"

odd_file() {
  new_repo
  echo 1 >raw.txt
  cat >cairn.yaml <<'YAML'
# About the project.

stages:
    # Takes what comes.
    clean:   # first
        cmd:   cat raw.txt >clean.txt   # odd spaces
        deps: [ raw.txt ]
        outs: [clean.txt]   # one

    # Counts.
    count: {cmd: wc -l <clean.txt >count.txt, deps: [clean.txt], outs: [count.txt]}
    # the end
YAML
  commit start
}

# differs LINES: cairn.yaml has these lines instead of others, and no other change.
differs() {
  git diff -U0 cairn.yaml | grep '^[-+]' | grep -v '^+++\|^---' >"$T/lines" || true
  assert_same "$1" "$(cat "$T/lines")" "changed lines"
}

add_with_every_flag() {
  new_repo
  echo 1 >in
  cairn stage add -n all -d in -p params.yaml: -o o -O n --outs-persist p --outs-persist-no-cache q -m m.json -M k.json \
    --plots a.csv --plots-no-cache b.csv --env MODE=fast --seed 7 --timeout 90s --retries 2 --desc "does it" \
    'for f in o n p q a.csv b.csv; do cat in >$f; done; echo "{}" >m.json; echo "{}" >k.json'
  echo 'x: 1' >params.yaml
  cairn repro
  assert_content q 1
  for line in "MODE: fast" "seed: 7" "timeout: 90s" "retries: 2" "persist: true" "plots:"; do
    assert_contains cairn.yaml "$line"
  done
  cairn stage list --json
  assert_out '"desc": "does it"'
  must_fail 9 cairn stage add -n all "true"
  must_fail 9 cairn stage add -n bad --timeout soon "true"
  assert_lacks cairn.yaml soon
  cp cairn.yaml "$T/before"
  cairn stage add -n next --dry-run "true"
  assert_out "+  next:"
  cmp cairn.yaml "$T/before"
}

edit_touches_one_stage() {
  odd_file
  cairn stage edit clean -d extra.txt --timeout 5m --env LANG=C
  differs '-        deps: [ raw.txt ]
+        deps: [ raw.txt, extra.txt ]
+        env:
+            LANG: C
+        timeout: 5m'
  cairn stage edit clean --remove-dep extra.txt --unset timeout --unset env
  differs ''
  cairn stage edit count --cmd "wc -c <clean.txt >count.txt"
  differs "-    count: {cmd: wc -l <clean.txt >count.txt, deps: [clean.txt], outs: [count.txt]}
+    count: {cmd: wc -c <clean.txt >count.txt, deps: [clean.txt], outs: [count.txt]}"
  git checkout -q cairn.yaml
  cairn stage edit clean --set seed=3 --dry-run
  assert_out '+        seed: 3'
  differs ''
  cairn stage edit clean
  assert_out "nothing to change"
}

edits_that_are_refused_change_nothing() {
  odd_file
  cp cairn.yaml "$T/before"
  must_fail 9 cairn stage edit clean -d count.txt # a cycle
  assert_err "cycle"
  must_fail 9 cairn stage edit clean -o count.txt
  assert_err "count.txt"
  must_fail 9 cairn stage edit clean --remove-dep nothing
  must_fail 9 cairn stage edit nothing --desc x
  must_fail 9 cairn stage edit clean --set timeout=soon
  must_fail 2 cairn stage edit clean --set timeout
  must_fail 9 cairn stage edit clean -d raw.txt
  assert_err "already"
  cmp cairn.yaml "$T/before"
}

remove_takes_its_traces() {
  odd_file
  cairn repro
  commit done
  must_fail 9 cairn stage remove clean
  assert_err "'count' needs what would be removed"
  assert_contains cairn.yaml "clean:"
  cp cairn.yaml cairn.lock "$T"
  cairn stage remove count --dry-run
  cmp cairn.yaml "$T/cairn.yaml"
  cmp cairn.lock "$T/cairn.lock"
  cairn stage remove count
  differs '-    # Counts.
-    count: {cmd: wc -l <clean.txt >count.txt, deps: [clean.txt], outs: [count.txt]}'
  assert_content count.txt 1
  assert_lacks cairn.lock "count"
  assert_lacks .gitignore count.txt
  assert_contains .gitignore clean.txt
  assert_same "?? count.txt" "$(git status --porcelain count.txt)"
  cairn checkout
  assert_content count.txt 1
  cairn repro
  assert_out "1 up to date"
}

remove_by_force() {
  odd_file
  cairn repro
  cairn stage remove clean --force
  assert_out "'count' needs what it wrote"
  assert_content clean.txt 1
  cairn repro
  assert_out "1 up to date"
  cairn stage remove count
  assert_contains cairn.yaml "stages: {}"
  must_fail 9 cairn stage remove count
}

remove_several() {
  odd_file
  cairn repro
  cairn stage remove clean count
  assert_content count.txt 1
  assert_lacks cairn.lock "clean"
  cairn status
}

freezing() {
  odd_file
  cairn repro
  cairn freeze clean
  assert_out "froze stage 'clean' in cairn.yaml"
  differs '+        frozen: true'
  cairn freeze clean
  assert_out "is frozen already"
  echo 2 >>raw.txt
  cairn repro
  assert_content clean.txt 1
  cairn status
  assert_lacks "$T/out" "pipeline"
  cairn unfreeze clean count
  assert_out "thawed stage 'clean'"
  assert_out "stage 'count' is not frozen already"
  differs ''
  cairn repro
  assert_same 2 "$(wc -l <clean.txt)"
  must_fail 9 cairn freeze nothing
}

files_in_subfolders() {
  odd_file
  mkdir sub
  cairn -C sub stage add -n deep -d ../clean.txt -o deep.txt "cat ../clean.txt >deep.txt"
  cairn stage edit deep --desc "far away"
  assert_contains sub/cairn.yaml "far away"
  cairn freeze sub/cairn.yaml:deep
  assert_contains sub/cairn.yaml "frozen: true"
  cairn -C sub unfreeze deep
  cairn repro
  assert_contains sub/.gitignore deep.txt
  cairn -C sub stage remove deep
  assert_absent sub/.gitignore
  differs ''
}

crlf_and_no_line_break_at_the_end() {
  odd_file
  sed 's/$/\r/' cairn.yaml | head -c -2 >crlf.yaml
  mv crlf.yaml cairn.yaml
  cairn stage edit clean --desc short
  cairn freeze count
  cairn unfreeze count
  cairn stage edit clean --unset desc
  git show HEAD:cairn.yaml | sed 's/$/\r/' | head -c -2 | cmp - cairn.yaml
}

test_case "stage add takes every flag" add_with_every_flag
test_case "stage edit touches nothing but its stage" edit_touches_one_stage
test_case "an edit that is refused changes nothing" edits_that_are_refused_change_nothing
test_case "stage remove takes lock and .gitignore lines, and leaves data" remove_takes_its_traces
test_case "stage remove --force leaves inputs of others" remove_by_force
test_case "stage remove takes several" remove_several
test_case "freeze and unfreeze" freezing
test_case "stages of subfolders are edited there" files_in_subfolders
test_case "CRLF and a missing line break stay" crlf_and_no_line_break_at_the_end
finish
