# SPDX-License-Identifier: Apache-2.0
# Repositories for the suites of hooks. Sourced after lib.sh.

# Two commits of data.csv and still.csv, with hooks; HEAD is the second, which changes data.csv only.
two_commits() {
  new_repo
  cairn install
  echo one >data.csv
  echo still >still.csv
  cairn add data.csv still.csv
  commit one
  echo two >data.csv
  cairn add data.csv
  commit two
}

# add_and_commit WHAT: data.csv of this content.
add_and_commit() {
  echo "$1" >data.csv
  cairn add data.csv
  commit "$1"
}

shared_project() {
  new_repo
  cairn install
  git init -q --bare ../git-remote
  git remote add origin ../git-remote
  cairn remote add storage ../storage
}
