# SPDX-License-Identifier: Apache-2.0
# Stands for rclone: answers every request with status and body of the first two arguments.
import http.server
import sys

status, body = int(sys.argv[1]), sys.argv[2].encode()


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def answer(self):
        self.rfile.read(int(self.headers.get("Content-Length", 0)))
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    do_GET = do_POST = answer

    def log_message(self, *_):
        pass


server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
print(f"NOTICE: Serving remote control on http://127.0.0.1:{server.server_port}/", file=sys.stderr, flush=True)
server.serve_forever()
