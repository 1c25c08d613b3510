#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Holds every #include "room/..." under src/ against the list of who may use whom."""
import pathlib
import re
import sys

ROOMS = {
    "base": set(),
    "domain": {"base"},
    "versions": {"base"},
    "formats": {"base", "domain", "versions"},
    "advisories": {"base", "domain", "versions"},
    "ai": {"base", "domain"},
    "regulations": {"base", "domain"},
    "risks": {"base", "domain"},
    "documents": {"base", "domain", "formats"},
    "store": {"base", "domain"},
    "app": {"base", "domain", "versions", "formats", "advisories", "ai", "regulations", "risks",
            "documents", "store"},
    "frontends": {"base", "domain", "app"},
}
# Libraries with the only places that may include them.
LIBRARIES = {
    r"<(ATen|torch|c10)/": "ai/worker/",
    r"<CLI/": "frontends/cli/parse.cpp",
    r"<simdjson": ("base/", "formats/"),
    r"<yaml-cpp/": "base/",
    r"<sqlite3": "store/",
    r"<archive": ("formats/", "ai/worker/"),
    r"<(png|jpeglib)": ("ai/worker/data/", "ai/worker/corruption/"),
    r"<unicode/": "ai/worker/data/tokenizer.cpp",
    r"<libdeflate": "formats/",
    r"<expat": "formats/received/",
    r"<openssl/": "base/",
    r"<curl/": "base/",
    r"<boost/regex": "formats/",
    r"<boost/pfr": "regulations/",
    r"<boost/(?!regex|pfr)": "base/",
}


def problems(root: pathlib.Path):
    """One line for each include that the house does not allow."""
    found = []
    for path in sorted(root.rglob("*")):
        if path.suffix not in {".hpp", ".cpp"}:
            continue
        name = path.relative_to(root).as_posix()
        room = name.split("/")[0]
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
            match = re.match(r'#include "([a-z]+)/', line)
            if match and match[1] in ROOMS and match[1] != room and match[1] not in ROOMS[room]:
                found.append(f"src/{name}:{number}: '{room}' must not include '{match[1]}'")
            if match and match[1] == "ai" and "ai/worker/" in line and not name.startswith("ai/worker/"):
                found.append(f"src/{name}:{number}: only ai/worker may include ai/worker")
            for pattern, places in LIBRARIES.items():
                if re.match(r"#include " + pattern, line) and not name.startswith(places):
                    found.append(f"src/{name}:{number}: this library belongs to {places}: {line}")
            if re.match(r"#include <torch/torch.h>", line):
                found.append(f"src/{name}:{number}: never torch/torch.h; ATen is enough")
    return found


if __name__ == "__main__":
    root = pathlib.Path(sys.argv[1]) if len(sys.argv) > 1 else pathlib.Path("src")
    lines = problems(root)
    print("\n".join(lines) or "layers: every include is allowed")
    sys.exit(1 if lines else 0)
