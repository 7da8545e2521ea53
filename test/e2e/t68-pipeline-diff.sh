#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# pipeline diff: each kind of change alone is told, and nothing else; then all of them at once.
. "$(dirname "$0")/lib.sh"

# A pipeline with everything in it, saved by Git as v1. Its first stage copies data and reads a folder; the second counts.
base() {
  new_repo
  mkdir images notes
  for i in 1 2 3 4; do
    echo "image $i" >images/$i.txt
  done
  seq 100 >raw.csv
  echo 'some words' >notes/read.me
  printf 'lr: 0.1\ndepth: 3\n' >params.yaml
  printf 'cat raw.csv images/*.txt\n' >prepare.sh
  printf 'tool 1\n' >tool.txt
  cairn add raw.csv images
  cat >cairn.yaml <<'YAML'
# The pipeline.
stages:
  prepare:
    cmd: bash prepare.sh >clean.csv
    deps: [raw.csv, images]
    outs: [clean.csv]
    environment: {tools: [cat tool.txt]}
  train:
    cmd: sh -c 'wc -l <clean.csv >count.txt; echo "{\"lines\":$(cat count.txt)}" >m.json' --rate 0.1
    deps: [clean.csv]
    params: [lr]
    outs: [count.txt]
    metrics: [m.json: {cache: false}]
    seed: 42
YAML
  cairn repro
  commit base
  git tag v1
}

# next: runs what is stale, commits, and compares with v1 as JSON.
next() {
  cairn repro -q
  git add -A
  git commit -qm next
  cairn pipeline diff v1 --json
}

# only PART...: these parts of the diff have something in them, and no other.
only() {
  assert_same "$*" "$(json '" ".join(p for p in
    ("code", "pipeline", "data", "outs", "params", "seeds", "environment", "metrics") if d[p])')" "parts that differ"
  assert_value 'd["differs"]' "$([ $# = 0 ] && echo false || echo true)"
}

nothing() {
  base
  cairn pipeline diff v1 HEAD --json
  only
  cairn pipeline diff v1
  assert_content "$T/out" 'nothing differs'
  cairn pipeline diff v1 HEAD --exit-code
  git commit -q --allow-empty -m empty
  cairn pipeline diff v1 --stat --exit-code
  assert_content "$T/out" 'nothing differs'
}

code() {
  base
  printf 'more\nwords\n' >>notes/read.me
  chmod +x prepare.sh
  printf 'a\0b' >binary
  next
  only code
  assert_value '[(c["kind"], c["path"], c["added"], c["removed"], c["mode_changed"]) for c in d["code"]]' \
    '[["added", "binary", null, null, false], ["modified", "notes/read.me", 2, 0, false], ["modified", "prepare.sh", 0, 0, true]]'
  cairn pipeline diff v1
  assert_content "$T/out" 'code: 1 added, 2 modified, +2 -0 lines
  Change    File           Lines
  added     binary         binary
  modified  notes/read.me  +2 -0
  modified  prepare.sh     +0 -0, other mode'
  must_fail 1 cairn pipeline diff v1 --exit-code
}

renamed_file() {
  base
  git mv notes/read.me notes/README
  next
  only code
  assert_value '[(c["kind"], c["old_path"], c["path"]) for c in d["code"]]' '[["renamed", "notes/read.me", "notes/README"]]'
  cairn pipeline diff v1
  assert_out 'renamed  notes/read.me -> notes/README  same content'
}

command_of_a_stage() {
  base
  sed -i 's/--rate 0.1/--rate 0.2 --fast/' cairn.yaml
  next
  only pipeline
  cairn pipeline diff v1
  assert_out '--rate [-0.1-]{+0.2 --fast+}'
}

stage_added_and_removed() {
  base
  cat >>cairn.yaml <<'YAML'
  extra:
    cmd: cp clean.csv copy.csv
    deps: [clean.csv]
    outs: [copy.csv]
YAML
  next
  only pipeline outs
  assert_value '[(p["kind"], p["stage"], p["changes"]) for p in d["pipeline"]]' '[["added", "extra", []]]'
  assert_value '[(o["kind"], o["path"], o["stage"]) for o in d["outs"]]' '[["added", "copy.csv", "extra"]]'
  git tag v2
  sed -i '/^  extra:/,$d' cairn.yaml
  cairn repro -q
  rm copy.csv
  commit removed
  cairn pipeline diff v2 HEAD --json
  only pipeline outs
  assert_value '[(p["kind"], p["stage"]) for p in d["pipeline"]]' '[["removed", "extra"]]'
  assert_value '[(o["kind"], o["path"]) for o in d["outs"]]' '[["deleted", "copy.csv"]]'
  # There and back again is nothing.
  cairn pipeline diff v1 HEAD --json
  only
}

keys_of_a_stage() {
  base
  sed -i 's/    params: \[lr\]/    params: [lr, depth]\n    env: {MODE: fast}\n    deterministic: false/' cairn.yaml
  next
  only pipeline
  assert_value '[(c["key"], c["name"], c["before"], c["after"]) for c in d["pipeline"][0]["changes"]]' \
    '[["deterministic", "", "true", "false"], ["params", "params.yaml:depth", null, ""], ["env", "MODE", null, "fast"]]'
}

# What says only how a stage is run, and comments, are lines of a file.
other_lines_of_the_pipeline() {
  base
  sed -i 's/# The pipeline./# Our pipeline./; s/    seed: 42/    seed: 42\n    timeout: 1h/' cairn.yaml
  next
  only code
  assert_value '[(c["path"], c["added"], c["removed"]) for c in d["code"]]' '[["cairn.yaml", 2, 1]]'
}

data_file() {
  base
  seq 101 >raw.csv
  cairn add raw.csv
  git add -A
  git commit -qm data
  cairn pipeline diff v1 --json
  only data
  assert_value '[(c["kind"], c["path"], c["before"]["size"], c["after"]["size"]) for c in d["data"]]' \
    "[[\"modified\", \"raw.csv\", $(seq 100 | wc -c), $(seq 101 | wc -c)]]"
  # What follows from it is told too, once it was made.
  next
  only data outs metrics
  assert_value '[o["path"] for o in d["outs"]]' '["clean.csv", "count.txt"]'
  assert_value 'd["metrics"]' '{"m.json": {"lines": {"diff": 1, "new": 105, "old": 104}}}'
}

folder_with_one_changed_file() {
  base
  echo 'another image' >images/2.txt
  cairn commit -q
  git add -A
  git commit -qm folder
  cairn pipeline diff v1 --json
  only data
  assert_value '[(f["kind"], f["path"]) for f in d["data"][0]["files"]]' '[["modified", "images/2.txt"]]'
  assert_value 'd["data"][0]["bytes_changed"]' 14
  cairn pipeline diff v1
  assert_out '% changed: 1 modified'
  assert_out '  modified  images/2.txt  14 B'
}

data_that_comes_goes_and_moves() {
  base
  echo extra >extra.csv
  cairn add extra.csv
  cairn move extra.csv moved.csv
  commit with
  git tag v2
  cairn move moved.csv there.csv
  commit moved
  cairn pipeline diff v1 v2 --json
  only data
  assert_value '[(c["kind"], c["path"]) for c in d["data"]]' '[["added", "moved.csv"]]'
  cairn pipeline diff v2 v1 --json
  assert_value '[(c["kind"], c["path"]) for c in d["data"]]' '[["deleted", "moved.csv"]]'
  cairn pipeline diff v2 --json
  only data
  assert_value '[(c["kind"], c["old_path"], c["path"]) for c in d["data"]]' '[["renamed", "moved.csv", "there.csv"]]'
}

params() {
  base
  sed -i 's/lr: 0.1/lr: 0.25/; s/depth: 3/depth: 3\nwidth: 8/' params.yaml
  next
  only params
  assert_value 'd["params"]' \
    '{"params.yaml": {"lr": {"diff": 0.15, "new": 0.25, "old": 0.1}, "width": {"new": 8, "old": null}}}'
  cairn pipeline diff v1
  assert_out 'params: 2 values'
  assert_out 'params.yaml  lr     0.1  0.25'
  # A comment is no value: the file tells of it.
  git tag v2
  sed -i 's/^depth: 3/depth: 3 # layers/' params.yaml
  commit comment
  cairn pipeline diff v2 --json
  only code
  assert_value 'd["code"][0]["path"]' '"params.yaml"'
}

seeds() {
  base
  sed -i 's/seed: 42/seed: 43/' cairn.yaml
  next
  only seeds
  assert_value '[(c["stage"], c["before"]["value"], c["after"]["value"]) for c in d["seeds"]]' '[["train", 42, 43]]'
  cairn pipeline diff v1
  assert_content "$T/out" 'seeds: 1 stage
  Stage  Seed
  train  42 -> 43'
}

environment() {
  base
  printf 'tool 2\n' >tool.txt
  next
  only code environment
  assert_value '[(e["stages"], e["unknown"]) for e in d["environment"]]' '[[["prepare"], false]]'
  assert_value 'd["environment"][0]["changes"][0]["before"] != d["environment"][0]["changes"][0]["after"]' true
  cairn pipeline diff v1
  assert_out 'environment: 1 change'
  assert_out 'tool 2'
  # Without the records it is known that they differ, not how.
  git clone -q . ../clone
  cd ../clone
  cairn pipeline diff v1 --json
  assert_value '[(e["stages"], e["unknown"]) for e in d["environment"]]' '[[["prepare"], true]]'
}

variables() {
  base
  sed -i 's/    seed: 42/    seed: 42\n    track_env: [SITE]/' cairn.yaml
  SITE=north cairn repro -q
  commit north
  git tag north
  SITE=south cairn repro -q
  commit south
  cairn pipeline diff north --json
  only environment
  assert_value '[c["text"] for c in d["environment"][0]["changes"]]' "[\"variable SITE 'north' -> 'south'\"]"
}

# A dep that neither Git nor cairn keeps is known from the lock alone.
data_beside() {
  base
  echo local.txt >.gitignore.new
  cat .gitignore .gitignore.new >.gitignore.all
  mv .gitignore.all .gitignore
  rm .gitignore.new
  echo one >local.txt
  sed -i 's/    deps: \[raw.csv, images\]/    deps: [raw.csv, images, local.txt]/' cairn.yaml
  cairn repro -q
  commit one
  git tag one
  echo other >local.txt
  cairn repro -q
  commit two
  cairn pipeline diff one --json
  only data
  assert_value '[(c["kind"], c["path"]) for c in d["data"]]' '[["modified", "local.txt"]]'
}

# cairn's own lines in .gitignore are no change of code; a user's are.
ignore_files() {
  base
  echo '*.tmp' >>.gitignore
  next
  only code
  assert_value '[(c["path"], c["added"]) for c in d["code"]]' '[[".gitignore", 1]]'
}

everything() {
  base
  echo 'x' >>notes/read.me
  git mv prepare.sh first.sh
  sed -i 's/prepare.sh/first.sh/; s/seed: 42/seed: 43/' cairn.yaml
  printf 'tool 2\n' >tool.txt
  seq 50 >raw.csv
  echo 'image 5' >images/5.txt
  rm images/1.txt
  cairn commit -q
  sed -i 's/lr: 0.1/lr: 0.2/' params.yaml
  next
  only code pipeline data outs params seeds environment metrics
  assert_value '[c["path"] for c in d["code"]]' '["first.sh", "notes/read.me", "tool.txt"]'
  assert_value '[p["stage"] for p in d["pipeline"]]' '["prepare"]'
  assert_value '[c["path"] for c in d["data"]]' '["images", "raw.csv"]'
  assert_value '[o["path"] for o in d["outs"]]' '["clean.csv", "count.txt"]'
  cairn pipeline diff v1 HEAD --stat
  assert_content "$T/out" 'code: 1 renamed, 2 modified, +2 -1 lines
pipeline: 1 changed
data: 2 modified
outs: 2 modified
params: 1 value
seeds: 1 stage
environment: 1 change
metrics: 1 value'
  cairn pipeline diff v1 HEAD --md
  assert_out '### code: 1 renamed, 2 modified, +2 -1 lines'
  assert_out '| renamed | prepare.sh -> first.sh | same content |'
  assert_out '| train | 42 -> 43 |'
}

# A project below the top of Git's work tree: what is outside of it does not count.
project_in_a_subfolder() {
  git init -q top
  mkdir -p top/sub top/other
  cd top/sub
  cairn init -q
  echo a >../other/a
  echo b >b
  echo data >data.csv
  cairn add data.csv
  commit one
  echo a2 >../other/a
  commit two
  cairn pipeline diff HEAD~1 --json
  only
  echo b2 >b
  echo data2 >data.csv
  cairn commit -q
  commit three
  cairn pipeline diff HEAD~1 --json
  only code data
  assert_value '[c["path"] for c in d["code"] + d["data"]]' '["b", "data.csv"]'
}

bad_input() {
  base
  must_fail 9 cairn pipeline diff v9
  assert_err "'v9'"
  must_fail 2 cairn pipeline diff workspace
  must_fail 2 cairn pipeline diff
  # A pipeline file of another time that cannot be read does not hide the rest.
  echo 'stages: []' >cairn.yaml
  echo x >>notes/read.me
  commit bad
  must_fail 3 cairn pipeline diff v1 --json
  assert_err 'cairn.yaml:1:9'
  assert_value '[c["path"] for c in d["code"]]' '["cairn.yaml", "notes/read.me"]'
  cd ..
  mkdir empty
  cd empty
  must_fail 6 cairn pipeline diff v1
}

test_case "two equal states: nothing differs" nothing
test_case "code alone" code
test_case "a renamed file" renamed_file
test_case "the command of a stage, word by word" command_of_a_stage
test_case "a stage that comes, and one that goes" stage_added_and_removed
test_case "other keys of a stage" keys_of_a_stage
test_case "comments and limits of a pipeline file" other_lines_of_the_pipeline
test_case "a data file alone, then what follows from it" data_file
test_case "a folder with one changed file" folder_with_one_changed_file
test_case "data that comes, goes and moves" data_that_comes_goes_and_moves
test_case "params alone" params
test_case "seeds alone" seeds
test_case "the environment, known and not known here" environment
test_case "a tracked variable" variables
test_case "a dep that nobody keeps" data_beside
test_case "ignore files" ignore_files
test_case "all at once, as text, Markdown and in short" everything
test_case "a project in a subfolder" project_in_a_subfolder
test_case "bad input" bad_input
finish
