#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Installs what cairn needs, builds it, tests it, shows it. See usage below.
set -euo pipefail

usage() {
  cat <<'TEXT'
usage: third_party/setup.sh COMMAND

  deps              install the missing packages (Debian 12 and 13, with apt-get)
  demo              deps, build the release, run docs/demo
  test              deps and what the tests need, build, run all tests
  servers           install all servers that tests of remotes can use; test leaves OpenStack Swift out
  install [PREFIX]  deps, build the release, install it (default /usr/local)
TEXT
}

if [ "${1-}" = install ]; then
  prefix=$(realpath -m -- "${2-/usr/local}") # before cd: the caller's folder counts
fi
cd "$(dirname "${BASH_SOURCE[0]}")/.."
jobs=$(nproc)

build_packages=(g++ cmake ninja-build pkg-config git
  libgit2-dev libzstd-dev libcli11-dev libfmt-dev nlohmann-json3-dev libyaml-dev libtomlplusplus-dev libxxhash-dev
  libcurl4-openssl-dev libssl-dev libexpat1-dev)
# BLAKE3 is a package of its own in Debian 13; Debian 12 has its C sources in a Rust package.
blake3_packages=(libblake3-dev librust-blake3-dev)
test_packages=(libgtest-dev libgmock-dev python3 python3-venv b3sum bubblewrap strace
  openssh-client openssh-server curl openssl nginx-full libnginx-mod-http-dav-ext ceph-mon ceph-osd ceph-common radosgw
  rclone)
# Slow to install and to start; its tests are skipped without.
swift_packages=(swift swift-account swift-container swift-object swift-proxy memcached)
# Optional: the format test wants exactly this version, and Debian 13 does not have it.
format_package=clang-format-14

say() { printf '==> %s\n' "$*"; }

die() {
  printf 'setup.sh: %s\n' "$*" >&2
  exit 1
}

as_root() {
  if [ "$(id -u)" = 0 ]; then
    "$@"
  elif command -v sudo >/dev/null; then
    sudo "$@"
  else
    die "this needs root, and there is no sudo: $*"
  fi
}

installed() { [ "$(dpkg-query -W -f='${db:Status-Status}' "$1" 2>/dev/null)" = installed ]; }

apt_knows() { apt-cache show --no-all-versions "$1" >/dev/null 2>&1; }

apt() { as_root env DEBIAN_FRONTEND=noninteractive apt-get -qq -o Dpkg::Use-Pty=0 "$@"; }

# Packages of the arguments that are not installed, one a line.
missing_of() {
  local package
  for package in "$@"; do
    installed "$package" || printf '%s\n' "$package"
  done
}

# What to do where there is no apt-get. cmake names the libraries it misses, so the build may still go on.
explain_other_system() {
  cat >&2 <<'TEXT'
setup.sh: no apt-get here: nothing is installed. Please install with your own package manager:
  a C++20 compiler (GCC 12 or clang 14), cmake 3.25, ninja, pkg-config, git,
  libgit2 1.5, zstd 1.5, CLI11 2.1, fmt 9, nlohmann-json 3.11, libyaml 0.2.5, toml++ 3.3, xxHash 0.8, BLAKE3 1.3,
  libcurl 7.85, OpenSSL 3, expat 2.4; ssh for remotes over SSH, rclone for those that it reaches;
  for the tests also GoogleTest 1.12, python3 with venv, b3sum, strace and bubblewrap; for those of remotes sshd, curl, openssl, nginx
  with its module dav-ext, and Ceph (mon, osd, radosgw): they are skipped without
TEXT
}

# install_missing PACKAGE...: installs those that are missing, and BLAKE3; touches nothing when all is there.
install_missing() {
  if ! command -v apt-get >/dev/null; then
    explain_other_system
    return
  fi
  local missing=() blake3_missing=1 package
  mapfile -t missing < <(missing_of "$@")
  for package in "${blake3_packages[@]}"; do
    if installed "$package"; then blake3_missing=0; fi
  done
  if [ ${#missing[@]} = 0 ] && [ $blake3_missing = 0 ]; then
    say "all packages are installed"
    return
  fi

  if [ "$(id -u)" != 0 ] && ! command -v sudo >/dev/null; then
    [ $blake3_missing = 0 ] || missing+=("${blake3_packages[0]} (or ${blake3_packages[1]})")
    die "neither root nor sudo to install what is missing: ${missing[*]}"
  fi
  say "reading the package lists (apt-get update)"
  apt update || say "apt-get update failed; going on with the lists that are there"
  if [ $blake3_missing = 1 ]; then
    if apt_knows "${blake3_packages[0]}"; then
      missing+=("${blake3_packages[0]}")
    else
      missing+=("${blake3_packages[1]}")
    fi
  fi
  local wanted=() unknown=()
  for package in "${missing[@]}"; do
    if apt_knows "$package"; then
      wanted+=("$package")
    elif [ "$package" != "$format_package" ]; then
      unknown+=("$package")
    fi
  done
  [ ${#unknown[@]} = 0 ] || die "apt-get knows no package ${unknown[*]} (supported: Debian 12 and 13)"
  [ ${#wanted[@]} = 0 ] && return
  say "installing ${wanted[*]}"
  local log
  log=$(mktemp)
  if ! apt install --yes --no-install-recommends "${wanted[@]}" >"$log" 2>&1; then
    tail -n 30 "$log" >&2
    die "apt-get install failed (whole log: $log)"
  fi
  rm -f "$log"
}

# Of the lines "[n/m] …" (ninja) and "n/m Test …" (ctest) shows every tenth part; all other lines as they are.
thin_progress() {
  local line done_count total step last=0
  while IFS= read -r line; do
    if [[ $line =~ ^\[([0-9]+)/([0-9]+)\] || $line =~ ^\ *([0-9]+)/([0-9]+)\ Test\ .*\ Passed\  ]]; then
      done_count=${BASH_REMATCH[1]} total=${BASH_REMATCH[2]}
      step=$((done_count * 10 / total))
      if [ "$step" -gt "$last" ]; then
        printf '    %s of %s\n' "$done_count" "$total"
        last=$step
      fi
    elif [[ ! $line =~ ^\ +Start\ +[0-9]+: ]]; then
      printf '%s\n' "$line"
    fi
  done
}

# build PRESET: configures and builds into build/PRESET.
build() {
  say "configuring build/$1"
  cmake --preset "$1" >/dev/null
  say "building build/$1 with $jobs jobs"
  if [ -t 1 ]; then
    cmake --build --preset "$1" --parallel "$jobs"
  else
    cmake --build --preset "$1" --parallel "$jobs" 2>&1 | thin_progress
  fi
}

deps() { install_missing "${build_packages[@]}"; }

demo() {
  deps
  build release
  say "running docs/demo/run.sh"
  PATH="$PWD/build/release/cmd:$PATH" bash docs/demo/run.sh
}

run_tests() {
  install_missing "${build_packages[@]}" "${test_packages[@]}" "$format_package"
  build dev
  # One more than there are processors: a quarter of the tests' time is waiting.
  say "running the tests, $((jobs + 1)) at once"
  ctest --preset dev --parallel $((jobs + 1)) 2>&1 | thin_progress
}

# True when the nearest existing parent of $1 can be written.
can_write() {
  local folder=$1
  until [ -e "$folder" ]; do folder=$(dirname "$folder"); done
  [ -w "$folder" ]
}

# Installs into $prefix, as root where the user may not write.
install_release() {
  local version
  deps
  build release
  say "installing into $prefix"
  if can_write "$prefix"; then
    cmake --install build/release --prefix "$prefix" --strip
  else
    as_root cmake --install build/release --prefix "$prefix" --strip
  fi
  version=$("$prefix/bin/cairn" --version)
  say "installed $version as $prefix/bin/cairn"
}

case "${1-} $#" in
  "deps 1")
    deps
    command -v apt-get >/dev/null # elsewhere nothing was installed: not a success
    ;;
  "demo 1") demo ;;
  "test 1") run_tests ;;
  "servers 1") install_missing "${test_packages[@]}" "${swift_packages[@]}" ;;
  "install 1" | "install 2") install_release ;;
  "-h 1" | "--help 1") usage ;;
  *)
    usage >&2
    exit 2
    ;;
esac
