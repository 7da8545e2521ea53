# shellcheck shell=bash
# SPDX-License-Identifier: Apache-2.0
# cairn diff --data: what changed inside a file.
. "$(dirname "$0")/lib.sh"

# A table in two commits, and changed again in the workspace.
table_repo() {
  new_repo
  printf 'id,name,price\n1,apple,3\n2,pear,4\n3,plum,5\n' >prices.csv
  cairn add prices.csv
  commit first
  printf 'id,name,price\n3,plum,5\n2,pear,4.5\n4,fig,6\n' >prices.csv
  cairn add prices.csv
  commit second
}

tables() {
  table_repo
  cairn diff --data prices.csv
  assert_out 'no differences'
  cairn diff --data prices.csv HEAD~1 HEAD
  assert_content "$T/out" 'prices.csv (HEAD~1 -> HEAD)
3 rows became 3, matched by id: 1 added, 1 removed, 1 changed

columns
Column  Before   After
price   integer  number

changed columns
Column  Rows
price   1

changed rows
id  Column  Before  After
2   price   4       4.5

added rows
Line  id  name  price
4     4   fig   6

removed rows
Line  id  name   price
2     1   apple  3'
  printf 'id,name,price\n3,plum,5\n2,pear,9\n4,fig,6\n' >prices.csv
  must_fail 1 cairn diff --data prices.csv --exit-code
  assert_out 'prices.csv (HEAD -> workspace)'
  cairn diff --data prices.csv HEAD~1 --rows 0
  assert_out '1 added, 1 removed, 1 changed'
  assert_lacks "$T/out" apple
  mkdir sub
  cairn -C sub diff --data ../prices.csv --md
  assert_out '### ../prices.csv (HEAD -> workspace)'
  assert_out '| 2 | price | 4.5 | 9 |'
}

json_form() {
  table_repo
  cairn diff --data prices.csv HEAD~1 HEAD --json
  assert_value '[d["path"], d["before"], d["after"], d["same"]]' '["prices.csv", "HEAD~1", "HEAD", false]'
  assert_value 'd["table"]["rows"]' '{"added": 1, "after": 3, "before": 3, "changed": 1, "removed": 1}'
  assert_value 'd["table"]["key"]' '["id"]'
  assert_value 'd["table"]["changed"]' \
    '[{"cells": {"price": {"after": "4.5", "before": "4"}}, "key": {"id": "2"}, "line_after": 3, "line_before": 3}]'
  assert_value 'd["table"]["added"]' '[{"cells": {"id": "4", "name": "fig", "price": "6"}, "line": 4}]'
  assert_value 'd["table"]["columns"]' '[{"after": "number", "before": "integer", "name": "price"}]'
  cairn diff --data prices.csv --json
  assert_value 'd["same"]' true
}

# Files that Git has, files in tracked folders, and outs of stages.
places() {
  new_repo
  mkdir tables
  printf 'k\tv\na\t1\n' >tables/t.tsv
  cairn add tables
  printf '{"id": 1, "v": 2}\n' >small.jsonl
  cat >cairn.yaml <<'YAML'
stages:
  make:
    cmd: printf 'id,v\n1,%s\n' "$(cat value)" >out.csv
    deps: [value]
    outs: [out.csv]
YAML
  echo 1 >value
  cairn repro
  commit first
  printf 'k\tv\na\t2\n' >tables/t.tsv
  printf '{"id": 1, "v": 3}\n' >small.jsonl
  echo 2 >value
  cairn repro
  cairn diff --data tables/t.tsv
  assert_out 'a  v       1       2'
  cairn diff --data small.jsonl
  assert_out '1   v       2       3'
  cairn diff --data out.csv
  assert_out '1   v       1       2'
}

keys() {
  new_repo
  printf 'a,b,x\n1,1,p\n1,2,q\n' >t.csv
  cairn add t.csv
  commit first
  printf 'a,b,x\n1,2,r\n1,1,p\n' >t.csv
  cairn diff --data t.csv --key a,b
  assert_out '1  2  x       q       r'
  cairn diff --data t.csv --key a --key b
  assert_out '1  2  x       q       r'
  must_fail 9 cairn diff --data t.csv --key a
  assert_err "lines 2 and 3 have the same key, a=1"
  must_fail 9 cairn diff --data t.csv --key c
  assert_err "has no column 'c'"
  must_fail 2 cairn diff --key a
}

other_files() {
  new_repo
  seq 20 >notes.txt
  random_file large.bin 3000000 one
  printf '\0' >empty.bin
  cairn add notes.txt large.bin empty.bin
  commit first
  sed -i 's/^10$/ten/' notes.txt
  cairn diff --data notes.txt
  assert_out '-10'
  assert_out '+ten'
  cairn diff --data notes.txt --json
  assert_value 'd["lines"].count("\n-10\n+ten\n")' 1
  flip_byte large.bin 1500000
  cairn diff --data large.bin
  assert_out 'large.bin (HEAD -> workspace)'
  assert_out '2.86 MiB became 2.86 MiB; changed: '
  cairn diff --data large.bin --json
  assert_value '0 < d["content"]["changed_bytes"] <= 3 * 256 * 1024' true
  assert_value 'd["content"]["size_after"]' 3000000
  cairn add large.bin
  commit second
  cairn diff --data large.bin HEAD~1 HEAD --json
  assert_value '0 < d["content"]["changed_bytes"] <= 3 * 256 * 1024' true
  : >empty.bin
  cairn diff --data empty.bin
  assert_out '1 B became 0 B'
}

bad_input() {
  table_repo
  must_fail 9 cairn diff --data nothing.csv
  assert_err "HEAD has no file 'nothing.csv'"
  must_fail 9 cairn diff --data prices.csv no-such-revision
  must_fail 2 cairn diff --data ../outside.csv
  must_fail 2 cairn diff --data prices.csv --targets prices.csv
  rm prices.csv
  must_fail 9 cairn diff --data prices.csv
  assert_err "there is no file 'prices.csv' here"
  ln -s /etc/passwd prices.csv
  must_fail 9 cairn diff --data prices.csv
  printf 'id,x\n1,2,3\n' >broken.csv
  git add broken.csv
  git commit -qm broken
  printf 'id,x\n1,2\n' >broken.csv
  must_fail 9 cairn diff --data broken.csv
  assert_err '2: 3 cells in a table of 2 columns'
}

# The content of another commit that was never fetched here.
not_here() {
  table_repo
  cairn remote add storage ../storage
  commit remote
  cairn push
  fresh_clone
  must_fail 9 cairn diff --data prices.csv HEAD~2 HEAD
  assert_err "'prices.csv' is not here"
  assert_err 'cairn fetch'
}

test_case 'tables: rows and columns by key' tables
test_case 'tables: JSON' json_form
test_case 'files of Git, in tracked folders, and outs' places
test_case 'keys' keys
test_case 'lines of texts, shares of other files' other_files
test_case 'bad input' bad_input
test_case 'content that is not here' not_here
finish
