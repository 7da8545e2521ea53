#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Provenance: what a file was made of, by whom and when, back to its sources; as a tree, JSON and PROV-JSON.
. "$(dirname "$0")/lib.sh"

# raw/ (tracked folder) and code of Git -> clean -> split (a folder) -> train.
pipeline() {
  new_repo
  mkdir raw
  seq 100 >raw/one.txt
  seq 200 >raw/two.txt
  cairn add raw
  echo 'cat raw/one.txt raw/two.txt >clean.txt' >clean.sh
  printf 'lr: 0.1\nname: a b\n' >params.yaml
  cat >cairn.yaml <<'YAML'
stages:
  clean:
    cmd: sh clean.sh
    deps: [raw]
    outs: [clean.txt]
  split:
    cmd: mkdir -p parts; head -n 50 clean.txt >parts/a; tail -n 50 clean.txt >parts/b
    deps: [clean.txt]
    outs: [parts]
  train:
    cmd: wc -l parts/a >model.txt
    deps: [parts/a]
    params: [lr, name]
    seed: 42
    environment:
      tools: [sh -c 'echo tool 1.2']
    outs: [model.txt]
  aside:
    cmd: echo aside >aside.txt
    outs: [aside.txt]
YAML
  commit "the code"
  cairn repro
  commit "the result"
}

as_a_tree() {
  pipeline
  cairn provenance model.txt
  assert_same "model.txt" "$(head -n1 "$T/out" | cut -d' ' -f1)" "root"
  assert_out "  made by stage train"
  assert_out "    command      wc -l parts/a >model.txt"
  assert_out "    param        params.yaml:lr = 0.1"
  assert_out "    seed         42"
  assert_out "    environment  tool 1.2"
  assert_out ", by $(id -un) on $(hostname), commit $(git rev-parse --short=7 HEAD^)"
  grep -q "^  parts/a  .*  in parts$" "$T/out" || fail "no file inside a folder"
  grep -q "^    clean.txt  " "$T/out" || fail "no clean.txt"
  grep -q "^      raw  .*  tracked data, commit $(git rev-parse --short=7 HEAD^) of .* by Tester <tester@example.org>$" "$T/out" ||
    fail "no source"
  grep -q "^      clean.sh  .*  in Git, commit $(git rev-parse --short=7 HEAD^) of" "$T/out" || fail "no code"
  assert_lacks "$T/out" aside
  cairn provenance --json model.txt
  assert_value "[a['stage'] for a in d['activities']]" '["train", "split", "clean"]'
  assert_value "[d['entities'][0]['path'], d['entities'][0]['kind'], d['entities'][0]['made_by']]" '["model.txt", "out", 0]'
  assert_value "d['activities'][0]['params']" '{"params.yaml": {"lr": 0.1, "name": "a b"}}'
  assert_value "[d['activities'][0]['run']['user'], d['activities'][0]['run']['dirty']]" "[\"$(id -un)\", false]"
  assert_value "sorted(e['path'] for e in d['entities'])" '["clean.sh", "clean.txt", "model.txt", "parts/a", "raw"]'
  assert_same "$(b3 parts/a)" "$(json "[e['hash'] for e in d['entities'] if e['path'] == 'parts/a'][0]")" "content"
}

# The id that cairn shows for a file, by its own pointer in another repository.
b3() {
  local file=$PWD/$1
  (
    git init -q "$T/case/b3"
    cd "$T/case/b3"
    "$CAIRN" init -q
    cp "$file" it
    "$CAIRN" add -q it
    sed -n 's/^hash: //p' it.cairn
  )
}

# Checks the structure that PROV-JSON asks for, and that each relation leads to something in the document.
check_prov() {
  python3 - "$1" <<'PY'
import datetime, json, re, sys
d = json.load(open(sys.argv[1]))
assert set(d) <= {"prefix", "entity", "activity", "agent", "used", "wasGeneratedBy", "wasAssociatedWith", "wasDerivedFrom",
                  "wasAttributedTo", "hadMember"}, set(d)
name = re.compile(r"^([A-Za-z_][\w.-]*):([\w./~@&+*?#$!-]|%[0-9A-F]{2})+$")
known = set(d["prefix"]) | {"prov", "xsd"}
def check_name(n):
    m = name.match(n)
    assert m and m.group(1) in known, n
def check_value(v):
    if isinstance(v, list):
        for one in v: check_value(one)
    elif isinstance(v, dict):
        assert set(v) == {"$", "type"}, v
        check_name(v["type"])
        if v["type"] == "prov:QUALIFIED_NAME": check_name(v["$"])
    else:
        assert isinstance(v, str), v
for kind in ("entity", "activity", "agent"):
    for n, attributes in d.get(kind, {}).items():
        check_name(n)
        for key, value in attributes.items():
            check_name(key)
            check_value(value)
for a in d["activity"].values():
    for key in ("prov:startTime", "prov:endTime"):
        if key in a: datetime.datetime.strptime(a[key], "%Y-%m-%dT%H:%M:%S.%fZ")
ends = {"used": {"prov:activity": "activity", "prov:entity": "entity"},
        "wasGeneratedBy": {"prov:entity": "entity", "prov:activity": "activity"},
        "wasAssociatedWith": {"prov:activity": "activity", "prov:agent": "agent"},
        "wasDerivedFrom": {"prov:generatedEntity": "entity", "prov:usedEntity": "entity", "prov:activity": "activity"},
        "wasAttributedTo": {"prov:entity": "entity", "prov:agent": "agent"},
        "hadMember": {"prov:collection": "entity", "prov:entity": "entity"}}
for relation, roles in ends.items():
    for n, one in d.get(relation, {}).items():
        assert n.startswith("_:") and set(one) == set(roles), (n, one)
        for role, kind in roles.items():
            assert one[role] in d[kind], (relation, one[role])
PY
}

as_prov_json() {
  pipeline
  cairn provenance model.txt --prov out.json
  assert_out "wrote out.json"
  check_prov out.json || fail "not PROV-JSON"
  cairn provenance model.txt --prov - >printed.json
  cmp out.json printed.json
  cairn provenance --json model.txt --prov -
  assert_value "d['prov'] == json.load(open('out.json'))" true
  assert_value "[len(d['prov']['wasGeneratedBy']), len(d['prov']['used'])]" '[3, 4]'
  # Names are the same in another place.
  git clone -q . ../clone
  git commit -q --allow-empty -m later
  cairn provenance model.txt --prov later.json
  cmp out.json later.json
  python3 - <<'PY' || fail "content of the document"
import json
d = json.load(open("out.json"))
by_label = {a["prov:label"]: a for a in d["activity"].values()}
assert by_label["train"]["cairn:seed"] == {"$": "42", "type": "xsd:long"}
assert by_label["train"]["cairn:param"] == ["params.yaml:lr=0.1", 'params.yaml:name="a b"']
kinds = {e["prov:label"]: e["prov:type"]["$"] for e in d["entity"].values()}
assert kinds == {"model.txt": "cairn:Output", "parts/a": "cairn:Output", "clean.txt": "cairn:Output", "raw": "cairn:TrackedData", "clean.sh": "cairn:GitFile"}, kinds
people = [a["prov:label"] for a in d["agent"].values() if a["prov:type"]["$"] == "prov:Person"]
assert "Tester <tester@example.org>" in people
PY
}

inside_and_beside() {
  pipeline
  cairn provenance parts/b
  assert_out "made by stage split"
  must_fail 9 cairn provenance parts/nothing
  assert_err "there is no file 'parts/nothing' in 'parts'"
  cairn provenance raw/two.txt
  grep -q "^raw/two.txt  .*  in raw  tracked data, commit" "$T/out" || fail "no tracked data"
  cd raw
  cairn provenance two.txt
  assert_out "two.txt"
  cd ..
  must_fail 9 cairn provenance modl.txt
  assert_err "no stage made 'modl.txt', and cairn does not keep it"
  assert_err "did you mean 'model.txt'?"
  must_fail 9 cairn provenance clean.sh
  assert_err "no stage made 'clean.sh': Git keeps it"
  assert_err "git log -- clean.sh"
  must_fail 2 cairn provenance ../outside
  must_fail 9 cairn provenance model.txt --rev nothing
  must_fail 2 cairn provenance
}

of_a_revision() {
  pipeline
  first=$(git rev-parse HEAD)
  echo 'cat raw/two.txt >clean.txt' >clean.sh
  cairn repro
  commit "other code"
  cairn provenance --json --rev "$first" model.txt
  cp "$T/out" "$T/first"
  cairn provenance --json model.txt
  assert_value "[e['hash'] for e in d['entities'] if e['path'] == 'clean.txt'] == [e['hash'] for e in json.load(open('$T/first'))['entities'] if e['path'] == 'clean.txt']" false
  assert_value "[e['commit'] for e in d['entities'] if e['path'] == 'clean.sh']" "[\"$(git rev-parse HEAD)\"]"
  assert_same "$(git rev-parse "$first^")" \
    "$(python3 -c 'import json,sys; print([e["commit"] for e in json.load(open(sys.argv[1]))["entities"] if e["path"] == "clean.sh"][0])' "$T/first")" "commit"
}

# What was used is told, not what stands there now.
changed_since() {
  pipeline
  echo '# changed' >>clean.sh
  git commit -qam "code changed, not run"
  cairn provenance clean.txt
  grep -q "^  clean.sh  .*  in Git, with other content now$" "$T/out" || fail "the commit is wrong"
  git checkout -q HEAD^ -- clean.sh
  git commit -qm back
}

# A frozen stage keeps what it made of an older file in a folder.
a_file_of_an_earlier_run() {
  pipeline
  cairn freeze train
  sed -i 's/head -n 50/head -n 40/' cairn.yaml
  cairn repro
  commit "train is behind"
  cairn provenance --json parts/a
  assert_value "'head -n 40' in d['activities'][0]['cmd']" true
  cairn provenance --json model.txt
  assert_value "[a['stage'] for a in d['activities']]" '["train", "split", "clean"]'
  assert_value "'head -n 50' in d['activities'][1]['cmd']" true
}

an_input_of_an_earlier_run() {
  new_repo
  printf 'stages:\n  a:\n    cmd: cat in >a.txt\n    deps: [in]\n    outs: [a.txt]\n  b:\n    cmd: cat a.txt >b.txt\n    deps: [a.txt]\n    outs: [b.txt]\n' >cairn.yaml
  echo one >in
  cairn repro
  commit one
  cairn freeze b
  echo two >in
  cairn repro
  commit two
  cairn provenance b.txt --json
  assert_value "[a['stage'] for a in d['activities']]" '["b", "a"]'
  old=$(git show HEAD^:cairn.lock | grep -A2 "path: in" | sed -n 's/.*hash: //p' | head -n1)
  assert_value "[e['hash'] for e in d['entities'] if e['path'] == 'in']" "[\"$old\"]"
  rm -r "$(store_of)/runs"
  cairn provenance b.txt
  assert_out "of an earlier run of a, which is not known here"
  assert_out "run          not known here"
}

who_is_told_only_where_it_was_recorded() {
  pipeline
  cairn remote add storage ../storage
  commit remote
  cairn push
  git clone -q . ../clone
  cd ../clone
  cairn pull
  cairn provenance --json model.txt
  assert_value "['run' in d['activities'][0], 'user' in d['activities'][0]['run'], 'host' in d['activities'][0]['run']]" '[true, false, false]'
  cairn provenance model.txt --prov p.json
  check_prov p.json
  assert_lacks p.json "\"$(id -un)\""
}

odd_names() {
  new_repo
  echo x >'in put%é.txt'
  printf 'stages:\n  "s":\n    cmd: cp in* "out put:1.txt"\n    deps: ["in put%%é.txt"]\n    outs: ["out put:1.txt"]\n' >cairn.yaml
  cairn repro
  cairn provenance 'out put:1.txt' --prov p.json
  check_prov p.json || fail "not PROV-JSON"
  assert_contains p.json '"data:out%20put%3A1.txt@'
  cairn provenance 'out put:1.txt'
  assert_out "neither in Git nor kept by cairn"
}

only_ancestors_are_visited() {
  new_repo
  mkdir wide
  {
    echo stages:
    for i in $(seq 300); do
      echo "  s$i: {cmd: 'cat $([ "$i" = 1 ] && echo seed || echo "wide/$((i - 1))") >wide/$i', deps: [$([ "$i" = 1 ] && echo seed || echo "wide/$((i - 1))")], outs: [wide/$i]}"
      echo "  t$i: {cmd: 'echo $i >wide/t$i', outs: [wide/t$i]}"
    done
  } >cairn.yaml
  echo s >seed
  cairn repro -q
  cairn provenance wide/100 --json
  assert_value "[len(d['activities']), len(d['entities'])]" '[100, 101]'
  cairn provenance wide/300
  assert_same 300 "$(grep -c 'made by stage' "$T/out")" "stages"
}

test_case "a tree of what was made of what" as_a_tree
test_case "PROV-JSON, with names that stay" as_prov_json
test_case "files inside folders, tracked data, and what no stage made" inside_and_beside
test_case "as of a revision" of_a_revision
test_case "the content that was used counts, not the one of now" changed_since
test_case "a file in a folder of an earlier run" a_file_of_an_earlier_run
test_case "an input of an earlier run leads to that run" an_input_of_an_earlier_run
test_case "host and user only where they were recorded" who_is_told_only_where_it_was_recorded
test_case "odd names" odd_names
test_case "only ancestors are visited" only_ancestors_are_visited
finish
