#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Proves on made-up files that check_words finds what it should, and nothing else."""
import pathlib
import tempfile
import unittest

import check_words

LICENCE = "// SPDX-License-Identifier: Apache-2.0\n"


class CheckWords(unittest.TestCase):
    def problems(self, name, text):
        with tempfile.TemporaryDirectory() as folder:
            path = pathlib.Path(folder) / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(text.encode() if isinstance(text, str) else text)
            return check_words.check(pathlib.Path(folder))

    def test_accepts_ordinary_code(self):
        self.assertEqual(self.problems("lib/a/a.cc", LICENCE + 'GTEST_SKIP() << "no git";\n'), [])
        self.assertEqual(self.problems("docs/a.md", "https://example.org/work/x /home/user\n"), [])

    def test_refuses_each_bad_line(self):
        for line in ("// TODO later", "// FIXME", "see /root/x", "/tmp/build-a", "GTEST_SKIP();",
                     "TEST(A, DISABLED_b)", "<<<<<<< HEAD", "x  "):
            with self.subTest(line):
                problems = self.problems("test/a.cc", LICENCE + line + "\n")
                self.assertEqual(len(problems), 1, problems)
                self.assertIn("test/a.cc:2", problems[0])

    def test_reads_programs_without_suffix_and_top_level_pages(self):
        self.assertEqual(len(self.problems("docs/tool", "# TODO\n")), 1)
        self.assertEqual(len(self.problems("README.md", "TODO\n")), 1)

    def test_wants_licence_line_final_newline_and_utf8(self):
        self.assertEqual(len(self.problems("lib/a.cc", "int a;\n")), 1)
        self.assertEqual(len(self.problems("docs/a.md", "no end")), 1)
        self.assertEqual(len(self.problems("docs/a.md", b"\xff\n")), 1)

    def test_leaves_golden_files_alone(self):
        self.assertEqual(self.problems("test/golden/a.txt", "TODO  "), [])


if __name__ == "__main__":
    unittest.main()
