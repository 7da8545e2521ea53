#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# What stages run in: captured, in the key, compared in words, and commands started inside it. A virtual environment is really
# built; conda, uv, docker, podman and node are stand-ins that record how they are called.
. "$(dirname "$0")/lib.sh"

# make_wheel NAME VERSION: NAME-VERSION-py3-none-any.whl in ../wheels, a package whose `word` is its version.
make_wheel() {
  mkdir -p ../wheels
  python3 - "$1" "$2" ../wheels <<'PYTHON'
import sys
import zipfile

name, version, folder = sys.argv[1:]
info = f"{name}-{version}.dist-info"
files = {
    f"{name}.py": f"word = '{version}'\n",
    f"{info}/METADATA": f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n",
    f"{info}/WHEEL": "Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
}
files[f"{info}/RECORD"] = "".join(f"{path},,\n" for path in [*files, f"{info}/RECORD"])
with zipfile.ZipFile(f"{folder}/{name}-{version}-py3-none-any.whl", "w") as wheel:
    for path, text in files.items():
        wheel.writestr(path, text)
PYTHON
}

install_wheel() { .venv/bin/pip install -q --no-index --no-deps --disable-pip-version-check "../wheels/$1-$2-py3-none-any.whl"; }

venv_project() {
  python3 -c 'import ensurepip, venv' || skip "python3 cannot make virtual environments (Debian: python3-venv)"
  new_repo
  make_wheel greeting 1.0
  make_wheel greeting 2.0
  printf '.venv\n' >.gitignore
  printf 'greeting==1.0\n' >requirements.txt
  python3 -m venv .venv
  install_wheel greeting 1.0
  cat >cairn.yaml <<'YAML'
stages:
  greet:
    cmd: python -c 'import greeting; print(greeting.word)' >word.txt; command -v python >>../interpreters
    environment:
      python:
        interpreter: ./.venv
        files: [requirements.txt]
    outs: [word.txt]
  plain:
    cmd: echo plain >plain.txt
    outs: [plain.txt]
YAML
  commit start
}

venv_counts() {
  venv_project
  cairn repro
  assert_content word.txt 1.0
  assert_same "$PWD/.venv/bin/python" "$(cat ../interpreters)"
  assert_contains cairn.lock environment
  commit "first lock"
  cairn repro
  assert_out "2 up to date"
  cairn env check
  assert_out "same"
  cp cairn.lock ../first.lock

  install_wheel greeting 2.0
  cairn why greet
  assert_out "greeting 1.0 -> 2.0"
  assert_lacks "$T/out" "not in the store"
  must_fail 1 cairn env check
  assert_out "greeting 1.0 -> 2.0"
  cairn env diff
  assert_out "greeting 1.0 -> 2.0"
  cairn repro
  assert_out "ran           greet"
  assert_out "1 up to date"
  assert_content word.txt 2.0
  commit "second lock"
  cairn env diff HEAD~1 HEAD
  assert_out "greeting 1.0 -> 2.0"
  cairn env diff HEAD~1 HEAD --json
  assert_same "greeting 1.0 2.0" \
    "$(python3 -c 'import json,sys; c=json.load(sys.stdin)["environments"][0]["changes"][0]; print(c["name"],c["before"],c["after"])' <"$T/out")"

  install_wheel greeting 1.0
  cairn repro
  assert_out "restored      greet"
  assert_content word.txt 1.0
  assert_same "$(cat ../first.lock)" "$(cat cairn.lock)" "lock of the first environment"
}

# Two machines with the same versions have the same record, wherever they keep it.
record_is_the_same_elsewhere() {
  venv_project
  cairn env show greet --json
  first=$(cat "$T/out")
  git clone -q . ../other
  cd ../other
  python3 -m venv .venv
  install_wheel greeting 1.0
  cairn env show greet --json
  assert_same "$first" "$(cat "$T/out")"
  assert_lacks "$T/out" "$PWD"
  assert_out '"greeting": "1.0"'
}

missing_venv_tells_how_to_make_it() {
  venv_project
  cairn repro
  commit lock
  rm -r .venv
  must_fail 1 cairn env check
  assert_out ".venv is missing"
  run "$CAIRN" repro
  [ "$STATUS" != 0 ] || fail "ran without its environment"
  assert_err "python3 -m venv .venv && .venv/bin/pip install -r requirements.txt"
  assert_content word.txt 1.0
}

# stand_in NAME SCRIPT: a program in PATH, outside the repository.
stand_in() {
  mkdir -p ../bin
  printf '#!/bin/bash\n%s\n' "$2" >"../bin/$1"
  chmod +x "../bin/$1"
  PATH=$(realpath ../bin):${PATH#"$(realpath ../bin):"}
  export PATH
}

# A stand-in that writes its arguments to ../NAME.log, one a line, and runs what follows the first argument that matches.
recording() {
  stand_in "$1" "{ printf '%s\\n' \"\$@\"; echo end; } >>'$PWD/../$1.log'
while [ \$# -gt 0 ] && [[ \$1 != $2 ]]; do shift; done
shift
[ \$# = 0 ] || exec \"\$@\""
}

one_stage() {
  new_repo
  printf 'stages:\n  one:\n    cmd: echo "$X" >out.txt\n    wdir: work\n    env: {X: value}\n    outs: [out.txt]\n    environment: %s\n' "$1" >cairn.yaml
  mkdir work
  printf 'version = 1\n' >uv.lock
  printf '{"lockfileVersion": 3, "packages": {"node_modules/left": {"version": "1.0.0"}}}\n' >package-lock.json
  printf 'name: lab\ndependencies: [numpy=1.26]\n' >environment.yml
  commit start
}

script='bash
-eo
pipefail
-c
echo "$X" >out.txt
end'

conda_by_name() {
  one_stage '{conda: {file: ../environment.yml, name: lab}}'
  recording conda lab
  cairn repro
  assert_content work/out.txt value
  assert_same "run
--no-capture-output
-n
lab
$script" "$(cat ../conda.log)"
}

uv_by_lock() {
  one_stage '{uv: ..}'
  recording uv --
  cairn repro
  assert_content work/out.txt value
  assert_same "run
--project
$PWD
--frozen
--
$script" "$(cat ../uv.log)"
}

digest=sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef

# engine_runs NAME: the container engine NAME is called as it should be.
engine_runs() {
  one_stage "{image: {reference: 'python:3.11@$digest', engine: $1}}"
  recording "$1" "python@$digest"
  cairn repro
  assert_content work/out.txt value
  name=$(grep -m1 '^cairn-' "../$1.log")
  user=
  [ "$1" = docker ] || [ "$(id -u)" = 0 ] || user='
--userns=keep-id'
  sed '/^-e$/d; /^[A-Z_]*$/d; /^HOME=/d' "../$1.log" >../calls
  assert_same "rm
-f
$name
end
run
--rm
-i
--init
--name
$name
-v
$PWD:$PWD
-w
$PWD/work
-u
$(id -u):$(id -g)$user
python@$digest
$script" "$(cat ../calls)"
  for variable in CAIRN_ROOT CAIRN_STAGE X HOME=/tmp; do
    grep -qx -- "$variable" "../$1.log" || fail "$variable is not handed on"
  done
}

docker_by_digest() { engine_runs docker; }
podman_by_digest() { engine_runs podman; }

# The container of a command that is interrupted is ended too.
interrupted_container_is_ended() {
  one_stage "{image: 'python:3.11@$digest'}"
  sed -i 's/cmd: .*/cmd: touch started; sleep 600/' cairn.yaml
  recording docker "python@$digest"
  "$CAIRN" repro &
  pid=$!
  until [ -e work/started ]; do sleep 0.02; done
  kill -INT "$pid"
  wait "$pid" && fail "an interrupted repro succeeded"
  assert_same 2 "$(grep -cx rm ../docker.log)" "removals of the container"
  assert_same "$(printf 'rm\n-f\n%s\nend\n' "$(grep -m1 '^cairn-' ../docker.log)")" "$(tail -n 4 ../docker.log)"
}

image_without_digest() {
  one_stage '{image: python:3.11}'
  stand_in docker "[ \"\$1\" = image ] && echo sha256:aa python@$digest"
  cairn env show one
  assert_out "digest: $digest"
  stand_in docker 'exit 1'
  run "$CAIRN" repro
  [ "$STATUS" != 0 ] || fail "ran an image that nothing names"
  assert_err "docker image inspect --format '{{index .RepoDigests 0}}' python:3.11"
}

node_and_its_programs() {
  one_stage '{node: ../package-lock.json}'
  stand_in node 'echo v20.11.1'
  mkdir -p node_modules/.bin
  printf '#!/bin/sh\necho made >made\n' >node_modules/.bin/maker
  chmod +x node_modules/.bin/maker
  sed -i 's/cmd: .*/cmd: maker; cp made out.txt/' cairn.yaml
  cairn repro
  assert_content work/out.txt made
  stand_in node 'echo v22.0.0'
  cairn why one
  assert_out "node 20.11.1 -> 22.0.0"
}

tools_run_only_on_request() {
  one_stage '{tools: [maker --version]}'
  version=1.2.0
  stand_in maker "touch '$PWD/../asked'; echo 'maker (build 7) $version'"
  cairn repro
  assert_present ../asked
  rm ../asked
  cairn status
  cairn why one
  cairn env show
  assert_out "not checked: tools: maker --version"
  cairn repro --dry-run
  must_fail 3 cairn env check
  assert_out "not checked"
  assert_err "cairn env check --run-tools"
  cairn env diff one
  assert_absent ../asked
  cairn env check --run-tools
  assert_out "same"
  assert_present ../asked
  stand_in maker "echo 'maker (build 7) 1.3.0'"
  must_fail 1 cairn env check --run-tools
  assert_out "maker 1.2.0 -> 1.3.0 (maker --version)"
  cairn repro
  assert_out "maker 1.2.0 -> 1.3.0 (maker --version)"
  cairn repro
  assert_out "1 up to date"
}

files_and_system() {
  one_stage '{files: [../settings.txt], system: true}'
  echo a >settings.txt
  cairn repro
  cairn env show one
  assert_out "kernel: $(uname -r)"
  cairn env check
  echo b >settings.txt
  must_fail 1 cairn env check one
  assert_out "settings.txt changed"
  cairn why one
  assert_out "settings.txt changed"
}

bad_words() {
  one_stage '{files: [settings.txt]}'
  must_fail 9 cairn env diff no-such-thing
  assert_err "neither a stage nor a revision"
  must_fail 9 cairn env show no-such-stage
  must_fail 1 cairn env check
  assert_out "no record"
}

test_case "a virtual environment is part of the key and named in words" venv_counts
test_case "the same environment has the same record elsewhere" record_is_the_same_elsewhere
test_case "a missing virtual environment tells how to make it" missing_venv_tells_how_to_make_it
test_case "conda runs the command by name" conda_by_name
test_case "uv runs the command from its lock" uv_by_lock
test_case "docker runs the command by digest" docker_by_digest
test_case "podman runs the command by digest" podman_by_digest
test_case "the container of an interrupted command is ended" interrupted_container_is_ended
test_case "an image without a digest is asked for, or refused" image_without_digest
test_case "node: its version counts and its programs are found" node_and_its_programs
test_case "tools are run by repro and on request alone" tools_run_only_on_request
test_case "files and the system count where they are declared" files_and_system
test_case "words that mean nothing" bad_words
finish
