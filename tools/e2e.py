#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Runs end-to-end tests: files of commands with what they print.

    $ lockstep purl parse pkg:npm/a@1    a command; several may follow, in one fresh folder
    > line                               standard output, line by line; `> ...` skips any lines
    ! line                               standard error, the same way
    [exit 3]                             the exit code, 0 when left out

$SOURCE, $SHARED and $BIN stand for the checkout, the shared suites and the build. A first line
`# needs PATH` skips the test, with the reason, where that path is missing. --update rewrites.
"""
import os
import pathlib
import re
import subprocess
import sys
import tempfile

SKIPPED = 77


def matches(want: list[str], got: list[str]) -> bool:
    """Whether the lines fit, where a wanted '...' stands for any lines."""
    if not want:
        return not got
    if want[0] == "...":
        return any(matches(want[1:], got[skip:]) for skip in range(len(got) + 1))
    return bool(got) and want[0] == got[0] and matches(want[1:], got[1:])


def steps(text: str):
    """(command, stdout, stderr, exit, leading lines) of each step."""
    result, lead = [], []
    for line in text.splitlines():
        if line.startswith("$ "):
            result.append([line[2:], [], [], 0, lead])
            lead = []
        elif line.startswith("> ") or line == ">":
            result[-1][1].append(line[2:])
        elif line.startswith("! ") or line == "!":
            result[-1][2].append(line[2:])
        elif match := re.fullmatch(r"\[exit (\d+)\]", line):
            result[-1][3] = int(match[1])
        else:
            lead.append(line)
    return result


def run(path: pathlib.Path, update: bool) -> int:
    text = path.read_text(encoding="utf-8")
    names = {"$SOURCE": os.environ["LOCKSTEP_SOURCE"], "$SHARED": os.environ["LOCKSTEP_SHARED"],
             "$BIN": os.environ["LOCKSTEP_BIN"]}
    for need in re.findall(r"^# needs (.+)$", text, re.M):
        for name, value in names.items():
            need = need.replace(name, value)
        if not os.path.exists(need):
            print(f"skipped: {need} is not here")
            return SKIPPED
    written, failed = [], 0
    with tempfile.TemporaryDirectory() as folder:
        environment = {"PATH": names["$BIN"] + ":" + os.environ["PATH"], "HOME": folder,
                       "LC_ALL": "C.UTF-8", "SOURCE": names["$SOURCE"], "SHARED": names["$SHARED"],
                       "BIN": names["$BIN"]}
        for command, want_out, want_err, want_exit, lead in steps(text):
            done = subprocess.run(["bash", "-c", command], cwd=folder, env=environment,
                                  stdin=subprocess.DEVNULL, capture_output=True, text=True,
                                  timeout=240, check=False)
            out, err = done.stdout, done.stderr
            for name, value in names.items():
                out, err = out.replace(value, name), err.replace(value, name)
            out_lines, err_lines = out.splitlines(), err.splitlines()
            good = (matches(want_out, out_lines) and matches(want_err, err_lines)
                    and done.returncode == want_exit)
            if not good:
                failed += 1
                print(f"{path.name}: $ {command}\n--- expected, exit {want_exit}")
                print("\n".join(["> " + line for line in want_out] + ["! " + line for line in want_err]))
                print(f"--- got, exit {done.returncode}")
                print("\n".join(["> " + line for line in out_lines] + ["! " + line for line in err_lines]))
            keep_out, keep_err = (want_out, want_err) if good else (out_lines, err_lines)
            written += lead + [f"$ {command}"] + [("> " + line).rstrip() for line in keep_out]
            written += [("! " + line).rstrip() for line in keep_err]
            if done.returncode != 0:
                written.append(f"[exit {done.returncode}]")
    if update and failed:
        path.write_text("\n".join(written) + "\n", encoding="utf-8")
        print(f"wrote {path}; read the difference")
    return 1 if failed else 0


if __name__ == "__main__":
    rewrite = "--update" in sys.argv or "LOCKSTEP_UPDATE_GOLDEN" in os.environ
    sys.exit(max(run(pathlib.Path(name), rewrite) for name in sys.argv[1:] if name != "--update"))
