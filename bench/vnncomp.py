#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""`ai certify --property` on instances of the VNN-COMP: first the right answer, then the time.

One whole process after another, each with the same limit. An answer that contradicts the published one
ends the run with exit code 1. Printed for each benchmark: how many instances are answered, median and
longest wall time of those, and of the same instances the median of the fastest tool's published times,
which are of other machines.
Arguments: seconds for each instance (default 20), then names of benchmarks (default: all).
"""
import csv
import os
import pathlib
import statistics
import subprocess
import sys
import time

SHARED = pathlib.Path(os.environ.get("LOCKSTEP_SHARED", "../shared"))
LOCKSTEP = pathlib.Path(os.environ.get("LOCKSTEP_BIN", "build/release")) / "lockstep"
FOLDER = SHARED / "ai/suites/vnncomp"


def answer(row, seconds):
    """(verdict, wall seconds) of one instance."""
    folder = FOLDER / row["benchmark"]
    started = time.perf_counter()
    child = subprocess.run(
        [str(LOCKSTEP), "ai", "certify", str(folder / row["onnx"]), "--property",
         str(folder / row["vnnlib"]), "--timeout", str(seconds), "--no-progress"],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, check=False)
    words = child.stdout.split() or [child.stderr.strip()]
    return words[0], time.perf_counter() - started


def measure(name, rows, seconds):
    """Prints the line of one benchmark. @returns how many answers contradict"""
    times, peers, wrong = [], [], 0
    for row in rows:
        verdict, wall = answer(row, seconds)
        if verdict not in ("sat", "unsat"):
            continue
        if row["verdict"] in ("sat", "unsat") and verdict != row["verdict"]:
            print(f"{name}: {row['vnnlib']} is {row['verdict']}, answered {verdict}")
            wrong += 1
        times.append(wall)
        if row["fastest_s"]:
            peers.append(float(row["fastest_s"]))
    of_peers = f"{statistics.median(peers):.2f} s" if peers else "none"
    spent = f"{statistics.median(times):.2f} and {max(times):.1f} s" if times else "none"
    print(f"{name:<20} {len(times):>4} of {len(rows):<4} median and longest {spent:<16} "
          f"fastest tool {of_peers}", flush=True)
    return wrong


def main():
    seconds = float(sys.argv[1]) if sys.argv[1:] else 20
    with open(FOLDER / "expected.csv", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    names = sys.argv[2:] or sorted({row["benchmark"] for row in rows})
    wrong = sum(measure(name, [row for row in rows if row["benchmark"] == name], seconds)
                for name in names)
    sys.exit(1 if wrong else 0)


if __name__ == "__main__":
    main()
