#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Proves on made-up pages that check_commands finds what it should, and nothing else."""
import pathlib
import tempfile
import unittest

import check_commands

OVERVIEW = """cairn versions data and pipelines beside Git.

Usage: cairn [-C DIR] COMMAND [ARGUMENTS]

Data:
  add              Put files under version control
  remote list      List remotes

'cairn COMMAND --help' shows options and an example.
"""
HELP = """Put files under version control
Usage: cairn add [OPTIONS] targets...

Options:
  -h,--help                   Print this help message and exit
  -O,--no-cache TEXT ... What --help says in its text is no option
                              nor is what stands in a second line, as --nope

Global options:
  -C DIR                      Run as if started in this folder
"""
INDEX = "[add](add.md) [remote list](remote-list.md)\n"
ROWS = ("| `TARGETS...` | what |\n| `-h`, `--help` | x |\n"
        "| `-O PATH`, `--no-cache PATH`, repeatable | see `--other` |\n| `-C DIR` | x |\n")


def page(name, rows=ROWS, example=None):
    example = f"```console\n$ cairn {name}\n```\n" if example is None else example
    return (f"# cairn {name}\n\n## Options\n\n| | |\n|---|---|\n{rows}\n## Exit status\n\n0; see `git --version`\n\n"
            f"## JSON\n\nnothing\n\n## Example\n\n{example}")


class CheckCommands(unittest.TestCase):
    def problems(self, **changed):
        files = {"README": INDEX, "json": "x", "exit_status": None, "add": page("add"), "remote_list": page("remote list")}
        files.update(changed)
        with tempfile.TemporaryDirectory() as folder:
            for name, text in files.items():
                if text is not None:
                    (pathlib.Path(folder) / (name.replace("_", "-") + ".md")).write_text(text)
            return check_commands.check(pathlib.Path(folder), OVERVIEW, lambda name: HELP)

    def assert_one(self, problems, text):
        self.assertEqual(len(problems), 1, problems)
        self.assertIn(text, problems[0])

    def test_accepts_complete_pages(self):
        self.assertEqual(self.problems(), [])

    def test_finds_an_option_that_is_missing(self):
        for row, name in ((1, "--help"), (2, "--no-cache"), (3, "-C")):
            with self.subTest(name):
                rows = "".join(line for i, line in enumerate(ROWS.splitlines(True)) if i != row)
                problems = self.problems(add=page("add", rows))
                self.assertIn(f"add.md: does not name the option {name}", problems)

    def test_finds_an_option_that_the_command_does_not_have(self):
        self.assert_one(self.problems(add=page("add", ROWS + "| `--more` | x |\n")), "add.md: names --more")

    def test_finds_a_missing_page_and_one_of_no_command(self):
        self.assert_one(self.problems(remote_list=None), "remote-list.md: there is no page")
        self.assert_one(self.problems(gone=page("gone")), "gone.md: there is no such command")

    def test_finds_a_missing_section_and_example(self):
        self.assert_one(self.problems(add=page("add").replace("## JSON", "## Other")), "'JSON'")
        self.assert_one(self.problems(add=page("add", example="cairn add\n")), "lacks an example")
        self.assert_one(self.problems(add=page("add").replace("# cairn add\n", "# add\n", 1)), "does not begin")

    def test_finds_a_page_that_the_index_lacks(self):
        self.assert_one(self.problems(README="[add](add.md)\n"), "README.md: lacks [remote list]")

    def test_compares_exit_statuses_with_the_header(self):
        header = "inline constexpr int kExitOk = 0;\ninline constexpr int kExitBug = 70;\n"
        self.assertEqual(check_commands.check_statuses("| 0 | ok |\n| 70 | bug |\n| `usage` | 2 |\n", header), [])
        self.assert_one(check_commands.check_statuses("| 0 | ok |\n", header), "lacks the status 70")
        self.assert_one(check_commands.check_statuses("| 0 | x |\n| 3 | x |\n| 70 | x |\n", header), "has the status 3")
        self.assert_one(check_commands.check_statuses("", ""), "no statuses")

    def test_finds_an_overview_that_it_cannot_read(self):
        with tempfile.TemporaryDirectory() as folder:
            (pathlib.Path(folder) / "README.md").write_text("x")
            self.assert_one(check_commands.check(pathlib.Path(folder), "Usage: cairn\n", lambda name: HELP), "no command")


if __name__ == "__main__":
    unittest.main()
