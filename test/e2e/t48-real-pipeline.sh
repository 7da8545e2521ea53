#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# A pipeline as people have them: the places of the world's time zones (docs/demo) are prepared, made into features, split and
# learned from by two models, and judged, all in Python's standard library.
. "$(dirname "$0")/lib.sh"

TABLES=$(cd "$(dirname "$0")/../../docs/demo" && pwd)

# assert_outcome OUTCOME STAGES: of the last repro --json.
assert_outcome() { assert_same "$2" "$(json "o('$1')")" "stages with outcome $1"; }

write_sources() {
  mkdir src
  cat >src/table.py <<'PY'
import csv

def read(path):
    with open(path, newline="", encoding="utf-8") as f:
        return list(csv.DictReader(f))

def write(path, rows):
    with open(path, "w", newline="", encoding="utf-8") as f:
        out = csv.DictWriter(f, rows[0].keys(), lineterminator="\n")
        out.writeheader()
        out.writerows(rows)
PY
  cat >src/prepare.py <<'PY'
# zones.tab, countries.tab -> places.csv: region (what stands before the slash), place, country, coordinates in degrees
import re
import sys
import table

zones, countries, out = sys.argv[1:]

def lines(path):
    with open(path, encoding="utf-8") as f:
        return [line.rstrip("\n").split("\t") for line in f if not line.startswith("#")]

def degrees(text, digits):
    whole, rest = text[1:1 + digits], text[1 + digits:]
    value = int(whole) + int(rest[:2]) / 60 + int(rest[2:] or 0) / 3600
    return -value if text[0] == "-" else value

names = {code: name for code, name in lines(countries)}
rows = []
for codes, where, zone, *_ in lines(zones):
    lat, lon = re.match(r"([-+]\d+)([-+]\d+)$", where).groups()
    region, place = zone.split("/", 1)
    rows.append({"region": region, "place": place, "country": names[codes[:2]], "lat": round(degrees(lat, 2), 4),
                 "lon": round(degrees(lon, 3), 4)})
table.write(out, sorted(rows, key=lambda row: (row["region"], row["place"])))
print(len(rows), "places")
PY
  cat >src/featurize.py <<'PY'
# places.csv -> train.csv and test.csv: points on the unit sphere; the seed decides which places are for the test
import math
import os
import random
import sys
import table

source, train, test, share, least = sys.argv[1:]
places = table.read(source)
regions = [p["region"] for p in places]
random.seed(int(os.environ["CAIRN_SEED"]))
parts = {train: [], test: []}
for p in places:
    if regions.count(p["region"]) < int(least):
        continue
    lat, lon = math.radians(float(p["lat"])), math.radians(float(p["lon"]))
    row = {"region": p["region"], "x": round(math.cos(lat) * math.cos(lon), 6), "y": round(math.cos(lat) * math.sin(lon), 6),
           "z": round(math.sin(lat), 6)}
    parts[test if random.random() < float(share) else train].append(row)
for path, rows in parts.items():
    table.write(path, rows)
PY
  cat >src/train.py <<'PY'
# train.csv -> a softmax model and its loss by step. The sums of a step are made by THREADS threads, in parts that do not depend on
# how many these are.
import argparse
import json
import math
import os
import random
import re
from concurrent.futures import ThreadPoolExecutor
import table

options = argparse.ArgumentParser()
for name in "data", "model", "loss", "params":
    options.add_argument("--" + name, required=True)
options.add_argument("--rate", type=float)
options.add_argument("--steps", type=int)
options.add_argument("--square", action="store_true")
options = options.parse_args()
l2 = float(re.search(r"^  l2: (\S+)", open(options.params).read(), re.M).group(1))
random.seed(int(os.environ["SEED"]))

rows = table.read(options.data)
regions = sorted({row["region"] for row in rows})

def features(row):
    x = [float(row[k]) for k in "xyz"]
    return [1.0] + x + ([a * b for i, a in enumerate(x) for b in x[i:]] if options.square else [])

def softmax(weights, x):
    scores = [sum(a * b for a, b in zip(w, x)) for w in weights]
    top = max(scores)
    powers = [math.exp(s - top) for s in scores]
    total = sum(powers)
    return [p / total for p in powers]

data = [(features(row), regions.index(row["region"])) for row in rows]
size = len(data[0][0])
weights = [[random.gauss(0, 0.1) for _ in range(size)] for _ in regions]

def part(examples):
    loss, slope = 0.0, [[0.0] * size for _ in regions]
    for x, label in examples:
        found = softmax(weights, x)
        loss -= math.log(found[label])
        for k, p in enumerate(found):
            error = p - (k == label)
            for i, value in enumerate(x):
                slope[k][i] += error * value
    return loss, slope

losses = []
with ThreadPoolExecutor(int(os.environ.get("THREADS", "1"))) as pool:
    for step in range(options.steps):
        loss, slope = 0.0, [[0.0] * size for _ in regions]
        for part_loss, part_slope in pool.map(part, [data[i:i + 64] for i in range(0, len(data), 64)]):
            loss += part_loss
            slope = [[a + b for a, b in zip(u, v)] for u, v in zip(slope, part_slope)]
        weights = [[w - options.rate * (g / len(data) + l2 * w) for w, g in zip(u, v)] for u, v in zip(weights, slope)]
        losses.append({"step": step, "loss": round(loss / len(data), 6)})
table.write(options.loss, losses)
with open(options.model, "w") as f:
    json.dump({"regions": regions, "square": options.square, "weights": weights}, f, indent=1)
print("loss", losses[-1]["loss"])
PY
  cat >src/evaluate.py <<'PY'
# test.csv and all models -> metrics and the confusion matrix of the best one
import collections
import json
import os
import sys
import table

data, metrics, confusion, digits, *models = sys.argv[1:]
rows = table.read(data)
scores, tables = {}, {}
for path in sorted(models):
    model = json.load(open(path))
    right, pairs = 0, collections.Counter()
    for row in rows:
        x = [float(row[k]) for k in "xyz"]
        x = [1.0] + x + ([a * b for i, a in enumerate(x) for b in x[i:]] if model["square"] else [])
        found = [sum(a * b for a, b in zip(w, x)) for w in model["weights"]]
        guess = model["regions"][found.index(max(found))]
        right += guess == row["region"]
        pairs[row["region"], guess] += 1
    name = os.path.basename(path).split(".")[0]
    scores[name] = {"accuracy": round(right / len(rows), int(digits))}
    tables[name] = pairs
best = max(scores, key=lambda name: scores[name]["accuracy"])
json.dump({"rows": len(rows), "best": best, "models": scores}, open(metrics, "w"), indent=1)
table.write(confusion, [{"region": a, "guess": b, "count": n} for (a, b), n in sorted(tables[best].items())])
PY
  cat >params.yaml <<'YAML'
# what may be tuned
split: {share: 0.3, least: 5}
train:
  l2: 0.001 # against large weights
report: {digits: 4}
models:
  plain: {rate: 1.0, steps: 30}
  square: {rate: 2.0, steps: 40, square: true}
YAML
  cat >cairn.yaml <<'YAML'
# from coordinates to regions
stages:
  prepare:
    cmd: python3 src/prepare.py data/zones.tab data/countries.tab places.csv
    deps: [data]
    code: [src/table.py]
    outs: [places.csv]
  featurize:
    cmd: python3 src/featurize.py places.csv train.csv test.csv ${split.share} ${split.least}
    deps: [places.csv]
    code: [src/table.py]
    seed: 7
    outs: [train.csv, test.csv]
  train:
    foreach: ${models}
    do:
      cmd: >-
        python3 src/train.py --data train.csv --model models/${key}.json --loss models/${key}.loss.csv --params params.yaml ${item}
      deps: [train.csv]
      code: [src/table.py]
      params: [train]
      seed: {value: 42, env: [SEED]}
      resources: {cpus: 1}
      outs: ['models/${key}.json']
      plots:
      - models/${key}.loss.csv: {x: step, y: loss, title: "loss of ${key}"}
  evaluate:
    cmd: python3 src/evaluate.py test.csv metrics.json confusion.csv ${report.digits} models/*.json
    deps: [test.csv, 'models/*.json']
    code: [src/table.py]
    metrics:
    - metrics.json: {cache: false}
    plots:
    - confusion.csv: {template: confusion, x: region, y: guess}
YAML
  printf '__pycache__/\n' >.gitignore
}

# The project, committed and shared, without any result.
new_project() {
  new_repo origin
  cairn remote add storage ../storage
  mkdir data
  cp "$TABLES/zones.tab" "$TABLES/countries.tab" data
  cairn add data
  write_sources
  commit start
  cairn push
  export PYTHONDONTWRITEBYTECODE=1
}

# The same, with its first result committed.
finished_project() {
  new_project
  cairn repro
  assert_out "5 ran"
  commit "first result"
}

results_do_not_depend_on_threads() {
  new_project
  local clone
  for clone in one four; do
    git clone -q . "../$clone"
    (cd "../$clone" && cairn pull) || fail "pull"
  done
  cd ../one
  THREADS=1 PYTHONHASHSEED=1 cairn repro -j 1
  assert_out "5 ran"
  cd ../four
  THREADS=4 PYTHONHASHSEED=2 TZ=Asia/Tokyo LC_ALL=C cairn repro -j 4 --resource cpus=4
  assert_out "5 ran"
  cmp ../one/cairn.lock cairn.lock
  mkdir ../a ../b
  (cd ../one && cp -a -- *.csv models metrics.json ../a)
  cp -a -- *.csv models metrics.json ../b
  assert_same_trees ../a ../b
  # It did learn something, and the tables are real.
  assert_same 313 "$(wc -l <places.csv)"
  assert_contains places.csv "Europe,Berlin,Germany,52.5,13.3667"
  python3 -c 'import json; m = json.load(open("metrics.json")); assert m["rows"] > 60 and m["models"][m["best"]]["accuracy"] > 0.6, m'
  # Without the results of others, again, and forced: the same bytes, and nobody says otherwise.
  THREADS=3 cairn repro --force -j 2
  assert_lacks "$T/err" "not deterministic"
  cmp ../one/cairn.lock cairn.lock
  git status --porcelain >"$T/out"
  assert_out "?? cairn.lock"
  assert_lacks "$T/out" ".csv"
}

# What one clone made, the other takes without running it.
results_are_shared() {
  finished_project
  cairn push
  fresh_clone
  cairn pull
  cairn repro
  assert_out "5 up to date"
  sed -i 's/l2: 0.001/l2: 0.01/' params.yaml
  cairn repro
  assert_out "3 ran"
  cairn push
  cd ../origin
  sed -i 's/l2: 0.001/l2: 0.01/' params.yaml
  cairn repro --pull --json
  assert_outcome restored "evaluate train@plain train@square"
  cmp metrics.json ../clone/metrics.json
}

exactly_what_depends_on_it_runs() {
  finished_project
  local all="evaluate featurize prepare train@plain train@square"
  cairn repro --json
  assert_outcome up_to_date "$all"
  sed -i 's/share: 0.3/share: 0.25/' params.yaml
  cairn repro --json
  assert_outcome ran "evaluate featurize train@plain train@square"
  assert_outcome up_to_date prepare
  sed -i 's/l2: 0.001 /l2: 0.0 /' params.yaml
  cairn repro --json
  assert_outcome ran "evaluate train@plain train@square"
  sed -i 's/rate: 2.0/rate: 1.5/' params.yaml
  cairn repro --json
  assert_outcome ran "evaluate train@square"
  sed -i 's/digits: 4/digits: 3/' params.yaml
  cairn repro --json
  assert_outcome ran evaluate
  # A comment changes nothing; a script and what it imports do.
  sed -i 's/against large weights/for small ones/' params.yaml
  cairn repro --json
  assert_outcome up_to_date "$all"
  echo '# more' >>src/train.py
  cairn repro --json
  assert_outcome ran "train@plain train@square"
  assert_outcome up_to_date "evaluate featurize prepare"
  echo '# more' >>src/table.py
  cairn repro --json
  assert_outcome ran "$all" # that the outputs are the same is known only afterwards
  # A model more.
  sed -i '/^  square/i\  slow: {rate: 0.1, steps: 10}' params.yaml
  cairn repro --json
  assert_outcome ran "evaluate train@slow"
  assert_contains metrics.json '"slow"'
}

why_log_and_diffs() {
  finished_project
  cairn why
  assert_out "up to date"
  sed -i 's/l2: 0.001/l2: 0.5/; s/rate: 2.0/rate: 1.5/' params.yaml
  cairn why train@square
  assert_out "would run     train@square"
  assert_out "[-2.0-]{+1.5+}"
  assert_out "param 'params.yaml:train' changed"
  assert_out "0.001"
  cairn why train@square evaluate
  assert_out "might run     evaluate"
  cairn repro
  cairn metrics diff
  grep -Eq '^metrics.json +models.square.accuracy +0\.[0-9]+ +0\.[0-9]+ +-?[0-9.]+$' "$T/out" || fail "no row for the model"
  cairn params diff
  assert_out train.l2
  grep -Eq 'train.l2 +0.001 +0.5' "$T/out" || fail "no row for l2"
  cairn metrics show --rev HEAD --csv
  assert_out "models.square.accuracy"
  cairn plots data models/square.loss.csv --csv
  assert_same 41 "$(wc -l <"$T/out")"
  assert_same "Revision,Path,step,loss" "$(head -n1 "$T/out")"
  cairn log train@square
  assert_same 3 "$(wc -l <"$T/out")"
  assert_out "param params.yaml:train"
  assert_out "first run"
  cairn log train@square --json
  local now before
  now=$(json 'd["runs"][0]["id"]')
  before=$(json 'd["runs"][1]["id"]')
  cairn log show "$now" --output
  grep -Eqx 'loss 0\.[0-9]+|loss 1\.[0-9]+' "$T/out" || fail "what the command printed is not kept"
  cairn log compare "$before" "$now"
  assert_out "0.001"
  assert_out "models/square.json"
  cairn log show "$now" --json
  assert_same 42 "$(json 'd["run"]["seed"]["value"] if isinstance(d["run"]["seed"], dict) else d["run"]["seed"]')"
}

a_sweep() {
  finished_project
  cairn exp run -n l2 -S train.l2=0.0,0.01,1.0 -j 2
  local i
  for i in 1 2 3; do
    assert_out "done  l2-$i"
  done
  assert_same "" "$(git status --porcelain)" "the workspace after the sweep"
  cairn exp show --json
  python3 - "$T/out" <<'PY' || fail "exp show"
import json, sys
d = json.load(open(sys.argv[1]))
runs = {e["name"]: e for r in d["revisions"] for e in r.get("experiments", [])}
assert sorted(runs) == ["l2-1", "l2-2", "l2-3"], d
got = [runs[n]["data"]["params"]["params.yaml"]["data"]["train"]["l2"] for n in sorted(runs)]
assert got == [0.0, 0.01, 1.0], got
scores = [runs[n]["data"]["metrics"]["metrics.json"]["data"]["models"]["square"]["accuracy"] for n in sorted(runs)]
assert scores[0] > scores[2], scores
PY
  cairn metrics diff HEAD l2-3
  assert_out "models.square.accuracy"
  cairn exp diff l2-1 l2-3
  assert_out train.l2
  # The same by hand is known already, to the byte.
  cairn exp apply l2-3
  assert_contains params.yaml "l2: 1.0 # against large weights"
  cairn repro
  assert_out "5 up to date"
  git show refs/cairn/exp/l2-3:cairn.lock | cmp - cairn.lock
}

test_case "one thread or four: the same lock, the same outputs" results_do_not_depend_on_threads
test_case "results are shared" results_are_shared
test_case "exactly what depends on a change runs" exactly_what_depends_on_it_runs
test_case "why, log, metrics, params and plots" why_log_and_diffs
test_case "a sweep of three" a_sweep
finish
