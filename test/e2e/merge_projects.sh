# shellcheck shell=bash
# SPDX-License-Identifier: Apache-2.0
# Projects in which branches change data, to be merged. Sourced after lib.sh.

# A repository with hooks and drivers; `images` and `table.csv` are tracked on main.
tracked_repo() {
  new_repo
  cairn install
  mkdir -p images/sub
  for name in a b c sub/d sub/e; do
    echo "$name" >"images/$name"
  done
  echo one >table.csv
  cairn add images table.csv
  commit first
}

# on BRANCH COMMAND: changes data there, from the first commit on, and commits it.
on() {
  git checkout -q "$1" 2>"$T/err" || git checkout -q -b "$1" "$(git rev-list --max-parents=0 HEAD)"
  eval "$2"
  cairn commit
  commit "$1: $2"
}

# What `cairn checkout` makes of the merged pointer, as "PATH CONTENT" lines.
listing() { (cd images && find . -type f -printf '%P ' -exec cat {} \; | sort); }

unmerged() { git ls-files --unmerged | cut -f2 | sort -u | paste -sd' '; }
