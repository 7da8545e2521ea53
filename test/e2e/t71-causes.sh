#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Why a version is not reproduced on another machine: one planted cause each, found and named with evidence; none is named where
# there is none, or where it cannot be known.
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/machines.sh"

# one_stage COMMAND [KEYS]: a version with a stage `make` that reads words.txt and writes out.txt; KEYS are more lines of it.
one_stage() {
  [ -f words.txt ] || seq -f 'word%.0f' 40 >words.txt
  [ -f words.txt.cairn ] || cairn add words.txt
  cat >cairn.yaml <<YAML
stages:
  make:
    cmd: $1
    deps: [words.txt]
    outs: [out.txt]
${2:-}
YAML
  git add -A
  cairn repro
  save_version v1.0
}

# python_stage TEXT [KEYS]: the same with a script.
python_stage() {
  printf '%s\n' "$1" >make.py
  one_stage "python3 make.py" "${2:-}"
}

# reproduce STATUS: by the teammate; everything in $T/out as JSON.
reproduce() {
  mate_clones
  mate_must "$1" cairn pipeline reproduce --version v1.0 --json
}

# assert_cause FACTORS: of stage make, joined by commas; "" for none. With a cause come its words and its evidence.
assert_cause() {
  assert_same "$1" "$(json '",".join(sorted(c["factor"] for c in s["make"]["causes"]))')" "causes"
  [ -z "$1" ] || assert_same True "$(json 'all(c["text"] and c["evidence"] for c in s["make"]["causes"])')" "evidence"
}

# differs_by FACTORS: not reproduced, in out.txt, with the first difference and these causes.
differs_by() {
  reproduce 1
  assert_same differs "$(json 's["make"]["verdict"]')" "verdict"
  assert_same 'out.txt differs' "$(json '" ".join(o["path"] + " " + o["verdict"] for o in s["make"]["outs"])')" "outs"
  assert_same True "$(json 'bool(s["make"]["outs"][0]["first"]["text"])')" "first difference"
  assert_cause "$1"
}

unset_seed() {
  author_repo
  python_stage 'import random
open("out.txt", "w").write(f"{random.random()}\n")'
  differs_by seed
}

time_stamp() {
  author_repo
  python_stage 'import datetime
open("out.txt", "w").write(f"head\nmade {datetime.datetime.now().isoformat()}\n")'
  differs_by clock
}

# make_wheel NAME VERSION FOLDER: a package whose `word` is its version.
make_wheel() {
  mkdir -p "$3"
  python3 - "$@" <<'PYTHON'
import sys, zipfile
name, version, folder = sys.argv[1:]
info = f"{name}-{version}.dist-info"
files = {f"{name}.py": f"word = '{version}'\n",
         f"{info}/METADATA": f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n",
         f"{info}/WHEEL": "Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: py3-none-any\n"}
files[f"{info}/RECORD"] = "".join(f"{path},,\n" for path in [*files, f"{info}/RECORD"])
with zipfile.ZipFile(f"{folder}/{name}-{version}-py3-none-any.whl", "w") as wheel:
    for path, text in files.items():
        wheel.writestr(path, text)
PYTHON
}

# A stage in a virtual environment with greeting 1.0; the teammate's wheels are those of the versions named.
in_a_venv() {
  local version
  python3 -c 'import ensurepip, venv' || skip "python3 cannot make virtual environments (Debian: python3-venv)"
  author_repo
  make_wheel greeting 1.0 ../wheels
  echo greeting >requirements.txt
  echo .venv >.gitignore
  python3 -m venv .venv
  .venv/bin/pip install -q --no-index --find-links ../wheels --disable-pip-version-check -r requirements.txt
  printf '%s\n' 'import greeting' 'open("out.txt", "w").write(greeting.word + "\n")' >make.py
  one_stage "python make.py" "    environment: {python: {interpreter: ./.venv, files: [requirements.txt]}}"
  for version in "$@"; do
    make_wheel greeting "$version" "$T/case/mates-wheels"
  done
  MATE_VARIABLES=(PIP_NO_INDEX=1 "PIP_FIND_LINKS=$T/case/mates-wheels")
}

same_package() {
  in_a_venv 1.0 2.0
  reproduce 0
  assert_cause ""
}

changed_package() {
  in_a_venv 2.0
  differs_by environment
  assert_same True "$(json '"greeting" in s["make"]["causes"][0]["evidence"] + s["make"]["causes"][0]["text"]')" "the package"
}

tool() {
  mkdir -p "$2"
  printf '#!/bin/sh\ncase ${1-} in --version) echo "shaper %s" ;; *) echo "shaped by %s" ;; esac\n' "$1" "$1" >"$2/shaper"
  chmod 755 "$2/shaper"
}

changed_tool() {
  author_repo
  tool 1.2 "$T/case/tools"
  PATH=$T/case/tools:$PATH one_stage "shaper >out.txt" "    environment: {tools: [shaper --version]}"
  mate_clones
  tool 1.3 "$MATE/bin"
  chmod -R a+rX "$MATE/bin"
  mate_must 1 cairn pipeline reproduce --version v1.0 --json
  assert_cause environment
  assert_same True "$(json '"1.2" in stages[0]["causes"][0]["evidence"] + stages[0]["causes"][0]["text"]')" "the version"
}

input_is_nowhere() {
  author_repo
  one_stage "cp words.txt out.txt"
  mate_clones
  rm -rf "$T"/case/storage/packs/*
  on_mate cairn pipeline reproduce --version v1.0
  case $STATUS in
    4 | 7) ;;
    *) fail "status $STATUS" ;;
  esac
  assert_err words.txt
}

input_is_not_declared() {
  author_repo
  echo secret >extra.txt
  echo extra.txt >.gitignore
  one_stage "cat words.txt extra.txt >out.txt"
  reproduce 1
  assert_same failed "$(json 's["make"]["verdict"]')" "verdict"
  assert_same True "$(json '"extra.txt" in json.dumps(s["make"])')" "the file that is missing"
}

threads_in_any_order() {
  author_repo
  python_stage 'import threading, time, os
lines = []
def work(n):
    total = 0
    for i in range(200000 + int.from_bytes(os.urandom(2), "big")):
        total += i % (n + 1)
    lines.append(f"part {n}")
threads = [threading.Thread(target=work, args=(n,)) for n in range(12)]
[t.start() for t in threads]
[t.join() for t in threads]
open("out.txt", "w").write("\n".join(lines) + "\n")'
  reproduce 1
  case $(json '",".join(sorted(c["factor"] for c in s["make"]["causes"]))') in
    threads | order) ;;
    *) fail "another cause" ;;
  esac
}

hash_order() {
  author_repo
  python_stage 'open("out.txt", "w").write("".join(set(open("words.txt"))))'
  differs_by hash_seed
}

folder_order() {
  [ "$(stat -f -c %T "$T")" != "$(stat -f -c %T "$MATE")" ] || skip "both machines are on one kind of file system"
  author_repo
  mkdir parts
  for i in 7 3 9 1 5 8 2 6 4; do echo "$i" >"parts/part-$i"; done
  cairn add parts
  cat >make.py <<'PY'
import os
open("out.txt", "w").write("".join(open("parts/" + name).read() for name in os.listdir("parts")))
PY
  cat >cairn.yaml <<'YAML'
stages:
  make:
    cmd: python3 make.py
    deps: [parts]
    outs: [out.txt]
YAML
  git add -A
  cairn repro
  save_version v1.0
  differs_by folder_order
}

locale() {
  author_repo
  printf 'grün\n' >words.txt
  one_stage "wc -m <words.txt >out.txt"
  differs_by locale
}

time_zone() {
  author_repo
  one_stage "date -d @1700000000 +%H:%M >out.txt"
  differs_by time_zone
}

absolute_path() {
  author_repo
  one_stage "pwd >out.txt"
  differs_by folder
}

sums_across_threads() {
  author_repo
  cat >make.py <<'PY'
import os
from concurrent.futures import ThreadPoolExecutor
n = len(os.sched_getaffinity(0))
values = [1 / (i + 1) for i in range(10007)]
with ThreadPoolExecutor(n) as pool:
    parts = list(pool.map(lambda k: sum(values[k::n]), range(n)))
open("out.txt", "w").write(f"{sum(parts)!r}\n")
PY
  [ "$(nproc)" -ge 2 ] || skip "one processor"
  printf '#!/bin/sh\nexec taskset -c 0 "%s" "$@"\n' "$CAIRN" >../one-cpu
  chmod +x ../one-cpu
  CAIRN=$PWD/../one-cpu one_stage "python3 make.py"
  differs_by threads
}

temporary_name() {
  author_repo
  python_stage 'import tempfile
f = tempfile.NamedTemporaryFile(prefix="part-", dir=".")
open("out.txt", "w").write(f"read {f.name.rsplit(chr(47))[-1]}\n")'
  differs_by temporary_name
}

two_causes() {
  author_repo
  python_stage 'import random, time
open("out.txt", "w").write(f"{time.time()}\n{random.random()}\n")'
  differs_by clock,seed
}

# --- Clean ones ---

clean() {
  reproduce 0
  assert_cause ""
  assert_same "" "$(json 's["make"]["cause_note"]')" "note"
}

clean_shell() { author_repo && one_stage "LC_ALL=C sort -r words.txt >out.txt" && clean; }
clean_seed() {
  author_repo
  python_stage 'import os, random
random.seed(int(os.environ["CAIRN_SEED"]))
open("out.txt", "w").write(f"{random.random()}\n")' "    seed: 7"
  clean
}
clean_hashes() {
  author_repo
  python_stage 'open("out.txt", "w").write("".join(set(open("words.txt"))))' "    seed: 7"
  clean
}
clean_threads() {
  author_repo
  python_stage 'from concurrent.futures import ThreadPoolExecutor
with ThreadPoolExecutor(4) as pool:
    open("out.txt", "w").write("".join(pool.map(str.upper, open("words.txt"))))'
  clean
}
clean_tolerance() {
  author_repo
  python_stage 'import random
open("out.json", "w").write(f"{{\"loss\": {0.5 + random.random() * 1e-9}}}\n")
open("out.txt", "w").write("done\n")' "    metrics: [out.json: {compare: {rtol: 1e-6}}]"
  reproduce 0
  assert_same equal "$(json '[o["verdict"] for o in s["make"]["outs"] if o["path"] == "out.json"][0]')" "verdict"
}

# --- Causes that cannot be known ---

unknown_host() {
  [ "$(id -u)" = 0 ] || skip "needs root, for another host name"
  author_repo
  one_stage "uname -n >out.txt"
  differs_by ""
  assert_same True "$(json 'bool(s["make"]["cause_note"])')" "note"
}
unknown_user() {
  [ "$(id -u)" = 0 ] || skip "needs root, for another user"
  author_repo
  one_stage "id -u >out.txt"
  differs_by ""
}
unknown_counter() {
  author_repo
  mkdir -p "$T/case/service"
  : >"$T/case/service/log"
  chmod 666 "$T/case/service/log"
  one_stage "echo x >>$T/case/service/log; wc -l <$T/case/service/log >out.txt"
  differs_by ""
}

test_case "an unset seed" unset_seed
test_case "a time stamp" time_stamp
test_case "the package as recorded is installed" same_package
test_case "a changed package" changed_package
test_case "a changed tool" changed_tool
test_case "an input that is nowhere" input_is_nowhere
test_case "an input that is not declared" input_is_not_declared
test_case "threads that end in any order" threads_in_any_order
test_case "the order of hashes" hash_order
test_case "the order of a folder" folder_order
test_case "the locale" locale
test_case "the time zone" time_zone
test_case "an absolute path" absolute_path
test_case "sums across threads" sums_across_threads
test_case "a random temporary name" temporary_name
test_case "two causes at once" two_causes
test_case "clean: shell" clean_shell
test_case "clean: with a seed" clean_seed
test_case "clean: hashes with a seed" clean_hashes
test_case "clean: threads" clean_threads
test_case "clean: within a tolerance" clean_tolerance
test_case "not to be known: the host" unknown_host
test_case "not to be known: the user" unknown_user
test_case "not to be known: a service" unknown_counter
finish
