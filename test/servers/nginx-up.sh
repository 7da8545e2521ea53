#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Starts nginx on 127.0.0.1 with WebDAV and a folder to read.
# usage: nginx-up.sh FOLDER PORT, see lib.sh
#
# http://127.0.0.1:PORT/dav/    WebDAV in FOLDER/files/dav, user "cairn" with password "dav-secret"
# http://127.0.0.1:PORT/        FOLDER/files, to read
# http://127.0.0.1:PORT/token/  FOLDER/files, to read with the token "dav-token"
# http://127.0.0.1:PORT/moved/  redirects to /, and /away/ to localhost; /around/ to itself
set -euo pipefail

. "$(dirname "$0")/lib.sh"

need nginx nginx-full
need openssl openssl
need curl curl
module=/usr/lib/nginx/modules/ngx_http_dav_ext_module.so
[ -e $module ] || { echo "no $module: it is in the package libnginx-mod-http-dav-ext" && exit 77; }
folder=${1:?folder}
port=${2:?port}
new_folder "$folder"
folder=$(cd "$folder" && pwd)
mkdir -p "$folder"/files/dav "$folder"/tmp
printf 'cairn:%s\n' "$(openssl passwd -apr1 dav-secret)" >"$folder/passwords"

cat >"$folder/nginx.conf" <<TEXT
load_module $module;
user $(id -un);
worker_processes 2;
pid $folder/nginx.pid;
error_log $folder/error.log;
events { worker_connections 512; }
http {
  access_log $folder/requests.log;
  client_body_temp_path $folder/tmp/body;
  proxy_temp_path $folder/tmp/proxy;
  fastcgi_temp_path $folder/tmp/fastcgi;
  uwsgi_temp_path $folder/tmp/uwsgi;
  scgi_temp_path $folder/tmp/scgi;
  client_max_body_size 0;
  server {
    listen 127.0.0.1:$port;
    root $folder/files;
    location /dav/ {
      auth_basic cairn;
      auth_basic_user_file $folder/passwords;
      dav_methods PUT DELETE MKCOL COPY MOVE;
      dav_ext_methods PROPFIND OPTIONS;
      min_delete_depth 0;
    }
    location /token/ {
      if (\$http_authorization != "Bearer dav-token") { return 401; }
      alias $folder/files/;
    }
    location /moved/ { rewrite ^/moved/(.*)\$ /\$1 redirect; }
    location /away/ { rewrite ^/away/(.*)\$ http://localhost:$port/token/\$1 redirect; }
    location /around/ { rewrite ^ /around/ redirect; }
    location /secure/ { return 302 https://127.0.0.1:$port/; }
    location / { }
  }
}
TEXT
nginx -c "$folder/nginx.conf" -e "$folder/error.log"
for ((i = 0; i < 400; ++i)); do
  [ -s "$folder/nginx.pid" ] && curl -s -o "$folder/answer" "http://127.0.0.1:$port/" && break
  sleep 0.05
done
echo "up: $(cat "$folder/nginx.pid")"
