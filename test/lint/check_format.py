#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Checks that clang-format would change nothing. Other versions format otherwise, so only version 14 counts.

usage: check_format.py SOURCE_DIR     exit status 125: there is no clang-format 14, nothing was checked
"""
import pathlib
import shutil
import subprocess
import sys

VERSION = "14"


def find_program():
    for name in (f"clang-format-{VERSION}", "clang-format"):
        program = shutil.which(name)
        if program:
            text = subprocess.run([program, "--version"], capture_output=True, text=True, check=True).stdout
            if f"version {VERSION}." in text:
                return program
    return None


def main():
    root = pathlib.Path(sys.argv[1])
    program = find_program()
    if program is None:
        print(f"skipped: clang-format {VERSION} is not installed (Debian 12: apt-get install clang-format-{VERSION})")
        return 125
    files = [path for folder in ("cmd", "lib", "test") for path in sorted((root / folder).rglob("*"))
             if path.suffix in (".cc", ".h")]
    return subprocess.run([program, "--dry-run", "--Werror", "--ferror-limit=3", *files], check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
