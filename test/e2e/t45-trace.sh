#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Undeclared inputs: repro --trace, --strict, --fix, --isolate.
. "$(dirname "$0")/lib.sh"

# undeclared STAGE KIND: the paths of the last document.
undeclared() {
  json "' '.join(sorted(p['path'] for s in d['stages'] if s['stage'] == '$1' for p in s['undeclared']['$2']))"
}

# A stage whose command starts a script, which starts another, which reads a file through a relative path and a symlink.
deep_reader() {
  new_repo
  mkdir -p scripts data/deep links
  echo 1 >data/declared.csv
  echo 2 >data/deep/lookup.csv
  ln -s ../data/deep links/to-deep
  printf '#!/bin/sh\nsh scripts/inner.sh\n' >scripts/outer.sh
  printf '#!/bin/sh\ncd scripts && cat ../links/to-deep/../deep/lookup.csv\n' >scripts/inner.sh
  cat >cairn.yaml <<'YAML'
# The pipeline of the deep reader.
stages:
  join:   # joins two tables
    cmd: |
      cat data/declared.csv >joined.csv
      sh scripts/outer.sh >>joined.csv
    deps:
      - data/declared.csv   # the one that is known
    outs: [joined.csv]   # what comes of it
YAML
  git add scripts
  git commit -qm scripts
}

needs_trace() {
  mkdir probe-trace
  (
    cd probe-trace
    new_repo >/dev/null
    printf 'stages:\n  a:\n    cmd: "true"\n' >cairn.yaml
    run "$CAIRN" repro --trace
    if [ "$STATUS" = 9 ] && grep -q '(unsupported)\|cannot be watched\|seccomp\|ptrace' "$T/err"; then
      echo "unsupported here: $(head -n1 "$T/err")"
      exit 77
    fi
    [ "$STATUS" = 0 ] || fail "cairn repro --trace: status $STATUS"
  ) || exit $?
  rm -rf probe-trace
}

child_of_child_is_seen() {
  needs_trace
  deep_reader
  cairn repro --trace
  assert_out "read without declaring it: 'data/deep/lookup.csv'"
  assert_out "read without declaring it: 'scripts/inner.sh', which Git tracks"
  assert_out "read without declaring it: 'links/to-deep'"
  assert_lacks "$T/out" declared.csv
  assert_lacks "$T/out" outer.sh # code by its word in cmd
  assert_content joined.csv "1
2"
  cairn repro --trace
  assert_out "no command ran, so nothing was watched"
  cairn repro -f --trace --json
  assert_same "data/deep/lookup.csv links/to-deep scripts/inner.sh" "$(undeclared join reads)"
  assert_same "" "$(undeclared join writes)"
  assert_same "[]" "$(json 'd["stages"][0]["undeclared"]["unseen"]')"
}

strict_fails_and_keeps_outputs() {
  needs_trace
  deep_reader
  cairn repro
  cp cairn.lock "$T/lock"
  echo 3 >data/declared.csv
  must_fail 8 cairn repro --strict
  assert_err "'data/deep/lookup.csv'"
  assert_err "'scripts/inner.sh'"
  assert_err "cairn repro --trace --fix"
  assert_content joined.csv "1
2"
  cmp cairn.lock "$T/lock" || fail "the lock was written"
  cairn repro
  assert_content joined.csv "3
2"
}

strict_fails_for_writes() {
  needs_trace
  new_repo
  printf 'stages:\n  a:\n    cmd: echo 1 >o; echo 2 >side.log\n    outs: [o]\n' >cairn.yaml
  must_fail 8 cairn repro --trace --strict
  assert_err "it wrote 'side.log'"
  assert_absent o
}

strict_passes_declared() {
  needs_trace
  new_repo
  mkdir in
  echo 1 >in/a
  ln -s in/a link
  printf 'k: 1\n' >params.yaml
  cat >cairn.yaml <<'YAML'
stages:
  a:
    cmd: mkdir -p parts; cat link in/a params.yaml >parts/1.txt; cat parts/1.txt >o
    deps: [link, "in/*"]
    params: [k]
    outs: [o, "parts/*.txt"]
YAML
  cairn repro --strict
  assert_out "touched no undeclared files"
}

fix_keeps_comments() {
  needs_trace
  deep_reader
  sed -i 's|outer.sh >>joined.csv|outer.sh >>joined.csv; echo x >side.log|' cairn.yaml
  cairn repro --trace --fix
  assert_out "added to stage 'join' in cairn.yaml"
  assert_out "dep 'data/deep/lookup.csv'"
  assert_out "out 'side.log'"
  assert_contains cairn.yaml "# the one that is known"
  assert_contains cairn.yaml "# what comes of it"
  assert_contains cairn.yaml "# The pipeline of the deep reader."
  assert_contains cairn.yaml "join:   # joins two tables"
  assert_contains cairn.yaml "- data/deep/lookup.csv"
  cairn repro --trace --strict
  assert_out "touched no undeclared files"
  cairn repro
  assert_out "1 up to date"
  echo 9 >data/deep/lookup.csv
  cairn repro
  assert_content joined.csv "1
9"
}

fix_leaves_what_is_not_its_own() {
  needs_trace
  new_repo
  echo 1 >tracked
  echo 1 >x
  cat >cairn.yaml <<'YAML'
stages:
  a:
    cmd: echo 2 >>tracked; echo 1 >o
    outs: [o]
  each:
    foreach: [x]
    do:
      cmd: cat ${item} >o-${item}
      outs: ["o-${item}"]
YAML
  git add tracked
  git commit -qm tracked
  cp cairn.yaml "$T/before"
  run "$CAIRN" repro --fix
  [ "$STATUS" != 0 ] || fail "what is left to do is not success"
  assert_out "left to you in stage 'a': 'tracked', Git tracks it"
  assert_err "made by foreach or matrix"
  assert_err "- x"
  cmp cairn.yaml "$T/before" || fail "cairn.yaml was edited"
}

fix_refuses_a_cycle() {
  needs_trace
  new_repo
  cat >cairn.yaml <<'YAML'
stages:
  first:
    cmd: cat second.txt >first.txt 2>/dev/null || echo 1 >first.txt
    outs: [first.txt]
  second:
    cmd: cat first.txt >second.txt
    deps: [first.txt]
    outs: [second.txt]
YAML
  cairn repro
  cp cairn.yaml "$T/before"
  run "$CAIRN" repro -f -s first --fix
  [ "$STATUS" != 0 ] || fail "a cycle cannot be declared"
  cmp cairn.yaml "$T/before" || fail "cairn.yaml was edited"
}

network_is_reported() {
  needs_trace
  new_repo
  cat >call.py <<'PY'
import socket
try:
    socket.create_connection(("127.0.0.1", 9), timeout=5)
except OSError:
    pass
open("o", "w").write("1")
PY
  printf 'stages:\n  a:\n    cmd: python3 call.py\n    deps: [call.py]\n    outs: [o]\n' >cairn.yaml
  cairn repro --trace
  assert_out "network: connect 127.0.0.1:9"
  cairn repro -f --trace --json
  assert_same "connect 127.0.0.1:9" \
    "$(json '" ".join(n["use"] + " " + n["address"] for n in d["stages"][0]["undeclared"]["network"])')"
}

isolate_misses_the_undeclared() {
  new_repo
  echo 1 >known.csv
  echo 2 >unknown.csv
  printf 'stages:\n  a:\n    cmd: cat known.csv unknown.csv >o\n    deps: [known.csv]\n    outs: [o]\n' >cairn.yaml
  must_fail 8 cairn repro --isolate
  assert_err "it saw only its declared inputs"
  assert_err "unknown.csv"
  assert_absent o
  assert_present known.csv unknown.csv
  sed -i 's/\[known.csv\]/[known.csv, unknown.csv]/' cairn.yaml
  cairn repro --isolate
  assert_out "isolated"
  assert_content o "1
2"
  cairn repro
  assert_out "1 up to date"
  [ -z "$(find .git -path '*isolated/*')" ] || fail "a tree was left"
}

isolate_takes_all_that_is_declared() {
  new_repo
  mkdir -p in/sub src
  echo 1 >in/a.csv
  echo 2 >in/b.csv
  echo 3 >in/sub/c
  ln -s in/sub/c link
  printf 'k: 1\n' >params.yaml
  printf 'cat ../in/a.csv ../in/b.csv ../link ../params.yaml\n' >src/run.sh
  echo 5 >kept
  cat >cairn.yaml <<'YAML'
stages:
  a:
    wdir: src
    cmd: |
      sh run.sh >../out/all
      echo 4 >../out/part-1
      echo 4 >../out/part-2
      echo 6 >>../kept
      echo no >../undeclared
    deps: ["../in/*.csv", ../link]
    params: [../params.yaml: [k]]
    outs: [../out/all, "../out/part-*", ../kept: {persist: true}]
YAML
  git add src
  git commit -qm src
  cairn repro --isolate
  assert_content out/all "1
2
3
k: 1"
  assert_present out/part-1 out/part-2
  assert_content kept "5
6"
  assert_absent undeclared
  cairn repro --isolate --json
  assert_same up_to_date "$(json 'd["stages"][0]["outcome"]')"
}

isolate_with_absolute_paths() {
  command -v bwrap >/dev/null || skip "no bwrap"
  bwrap --ro-bind / / --dev-bind /dev /dev --tmpfs /tmp true 2>"$T/why" || skip "bwrap does not work: $(head -n1 "$T/why")"
  new_repo
  echo 1 >known.csv
  echo 2 >unknown.csv
  printf 'stages:\n  a:\n    cmd: cat %s/known.csv >"$CAIRN_ROOT/o"\n    deps: [known.csv]\n    outs: [o]\n' "$PWD" >cairn.yaml
  cairn repro --isolate
  assert_out "isolated by bubblewrap"
  assert_content o 1
  sed -i 's/known.csv >/unknown.csv >/' cairn.yaml
  must_fail 8 cairn repro --isolate
  assert_err "unknown.csv"
  assert_content o 1
}

isolate_and_trace_together() {
  needs_trace
  new_repo
  echo 1 >known.csv
  printf 'stages:\n  a:\n    cmd: cat known.csv >o; echo 2 >side\n    deps: [known.csv]\n    outs: [o]\n' >cairn.yaml
  cairn repro --isolate --trace
  assert_out "isolated"
  assert_out "wrote without declaring it: 'side'"
  assert_lacks "$T/out" "read without"
  assert_absent side
}

missing_shell_is_told() {
  needs_trace
  new_repo
  printf 'stages:\n  a:\n    shell: nosuchshell\n    cmd: echo 1 >o\n    outs: [o]\n' >cairn.yaml
  must_fail 9 cairn repro --trace
  assert_err "'nosuchshell'"
}

nothing_to_watch_in_a_dry_run() {
  new_repo
  printf 'stages:\n  a:\n    cmd: echo 1 >o\n    outs: [o]\n' >cairn.yaml
  must_fail 2 cairn repro --dry-run --trace
  must_fail 2 cairn repro --dry-run --isolate
}

test_case "a child of a child, a relative path, a symlink" child_of_child_is_seen
test_case "--strict fails, the previous outputs are back" strict_fails_and_keeps_outputs
test_case "--strict fails for undeclared writes" strict_fails_for_writes
test_case "--strict passes symlinks, globs and params" strict_passes_declared
test_case "--fix edits cairn.yaml and keeps comments" fix_keeps_comments
test_case "--fix leaves to people what is theirs" fix_leaves_what_is_not_its_own
test_case "--fix makes no cycle" fix_refuses_a_cycle
test_case "network use is reported" network_is_reported
test_case "--isolate: what is undeclared is missing" isolate_misses_the_undeclared
test_case "--isolate: deps, globs, links, code, params, outs that persist" isolate_takes_all_that_is_declared
test_case "--isolate: absolute paths with bubblewrap" isolate_with_absolute_paths
test_case "--isolate with --trace" isolate_and_trace_together
test_case "--trace of a shell that is missing" missing_shell_is_told
test_case "--dry-run has nothing to watch" nothing_to_watch_in_a_dry_run
finish
