#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# import-url and update: files of web servers, of SSH, and of folders.
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/servers.sh"
start_server nginx 1
WEB=http://127.0.0.1:$SERVER_PORT
FILES=$SERVER/files
export NO_PROXY=127.0.0.1,localhost
start_server sshd 1
mkdir "$T/bin"
cat >"$T/bin/ssh" <<SSH
#!/bin/sh
exec $(command -v ssh) -F "$SERVER/ssh_config" "\$@"
SSH
chmod +x "$T/bin/ssh"
export PATH=$T/bin:$PATH

# assert_asked PATH METHODS: what the web server was asked for one file, all in all. Its log may come a little late.
assert_asked() {
  local i asked
  for ((i = 0; i < 200; ++i)); do
    asked=$(sed -n "s|.*\"\([A-Z]*\) $1 .*|\1|p" "$FILES/../requests.log" | sort | tr '\n' ' ')
    [ "$asked" != "$2 " ] || return 0
    sleep 0.05
  done
  fail "asked for $1: $asked"
}

from_a_web_server() {
  new_repo
  seq 100000 >"$FILES/prices.csv"
  : >"$FILES/empty"
  cairn import-url "$WEB/prices.csv" --json
  assert_value 'd["path"]' '"prices.csv"'
  cmp prices.csv "$FILES/prices.csv"
  assert_asked /prices.csv "GET HEAD HEAD"
  assert_contains prices.csv.cairn "  kind: url"
  assert_contains prices.csv.cairn "  etag: "
  assert_contains prices.csv.cairn "  modified: "
  cairn import-url "$WEB/moved/empty" none
  cmp none "$FILES/empty"
  commit imported
  cairn status --exit-code
  cairn update
  assert_out "unchanged prices.csv"
  assert_asked /prices.csv "GET HEAD HEAD HEAD"
  assert_same "" "$(git status --porcelain)"
  seq 200000 >"$FILES/prices.csv"
  must_fail 1 cairn update --check
  assert_out "moved     prices.csv"
  assert_asked /prices.csv "GET HEAD HEAD HEAD HEAD"
  assert_same "" "$(git status --porcelain)"
  cairn update
  cmp prices.csv "$FILES/prices.csv"
  cairn update --check
}

what_can_go_wrong() {
  new_repo
  must_fail 9 cairn import-url "$WEB/nothing.csv"
  assert_err "nothing.csv"
  must_fail 7 cairn import-url http://127.0.0.1:1/prices.csv
  must_fail 2 cairn import-url "$WEB"
  must_fail 2 cairn import-url "http://me:secret@127.0.0.1:$((SERVER_PORT))/prices.csv"
  assert_lacks "$T/err" secret
  must_fail 2 cairn import-url exec:true/x
  must_fail 9 cairn import-url gopher://127.0.0.1/x
  must_fail 7 cairn import-url "$WEB/token/prices.csv"
  assert_err "does not accept the login"
  echo mine >prices.csv
  must_fail 9 cairn import-url "$WEB/prices.csv"
  assert_content prices.csv mine
  assert_same "" "$(find . -name '*.cairn' -type f)"
  assert_same "" "$(find .git/cairn/tmp -mindepth 1)"
}

with_the_settings_of_a_remote() {
  seq 1000 >"$FILES/secret.csv"
  new_repo
  cairn remote add web "$WEB/token"
  cairn config --local remote.web.token dav-token
  cairn import-url remote://web/secret.csv
  cmp secret.csv "$FILES/secret.csv"
  assert_contains secret.csv.cairn "  url: remote://web/secret.csv"
  cairn update --check
  mkdir -p "$FILES/dav/tree/deep"
  seq 10 >"$FILES/dav/tree/one"
  seq 20 >"$FILES/dav/tree/deep/two words"
  cairn remote add dav "webdav://127.0.0.1:${WEB##*:}/dav"
  cairn config --local remote.dav.user cairn
  cairn config --local remote.dav.password dav-secret
  cairn import-url remote://dav/tree
  assert_same_trees tree "$FILES/dav/tree"
  assert_contains tree.cairn "  listing: b3:"
  cairn update --check tree
  seq 30 >"$FILES/dav/tree/three"
  must_fail 1 cairn update --check tree
  cairn update tree
  assert_same_trees tree "$FILES/dav/tree"
  grep -rq dav-secret --include='*.cairn' . && fail "a secret is in a pointer"
  must_fail 9 cairn import-url remote://none/x
}

from_folders_here() {
  new_repo
  mkdir -p ../outside/deep
  seq 100 >../outside/a
  seq 200 >../outside/deep/b
  cairn import-url ../outside/a
  cmp a ../outside/a
  assert_contains a.cairn "  url: ../outside/a"
  mkdir in
  (cd in && "$CAIRN" import-url ../../outside data)
  assert_same_trees in/data ../outside
  assert_contains in/data.cairn "  url: ../outside"
  cairn import-url "file://$T/case/outside/deep/b"
  cmp b ../outside/deep/b
  commit all
  cairn update --check
  sleep 0.01
  seq 101 >../outside/a
  must_fail 1 cairn update --check
  assert_out "moved     a"
  cairn update
  cmp a ../outside/a
  assert_same_trees in/data ../outside
  # Another time, the same content: only what is said of the source changes.
  commit updated
  touch -d '2020-01-01 00:00:00' ../outside/a
  cairn update a
  assert_out "the same content"
  assert_contains a.cairn "  modified: 2020-01-01T00:00:00Z"
  echo mine >a
  seq 5 >../outside/a
  must_fail 9 cairn update a
  assert_content a mine
  cairn update a --force
  cmp a ../outside/a
}

from_ssh() {
  new_repo
  mkdir -p ../there/deep
  random_file ../there/large.bin 3000000 ssh
  seq 10 >../there/deep/x
  cairn import-url "ssh://here$T/case/there/large.bin"
  cmp large.bin ../there/large.bin
  cairn import-url "ssh://here$T/case/there" all
  assert_same_trees all ../there
  cairn update --check
  touch -d '2020-01-01 00:00:00' ../there/large.bin
  must_fail 1 cairn update --check
  cairn update
  assert_out "the same content"
}

# A file that changes while it is read, a server that dies, a body without an end.
hostile_servers() {
  new_repo
  cat >"$T/server.py" <<'PY'
import http.server, os, sys
class Handler(http.server.BaseHTTPRequestHandler):
    def log_message(self, *_): pass
    def do_HEAD(self): self.answer(False)
    def do_GET(self): self.answer(True)
    def answer(self, body):
        self.send_response(200)
        if self.path == "/endless":
            self.send_header("Content-Length", "1000")
        if self.path == "/changes":
            Handler.count = getattr(Handler, "count", 0) + 1
            self.send_header("ETag", '"%d"' % Handler.count)
            self.send_header("Content-Length", "10")
        if self.path == "/short":
            self.send_header("Content-Length", "1000" if not body else "10")
        if self.path == "/plain":
            self.send_header("Content-Length", "10")
        self.end_headers()
        if body:
            self.wfile.write(b"x" * (100000 if self.path == "/endless" else 10))
server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
with open(sys.argv[1] + ".new", "w") as file:
    file.write(str(server.server_address[1]))
os.rename(sys.argv[1] + ".new", sys.argv[1])
server.serve_forever()
PY
  python3 "$T/server.py" "$T/case/port" 2>/dev/null &
  local pid=$!
  trap 'kill "$pid"' EXIT
  wait_for "$T/case/port"
  local web
  web=http://127.0.0.1:$(cat "$T/case/port")
  must_fail 9 cairn import-url "$web/changes"
  assert_err "changed while it was read"
  must_fail 7 cairn import-url "$web/short"
  assert_err "10 bytes, not 1000"
  # One that tells nothing of its state is read to be compared.
  cairn import-url "$web/plain"
  cairn update
  assert_out "unchanged plain"
  kill -9 "$pid"
  wait "$pid" || true
  trap - EXIT
  must_fail 7 cairn update
  assert_same "" "$(find .git/cairn/tmp -mindepth 1)"
}

test_case "from a web server" from_a_web_server
test_case "what can go wrong" what_can_go_wrong
test_case "with the settings of a remote" with_the_settings_of_a_remote
test_case "from folders here" from_folders_here
test_case "from SSH" from_ssh
test_case "hostile servers" hostile_servers
finish
