# shellcheck shell=bash
# SPDX-License-Identifier: Apache-2.0
# Two users push overlapping data to one remote at once, round after round, while a third pulls what was published before: in a folder,
# on the nginx at NGINX_PORT, on the sshd that was started last. CAIRN_TEST_FULL=1: 50 rounds, else 4. Sourced after servers.sh.

export NO_PROXY=127.0.0.1,localhost
ROUNDS=4
[ -z "$FULL" ] || ROUNDS=50

# The clone NAME of ../hub.git, on a branch of its own.
user() {
  git clone -q hub.git "$1"
  cd "$1"
  use_remote
  git checkout -q -B "$1"
}

# For suites that do more: what a user does first in a round, and what goes on beside the users.
prepare() { :; }
begin_beside() { :; }
end_beside() { :; }

# What the user $1 does in round $2: data of his own, data that the other has too, and a part that both change. data.sums says what it is.
work() {
  prepare "$2"
  random_file own "$((100000 + RANDOM % 300000))" "$1$2"
  random_file "common/$2" 200000 "common$2"
  { random_file /dev/stdout 300000 base; echo "$1 $2"; } >grown
  "$CAIRN" add -q own common grown
  find own common grown -type f -exec sha256sum {} + >data.sums
  git add -A
  git commit -qm "$1 $2"
  "$CAIRN" push -q
  git push -q origin "$1"
}

# The third user brings what the others have published, and looks at it.
look() {
  local branch
  git fetch -q
  for branch in first second; do
    git rev-parse -q --verify "origin/$branch" >/dev/null || continue
    git checkout -q "origin/$branch"
    "$CAIRN" pull -q
    sha256sum --quiet -c data.sums
  done
}

many_rounds() {
  git init -q --bare hub.git
  git init -q seed
  cd seed
  cairn init -q
  cairn remote add shared "$1"
  commit project
  git push -q ../hub.git main
  cd ..
  (user first && mkdir common)
  (user second && mkdir common)
  (user third)
  begin_beside
  local round first second
  for ((round = 1; round <= ROUNDS; ++round)); do
    (cd first && work first "$round") >"$T/first" 2>&1 &
    first=$!
    (cd second && work second "$round") >"$T/second" 2>&1 &
    second=$!
    (cd third && look) >"$T/third" 2>&1 || fail "round $round, the third: $(cat "$T/third")"
    wait $first || fail "round $round, the first: $(cat "$T/first")"
    wait $second || fail "round $round, the second: $(cat "$T/second")"
  done
  end_beside
  nothing_is_lost
}

# All that was ever published is there for somebody new.
nothing_is_lost() {
  local commit
  user fourth
  git fetch -q
  for commit in $(git rev-list origin/first origin/second ^origin/main); do
    git checkout -q "$commit"
    cairn pull -q
    sha256sum --quiet -c data.sums || fail "data of $(git log -1 --format=%s "$commit")"
  done
  cairn fsck
}

# use_remote makes a clone's remote usable.
in_a_folder() {
  use_remote() { :; }
  many_rounds "$T/case/storage"
}

over_webdav() {
  use_remote() {
    "$CAIRN" config --local remote.shared.user cairn
    "$CAIRN" config --local remote.shared.password dav-secret
  }
  many_rounds "webdav://127.0.0.1:$NGINX_PORT/dav/many"
}

over_ssh() {
  use_remote() { :; }
  many_rounds "ssh://here$T/case/storage"
}
