#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# What Git shows of pointers and locks: git diff, log -p, show, blame, add -p, through the diff driver `cairn`.
. "$(dirname "$0")/lib.sh"

# A repository whose diffs go through cairn.
driven_repo() {
  new_repo
  use_driver
}

use_driver() {
  printf '%s\n' '*.cairn text eol=lf diff=cairn' 'cairn.lock text eol=lf diff=cairn' >.gitattributes
  git config diff.cairn.textconv "f() { '$CAIRN' git-diff-text \"\$1\" 2>/dev/null || cat \"\$1\"; }; f"
}

# Three files in a folder, committed as `first`.
with_photos() {
  driven_repo
  mkdir -p photos/cats
  echo one >photos/cats/1.jpg
  echo two >photos/cats/2.jpg
  echo dog >photos/dog.jpg
  cairn add -q photos
  commit first
}

# Changed one, added one, removed one, and one executable.
change_photos() {
  echo other >photos/cats/1.jpg
  echo new >photos/cats/3.jpg
  rm photos/cats/2.jpg
  chmod +x photos/dog.jpg
  cairn add -q photos
}

# The lines that came and went in the last output, without headers.
changed_lines() { grep -E '^[-+]' "$T/out" | grep -Ev '^(\+\+\+|---)' | sed -E 's/[0-9a-f]{12}/ID/'; }

folder_file_by_file() {
  with_photos
  change_photos
  run git diff
  changed_lines >changes
  assert_contains changes '-      4 B  ID  cats/1.jpg'
  assert_contains changes '+      6 B  ID  cats/1.jpg'
  assert_contains changes '-      4 B  ID  cats/2.jpg'
  assert_contains changes '+      4 B  ID  cats/3.jpg'
  assert_contains changes '+      4 B  ID  dog.jpg (executable)'
  assert_contains changes '-hash: b3:ID'
  cp "$T/out" diff
  git add -A
  for words in "diff --cached" "diff HEAD" ; do
    # shellcheck disable=SC2086
    run git $words -- photos.cairn
    assert_same "$(cat diff)" "$(cat "$T/out")" "git $words"
  done
  git commit -qm second
  for words in "diff HEAD~1 HEAD -- photos.cairn" "show --format= -- photos.cairn" "log -p -1 --format= -- photos.cairn"; do
    # shellcheck disable=SC2086
    run git $words
    assert_same "$(cat diff)" "$(cat "$T/out")" "git $words"
  done
}
test_case "a folder is compared file by file, by diff, show and log" folder_file_by_file

part_of_a_file() {
  driven_repo
  random_file large.bin 6000000 parts
  cairn add -q large.bin
  commit first
  printf 'inserted' | cat <(head -c 3000000 large.bin) - <(tail -c +3000001 large.bin) >edited
  mv edited large.bin
  cairn add -q large.bin
  run git diff -U0
  assert_out '-size: 5.72 MiB (6000000 bytes)'
  assert_out '+size: 5.72 MiB (6000008 bytes)'
  went=$(grep -cE '^-  *[0-9.]+ [KM]iB  [0-9a-f]{12}$' "$T/out")
  [ "$went" -ge 1 ] && [ "$went" -le 2 ] || fail "$went parts went"
  "$CAIRN" git-diff-text large.bin.cairn >text
  parts=$(grep -cE '^ +[0-9.]+ [KM]iB  [0-9a-f]{12}$' text)
  [ "$parts" -gt 8 ] && [ "$parts" -le 64 ] || fail "$parts parts"
}
test_case "of a file that changed in one place one part differs" part_of_a_file

lock_in_words() {
  driven_repo
  mkdir sub
  echo 1 >input
  cat >sub/cairn.yaml <<'YAML'
stages:
  make:
    cmd: |
      mkdir out
      cp ../input out/a
    deps: [../input]
    outs: [out]
YAML
  (cd sub && cairn repro -q)
  commit first
  echo 22 >input
  (cd sub && cairn repro -q)
  run git diff sub/cairn.lock
  assert_out '@@ stage make'
  assert_out '-  dep: ../input ('
  assert_out '+  dep: ../input ('
  changed_lines >changes
  assert_contains changes '-  out: out/ (ID, 2 B, files: 1)'
  assert_contains changes '+  out: out/ (ID, 3 B, files: 1)'
  assert_same 4 "$(wc -l <changes)" "changed lines"
  assert_lacks "$T/out" type:
  run git show HEAD:sub/cairn.lock
  grep -q 'cmd: |' "$T/out" || fail "show of a blob is changed"
}
test_case "a lock is told in words" lock_in_words

from_anywhere() {
  with_photos
  change_photos
  commit second
  run git show --format= -- photos.cairn
  cp "$T/out" "$T/shown"
  mkdir -p deep/er
  run git -C deep/er show --format= -- :/photos.cairn
  assert_same "$(cat "$T/shown")" "$(cat "$T/out")" "in a folder below"
  git worktree add -q ../tree HEAD~1
  run git -C ../tree show --format= main -- photos.cairn
  assert_same "$(cat "$T/shown")" "$(cat "$T/out")" "in a worktree"
  cp .gitattributes .git/info/attributes
  run git -C .git show --format= HEAD -- photos.cairn
  assert_out 'cats/3.jpg'
  cd ..
  run git --git-dir=repo/.git --work-tree=repo show --format= -- photos.cairn
  assert_same "$(cat "$T/shown")" "$(cat "$T/out")" "with --git-dir"
}
test_case "from folders below, worktrees and with --git-dir" from_anywhere

project_in_a_folder() {
  git init -q repo
  mkdir repo/project
  cd repo/project
  cairn init -q
  (cd .. && use_driver)
  mkdir data
  echo a >data/a
  cairn add -q data
  commit first
  echo b >data/b
  cairn add -q data
  run git diff
  assert_out '+      2 B'
  assert_out "  b"
}
test_case "of a project in a folder of the repository" project_in_a_folder

not_here() {
  with_photos
  cairn remote add storage ../storage
  change_photos
  commit second
  cairn push -q
  git clone -q --depth 1 "file://$PWD" ../shallow
  cd ../shallow
  use_driver
  run git log -p --format=
  assert_out '+files: 3'
  assert_out '+the list of files is not in the local store; to bring it: cairn fetch, or cairn fetch --rev REVISION'
  assert_absent .git/cairn/packs
  cairn fetch -q
  run git log -p --format=
  assert_out 'cats/3.jpg'
}
test_case "what is not here is said so, in a shallow clone too" not_here

without_cairn() {
  with_photos
  change_photos
  git config diff.cairn.textconv "f() { /nowhere/cairn git-diff-text \"\$1\" 2>/dev/null || cat \"\$1\"; }; f"
  run git diff
  assert_same 0 "$STATUS"
  assert_out '+hash: b3:'
  git config --unset diff.cairn.textconv
  run git diff
  assert_same 0 "$STATUS"
  assert_out '+hash: b3:'
}
test_case "without cairn the pointers themselves are compared" without_cairn

bad_input() {
  with_photos
  change_photos
  printf '<<<<<<< ours\n%s\n' "$(cat photos.cairn)" >photos.cairn
  run git diff
  assert_same 0 "$STATUS"
  assert_out '+<<<<<<< ours'
  printf 'binary\0\xff' >photos.cairn
  run "$CAIRN" git-diff-text photos.cairn
  cmp "$T/out" photos.cairn
  : >photos.cairn
  run "$CAIRN" git-diff-text photos.cairn
  assert_same 0 "$STATUS"
  assert_same "" "$(cat "$T/out")"
  must_fail 9 cairn git-diff-text nothing
}
test_case "what cannot be read is shown as it is" bad_input

damaged_store() {
  with_photos
  change_photos
  for pack in .git/cairn/packs/*; do
    chmod u+w "$pack"
    : >"$pack"
  done
  run git diff
  assert_same 0 "$STATUS"
  assert_out '-hash: b3:'
}
test_case "a damaged store does not stop Git" damaged_store

blame_and_patch() {
  with_photos
  change_photos
  commit second
  run git blame -s photos.cairn
  first=$(git rev-parse --short=7 HEAD~1)
  second=$(git rev-parse --short=7 HEAD)
  grep -q "^.*$second.*cats/3.jpg" "$T/out" || fail "blame does not name the second commit"
  grep -q "$first.*type: folder" "$T/out" || fail "blame does not name the first commit"
  echo more >photos/more
  cairn add -q photos
  cp photos.cairn expected
  printf 'y\ny\ny\ny\n' | git add -p photos.cairn >"$T/out" 2>"$T/err"
  git show :photos.cairn | cmp - expected
  run git format-patch -1 --stdout
  assert_out '+hash: b3:'
  git format-patch -q -1 -o ../patches
  git checkout -qf -b again HEAD~1
  git am -q ../patches/*.patch
  git diff --quiet again main
}
test_case "blame, add -p and patches work as without it" blame_and_patch

merges() {
  with_photos
  git checkout -qb side
  echo side >photos/side.jpg
  cairn add -q photos
  commit side
  git checkout -q main
  cairn checkout -q
  echo main >photos/main.jpg
  cairn add -q photos
  commit main
  git merge -q side >/dev/null 2>&1 || true
  run git diff
  assert_same 0 "$STATUS"
  assert_out 'diff --cc photos.cairn'
  git checkout -q --ours photos.cairn
  echo side >photos/side.jpg
  cairn add -q photos
  commit merged
  run git show --format= -- photos.cairn
  assert_same 0 "$STATUS"
  assert_out 'diff --cc photos.cairn'
  grep -qE '^\+ .*  side.jpg$' "$T/out" || fail "side.jpg is not told as new on our side"
  grep -qE '^ \+.*  main.jpg$' "$T/out" || fail "main.jpg is not told as new on the other side"
}
test_case "the combined diff of a merge" merges

large_folder() {
  driven_repo
  mkdir -p many/{a,b,c}
  (cd many && for folder in a b c; do
    for ((i = 0; i < 4000; ++i)); do echo "$folder$i" >"$folder/$i"; done
  done)
  cairn add -q many
  commit first
  echo new >many/b/7
  cairn add -q many
  run git diff -U0
  changed_lines >changes
  grep -qE '^\+ .*  b/ \(files: 4000\)$' changes || fail "folders are not summed up"
  assert_lacks changes '  a/'
}
test_case "above 10,000 files folders are summed up" large_folder

# --- cairn diff ---

moves_and_sums() {
  new_repo
  mkdir -p data/old other
  for ((i = 0; i < 30; ++i)); do echo "file $i" >"data/old/$i"; done
  echo single >data/single
  echo x >other/x
  cat >cairn.yaml <<'YAML'
stages:
  make: {cmd: seq 3 > out.txt, outs: [out.txt]}
YAML
  cairn add -q data other
  cairn repro -q
  commit first
  mv data/old data/new
  mv data/single other/moved
  sed -i 's/seq 3/seq 4/' cairn.yaml
  cairn add -q data other
  cairn repro -q
  commit second
  cairn diff HEAD~1 HEAD
  assert_same "renamed   data/old/ -> data/new/  (30 renamed)
renamed   data/single -> other/moved  (7 B)
modified  out.txt  (6 B -> 8 B)
0 added, 1 modified, 0 deleted, 31 renamed; 8 B new" "$(cat "$T/out")"
  cairn diff HEAD~1 HEAD --all
  assert_same 33 "$(wc -l <"$T/out")" "lines of --all"
  cairn diff HEAD~1 HEAD --stat
  assert_same "renamed   data/  (30 renamed)
renamed   data/single -> other/moved  (7 B)
modified  out.txt  (6 B -> 8 B)" "$(head -n 3 "$T/out")"
  cairn diff HEAD~1 HEAD --md
  assert_out '| renamed'
  assert_out 'data/old/ -> data/new/'
  cairn diff HEAD~1 HEAD --json
  assert_value 'd["totals"]["renamed"]' 31
  assert_value 'len(d["changes"])' 32
  assert_value '[c["kind"] for c in d["changes"] if "changed_bytes" in c]' '[]'
  cairn diff HEAD HEAD
  assert_out 'no differences'
  must_fail 2 cairn diff --stat --md
  must_fail 2 cairn diff --all --stat
}
test_case "cairn diff finds moves, sums up folders, and tells how much is new" moves_and_sums

part_that_is_new() {
  new_repo
  random_file large.bin 6000000 new-part
  cairn add -q large.bin
  commit first
  echo appended >>large.bin
  cairn add -q large.bin
  commit second
  cairn diff HEAD~1 HEAD --json
  assert_value '0 < d["changes"][0]["changed_bytes"] < 600000' true
  cairn diff HEAD~1 HEAD
  grep -qE '^modified  large.bin  \(5.72 MiB, [0-9.]+ % changed\)|^modified  large.bin  \(5.72 MiB -> 5.72 MiB, [0-9.]+ % changed\)' "$T/out" || fail "no part"
  echo more >>large.bin
  cairn diff
  assert_lacks "$T/out" '% changed'
}
test_case "cairn diff tells which part of a file is new" part_that_is_new

# doctor_says WORDS: in its line about drivers.
doctor_says() {
  cairn doctor
  grep '^drivers ' "$T/out" | grep -qF -- "$1" || fail "doctor does not say: $1"
}

what_drivers_lack() {
  new_repo
  doctor_says installed
  git config diff.cairn.textconv cat
  doctor_says "not in Git's configuration"
  doctor_says '<- try: cairn install'
  cairn install
  doctor_says installed
  rm .gitattributes
  doctor_says '.gitattributes lacks lines for them'
  assert_absent .gitattributes
  cairn install
  doctor_says installed
  sed -i 's/^cairn.lock .*/cairn.lock -text/' .gitattributes
  doctor_says 'has a line without them: cairn.lock -text'
  doctor_says '<- try: write there cairn.lock text eol=lf merge=cairn diff=cairn'
}
test_case "doctor tells what drivers lack" what_drivers_lack

finish
