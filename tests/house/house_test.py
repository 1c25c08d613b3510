#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The checks of the house find what they must, and let pass what they must."""
import pathlib
import sys
import tempfile
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2] / "tools"))
import e2e  # noqa: E402
import layers  # noqa: E402
import links  # noqa: E402
import registered  # noqa: E402
import tidy  # noqa: E402


class House(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.root = pathlib.Path(self.folder.name)
        self.addCleanup(self.folder.cleanup)

    def write(self, name, text):
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")

    def test_layers_allow_a_listed_include(self):
        self.write("src/risks/a.cpp", '#include "domain/risk.hpp"\n#include "base/json.hpp"\n')
        self.assertEqual(layers.problems(self.root / "src"), [])

    def test_layers_refuse_a_sideways_include(self):
        self.write("src/risks/a.cpp", '#include "documents/tree.hpp"\n')
        self.assertEqual(layers.problems(self.root / "src"),
                         ["src/risks/a.cpp:1: 'risks' must not include 'documents'"])

    def test_layers_keep_libtorch_in_the_worker(self):
        self.write("src/ai/runner.cpp", "#include <ATen/ATen.h>\n")
        self.assertEqual(len(layers.problems(self.root / "src")), 1)
        self.write("src/ai/runner.cpp", "")
        self.write("src/ai/worker/nets/net.cpp", "#include <ATen/ATen.h>\n")
        self.assertEqual(layers.problems(self.root / "src"), [])

    def test_tidy_names_each_problem(self):
        self.write("src/base/a.cpp", "int x; \n// " + "TO" + "DO later\n" + "x" * 101 + "\n")
        found = "\n".join(tidy.problems(self.root))
        for part in ["SPDX", "space at the end", "write GAP", "101 columns"]:
            self.assertIn(part, found)

    def test_tidy_passes_a_good_file(self):
        self.write("src/base/a.cpp", "// SPDX-License-Identifier: Apache-2.0\nint x;\n")
        self.assertEqual(tidy.problems(self.root), [])

    def test_links_find_what_leads_nowhere(self):
        self.write("README.md", "[a](docs/b.md) [c](https://example.org) `src/none.cpp`\n")
        self.assertEqual(len(links.problems(self.root)), 2)
        self.write("docs/b.md", "x")
        self.write("src/none.cpp", "x")
        self.assertEqual(links.problems(self.root), [])

    def test_registered_holds_codes_against_rows(self):
        self.write("src/base/a.cpp", 'return fail(ErrorKind::input, "file.gone", "x");')
        self.write("data/errors/file.yaml", "- {code: file.other, means: x}\n")
        found = "\n".join(registered.codes(self.root))
        self.assertIn("'file.gone' is raised but has no row", found)
        self.assertIn("'file.other' is listed but nothing raises it", found)

    def test_e2e_lines_match_with_gaps(self):
        self.assertTrue(e2e.matches(["a", "...", "c"], ["a", "b", "b", "c"]))
        self.assertFalse(e2e.matches(["a", "...", "c"], ["a", "b"]))
        self.assertFalse(e2e.matches([], ["a"]))


if __name__ == "__main__":
    unittest.main()
