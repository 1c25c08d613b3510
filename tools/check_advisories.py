#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Checks examples/advisories: each record is a sound OSV record, none is lost, and none of its
texts is copied from a source where the source is at hand.

    tools/check_advisories.py [--root examples/advisories] [--sources FOLDER]

FOLDER has the layout of osv.dev's export, ECOSYSTEM/all.zip (default: ../shared/vuln/data/osv).
Without it the comparison of texts is left out, and the last line says so.
Exit: 0 nothing to say, 1 problems (one line each).
"""
import argparse
import csv
import json
import pathlib
import re
import sys
import zipfile

HERE = pathlib.Path(__file__).resolve().parent.parent
MIN_RECORDS = 60
MIN_ECOSYSTEMS = 6
TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z")
DAY = re.compile(r"\d{4}-\d\d-\d\d")
# Prefixes of the databases that OSV knows, as far as the examples use them.
ID = re.compile(
    r"(GHSA(-[2-9cfghjmpqrvwx]{4}){3}|PYSEC-\d{4}-\d+|GO-\d{4}-\d{4,}|RUSTSEC-\d{4}-\d{4}"
    r"|DSA-\d+-\d+|DLA-\d+-\d+|DEBIAN-CVE-\d{4}-\d{4,})")
CVE = re.compile(r"CVE-\d{4}-\d{4,}")
RANGE_TYPES = {"SEMVER", "ECOSYSTEM"}
EVENT_KINDS = {"introduced", "fixed", "last_affected", "limit"}
SEVERITIES = {"CVSS_V2", "CVSS_V3", "CVSS_V4"}


def record_problems(record, path):
    """The problems of one OSV record that lies at `path`, as sentences."""
    name = record.get("id", "")
    if not ID.fullmatch(name):
        yield f"'{name}' is no id of a database that the examples use"
    if path.stem != name:
        yield f"the file is named '{path.stem}', the record '{name}'"
    for field in ("modified", "published", "withdrawn"):
        value = record.get(field)
        if value is None and field != "modified":
            continue
        if not isinstance(value, str) or not TIME.fullmatch(value) or value < "1999":
            yield f"{field}: expected a time in UTC such as 2024-01-19T21:30:35Z, found {value!r}"
    for field in ("summary", "details"):
        if not record.get(field):
            yield f"{field} is missing"
    if len(record.get("summary", "")) > 120:
        yield "the summary is longer than 120 characters"
    for severity in record.get("severity", []):
        if severity.get("type") not in SEVERITIES or not severity.get("score"):
            yield f"severity: expected a CVSS type and a vector, found {severity}"
    if not record.get("references"):
        yield "references: at least one address that a reader can follow is missing"
    if not record.get("affected"):
        yield "affected is missing"
    for affected in record.get("affected", []):
        yield from affected_problems(affected, path)


def affected_problems(affected, path):
    """The problems of one entry of `affected`."""
    package = affected.get("package", {})
    ecosystem = package.get("ecosystem", "")
    if ecosystem.split(":")[0] != path.parent.name:
        yield f"ecosystem '{ecosystem}' lies in the folder '{path.parent.name}'"
    if not package.get("name"):
        yield "a package has no name"
    if not affected.get("ranges"):
        yield f"{package.get('name')}: no range says which versions are affected"
    for a_range in affected.get("ranges", []):
        events = a_range.get("events", [])
        if a_range.get("type") not in RANGE_TYPES:
            yield f"range type {a_range.get('type')!r}"
        if not any("introduced" in event for event in events):
            yield f"{package.get('name')}: a range has no 'introduced'"
        for event in events:
            if len(event) != 1 or not set(event) <= EVENT_KINDS:
                yield f"{package.get('name')}: event {event}"


def other_problems(root, known):
    """The problems of kev.json and epss.csv, which may speak only of CVEs in `known`."""
    kev = json.loads((root / "kev.json").read_text(encoding="utf-8"))
    rows = kev["vulnerabilities"]
    if kev["count"] != len(rows):
        yield f"kev.json: count says {kev['count']}, there are {len(rows)} rows"
    for row in rows:
        if row["cveID"] not in known:
            yield f"kev.json: no record names {row['cveID']}"
        if not DAY.fullmatch(row["dateAdded"]):
            yield f"kev.json: {row['cveID']}: dateAdded '{row['dateAdded']}' is no day"
    lines = (root / "epss.csv").read_text(encoding="utf-8").splitlines()
    if not re.fullmatch(r"#model_version:v[\d.]+,score_date:\d{4}-\d\d-\d\dT[\d:]+Z", lines[0]):
        yield "epss.csv: the first line must name model and day, as the daily file does"
    for row in csv.DictReader(lines[1:]):
        if row["cve"] not in known:
            yield f"epss.csv: no record names {row['cve']}"
        if not all(0 <= float(row[field]) <= 1 for field in ("epss", "percentile")):
            yield f"epss.csv: {row['cve']}: a probability lies between 0 and 1"


def source_texts(folder, record):
    """The texts of the same record in `folder`, empty when the folder does not have it."""
    ecosystem = record["affected"][0]["package"]["ecosystem"].split(":")[0]
    archive = folder / ecosystem / "all.zip"
    if not archive.exists():
        return []
    with zipfile.ZipFile(archive) as files:
        try:
            source = json.loads(files.read(record["id"] + ".json"))
        except KeyError:
            return []
    texts = [source.get("summary", ""), *re.split(r"(?<=[.!?])\s+", source.get("details", ""))]
    return [normalised(text) for text in texts if len(text) > 25]


def normalised(text):
    return re.sub(r"[^a-z0-9]+", " ", text.lower()).strip()


def copied_sentences(record, sources):
    """Our sentences that also stand in the source."""
    for field in ("summary", "details"):
        for sentence in re.split(r"(?<=[.!?])\s+", record[field]):
            if normalised(sentence) in sources:
                yield f"{field} repeats the source: '{sentence}'"


def check(root, sources):
    """All problems under `root`, and how many records could be compared with a source."""
    problems = []
    ecosystems = set()
    known = set()
    compared = 0
    paths = sorted((root / "osv").glob("*/*.json"))
    for path in paths:
        try:
            record = json.loads(path.read_text(encoding="utf-8"))
        except ValueError as error:
            problems.append(f"{path.name}: {error}")
            continue
        own = list(record_problems(record, path))
        texts = source_texts(sources, record) if not own else []
        if texts:
            compared += 1
            own += copied_sentences(record, set(texts))
        problems += [f"{path.parent.name}/{path.name}: {problem}" for problem in own]
        ecosystems.add(path.parent.name)
        names = [record.get("id", ""), *record.get("aliases", []), *record.get("upstream", [])]
        known |= {name for name in names if CVE.fullmatch(name)}
    if len(paths) < MIN_RECORDS:
        problems.append(f"expected at least {MIN_RECORDS} records, found {len(paths)}")
    if len(ecosystems) < MIN_ECOSYSTEMS:
        problems.append(f"expected at least {MIN_ECOSYSTEMS} ecosystems, found {len(ecosystems)}")
    problems += other_problems(root, known)
    return problems, len(paths), len(ecosystems), compared


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--root", type=pathlib.Path, default=HERE / "examples" / "advisories")
    parser.add_argument("--sources", type=pathlib.Path,
                        default=HERE.parent / "shared" / "vuln" / "data" / "osv")
    arguments = parser.parse_args()
    problems, records, ecosystems, compared = check(arguments.root, arguments.sources)
    for problem in problems:
        print(problem)
    note = f"{compared} compared with their source" if compared else "no source at hand to compare"
    print(f"{records} records, {ecosystems} ecosystems, {note}, {len(problems)} problems")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
