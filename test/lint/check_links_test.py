#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Proves on made-up pages that check_links finds what it should, and nothing else."""
import pathlib
import tempfile
import unittest

import check_links


class CheckLinks(unittest.TestCase):
    def problems(self, text):
        with tempfile.TemporaryDirectory() as folder:
            root = pathlib.Path(folder)
            (root / "docs/format").mkdir(parents=True)
            (root / "docs/guide.md").write_text("# Guide\n\n## When it `fails`, again\n\n## Same\n\n## Same\n")
            (root / "docs/format/a.md").write_text(text)
            return check_links.check(root)

    def test_accepts_links_that_lead_somewhere(self):
        for link in ("../guide.md", "a.md", "../format/", "../guide.md#when-it-fails-again", "../guide.md#same-1", "#here",
                     "https://example.org/x", "mailto:a@example.org"):
            with self.subTest(link):
                self.assertEqual(self.problems(f"# Here\n\nsee [x]({link}).\n"), [])

    def test_finds_links_that_lead_nowhere(self):
        for link in ("gone.md", "../gone/", "/guide.md", "../guide.md#gone", "../guide.md#same-2", "#gone"):
            with self.subTest(link):
                problems = self.problems(f"# Here\n\n[ok](a.md), [x]({link})\n")
                self.assertEqual(len(problems), 1, problems)
                self.assertIn("docs/format/a.md:3: ", problems[0])

    def test_reads_the_top_level_pages(self):
        with tempfile.TemporaryDirectory() as folder:
            (pathlib.Path(folder) / "README.md").write_text("[x](gone)\n")
            self.assertEqual(len(check_links.check(pathlib.Path(folder))), 1)

    def test_leaves_code_alone(self):
        self.assertEqual(self.problems("`a[1](b)`\n\n```\n[x](gone)\n# no heading\n```\n"), [])


if __name__ == "__main__":
    unittest.main()
