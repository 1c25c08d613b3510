#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Checks of the house that a formatter cannot make: sizes, banned words, first lines."""
import pathlib
import re
import subprocess
import sys

LINES_MAX = 600
COLUMNS_MAX = 100
SOURCES = {".cpp", ".hpp"}
# word: (what to do instead, places where it is right)
BANNED = {
    r"std::cout|std::cerr": ("rooms return; frontends print", ()),
    r"system_clock::now": ("time is an argument", ("src/frontends/",)),
    r"\bgetenv\(": ("settings are arguments", ("src/frontends/", "tests/", "bench/", "src/ai/worker/main.cpp")),
    r"(?<![_\w:.])rand\(": ("base/random.hpp", ()),
    r"\busing namespace (?!std::(string|chrono)_?\w*literals)": ("name what is used", ()),
    r"\b(TODO|FIXME|XXX|HACK)\b": ("write GAP(clause) or finish it", ()),
    r"(?<![_\w])assert\(": ("LS_CHECK", ()),
    r"/(home|work|root)/[a-z]": ("no path of a machine", ()),
}


def tracked(root: pathlib.Path):
    listed = subprocess.run(["git", "ls-files"], cwd=root, capture_output=True, text=True, check=False)
    names = listed.stdout.splitlines()
    return names or [p.relative_to(root).as_posix() for p in root.rglob("*") if p.is_file()]


def check_source(name: str, lines: list[str]):
    found = []
    if len(lines) > LINES_MAX and "table" not in "".join(lines[:3]):
        found.append(f"{name}: {len(lines)} lines; split it ({LINES_MAX} at most, tables excepted)")
    if not lines or "SPDX-License-Identifier" not in lines[0]:
        found.append(f"{name}:1: expected the SPDX line first")
    for number, line in enumerate(lines, 1):
        if len(line) > COLUMNS_MAX and "http" not in line and 'R"' not in line and "NOLINT" not in line:
            found.append(f"{name}:{number}: {len(line)} columns, {COLUMNS_MAX} at most")
    return found


def check_words(name: str, lines: list[str]):
    found = []
    for number, line in enumerate(lines, 1):
        if line != line.rstrip():
            found.append(f"{name}:{number}: space at the end of the line")
        for pattern, (instead, places) in BANNED.items():
            if re.search(pattern, line) and not name.startswith(places or ("\0",)):
                found.append(f"{name}:{number}: '{re.search(pattern, line)[0]}': {instead}")
    return found


def problems(root: pathlib.Path):
    """One line for each place that breaks a rule."""
    found = []
    for name in tracked(root):
        path = root / name
        if not path.is_file() or path.suffix not in SOURCES | {".py", ".md", ".sh"}:
            continue
        if name.startswith(("tests/house/data/", "tests/data/", "tests/golden/", "examples/advisories/",
                            "tools/tidy.py")):
            continue
        lines = path.read_text(encoding="utf-8").splitlines()
        if path.suffix in SOURCES:
            found += check_source(name, lines)
        if path.suffix != ".md":
            found += check_words(name, lines)
    return found


if __name__ == "__main__":
    result = problems(pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else "."))
    print("\n".join(result) or "tidy: nothing to mend")
    sys.exit(1 if result else 0)
