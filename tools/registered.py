#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Finds the forgotten row: error codes without a description, readers without a fuzz target, fuzz
targets without a corpus, families without a how-to page."""
import pathlib
import re
import sys

RAISED = re.compile(
    r'(?:fail\(\s*ErrorKind::\w+,\s*|Error\{\s*ErrorKind::\w+,\s*|\{\{?\s*ErrorKind::\w+,\s*'
    r'|\.(?:error|warning|note)\(\s*)"([a-z_0-9]+\.[a-z_0-9]+)"')
LISTED = re.compile(r"code:\s*([a-z_0-9]+\.[a-z_0-9]+)")
FAMILIES = ["scheme", "format", "operator", "attack", "regulation", "risk-rule", "writer", "command",
            "check-item", "native-range", "data-reader"]


def codes(root: pathlib.Path):
    """Error codes raised in src/ against the rows of data/errors/."""
    found = []
    listed = {}
    for path in sorted((root / "data/errors").glob("*.yaml")):
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
            for code in LISTED.findall(line):
                if code in listed:
                    found.append(f"data/errors/{path.name}:{number}: '{code}' is also in {listed[code]}")
                listed[code] = path.name
    literals = set()
    for path in sorted((root / "src").rglob("*.[ch]pp")):
        text = path.read_text(encoding="utf-8")
        literals.update(re.findall(r'"([a-z_0-9]+\.[a-z_0-9]+)"', text))
        for code in RAISED.findall(text):
            if code not in listed:
                name = path.relative_to(root).as_posix()
                found.append(f"{name}: '{code}' is raised but has no row in data/errors/")
    for code, name in sorted(listed.items()):
        if code not in literals:
            found.append(f"data/errors/{name}: '{code}' is listed but nothing raises it")
    return found


def fuzz_targets(root: pathlib.Path):
    found = []
    targets = {path.stem for path in (root / "fuzz").glob("*.cpp")}
    for name in sorted(targets):
        corpus = root / "fuzz/corpus" / name
        if not corpus.is_dir() or not any(corpus.iterdir()):
            found.append(f"fuzz/{name}.cpp: fuzz/corpus/{name}/ has no seed")
    for folder in sorted((root / "src/formats").iterdir()):
        if folder.is_dir() and f"formats_{folder.name}" not in targets:
            found.append(f"src/formats/{folder.name}: there is no fuzz/formats_{folder.name}.cpp")
    return found


def pages(root: pathlib.Path):
    return [f"docs/how-to-add/{family}.md is missing" for family in FAMILIES
            if not (root / f"docs/how-to-add/{family}.md").is_file()]


if __name__ == "__main__":
    place = pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else ".")
    lines = codes(place) + fuzz_targets(place) + pages(place)
    print("\n".join(lines) or "registered: no row is forgotten")
    sys.exit(1 if lines else 0)
