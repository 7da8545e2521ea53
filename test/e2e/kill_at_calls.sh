# shellcheck shell=bash
# SPDX-License-Identifier: Apache-2.0
# Kills commands before any of their calls that change something. Sourced after lib.sh.

needs_strace() {
  strace -qq -o /dev/null true 2>/dev/null || skip "strace may not trace here"
}

# kill_at_each_call CHECK COMMAND…: runs the command in a fresh copy of the current folder, once for each of its calls that
# change something, and kills it there, or a program that it started; CHECK says whether all is well then.
kill_at_each_call() {
  local from=$PWD check=$1 call n kills=0
  shift
  for call in write pwrite64 rename renameat renameat2 link linkat unlink unlinkat mkdir mkdirat fchmod chmod ftruncate; do
    for ((n = 1; n < 60; ++n)); do
      rm -rf ../run
      cp -a "$from" ../run
      cd ../run
      strace -f -qq -o /dev/null -e "trace=$call" -e "inject=$call:signal=KILL:when=$n" "$@" >"$T/out" 2>"$T/err" && break
      kills=$((kills + 1))
      "$check"
    done
  done
  [ "$kills" -gt 5 ] || fail "only $kills kills"
}
