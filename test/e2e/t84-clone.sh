#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# cairn clone: the repository, hooks, drivers, versions and data in one go.
. "$(dirname "$0")/lib.sh"

# ../repo with data on ../storage, two commits, the first saved as version v1.
published_repo() {
  new_repo
  cairn remote add -q storage ../storage
  mkdir folder
  echo one >folder/a
  echo plain >single
  cat >cairn.yaml <<'YAML'
stages:
  make: {cmd: cp single out.txt, deps: [single], outs: [out.txt]}
YAML
  cairn add -q folder single
  cairn repro -q
  commit first
  cairn push -q
  cairn pipeline save -q v1
  echo two >folder/a
  cairn add -q folder
  commit second
  cairn push -q --all-branches
  cairn push -q --rev v1
  cd ..
}

whole() {
  published_repo
  cairn clone repo copy
  assert_out 'cloned into copy'
  cd copy
  assert_content folder/a two
  assert_content single plain
  assert_content out.txt plain
  assert_present .git/hooks/post-checkout .git/hooks/pre-push
  git config --get diff.cairn.textconv >/dev/null
  git config --get merge.cairn.driver >/dev/null
  git config --get-all remote.origin.fetch | grep -qF refs/cairn/
  assert_same "" "$(git status --porcelain)" "git status"
  cairn pipeline list --json
  assert_value '[v["name"] for v in d["versions"]]' '["v1"]'
  run git checkout -q HEAD~1
  assert_err 'not here yet (cairn pull): folder'
  cairn pull -q
  assert_content folder/a one
}
test_case "brings repository, hooks, drivers, versions and data" whole

at_version() {
  published_repo
  cairn clone "file://$PWD/repo/.git" copy --version v1 --json
  assert_value 'd["commit"]' "\"$(git -C repo rev-parse HEAD~1)\""
  assert_value 'd["folder"].endswith("/copy")' true
  assert_value 'd["fetched"]["objects"] > 0' true
  cd copy
  assert_content folder/a one
  must_fail 1 git symbolic-ref -q HEAD
  cd ..
  must_fail 9 cairn clone repo other --version v7
  assert_err 'v7'
  assert_err "cd $PWD/other && git checkout --detach VERSION && cairn pull"
  assert_content other/cairn.yaml "$(cat repo/cairn.yaml)"
  assert_present other/.git/hooks/post-checkout
}
test_case "at a version, with its data" at_version

without_data() {
  published_repo
  cairn clone repo copy --no-data
  cd copy
  assert_absent folder single
  cairn pull -q
  assert_content folder/a two
}
test_case "without the data" without_data

names() {
  published_repo
  git clone -q --bare repo prices.git
  mkdir below
  cp -r storage below/
  cairn -C below clone ../prices.git
  assert_content below/prices/folder/a two || fail "no data"
}
test_case "the folder has the name that Git gives" names

failures() {
  published_repo
  must_fail 7 cairn clone nowhere
  assert_absent nowhere
  must_fail 2 cairn clone /
  git init -q bare-of-cairn
  git -C bare-of-cairn commit -q --allow-empty -m first
  must_fail 6 cairn clone bare-of-cairn plain
  assert_present plain/.git
  mv storage gone
  must_fail 7 cairn clone repo copy
  assert_err "cd $PWD/copy && cairn pull"
  mv gone storage
  (cd copy && cairn pull -q)
  assert_content copy/folder/a two
}
test_case "what fails says how to finish, and the clone stays" failures

runs_nothing() {
  published_repo
  cd repo
  cat >cairn.yaml <<YAML
stages:
  make: {cmd: touch $T/case/executed, outs: [x]}
YAML
  mkdir .githooks
  printf '#!/bin/sh\ntouch %s\n' "$T/case/executed" >.githooks/post-checkout
  chmod +x .githooks/post-checkout
  commit hostile
  cd ..
  cairn clone repo copy >/dev/null 2>&1 || true
  assert_present copy/.githooks/post-checkout
  assert_absent executed
}
test_case "runs nothing that the repository holds" runs_nothing

asks_on_the_terminal() {
  command -v script >/dev/null || skip "no script(1)"
  published_repo
  cat >ask <<'SH'
#!/bin/sh
read -r answer </dev/tty
[ "$answer" = secret ] || exit 9
shift $(($# - 1))
exec sh -c "$1"
SH
  chmod +x ask
  echo secret | GIT_SSH=$PWD/ask GIT_SSH_VARIANT=simple timeout 60 script -qec "'$CAIRN' clone 'host:$PWD/repo' copy" /dev/null
  assert_content copy/folder/a two
}
test_case "Git may ask on the terminal" asks_on_the_terminal

finish
