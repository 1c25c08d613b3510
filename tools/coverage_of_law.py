#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Writes docs/generated/coverage.md: which provisions are ruled, by what, and which are not yet.

Usage: coverage_of_law.py [--check]   with --check, fails when the page on disk differs.
"""
import pathlib
import sys

import yaml

ROOT = pathlib.Path(__file__).resolve().parent.parent
PAGE = ROOT / "docs" / "generated" / "coverage.md"


def read(path):
    return yaml.safe_load(path.read_text(encoding="utf-8")) or {}


def natural(path):
    """Articles before annexes, numbers as numbers."""
    kinds = {"rct": 0, "art": 1, "anx": 2}
    roman = {"I": 1, "II": 2, "III": 3, "IV": 4, "V": 5, "VI": 6, "VII": 7, "VIII": 8}
    key = []
    for piece in path.split("/"):
        kind, _, number = piece.partition("_")
        digits = "".join(c for c in number if c.isdigit())
        key.append((kinds.get(kind, 0), roman.get(number, int(digits) if digits else 0), number))
    return key


def citing(node, act, by, found):
    """Notes every citation below `node`; `by` is the nearest id above it."""
    if isinstance(node, list):
        for item in node:
            citing(item, act, by, found)
    if not isinstance(node, dict):
        return
    name = node.get("id") or node.get("name")
    if name:
        by = f"{by}/{name}" if by and "." not in str(name) else str(name)
    for key, value in node.items():
        if key in ("cites", "unless_cites"):
            for cite in value:
                if str(cite).startswith("eu-"):
                    other, _, path = cite.partition("/")
                    found.setdefault((other, path), set()).add(by)
                else:
                    found.setdefault((act, cite), set()).add(by)
        else:
            citing(value, act, by, found)


def lines_of_act(folder, found):
    act = read(folder / "act.yaml")
    rows = {"ruled": [], "gap": [], "informative": [], "cited by a fact only": [],
            "from memory, not checked": []}
    for file in sorted((folder / "provisions").glob("*.yaml")):
        for path, text in read(file)["provisions"].items():
            says = text if isinstance(text, str) else text["says"]
            by = sorted(found.get((folder.name, path), ()))
            if isinstance(text, dict) and text.get("unchecked"):
                rows["from memory, not checked"].append((path, says, ""))
            if by:
                rows["ruled"].append((path, says, ", ".join(by)))
            elif isinstance(text, dict) and text.get("gap"):
                rows["gap"].append((path, says, text["gap"]))
            elif isinstance(text, dict) and text.get("informative"):
                rows["informative"].append((path, says, ""))
            else:
                rows["cited by a fact only"].append((path, says, ""))
    counts = ", ".join(f"{len(part)} {name}" for name, part in rows.items() if part)
    out = [f"## {act['short_title']}: {counts}", "", f"{act['oj']}, <{act['eli']}>", ""]
    for name, part in rows.items():
        if not part:
            continue
        out += [f"### {name.capitalize()}", "", "| provision | in our words | by, or why not |",
                "|---|---|---|"]
        out += [f"| {path} | {' '.join(says.split())} | {by} |"
                for path, says, by in sorted(part, key=lambda row: natural(row[0]))]
        out.append("")
    return out


def page():
    folders = sorted(p.parent for p in (ROOT / "data/regulations").glob("*/act.yaml"))
    found = {}
    for folder in folders:
        citing(read(folder / "act.yaml"), folder.name, "", found)
        for file in sorted([*(folder / "rules").glob("*.yaml"), *(folder / "clocks").glob("*.yaml")]):
            citing(read(file), folder.name, "", found)
    out = ["# Coverage of the law", "",
           "Made by `tools/coverage_of_law.py` from `data/regulations/`. A provision is ruled when a",
           "rule cites it; a gap says why there is no rule yet. What is on no list has not been read.",
           "What stands from memory (`unchecked`) was not held against the text; it is listed twice.",
           ""]
    for folder in folders:
        out += lines_of_act(folder, found)
    return "\n".join(out).rstrip() + "\n"


if __name__ == "__main__":
    text = page()
    if "--check" in sys.argv:
        same = PAGE.exists() and PAGE.read_text(encoding="utf-8") == text
        print("coverage: up to date" if same else "coverage: run tools/coverage_of_law.py")
        sys.exit(0 if same else 1)
    PAGE.parent.mkdir(parents=True, exist_ok=True)
    PAGE.write_text(text, encoding="utf-8")
