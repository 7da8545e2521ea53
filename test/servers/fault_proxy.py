#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""An HTTP proxy that breaks answers on order.

usage: fault_proxy.py FOLDER PORT

It hands requests on to 127.0.0.1 and the port in FOLDER/target, and notes each in FOLDER/requests as "METHOD PATH RANGE". Each line
of FOLDER/faults, "COUNT METHOD TEXT FAULT [NUMBER]", breaks the next COUNT requests of that method ("*": any) whose path holds TEXT.
FOLDER/kill, "NUMBER before|after PID", kills that process at the request that becomes that line of FOLDER/requests: before or after
the real server has it.
"""
import http.client
import http.server
import os
import pathlib
import signal
import socket
import struct
import sys
import threading
import time

FOLDER = pathlib.Path(sys.argv[1])
LOCK = threading.Lock()
PIECE = 1000
HOP = {"connection", "transfer-encoding", "content-length", "keep-alive"}


def take_fault(method, path):
    """The name and number of the fault that is due for a request, and counts it; None without."""
    file = FOLDER / "faults"
    if not file.exists():
        return None
    lines = [line.split() for line in file.read_text().splitlines() if line]
    for line in lines:
        if int(line[0]) > 0 and line[1] in ("*", method) and line[2] in path:
            line[0] = str(int(line[0]) - 1)
            file.write_text("".join(" ".join(one) + "\n" for one in lines))
            return line[3], int(line[4]) if len(line) > 4 else 0
    return None


def take_kill(count):
    """When and whom to kill because of a request, the count-th; two times nothing if it is not its turn."""
    file = FOLDER / "kill"
    if not file.exists():
        return None, None
    number, when, victim = file.read_text().split()
    return (when, int(victim)) if int(number) == count else (None, None)


class Handler(http.server.BaseHTTPRequestHandler):
    """One connection of a client."""
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def __getattr__(self, name):
        if name.startswith("do_"):
            return self.relay
        raise AttributeError(name)

    def log_message(self, *_):
        pass

    def relay(self):
        self.content = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        with LOCK:
            with open(FOLDER / "requests", "a", encoding="utf-8") as log:
                log.write(f"{self.command} {self.path} {self.headers.get('Range', '-')}\n")
            seen = (FOLDER / "requests").read_text().count("\n")
            fault, number = take_fault(self.command, self.path) or ("", 0)
            when, victim = take_kill(seen)
        if victim:
            if when == "after":
                self.hand_on("swallow", 0)
            os.kill(victim, signal.SIGKILL)
            self.reset()
            return
        if fault == "status":
            self.answer(number, [("Retry-After", "0")], b"")
        elif fault == "refuse":
            self.answer(number, [], (FOLDER / "body").read_bytes())
        elif fault == "drop":
            self.reset()
        elif fault == "garbage":
            self.give_up(b"this is no HTTP\r\n\r\n")
        elif fault == "headers":
            self.send_without_end(b"HTTP/1.1 200 OK\r\n", b"X-Filler: " + b"x" * 1000 + b"\r\n")
        else:
            self.hand_on(fault, number)

    def hand_on(self, fault, number):
        """Asks the real server, and breaks what it says."""
        target = http.client.HTTPConnection("127.0.0.1", int((FOLDER / "target").read_text()))
        headers = dict(self.headers)
        if fault == "whole":
            headers.pop("Range", None)
        if fault == "spoil" and self.content:
            self.content = bytes([self.content[0] ^ 0x5a]) + self.content[1:]
        target.putrequest(self.command, self.path, skip_host=True, skip_accept_encoding=True)
        for name, value in headers.items():
            target.putheader(name, value)
        target.endheaders(self.content or None)
        reply = target.getresponse()
        kept = [(name, value) for name, value in reply.getheaders() if name.lower() not in HOP]
        length = reply.getheader("Content-Length", "0")
        body = reply.read()
        target.close()
        if self.command == "HEAD":
            self.answer(reply.status, kept, b"", length)
        else:
            self.break_answer(fault, number, reply.status, kept, body)

    def break_answer(self, fault, number, status, headers, body):
        if fault == "swallow":
            return
        if fault == "lose":
            self.reset()
        elif fault in ("reset", "short", "stall"):
            self.answer(status, headers, body[:number], len(body))
            self.wfile.flush()
            if fault == "reset":
                time.sleep(0.05)  # what was sent shall arrive before the reset
                self.reset()
            elif fault == "stall":
                self.connection.recv(1)
            self.close_connection = True
        elif fault == "long":
            self.answer(status, headers, body + b"x" * number)
        elif fault == "cut":
            self.answer(status, headers, body[:number])
        elif fault == "wrong":
            self.answer(status, headers, bytes(byte ^ 0x5a for byte in body[:1]) + body[1:])
        elif fault == "shift":
            self.answer(status, [(name, value.replace("bytes ", "bytes 1")) for name, value in headers], body)
        elif fault == "gzip":
            self.answer(status, headers + [("Content-Encoding", "gzip")], body)
        elif fault == "endless":
            self.send_without_end(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", b"3e8\r\n" + b"x" * 1000 + b"\r\n")
        elif fault == "unbounded":
            self.give_up(b"HTTP/1.1 200 OK\r\n\r\n" + body)
        else:
            self.answer(status, headers, body)

    def answer(self, status, headers, body, length=None):
        self.send_response_only(status)
        for name, value in headers:
            self.send_header(name, value)
        if status not in (204, 304):
            self.send_header("Content-Length", str(len(body) if length is None else length))
        self.end_headers()
        self.wfile.write(body)

    def give_up(self, data):
        self.wfile.write(data)
        self.close_connection = True

    def send_without_end(self, begin, piece):
        self.close_connection = True
        try:
            self.wfile.write(begin)
            while True:
                self.wfile.write(piece)
        except OSError:
            pass

    def reset(self):
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.close_connection = True
        self.connection.close()


class Server(http.server.ThreadingHTTPServer):
    """Breaking connections is its business."""
    daemon_threads = True
    request_queue_size = 128

    def handle_error(self, *_):
        pass


Server(("127.0.0.1", int(sys.argv[2])), Handler).serve_forever()
