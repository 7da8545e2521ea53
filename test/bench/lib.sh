# SPDX-License-Identifier: Apache-2.0
# What the benches share; to be sourced.

# in_bench_folder FOLDER: goes to a new folder there, $work, that is removed at the end and is the home of a Git of its own.
in_bench_folder() {
  work=$(mktemp -d "$1/cairn-bench.XXXXXX")
  trap 'rm -rf "$work"' EXIT
  export HOME=$work GIT_CONFIG_NOSYSTEM=1
  git config --global user.name bench
  git config --global user.email bench@example.org
  git config --global init.defaultBranch main
  cd "$work"
}

median() { sort -n | awk '{v[NR] = $1} END {print v[int((NR + 1) / 2)]}'; }
