#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# What cairn is for: a version that was saved on one machine is reproduced on another, where nothing is the same but the commit
# and the data's remote.
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/machines.sh"

# preprocess -> train -> validate, with a fixed seed.
pipeline() {
  author_repo
  mkdir src
  cat >src/preprocess.py <<'PY'
import csv, sys
rows = list(csv.DictReader(open(sys.argv[1], newline="")))
with open(sys.argv[2], "w", newline="") as out:
    writer = csv.DictWriter(out, ["x", "y"], lineterminator="\n")
    writer.writeheader()
    writer.writerows({"x": r["x"], "y": r["y"]} for r in rows if r["y"])
PY
  cat >src/train.py <<'PY'
import csv, json, os, random, sys
random.seed(int(os.environ["CAIRN_SEED"]))
steps = json.load(open("params.json"))["steps"]
rows = [(float(r["x"]), float(r["y"])) for r in csv.DictReader(open(sys.argv[1], newline=""))]
slope, offset = random.random(), random.random()
for _ in range(steps):
    x, y = random.choice(rows)
    error = slope * x + offset - y
    slope -= 0.01 * error * x
    offset -= 0.01 * error
json.dump({"slope": slope, "offset": offset}, open(sys.argv[2], "w"))
PY
  cat >src/validate.py <<'PY'
import csv, json, sys
model = json.load(open(sys.argv[2]))
rows = [(float(r["x"]), float(r["y"])) for r in csv.DictReader(open(sys.argv[1], newline=""))]
loss = sum((model["slope"] * x + model["offset"] - y) ** 2 for x, y in rows) / len(rows)
json.dump({"loss": round(loss, 9)}, open(sys.argv[3], "w"))
PY
  python3 -c 'print("x,y,note")
for i in range(200): print(f"{i / 100},{2 * i / 100 + 1 + (i * 37 % 11 - 5) / 50 if i % 17 else str()},n{i}")' >raw.csv
  echo '{"steps": 2000}' >params.json
  cat >cairn.yaml <<'YAML'
stages:
  preprocess:
    cmd: python3 src/preprocess.py raw.csv clean.csv
    deps: [raw.csv]
    outs: [clean.csv]
  train:
    cmd: python3 src/train.py clean.csv model.json
    deps: [clean.csv]
    params: [{params.json: [steps]}]
    seed: 42
    outs: [model.json]
  validate:
    cmd: python3 src/validate.py clean.csv model.json metrics.json
    deps: [clean.csv, model.json]
    metrics: [metrics.json: {cache: false}]
YAML
  cairn add raw.csv
  git add -A
  cairn repro
}

# Versions v1.0 and, after data, params and code changed, v1.1.
two_versions() {
  pipeline
  save_version v1.0
  echo '2.5,6.01,late' >>raw.csv
  cairn add raw.csv
  echo '{"steps": 2500}' >params.json
  sed -i 's/0\.01 \* error$/0.02 * error/' src/train.py
  cairn repro
  commit "more data"
  git push -q origin HEAD:main
  cairn pipeline save --auto-version --push
  assert_out v1.1
}

reproduced_elsewhere() {
  two_versions
  mate_clones
  cd ..
  rm -rf project
  mate_must 0 cairn pipeline reproduce --version v1.0
  assert_out "v1.0 reproduced"
  mate_must 0 cairn pipeline reproduce --version v1.0 --json
  assert_same 'preprocess reproduced, train reproduced, validate reproduced' \
    "$(json '", ".join(x["stage"] + " " + x["verdict"] for x in stages)')"
  assert_same 'identical' "$(json '" ".join({o["verdict"] for x in stages for o in x["outs"]})')"
  mate_must 0 cairn pipeline reproduce --version v1.1 --from-remote
  mate_must 0 cairn pipeline list
  assert_out "v1.0"
  assert_out "reproduced"
  on_mate git status --porcelain
  assert_same "" "$(cat "$T/out")" "what the teammate's workspace shows"
}

diff_tells_what_changed() {
  two_versions
  cairn pipeline diff v1.0 v1.1
  assert_out src/train.py
  assert_out raw.csv
  assert_out steps
  assert_out loss
  assert_lacks "$T/out" src/preprocess.py
  assert_lacks "$T/out" src/validate.py
}

rolled_back() {
  two_versions
  before=$(sha256sum <raw.csv)
  cairn pipeline rollback v1.0
  assert_same "" "$(git status --porcelain)" "status after the rollback"
  [ "$before" != "$(sha256sum <raw.csv)" ] || fail "raw.csv is that of v1.1"
  cairn repro
  assert_out "3 up to date"
  assert_same 3 "$(git rev-list --count HEAD)" "commits"
}

test_case "reproduced on another machine" reproduced_elsewhere
test_case "what changed between two versions" diff_tells_what_changed
test_case "rolled back" rolled_back
finish
