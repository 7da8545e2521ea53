# shellcheck shell=bash
# SPDX-License-Identifier: Apache-2.0
# Two machines for the suites that source lib.sh first: the author's, which is the test itself, and a teammate's with another
# user, home, path, time zone, locale, host name and thread count. They share a Git remote and a folder of data, nothing else.

# Where the teammate works: on another file system where there is one.
MATE=$T/elsewhere/far/away
if [ -d /dev/shm ] && [ -w /dev/shm ]; then
  MATE=$(mktemp -d /dev/shm/cairn-mate.XXXXXX)
  trap 'rm -rf "$MATE"; clean_up' EXIT
fi
MATE_PATH=$PATH

# The program and the test's folder, for a user who may not look into the builder's home.
open_to_all() {
  chmod 755 "$T" "$T/case"
  [ -x "$T/bin/cairn" ] || install -D -m 755 "$CAIRN" "$T/bin/cairn"
  rm -rf "${MATE:?}"/*
  mkdir -p "$MATE/home" "$MATE/bin"
  cat >"$MATE/home/.gitconfig" <<'CONFIG'
[user]
	name = Teammate
	email = mate@example.org
[safe]
	directory = *
CONFIG
  [ "$(id -u)" != 0 ] || chown -R 12345:12345 "$MATE"
  chmod -R a+rX "$T/case"
}

# on_mate COMMAND...: runs it as the teammate would, in $MATE/work once that is there. Status and output as of `run`.
on_mate() {
  local as=() folder=$MATE
  [ ! -d "$MATE/work" ] || folder=$MATE/work
  if [ "$(id -u)" = 0 ]; then
    as=(unshare --uts bash -c 'hostname machine-of-mate && exec setpriv --reuid 12345 --regid 12345 --clear-groups "$@"' bash)
  fi
  run "${as[@]}" env -i -C "$folder" HOME="$MATE/home" PATH="$MATE/bin:$T/bin:$MATE_PATH" TZ="${MATE_TZ:-Asia/Tokyo}" \
    LC_ALL="${MATE_LOCALE:-C}" GIT_CONFIG_NOSYSTEM=1 "${MATE_VARIABLES[@]}" "$@"
  cat "$T/out"
  cat "$T/err" >&2
}
MATE_VARIABLES=(LANG=C)

# mate_must STATUS COMMAND...
mate_must() {
  local expected=$1
  shift
  on_mate "$@"
  assert_same "$expected" "$STATUS" "status of $*"
}

# A project of the author with both remotes; goes into it.
author_repo() {
  git init -q --bare origin.git
  mkdir storage
  new_repo "${1:-project}"
  git remote add origin "$T/case/origin.git"
  cairn remote add storage "$T/case/storage"
}

# save_version NAME: commits everything, saves it under that name and shares all of it.
save_version() {
  commit "$1"
  git push -q origin HEAD:main
  cairn pipeline save "$1" --push
}

# The teammate's fresh clone of what was shared, without data.
mate_clones() {
  open_to_all
  mate_must 0 git clone -q "$T/case/origin.git" "$MATE/work"
}
