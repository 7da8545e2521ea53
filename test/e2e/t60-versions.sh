#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Named versions: saved, listed, shown, tagged, removed, pushed; what refuses, and bad input.
. "$(dirname "$0")/lib.sh"

# data.txt (tracked) -> model.txt (kept by cairn), m.json (kept by Git).
pipeline() {
  new_repo
  seq 100 >data.txt
  cairn add data.txt
  echo 'lr: 0.1' >params.yaml
  printf 'sort -rn data.txt >model.txt\ncp params.yaml m.yaml\n' >train.sh
  cat >cairn.yaml <<'YAML'
stages:
  train:
    cmd: sh train.sh
    deps: [data.txt]
    params: [lr]
    seed: 7
    outs: [model.txt]
    metrics: [m.yaml: {cache: false}]
YAML
  git add -A # so that train.sh counts as code
  cairn repro
  commit start
}

# The same with a bare origin of Git and a remote of cairn.
shared_pipeline() {
  pipeline
  cairn remote add storage ../storage
  git init -q --bare ../origin.git
  git remote add origin "file://$PWD/../origin.git"
  commit remote
  cairn push
  git push -q origin main
}

clone_shared() {
  git clone -q "file://$PWD/../origin.git" "../$1"
  cd "../$1"
}

versions() { git for-each-ref --format='%(refname) %(objectname)' refs/cairn; }

# refused PATTERN STATUS ARGUMENTS...: fails like that, with these words, and changes no ref.
refused() {
  local before words=$1 status=$2
  before=$(git for-each-ref)
  must_fail "$status" cairn "${@:3}"
  assert_err "$words"
  assert_same "$before" "$(git for-each-ref)" "refs"
}

saves_and_shows() {
  pipeline
  cairn pipeline save v1.0 -m 'first model' --tag stable
  assert_out "saved version v1.0 at commit $(git rev-parse --short=7 HEAD)"
  assert_out 'stable is v1.0 now'
  assert_same tag "$(git cat-file -t refs/cairn/versions/v1.0)"
  assert_same "$(git rev-parse HEAD)" "$(git rev-parse refs/cairn/versions/v1.0^{commit})"
  assert_same '' "$(git tag)" 'ordinary tags'
  cairn --json pipeline list
  assert_value 'd["versions"][0]["name"]' '"v1.0"'
  assert_value 'd["versions"][0]["aliases"]' '["stable"]'
  assert_value 'd["versions"][0]["metrics"]' '{"m.yaml": {"lr": 0.1}}'
  assert_value 'd["versions"][0]["verdict"]' 'null'
  cairn pipeline list
  assert_out 'first model'
  cairn --json pipeline show stable
  assert_value 'd["version"]["params"]' '{"params.yaml": {"lr": 0.1}}'
  assert_value 'd["version"]["stages"][0]["seed"]' 7
  assert_value 'd["version"]["stages"][0]["conditions"]["time_zone"]' '"UTC"'
  assert_value 'd["version"]["data"][0]["path"]' '"data.txt"'
  assert_value 'd["version"]["data"][0]["size"]' "$(stat -c %s data.txt)"
  cairn pipeline show v1.0 --md
  assert_out '| data.txt |'
  cairn pipeline save v2.0 --git-tag
  assert_same v2.0 "$(git tag)"
}

numbers_versions() {
  pipeline
  cairn pipeline save --auto-version --dry-run
  assert_out 'would save v1.0: it is the first version'
  assert_same '' "$(versions)"
  cairn pipeline save --auto-version
  refused "nothing changed since version 'v1.0'" 9 pipeline save --auto-version
  echo 'lr: 0.2' >params.yaml
  cairn repro
  commit params
  cairn pipeline save --auto-version
  assert_out 'saved version v1.0.1'
  assert_out 'only data, params or results changed since v1.0'
  echo '# more' >>train.sh
  cairn repro
  commit code
  cairn pipeline save --auto-version
  assert_out 'saved version v1.1'
  assert_out "code or pipeline changed since v1.0.1: 'train.sh'"
  seq 200 >data.txt
  cairn add data.txt
  cairn repro
  commit data
  cairn pipeline save --auto-version
  assert_out 'saved version v1.1.1'
}

refuses_what_is_not_whole() {
  pipeline
  echo '# x' >>train.sh
  echo 1 >untracked
  seq 3 >data.txt
  refused "not committed: 'train.sh'" 9 pipeline save v1.0
  assert_err "stage 'train' is not up to date"
  assert_err "'data.txt' was changed after it was added"
  assert_err 'cairn repro'
  git checkout -q train.sh
  cairn checkout --force data.txt
  cairn pipeline save v1.0
  refused "there is a version or an alias 'v1.0'" 9 pipeline save v1.0
  git tag v3.0
  refused "there is a tag 'v3.0' of Git" 9 pipeline save v3.0 --git-tag
}

refuses_an_incomplete_lock() {
  pipeline
  printf '  more:\n    cmd: touch more\n    outs: [more]\n' >>cairn.yaml
  git commit -qam more
  refused "stage 'more' was never run" 9 pipeline save v1.0
}

refuses_missing_objects() {
  shared_pipeline
  clone_shared clone
  refused "not in the store here: 'data.txt', 'model.txt'" 9 pipeline save v1.0
  cairn pull
  cairn pipeline save v1.0
}

refuses_what_is_not_on_the_remote() {
  shared_pipeline
  seq 50 >data.txt
  cairn add data.txt
  cairn repro
  commit more
  refused "the data of this commit is not on remote 'storage'" 9 pipeline save v1.0
  assert_err 'cairn push, or say --push'
  cairn pipeline save v1.0 --push --tag stable
  assert_out "pushed it to 'origin'"
  git push -q origin main
  clone_shared clone
  cairn fetch --rev v1.0
  cairn pull
  cmp model.txt ../repo/model.txt
}

refuses_bad_names() {
  pipeline
  local name
  for name in HEAD a..b x.lock 'a b' a/b .a; do
    refused 'cannot name a version' 2 pipeline save "$name"
    refused 'cannot name an alias' 2 pipeline save v1.0 --tag "$name"
  done
  refused 'give the version a name, or say --auto-version' 2 pipeline save
  refused "there is no version 'v9'" 9 pipeline show v9
  cairn pipeline save v1.0
  refused "did you mean 'v1.0'?" 9 pipeline show v1.1
  refused "there is no version 'v1.1'" 9 pipeline tag v1.1 stable
  refused "there is no version 'v1.1'" 9 pipeline rm v1.1
  refused "there is no alias 'stable'" 9 pipeline tag --remove stable
  refused 'Git knows no remote to push to' 9 pipeline push
}

moves_tags() {
  pipeline
  cairn pipeline save v1.0
  echo '# more' >>train.sh
  cairn repro
  commit code
  cairn pipeline save v1.1
  cairn pipeline tag v1.0 stable
  cairn pipeline tag v1.1 stable
  cairn --json pipeline tag --history stable
  assert_value '[x["version"] for x in d["history"]]' '["v1.0", "v1.1"]'
  refused "alias 'stable' stands for version 'v1.1'" 9 pipeline rm v1.1
  cairn pipeline rm v1.0
  refused "there is a version 'v1.1'" 9 pipeline tag v1.1 v1.1
  cairn pipeline tag --remove stable
  cairn pipeline rm v1.1
  refused "there is no version 'v1.1'" 9 pipeline show v1.1
  cairn --json pipeline tag --history stable
  assert_value '[x["version"] for x in d["history"]]' '["v1.0", "v1.1", null]'
}

wants_a_verdict() {
  pipeline
  cairn config versions.verified_tags 'stable, prod'
  git commit -qam settings
  cairn pipeline save v1.0 --tag latest
  refused "'stable' is only for verified versions" 9 pipeline tag v1.0 stable
  assert_err 'cairn pipeline reproduce --version v1.0'
  refused "'prod' is only for verified versions" 9 pipeline save v1.1 --tag prod
}

names_revisions() {
  pipeline
  cairn pipeline save v1.0 --tag stable
  echo 'lr: 0.2' >params.yaml
  cairn repro
  commit params
  cairn pipeline save v1.1
  cairn --json metrics diff v1.0 v1.1
  assert_value 'd["diff"]["m.yaml"]["lr"]["new"]' 0.2
  cairn --json metrics diff stable v1.1
  assert_value 'd["diff"]["m.yaml"]["lr"]["old"]' 0.1
  cairn diff v1.0
  git branch v1.0 HEAD # Git's own name counts
  cairn --json metrics diff v1.0 v1.1
  assert_value 'd["diff"]' '{}'
  cairn --json pipeline show v1.0
  assert_value 'd["version"]["metrics"]["m.yaml"]["lr"]' 0.1
}

travels() {
  shared_pipeline
  cairn pipeline save v1.0 --tag stable
  assert_out 'share it: cairn pipeline push v1.0'
  cairn pipeline push
  cairn pipeline push
  assert_out "'origin' has all of it"
  clone_shared one
  cairn pipeline show v1.0
  cairn pipeline show stable
  cairn pull
  cairn install
  git fetch -q
  clone_shared two
  cairn pull
  cairn install
  git fetch -q
  cairn pipeline list
  assert_out stable
  git fetch -q --prune
  # Two people at once: neither loses what the other did.
  cairn pipeline save two.0 --tag stable
  (cd ../one && cairn pipeline save one.0 --tag stable && cairn pipeline push)
  cairn pipeline push
  (cd ../one && git fetch -q && cairn --json pipeline tag --history stable)
  assert_value '[x["version"] for x in d["history"]]' '["v1.0", "one.0", "two.0"]'
  git fetch -q --prune
  cairn --json pipeline tag --history stable
  assert_value '[x["version"] for x in d["history"]]' '["v1.0", "one.0", "two.0"]'
}

survives_pruning() {
  shared_pipeline
  cairn install
  cairn pipeline save v1.0 --tag stable
  git fetch -q --prune
  cairn pipeline show stable
  cairn uninstall
  assert_same '+refs/heads/*:refs/remotes/origin/*' "$(git config --get-all remote.origin.fetch)"
}

never_replaces_on_the_remote() {
  shared_pipeline
  cairn pipeline save v1.0
  cairn pipeline push
  clone_shared clone
  cairn pull
  echo later >>params.yaml
  sed -i '$d' params.yaml
  git commit -q --allow-empty -m later
  git update-ref -d refs/cairn/versions/v1.0
  cairn push
  cairn pipeline save v1.0 # nothing was fetched yet
  local there
  there=$(git ls-remote origin)
  must_fail 9 cairn pipeline push --no-data
  assert_err "remote 'origin' has another version 'v1.0'"
  assert_same "$there" "$(git ls-remote origin)" 'the remote'
  run "$CAIRN" pipeline list
  assert_same 3 "$STATUS"
  assert_err "version 'v1.0' of remote 'origin' is another one than here"
}

finds_tampering() {
  pipeline
  cairn pipeline save v1.0
  local commit
  commit=$(git rev-parse HEAD)
  git update-ref refs/cairn/versions/plain HEAD
  refused "'refs/cairn/versions/plain' is no version that cairn saved" 9 pipeline show plain
  git tag -am hello ordinary
  git update-ref refs/cairn/versions/foreign refs/tags/ordinary
  refused "'refs/cairn/versions/foreign' is no version that cairn saved" 9 pipeline show foreign
  git commit -q --allow-empty -m other
  git cat-file tag refs/cairn/versions/v1.0 | sed "s/^object .*/object $(git rev-parse HEAD)/" | git mktag >new
  git update-ref refs/cairn/versions/v1.0 "$(cat new)"
  refused "version 'v1.0' was changed after it was saved: its manifest is of commit $commit" 4 pipeline show v1.0
  git cat-file tag refs/cairn/versions/v1.0 >v1.0.tag
  sed "s/^tag v1.0/tag v2.0/; s/^object .*/object $commit/" v1.0.tag | git mktag >new
  git update-ref refs/cairn/versions/v2.0 "$(cat new)"
  refused "version 'v2.0' was changed after it was saved: its manifest is of 'v1.0'" 4 pipeline show v2.0
  sed "s/^object .*/object $commit/; s/hash: b3:../hash: b3:00/" v1.0.tag | git mktag >new
  git update-ref refs/cairn/versions/v1.0 "$(cat new)"
  refused "its commit has another 'cairn.lock' than its manifest names" 4 pipeline show v1.0
  run "$CAIRN" pipeline list
  assert_err "'refs/cairn/versions/plain' is no version"
  [ "$STATUS" != 0 ]
}

minds_where_it_is() {
  new_repo
  echo 1 >a
  cairn add a
  refused 'there is no commit yet' 9 pipeline save v1.0
  cd ..
  rm -rf repo
  new_repo
  commit empty
  refused 'there is nothing to save: no stages and no data' 9 pipeline save v1.0
  cd ..
  rm -rf repo
  shared_pipeline
  git checkout -q --detach
  cairn pipeline save v1.0
  cairn pipeline push
  git clone -q --depth 1 "file://$PWD/../origin.git" ../shallow
  cd ../shallow
  cairn pull
  cairn pipeline show v1.0
  cairn pipeline save v1.1
  git clone -q --bare . ../bare.git
  cd ../bare.git
  must_fail 6 cairn pipeline list
}

# A killed process can leave Git's lock of a ref, as Git itself does; the message says what to type.
save_after_kill() {
  local lock=".git/refs/cairn/versions/$1.lock"
  if [ -e "$lock" ]; then
    must_fail 5 cairn pipeline save "$1"
    assert_err "rm '$PWD/$lock'"
    rm "$lock"
  fi
  cairn pipeline save "$1" >/dev/null
}

survives_kills() {
  pipeline
  local i name whole=0
  for ((i = 1; i <= 15; ++i)); do
    name=k$i
    timeout -s KILL "0.0$((i * 6))" "$CAIRN" pipeline save "$name" --tag stable >/dev/null 2>&1 || true
    if git rev-parse -q --verify "refs/cairn/versions/$name" >/dev/null; then
      cairn pipeline show "$name" >/dev/null
      whole=$((whole + 1))
    else
      save_after_kill "$name"
    fi
    cairn --json pipeline list
    assert_value 'len(d["versions"])' "$i"
  done
  git fsck --strict >/dev/null
}

test_case 'a version is saved, listed and shown' saves_and_shows
test_case 'a version is numbered by what changed' numbers_versions
test_case 'what is not whole is refused, all at once' refuses_what_is_not_whole
test_case 'an incomplete lock is refused' refuses_an_incomplete_lock
test_case 'missing objects are refused' refuses_missing_objects
test_case 'data that is not on the remote is refused' refuses_what_is_not_on_the_remote
test_case 'bad names are refused' refuses_bad_names
test_case 'a tag moves and keeps its history' moves_tags
test_case 'a tag can want a verdict' wants_a_verdict
test_case 'versions name revisions' names_revisions
test_case 'versions travel, and two people do not hinder each other' travels
test_case 'a pruning fetch takes nothing away' survives_pruning
test_case 'a version of a remote is never replaced' never_replaces_on_the_remote
test_case 'foreign and changed versions are found out' finds_tampering
test_case 'no commit, nothing, detached, shallow, bare' minds_where_it_is
test_case 'killed, there is a whole version or none' survives_kills
finish
