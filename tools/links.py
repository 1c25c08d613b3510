#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Every relative link and every `path/in/the/tree.ext` in the documents leads to a file."""
import pathlib
import re
import sys

LINK = re.compile(r"\]\(([^)#\s]+)(?:#[^)]*)?\)")
PATH = re.compile(r"`((?:src|docs|data|tests|fuzz|bench|tools|examples|packaging|cmake)/[\w./-]+\.\w+)`")


def is_there(root: pathlib.Path, page: str, target: str) -> bool:
    """Whether the path exists; a how-to page may name a new member of a folder that does."""
    if page.startswith("docs/how-to-add/"):
        return (root / target).parent.is_dir() or "NAME" in target
    return (root / target).exists()


def problems(root: pathlib.Path):
    """One line for each link that leads nowhere."""
    found = []
    documents = [*root.glob("*.md"), *root.glob("docs/**/*.md"), *root.glob("examples/**/*.md")]
    for path in sorted(documents):
        name = path.relative_to(root).as_posix()
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
            for target in LINK.findall(line):
                if not target.startswith(("http:", "https:", "mailto:")) and not (path.parent / target).exists():
                    found.append(f"{name}:{number}: the link '{target}' leads nowhere")
            for target in PATH.findall(line):
                if name != "docs/product-file.md" and not is_there(root, name, target):
                    found.append(f"{name}:{number}: there is no '{target}'")
    return found


if __name__ == "__main__":
    lines = problems(pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else "."))
    print("\n".join(lines) or "links: all lead somewhere")
    sys.exit(1 if lines else 0)
