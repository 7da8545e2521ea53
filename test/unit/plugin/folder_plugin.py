#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""An exec remote that keeps objects in a folder: the example of docs/format/exec-remote.md.

usage: folder_plugin.py FOLDER
"""
import os
import sys
import urllib.parse

PART = 1 << 20
TEMPORARY = "tmp"

requests = sys.stdin.buffer
answers = sys.stdout.buffer


def say(line):
    answers.write(line.encode() + b"\n")
    answers.flush()


class Folder:
    """Each method answers one request; its arguments are the words of the line."""

    def __init__(self, root):
        self.root = os.fsencode(root)

    def path(self, name):
        return os.path.join(self.root, urllib.parse.unquote_to_bytes(name))

    def PREPARE(self):
        os.makedirs(self.root, exist_ok=True)
        say("OK")

    def GET(self, name, offset=None, size=None):
        try:
            with open(self.path(name), "rb") as file:
                self.send(file, offset, size)
        except FileNotFoundError:
            say("MISSING")

    def send(self, file, offset, size):
        there = os.fstat(file.fileno()).st_size
        left = there if size is None else int(size)
        if int(offset or 0) + left > there:
            say(f"ERROR it has only {there} bytes")
            return
        file.seek(int(offset or 0))
        while left > 0:
            part = file.read(min(PART, left))
            if not part:
                say("ERROR it became shorter")
                return
            answers.write(b"DATA %d\n" % len(part) + part)
            left -= len(part)
        say("OK")

    def PUT(self, name, size):
        temporary = self.receive(int(size))
        path = self.path(name)
        try:
            os.makedirs(os.path.dirname(path), exist_ok=True)
            os.link(temporary, path)  # never replaces
            self.sync_folder(os.path.dirname(path))
            say("OK")
        except FileExistsError:
            say(f"EXISTS {os.path.getsize(path)}")
        finally:
            os.unlink(temporary)

    def REPLACE(self, name, size):
        temporary = self.receive(int(size))
        path = self.path(name)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        os.replace(temporary, path)
        self.sync_folder(os.path.dirname(path))
        say("OK")

    def receive(self, left):
        """Takes an object from cairn; the path of a file that holds it. Ends the program if cairn does not go on."""
        os.makedirs(os.path.join(self.root, TEMPORARY.encode()), exist_ok=True)
        path = os.path.join(self.root, TEMPORARY.encode(), os.urandom(8).hex().encode())
        with open(path, "xb") as file:
            while left > 0:
                part = requests.read(min(PART, left))
                if not part:
                    os.unlink(path)
                    sys.exit(1)
                file.write(part)
                left -= len(part)
            file.flush()
            os.fsync(file.fileno())
        return path

    def sync_folder(self, path):
        folder = os.open(path, os.O_RDONLY)
        os.fsync(folder)
        os.close(folder)

    def LIST(self, prefix=""):
        top = self.path(prefix.rstrip("/"))
        if not os.path.isdir(self.root):
            say("ERROR the folder is not there")
            return
        for folder, folders, files in os.walk(top):
            if folder == top and not prefix and TEMPORARY.encode() in folders:
                folders.remove(TEMPORARY.encode())
            for file in files:
                path = os.path.join(folder, file)
                name = urllib.parse.quote(os.path.relpath(path, self.root), safe="/-._~")
                answers.write(f"OBJECT {os.path.getsize(path)} {name}\n".encode())
        say("OK")

    def STAT(self, name):
        try:
            say(f"SIZE {os.path.getsize(self.path(name))}")
        except FileNotFoundError:
            say("MISSING")

    def REMOVE(self, name):
        try:
            os.unlink(self.path(name))
        except FileNotFoundError:
            pass
        say("OK")


def main():
    folder = Folder(sys.argv[1])
    greeting = requests.readline()
    say("OK" if greeting == b"CAIRN 1\n" else "ERROR this speaks version 1 only")
    for line in requests:
        verb, *words = line.decode().rstrip("\n").split(" ")
        try:
            getattr(folder, verb)(*words)
        except OSError as error:
            say(f"ERROR {error.strerror}")


if __name__ == "__main__":
    main()
