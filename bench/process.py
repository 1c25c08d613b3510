#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Whole processes against their goals: first the right answer, then time and memory.

Each row runs a command many times and prints minimum and median wall time and the peak resident
memory of the process, beside the goal; an import prints its processor time, since it waits for the
disk. A wrong answer stops the run: it is not timed.
"""
import csv
import json
import os
import pathlib
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import time

SOURCE = pathlib.Path(os.environ.get("LOCKSTEP_SOURCE", "."))
SHARED = pathlib.Path(os.environ.get("LOCKSTEP_SHARED", "../shared"))
LOCKSTEP = pathlib.Path(os.environ.get("LOCKSTEP_BIN", "build/release")) / "lockstep"


def once(words, environment):
    """(wall seconds, peak MB, exit code, standard output, processor seconds) of one run."""
    started = time.perf_counter()
    with tempfile.TemporaryFile() as out:
        child = subprocess.Popen([str(LOCKSTEP), *words], stdout=out, stderr=subprocess.DEVNULL,
                                 env=environment)
        _, status, usage = os.wait4(child.pid, 0)
        seconds = time.perf_counter() - started
        out.seek(0)
        return (seconds, usage.ru_maxrss / 1024, os.waitstatus_to_exitcode(status), out.read(),
                usage.ru_utime + usage.ru_stime)


def measure(name, words, goal_ms, goal_mb, check, environment, runs=30):
    _, _, code, output, _ = once(words, environment)
    problem = check(code, output)
    if problem:
        sys.exit(f"{name}: wrong answer, not timed: {problem}")
    results = [once(words, environment) for _ in range(runs)]
    wall = sorted(1000 * result[0] for result in results)
    peak = max(result[1] for result in results)
    goal = f"{goal_ms} ms" + (f", {goal_mb} MB" if goal_mb else "")
    print(f"{name:<28} min {wall[0]:7.2f} ms  median {statistics.median(wall):7.2f} ms  "
          f"peak {peak:6.1f} MB  goal {goal}")


def measure_import(osv, environment, goal, runs=7):
    """Imports everything into an empty folder, again and again; the last one is left there."""
    results = []
    for _ in range(runs):
        shutil.rmtree(environment["LOCKSTEP_DATA"], ignore_errors=True)
        results.append(once(["data", "import", str(osv), "--no-progress"], environment))
        if results[-1][2] != 0:
            sys.exit(f"import: exit code {results[-1][2]}")
    megabytes = float(re.search(r"records read, ([0-9.]+) MB", results[0][3].decode())[1])
    seconds = sorted(result[4] for result in results)
    median = statistics.median(seconds)
    print(f"{'import of all advisories':<28} min {seconds[0]:5.2f} s  median {median:5.2f} s of "
          f"processor time for {megabytes} MB of JSON, {megabytes / median:.0f} MB/s  "
          f"peak {max(result[1] for result in results):.0f} MB  goal {goal} MB/s")


def expected_rows():
    path = SHARED / "vuln/data/sbom/bench-1000.expected.tsv"
    with open(path, encoding="utf-8") as file:
        return list(csv.reader(file, delimiter="\t"))


def main():
    with tempfile.TemporaryDirectory() as folder:
        environment = {"PATH": os.environ["PATH"], "HOME": folder, "LOCKSTEP_DATA": folder + "/data"}
        measure("start", ["--version"], 10, None,
                lambda code, out: None if code == 0 and out.startswith(b"lockstep ") else out,
                environment)
        product = str(SOURCE / "examples/quayside/lockstep.yaml")
        measure("scope of the sample", ["scope", "--config", product, "--as-of", "2028-09-04",
                                        "--format", "json"], 20, None,
                lambda code, out: None if json.loads(out)["codes"]["cra"] else out, environment)
        if not (SHARED / "vuln/data/osv").is_dir():
            print("scan of bench-1000: skipped, the shared advisories are not here")
            return
        osv = SHARED / "vuln/data/osv"
        measure_import(osv, environment, goal=300)
        rows = len(expected_rows())

        def check(_, out):
            found = json.loads(out)["findings"]
            records = sum(len(f.get("matched", [f["advisory"]])) for f in found)
            return None if abs(records - rows) <= 1 else f"{records} records, expected {rows}"

        measure("scan of bench-1000", ["vuln", "scan", str(SHARED / "vuln/data/sbom/bench-1000.cdx.json"),
                                       "--format", "json"], 15, 60, check, environment)


if __name__ == "__main__":
    main()
