# SPDX-License-Identifier: Apache-2.0
"""An SFTP server, in place of ssh, that greets well and then does what it should not.

usage: hostile_server.py WHAT [ARGUMENTS FOR SSH]
"""
import struct
import sys

INIT, OPEN, READ, FSTAT, OPENDIR, READDIR = 1, 3, 5, 8, 11, 12
VERSION, HANDLE, DATA, NAME, ATTRS = 2, 102, 103, 104, 105


def text(value):
    return struct.pack(">I", len(value)) + value


def send(kind, body):
    sys.stdout.buffer.write(struct.pack(">IB", len(body) + 1, kind) + body)
    sys.stdout.buffer.flush()


def receive():
    head = sys.stdin.buffer.read(4)
    if len(head) < 4:
        sys.exit(0)
    packet = sys.stdin.buffer.read(struct.unpack(">I", head)[0])
    return packet[0], packet[1:5]


def file_attributes(size):
    return struct.pack(">IQI", 0x1 | 0x4, size, 0o100644)


def right_answer(kind, number):
    """Of a server with one file of 10 bytes in each folder."""
    if kind in (OPEN, OPENDIR):
        send(HANDLE, number + text(b"h"))
    elif kind == FSTAT:
        send(ATTRS, number + file_attributes(10))
    elif kind == READ:
        send(DATA, number + text(b"0123456789"))
    elif kind == READDIR:
        send(NAME, number + struct.pack(">I", 1) + text(b"file") + text(b"") + file_attributes(10))


def main():
    what = sys.argv[1]
    if what == "text":
        print("Welcome to this server!", flush=True)
        receive()
    receive()
    send(VERSION, struct.pack(">I", 2 if what == "version" else 3))
    while True:
        kind, number = receive()
        if what == "end":
            sys.exit(0)
        if what == "huge":
            sys.stdout.buffer.write(struct.pack(">IB", 0xFFFFFFF0, HANDLE))
            sys.stdout.buffer.flush()
        elif what == "tiny":
            sys.stdout.buffer.write(struct.pack(">IB", 1, HANDLE) + number)
            sys.stdout.buffer.flush()
        elif what == "unasked":
            send(HANDLE, struct.pack(">I", 0xABCDEF) + text(b"h"))
        elif what == "short":
            send(HANDLE if kind in (OPEN, OPENDIR) else NAME, number + b"\0\0")
        elif what == "other":
            send(DATA, number + text(b"not what was asked for"))
        elif what == "much" and kind == READ:
            send(DATA, number + text(b"x" * 200000))
        elif what == "empty" and kind == READ:
            send(DATA, number + text(b""))
        elif what == "names" and kind == READDIR:
            entries = [b"..", b".", b"", b"../evil", b"/etc/passwd", b"a\0b", b".git", b"x" * 300]
            body = b"".join(text(e) + text(b"") + file_attributes(1) for e in entries)
            send(NAME, number + struct.pack(">I", len(entries)) + body)
            what = "end-of-list"
        elif what == "end-of-list" and kind == READDIR:
            send(101, number + struct.pack(">I", 1) + text(b"") + text(b""))
        else:
            right_answer(kind, number)


main()
