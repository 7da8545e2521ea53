#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Globs in deps and outs, optional and persistent outs, outs that are not pushed or go to a remote of their own.
. "$(dirname "$0")/lib.sh"

# split: one part for each line of in.txt; join reads the parts.
split_and_join() {
  new_repo
  printf '1\n2\n' >in.txt
  cat >cairn.yaml <<'YAML'
stages:
  split:
    cmd: echo run >>../ran; mkdir -p parts; while read -r n; do echo "$n" >parts/p$n.txt; done <in.txt
    deps: [in.txt]
    outs: ["parts/*.txt"]
  join:
    cmd: echo join >>../ran; cat parts/*.txt >all.txt
    deps: ["parts/*.txt"]
    outs: [all.txt]
YAML
  cairn repro
}

matches_are_recorded() {
  split_and_join
  assert_contains cairn.lock "path: parts/p1.txt"
  assert_contains cairn.lock "path: parts/p2.txt"
  assert_contains cairn.lock 'glob: parts/*.txt'
  assert_same "12" "$(tr -d '\n' <all.txt)"
  cairn repro
  assert_out "2 up to date"
  git check-ignore -q parts/p1.txt
  git check-ignore -q parts/p2.txt
}

fewer_matches() {
  split_and_join
  echo 1 >in.txt
  cairn repro
  assert_absent parts/p2.txt
  assert_same "1" "$(tr -d '\n' <all.txt)"
  ! git check-ignore -q parts/p2.txt || fail "parts/p2.txt is still ignored"
  printf '1\n2\n' >in.txt
  rm ../ran
  cairn repro
  assert_absent ../ran
  assert_content parts/p2.txt 2
  assert_same "12" "$(tr -d '\n' <all.txt)"
}

a_stray_match_is_a_change() {
  split_and_join
  echo stray >parts/x.txt
  cairn repro --dry-run
  assert_out "parts/x.txt"
  cairn repro
  assert_absent parts/x.txt
}

a_failure_brings_matches_back() {
  split_and_join
  sed -i 's/done <in.txt/done <in.txt; echo bad >parts\/bad.txt; exit 3/' cairn.yaml
  run "$CAIRN" repro split
  [ "$STATUS" = 8 ] || fail "status $STATUS"
  assert_content parts/p1.txt 1
  assert_content parts/p2.txt 2
  assert_absent parts/bad.txt
}

nothing_matches() {
  new_repo
  printf 'stages:\n  a:\n    cmd: mkdir -p d\n    outs: ["d/*"]\n' >cairn.yaml
  run "$CAIRN" repro
  assert_err "cairn.yaml:4:12: stage 'a' did not make anything that matches its output 'd/*'"
  printf 'stages:\n  a:\n    cmd: "true"\n    deps: ["e/*"]\n    outs: [x]\n' >cairn.yaml
  run "$CAIRN" repro
  assert_err "cairn.yaml:4:12: dep 'e/*' of stage 'a' matches nothing"
}

ignored_files_are_no_deps() {
  new_repo
  mkdir src
  echo a >src/a.py
  printf '*.pyc\n' >.gitignore
  printf 'secret.py\n' >.cairnignore
  printf 'stages:\n  a:\n    cmd: cat src/*.py >out\n    deps: ["src/*"]\n    outs: [out]\n' >cairn.yaml
  cairn repro
  echo c >src/a.pyc
  echo s >src/secret.py
  cairn repro
  assert_out "1 up to date"
  echo b >src/b.py
  cairn repro
  assert_out "1 ran"
  assert_contains cairn.lock "path: src/b.py"
}

tracked_by_git() {
  new_repo
  mkdir d
  echo mine >d/mine.txt
  git add d/mine.txt
  printf 'stages:\n  a:\n    cmd: echo 1 >d/a.txt\n    outs: ["d/*.txt"]\n' >cairn.yaml
  run "$CAIRN" repro
  assert_err "cairn.yaml:4:12: Git tracks 'd/mine.txt', an output of stage 'a'"
  assert_content d/mine.txt mine
}

optional_out() {
  new_repo
  echo no >in
  cat >cairn.yaml <<'YAML'
stages:
  a:
    cmd: cp in out; if grep -q yes in; then cp in maybe; fi
    deps: [in]
    outs:
    - out
    - maybe: {optional: true}
YAML
  cairn repro
  assert_contains cairn.lock "made: false"
  cairn repro
  assert_out "1 up to date"
  echo yes >in
  cairn repro
  assert_content maybe yes
  echo no >in
  cairn repro
  assert_absent maybe
  assert_out "1 restored"
  sed -i 's/- maybe: .*/- maybe/' cairn.yaml
  run "$CAIRN" repro
  assert_err "did not make its output 'maybe'"
}

persistent_out() {
  new_repo
  echo 1 >in
  cat >cairn.yaml <<'YAML'
stages:
  a:
    cmd: cat in >>log; if grep -q fail in; then exit 1; fi
    deps: [in]
    outs:
    - log: {persist: true}
YAML
  cairn repro
  echo 2 >in
  cairn repro
  assert_same "12" "$(tr -d '\n' <log)"
  echo fail >in
  run "$CAIRN" repro
  [ "$STATUS" = 8 ] || fail "status $STATUS"
  assert_same "12" "$(tr -d '\n' <log)"
}

# Outs to the default remote, to one of their own, and to none.
with_remotes() {
  new_repo
  mkdir ../first ../second
  cairn remote add first "$T/case/first"
  cairn remote default first
  cairn remote add second "$T/case/second"
  cat >cairn.yaml <<'YAML'
stages:
  a:
    cmd: echo default >d; echo own >o; echo none >n
    outs:
    - d
    - o: {remote: second}
    - n: {push: false}
YAML
  echo pointed >p
  cairn add p
  echo 'remote: second' >>p.cairn
  cairn repro
  commit one
}

each_goes_to_its_remote() {
  with_remotes
  cairn push
  cd ..
  git clone -q repo copy
  cd copy
  run "$CAIRN" pull
  assert_content d default
  assert_content o own
  assert_content p pointed
  assert_absent n
  rm -rf ../first
  rm -rf .git/cairn o p
  cairn pull o p
  assert_content o own
  assert_content p pointed
}

unknown_remote_is_named() {
  with_remotes
  sed -i 's/remote: second/remote: third/' cairn.yaml
  cairn repro
  run "$CAIRN" push
  [ "$STATUS" != 0 ] || fail "pushed to a remote that is not there"
  assert_err "third"
  assert_err "cairn.lock"
  assert_err "'a'"
}

out_taken_out() {
  new_repo
  printf 'stages:\n  a:\n    cmd: echo 1 >x; echo 2 >y\n    outs: [x, y]\n' >cairn.yaml
  cairn repro
  git check-ignore -q y
  sed -i 's/, y\]/]/' cairn.yaml
  cairn repro
  assert_content y 2
  git check-ignore -q x
  ! git check-ignore -q y || fail "y is still ignored"
}

stage_taken_out() {
  new_repo
  printf 'stages:\n  a: {cmd: echo 1 >x, outs: [x]}\n  b: {cmd: echo 2 >y, outs: [y]}\n' >cairn.yaml
  cairn repro
  sed -i '/  b:/d' cairn.yaml
  cairn repro a
  assert_contains cairn.lock "path: y"
  cairn repro
  ! grep -q "path: y" cairn.lock || fail "the block of b is still there"
  assert_content y 2
  ! git check-ignore -q y || fail "y is still ignored"
}

symlinked_dep() {
  new_repo
  mkdir real
  echo 1 >real/data
  ln -s real/data link
  ln -s real folder
  ln -s /etc/hostname outside
  printf 'stages:\n  a:\n    cmd: cat link folder/data >out\n    deps: [link, folder/data]\n    outs: [out]\n' >cairn.yaml
  cairn repro
  cairn repro
  assert_out "1 up to date"
  echo 2 >real/data
  cairn repro
  assert_out "1 ran"
  sed -i 's/link, /outside, /' cairn.yaml
  run "$CAIRN" repro
  assert_err "cairn.yaml:4:12: dep of stage 'a': 'outside' is a symlink to '/etc/hostname', outside the project"
}

groups_and_globs_are_targets() {
  new_repo
  cat >cairn.yaml <<'YAML'
stages:
  train:
    foreach: [a, b]
    do:
      cmd: echo ${item} >m-${item}
      outs: ["m-${item}"]
  other: {cmd: echo 1 >o, outs: [o]}
YAML
  cairn repro train
  assert_content m-a a
  assert_content m-b b
  assert_absent o
  cairn repro 'oth*'
  assert_content o 1
}

test_case "what a glob matched is recorded" matches_are_recorded
test_case "a glob with fewer matches" fewer_matches
test_case "a stray match is a change" a_stray_match_is_a_change
test_case "after a failure the matches are back" a_failure_brings_matches_back
test_case "a glob that matches nothing" nothing_matches
test_case "ignored files are no deps" ignored_files_are_no_deps
test_case "a match that Git tracks" tracked_by_git
test_case "an optional out" optional_out
test_case "a persistent out" persistent_out
test_case "outs go to their remotes" each_goes_to_its_remote
test_case "an unknown remote of an out" unknown_remote_is_named
test_case "an out that is taken out" out_taken_out
test_case "a stage that is taken out" stage_taken_out
test_case "a dep that is a symlink" symlinked_dep
test_case "groups and globs as targets" groups_and_globs_are_targets
finish
