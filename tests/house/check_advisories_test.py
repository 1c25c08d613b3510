#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The check of the sample advisories finds what it must, and lets pass what it must."""
import copy
import json
import pathlib
import sys
import tempfile
import unittest
import zipfile

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2] / "tools"))
import check_advisories  # noqa: E402

GOOD = {
    "id": "PYSEC-2024-1", "modified": "2024-01-19T21:30:35Z", "aliases": ["CVE-2024-0001"],
    "summary": "A short text", "details": "It says more. And more.",
    "affected": [{"package": {"ecosystem": "PyPI", "name": "sample"},
                  "ranges": [{"type": "ECOSYSTEM",
                              "events": [{"introduced": "0"}, {"fixed": "1.0"}]}]}],
    "references": [{"type": "WEB", "url": "https://example.org"}],
}
PATH = pathlib.Path("osv/PyPI/PYSEC-2024-1.json")


def problems(change):
    record = copy.deepcopy(GOOD)
    change(record)
    return list(check_advisories.record_problems(record, PATH))


class CheckAdvisories(unittest.TestCase):
    def test_a_sound_record_passes(self):
        self.assertEqual(problems(lambda record: None), [])

    def test_each_missing_field_is_named(self):
        for field in ("id", "modified", "summary", "details", "affected", "references"):
            with self.subTest(field):
                self.assertTrue(problems(lambda record, field=field: record.pop(field)))

    def test_a_record_without_ranges_is_refused(self):
        self.assertEqual(problems(lambda record: record["affected"][0].pop("ranges")),
                         ["sample: no range says which versions are affected"])

    def test_a_record_in_the_wrong_folder_is_refused(self):
        def change(record):
            record["affected"][0]["package"]["ecosystem"] = "npm"
        self.assertEqual(problems(change), ["ecosystem 'npm' lies in the folder 'PyPI'"])

    def test_an_event_of_two_kinds_is_refused(self):
        def change(record):
            record["affected"][0]["ranges"][0]["events"][1] = {"fixed": "1", "limit": "2"}
        self.assertEqual(len(problems(change)), 1)

    def test_a_time_that_nobody_set_is_refused(self):
        self.assertEqual(len(problems(lambda r: r.update(modified="0001-01-01T00:00:00Z"))), 1)

    def test_a_copied_sentence_is_found_whatever_its_punctuation(self):
        source = copy.deepcopy(GOOD)
        source["details"] = "Something else. A sentence that the source wrote first!"
        with tempfile.TemporaryDirectory() as folder:
            root = pathlib.Path(folder)
            (root / "PyPI").mkdir()
            with zipfile.ZipFile(root / "PyPI" / "all.zip", "w") as archive:
                archive.writestr("PYSEC-2024-1.json", json.dumps(source))
            texts = set(check_advisories.source_texts(root, GOOD))
        own = dict(GOOD, details="A sentence, that the source wrote first. Ours.")
        self.assertEqual(len(list(check_advisories.copied_sentences(own, texts))), 1)
        self.assertEqual(list(check_advisories.copied_sentences(GOOD, texts)), [])


if __name__ == "__main__":
    unittest.main()
