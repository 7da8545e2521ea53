#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# A bucket of a real S3 service as remote.
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/servers.sh"

start_server fault-proxy 1
PROXY=$SERVER
PROXY_PORT=$SERVER_PORT
start_server ceph 3
echo "$SERVER_PORT" >"$PROXY/target"
unset "${!AWS_@}"
export NO_PROXY=127.0.0.1,localhost

# bucket_repo: a project with data, committed, and the remote s3://BUCKET/data, which is new.
bucket_repo() {
  BUCKET=b$RANDOM$RANDOM$RANDOM
  curl -fsS -X PUT --aws-sigv4 aws:amz:us-east-1:s3 -H 'x-amz-content-sha256: UNSIGNED-PAYLOAD' \
    --user CAIRN:cairn-secret "http://127.0.0.1:$SERVER_PORT/$BUCKET"
  new_repo
  use_bucket
  make_odd_folder folder
  random_file large.bin 3000000 s3
  cairn add folder large.bin
  commit first
}

# The remote and its keys, which are not committed.
use_bucket() {
  [ -e .cairn/config ] && grep -q s3:// .cairn/config || cairn remote add bucket "s3://$BUCKET/data"
  cairn config remote.bucket.endpointurl "http://127.0.0.1:$SERVER_PORT"
  cairn config --local remote.bucket.access_key_id CAIRN
  cairn config --local remote.bucket.secret_access_key cairn-secret
}

push_clone_pull() {
  bucket_repo
  cairn push
  fresh_clone
  cairn config --local remote.bucket.access_key_id CAIRN
  cairn config --local remote.bucket.secret_access_key cairn-secret
  cairn pull
  assert_same_trees ../repo/folder folder
  cmp ../repo/large.bin large.bin
  cairn fsck
  share_back
}

push_with_nothing_to_do() {
  bucket_repo
  cairn config remote.bucket.endpointurl "http://127.0.0.1:$PROXY_PORT"
  git commit -qam endpoint
  cairn push
  local most
  for most in 3 2; do # the first time it reads the new index too
    : >"$PROXY/requests"
    cairn push
    assert_out "everything is there already"
    [ "$(wc -l <"$PROXY/requests")" -le "$most" ] || fail "more than $most requests: $(cat "$PROXY/requests")"
  done
}

keys_of_a_profile() {
  bucket_repo
  cairn config --local --unset remote.bucket.access_key_id
  cairn config --local --unset remote.bucket.secret_access_key
  must_fail 7 cairn push
  assert_err "no credentials for S3 were found"
  mkdir -p ~/.aws
  printf '[team]\naws_access_key_id = CAIRN\naws_secret_access_key = cairn-secret\n' >~/.aws/credentials
  cairn config remote.bucket.profile team
  cairn push
  AWS_ACCESS_KEY_ID=CAIRN AWS_SECRET_ACCESS_KEY=wrong cairn push
  cairn remote test
  assert_out "login from profile 'team'"
}

over_tls_with_a_session() {
  bucket_repo
  cairn config remote.bucket.endpointurl "https://localhost:$((SERVER_PORT + 1))"
  commit "over TLS"
  must_fail 7 cairn push
  assert_err "the TLS certificate of 'https://localhost:$((SERVER_PORT + 1))' is not trusted: self-signed certificate"
  assert_err "cairn config --local remote.bucket.ssl_verify FILE"
  cairn config --local remote.bucket.ssl_verify "$SERVER/ca.pem"
  cairn push
  fresh_clone
  {
    read -r AWS_ACCESS_KEY_ID
    read -r AWS_SECRET_ACCESS_KEY
    read -r AWS_SESSION_TOKEN
  } <"$SERVER/session"
  export AWS_ACCESS_KEY_ID AWS_SECRET_ACCESS_KEY AWS_SESSION_TOKEN
  CURL_CA_BUNDLE=$SERVER/ca.pem cairn pull
  assert_same_trees ../repo/folder folder
  rm -rf large.bin "$(store_of)/packs"
  AWS_SESSION_TOKEN=bm90IGEgdG9rZW4= CURL_CA_BUNDLE=$SERVER/ca.pem must_fail 7 cairn fetch
  assert_err "session token"
}

# refused TEXT...: push is refused with these texts and status 7, and tells no secret.
refused() {
  local text
  must_fail 7 cairn push
  assert_err "remote 'bucket'"
  for text in "$@"; do
    assert_err "$text"
  done
  assert_lacks "$T/err" secret-
  assert_lacks "$T/err" -secret
}

failures_have_their_own_words() {
  bucket_repo
  cairn config --local remote.bucket.access_key_id NOBODY
  refused "the access key id is unknown (credentials from the remote's settings)" \
    "cairn config --local remote.bucket.access_key_id"
  use_bucket
  cairn config --local remote.bucket.secret_access_key secret-wrong
  refused "the secret access key is wrong (credentials from the remote's settings)"
  cairn config --local remote.bucket.access_key_id GUEST
  cairn config --local remote.bucket.secret_access_key guest-secret
  refused "no permission" "ask the bucket's owner"
  use_bucket
  cairn config remote.bucket.endpointurl http://no-such-host.invalid
  refused "there is no host for 'http://no-such-host.invalid'"
  cairn config remote.bucket.endpointurl http://127.0.0.1:1
  refused "cannot connect to 'http://127.0.0.1:1': Connection refused"
  cairn remote add -d gone "s3://nowhere-$BUCKET"
  cairn config remote.gone.endpointurl "http://127.0.0.1:$SERVER_PORT"
  cairn config --local remote.gone.access_key_id CAIRN
  cairn config --local remote.gone.secret_access_key cairn-secret
  must_fail 7 cairn push
  assert_err "there is no bucket 'nowhere-$BUCKET'"
  must_fail 2 cairn config remote.gone.secret_access_key cairn-secret
  must_fail 2 cairn config remote.gone.credential_process true
}

secrets_are_not_shown() {
  bucket_repo
  cairn config --show-origin
  assert_out "remote.bucket.secret_access_key = (secret)"
  cairn config remote.bucket.secret_access_key
  assert_out "(secret)"
  cairn config --json
  assert_lacks "$T/out" cairn-secret
  assert_lacks .cairn/config CAIRN
  cairn push -v
  assert_lacks "$T/out" cairn-secret
  assert_lacks "$T/err" cairn-secret
}

test_case "push, clone, pull" push_clone_pull
test_case "a push with nothing to do asks two or three times" push_with_nothing_to_do
test_case "keys of a profile" keys_of_a_profile
test_case "over TLS, with a session token" over_tls_with_a_session
test_case "failures have their own words" failures_have_their_own_words
test_case "secrets are not shown" secrets_are_not_shown
finish
