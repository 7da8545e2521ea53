# shellcheck shell=bash
# SPDX-License-Identifier: Apache-2.0
# Library of the end-to-end suites: `. "$(dirname "$0")/lib.sh"` at the top, `finish` as the last line. A case is a function that
# test_case runs in a subshell, in its own empty folder, under `set -e`; the program under test is $CAIRN.
set -u
shopt -s inherit_errexit

: "${CAIRN:?set CAIRN to the program to test}"
CAIRN=$(realpath "$CAIRN")
SUITE=$(basename "$0" .sh)
T=$(mktemp -d "${TMPDIR:-/tmp}/cairn-$SUITE.XXXXXX")
failed_cases=0
passed_cases=0

unmount_small() {
  ! mountpoint -q "$T/small" || umount "$T/small"
}

clean_up() {
  unmount_small
  rm -rf "$T"
}
trap clean_up EXIT

# --- The world that a test sees: nothing of the caller's Git, locale or settings, and no cairn on PATH. ---
FULL=${CAIRN_TEST_FULL:-} # not empty: the long form of suites that have one
for name in $(compgen -e GIT_; compgen -e XDG_; compgen -e CAIRN_); do
  unset "$name"
done
export HOME=$T/home LC_ALL=C.UTF-8 GIT_CONFIG_NOSYSTEM=1 TZ=UTC
# What commands of stages tell the test: that they ran, and what they wait for.
export RAN=$T/case/ran GATE=$T/case/gate
export PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
umask 022
mkdir "$HOME"
cat >"$HOME/.gitconfig" <<'CONFIG'
[user]
	name = Tester
	email = tester@example.org
[init]
	defaultBranch = main
[advice]
	detachedHead = false
[gc]
	auto = 0
CONFIG

# --- Cases ---

# test_case NAME FUNCTION
test_case() {
  CASE=$1
  CASE_LOG=$T/log
  local folder=$T/case status
  mkdir "$folder"
  : >"$CASE_LOG"
  : >"$T/out"
  : >"$T/err"
  (
    set -eE
    trap 'on_error "$BASH_COMMAND"' ERR
    cd "$folder"
    "$2"
  ) >>"$CASE_LOG" 2>&1
  status=$?
  unmount_small
  chmod -R u+rwX "$folder" 2>/dev/null
  rm -rf "$folder"
  if [ "$status" = 77 ]; then
    echo "skip $SUITE: $CASE ($(tail -n1 "$CASE_LOG"))"
  elif [ "$status" != 0 ]; then
    failed_cases=$((failed_cases + 1))
    echo "FAIL $SUITE: $CASE (status $status)"
    tail -n 60 "$CASE_LOG" | sed 's/^/    /'
  else
    passed_cases=$((passed_cases + 1))
    echo "ok   $SUITE: $CASE"
  fi
}

# The rest of this case cannot be tested here.
skip() {
  echo "$1"
  exit 77
}

# Ends the suite with its status.
finish() {
  echo "$SUITE: $passed_cases passed, $failed_cases failed, ${SECONDS} s"
  [ "$failed_cases" = 0 ]
  exit
}

where() {
  local i
  for ((i = 1; i < ${#BASH_SOURCE[@]}; ++i)); do
    [ "${BASH_SOURCE[i]##*/}" = lib.sh ] || echo "at ${BASH_SOURCE[i]##*/}:${BASH_LINENO[i - 1]}"
  done
}

on_error() {
  {
    echo "FAILED: $1"
    where
  } >&2
}

# Ends the case.
fail() {
  {
    echo "FAILED: $*"
    where
    echo "last output:"
    cat "$T/out"
    echo "last errors:"
    cat "$T/err"
  } >>"$CASE_LOG"
  exit 1
}

# --- Running programs ---

# Runs a program; its status is in STATUS, what it printed in $T/out and $T/err. A crash fails the case.
run() {
  echo "\$ ${*/#"$CAIRN"/cairn}" >>"$CASE_LOG"
  STATUS=0
  "$@" >"$T/out" 2>"$T/err" || STATUS=$?
  if [ "$STATUS" -ge 129 ] || [ "$STATUS" = 70 ]; then
    fail "crashed with status $STATUS: $*"
  fi
}

# The program under test: must succeed.
cairn() {
  run "$CAIRN" "$@"
  cat "$T/out"
  cat "$T/err" >&2
  return "$STATUS"
}

# must_fail STATUS COMMAND...
must_fail() {
  local expected=$1
  shift
  [ "$1" != cairn ] || set -- "$CAIRN" "${@:2}"
  run "$@"
  [ "$STATUS" = "$expected" ] || fail "status $STATUS instead of $expected: $*"
  [ "$1" != "$CAIRN" ] || [ "$expected" = 1 ] || grep -Eq '^(error|damaged): ' "$T/err" "$T/out" || fail "no error was printed"
}

# --- Assertions ---

# assert_same EXPECTED ACTUAL [WHAT]
assert_same() {
  [ "$1" = "$2" ] || fail "${3:-differs}: expected $(printf %q "$1"), got $(printf %q "$2")"
}

# assert_content FILE TEXT: the file holds TEXT and a newline.
assert_content() {
  [ -f "$1" ] || fail "no file $1"
  assert_same "$2" "$(cat "$1")" "content of $1"
}

# assert_contains FILE TEXT
assert_contains() {
  grep -qF -- "$2" "$1" || fail "$1 does not contain: $2"
}

assert_lacks() {
  ! grep -qF -- "$2" "$1" || fail "$1 contains: $2"
}

# What the last program printed, and its errors.
assert_out() { assert_contains "$T/out" "$1"; }
assert_err() { assert_contains "$T/err" "$1"; }

assert_present() {
  local path
  for path in "$@"; do
    [ -e "$path" ] || [ -L "$path" ] || fail "missing: $path"
  done
}

assert_absent() {
  local path
  for path in "$@"; do
    [ ! -e "$path" ] && [ ! -L "$path" ] || fail "should not exist: $path"
  done
}

# wait_for FILE: up to 20 s.
wait_for() {
  local i
  for ((i = 0; i < 400; ++i)); do
    [ -e "$1" ] && return
    sleep 0.05
  done
  fail "no $1"
}

# True once the process has ended, reaped or not.
has_ended() {
  case $(sed 's/.*) \(.\).*/\1/' "/proc/$1/stat" 2>/dev/null || echo X) in
    X | Z) ;;
    *) return 1 ;;
  esac
}

# wait_gone PROCESS: up to 10 s.
wait_gone() {
  local i
  for ((i = 0; i < 200; ++i)); do
    has_ended "$1" && return
    sleep 0.05
  done
  fail "process $1 is still there"
}

# assert_gone FILE: the processes whose ids it holds, one a line, have ended.
assert_gone() {
  local id
  [ -s "$1" ] || fail "no ids in $1"
  while read -r id; do
    has_ended "$id" || fail "process $id still runs: $(tr '\0' ' ' <"/proc/$id/cmdline")"
  done <"$1"
}

# assert_ran STAGE...: these commands told $RAN that they ran since the last time, in any order.
assert_ran() {
  touch "$RAN"
  assert_same "$(printf '%s\n' "$@" | sort)" "$(sort "$RAN")" "commands that ran"
  : >"$RAN"
}

# json EXPRESSION: what Python makes of it; d is the document that the last command printed, stages its stages (or those of its
# verdict), s these by name, o the names of those with an outcome.
json() {
  python3 -c 'import json, sys
d = json.load(open(sys.argv[1]))
stages = d.get("stages", d.get("verdict", {}).get("stages", []))
s = {x["stage"]: x for x in stages if "stage" in x}
o = lambda wanted: " ".join(sorted(n for n, x in s.items() if x["outcome"] == wanted))
print(eval(sys.argv[2]))' "$T/out" "$1"
}

# assert_value EXPRESSION JSON: the same, compared as JSON with sorted keys.
assert_value() {
  assert_same "$2" "$(json "json.dumps($1, sort_keys=True)")" "$1"
}

# assert_same_trees FOLDER FOLDER: names, kinds, executable bits, link targets and bytes, seen by other programs.
assert_same_trees() {
  manifest "$1" >"$T/manifest1"
  manifest "$2" >"$T/manifest2"
  diff "$T/manifest1" "$T/manifest2" >"$T/out" || fail "$1 and $2 differ"
}

# One line for each entry below a folder, or for a file.
manifest() {
  local path kind
  (
    export LC_ALL=C
    cd "$1"
    find . -mindepth 1 -print0 | sort -z | while IFS= read -r -d '' path; do
      if [ -L "$path" ]; then
        kind="link $(readlink -z -- "$path" | od -An -tx1 | tr -d ' \n')"
      elif [ -d "$path" ]; then
        kind=folder
      elif [ -x "$path" ]; then
        kind="exec $(sha256sum <"$path")"
      else
        kind="file $(sha256sum <"$path")"
      fi
      printf '%q %s\n' "$path" "$kind"
    done
  )
}

# --- Fixtures ---

# new_repo [NAME]: a Git repository with a cairn project, and goes into it.
new_repo() {
  git init -q "${1:-repo}"
  cd "${1:-repo}"
  cairn init -q
}

# commit MESSAGE: everything that is not ignored.
commit() {
  git add -A
  git commit -qm "$1"
}

# A project with data, committed, and the remote ../storage.
shared_repo() {
  new_repo
  cairn remote add storage ../storage
  mkdir folder
  seq 1000 >folder/a
  seq 2000 >folder/b
  random_file large.bin 300000 remotes
  cairn add folder large.bin
  commit first
}

# Goes into a fresh clone of the repository here.
fresh_clone() {
  git clone -q . ../clone
  cd ../clone
}

files_of_remote() { (cd ../storage && find . -type f -printf '%p %s %i\n' | sort); }

# random_file FILE BYTES SEED: bytes that hardly compress, the same for the same seed.
random_file() {
  seq -f "$3 %.0f" 999999999 2>/dev/null | gzip -n1 2>/dev/null | head -c "$2" >"$1"
}

# large_file FILE BYTES: bytes that do not compress, others in each run.
large_file() { head -c "$2" /dev/urandom >"$1"; }

# A folder with every kind of entry and name that cairn has to keep.
make_odd_folder() {
  mkdir -p "$1"
  (
    cd "$1"
    mkdir -p empty deep/er/est 'with space' "$(printf 'new\nline')"
    : >zero
    echo plain >plain.txt
    printf '#!/bin/sh\n' >run.sh
    chmod +x run.sh
    echo a >'with space/in name .txt'
    echo b >"$(printf 'new\nline/a\nb')"
    echo c >"quote'single"
    echo d >'quote"double'
    echo e >'back\slash'
    echo f >'grüße-日本.txt'
    echo g >"$(printf 'bad\xff\xfeutf8')"
    echo h >"$(printf 'tab\there')"
    echo i >-dash
    echo j >'*?[x]'
    echo k >'#hash!'
    echo l >' lead'
    echo m >.hidden
    ln -s plain.txt link
    ln -s nowhere/at/all dangling
    ln -s deep/er folder-link
    ln -s "$(printf 'to\nodd\xff')" odd-link
    echo n >deep/er/est/leaf
    random_file deep/large.bin 400000 odd
    : >deep/er/zero2
    chmod +x deep/er/zero2
  )
}

store_of() {
  git rev-parse --path-format=absolute --git-common-dir | sed 's,$,/cairn,'
}

# Unfinished files of the store.
unfinished() { find "$(store_of)/tmp" -type f; }

# flip_byte FILE OFFSET: changes one byte in place, keeping size; also of read-only files.
flip_byte() {
  local byte
  byte=$(od -An -tu1 -j "$2" -N 1 "$1" | tr -d ' ')
  chmod u+w "$1"
  printf "\\x$(printf %02x $((byte ^ 0x5a)))" | dd of="$1" bs=1 seek="$2" conv=notrunc status=none
}
