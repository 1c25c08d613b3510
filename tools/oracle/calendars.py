#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Writes tests/data/calendars/: public holidays by the package `holidays`, and the changes of the
clocks by the zone database, to hold data/calendars/ and data/time_zones.yaml against.

Usage: calendars.py   with the packages holidays and tzdata from PyPI and PyYAML.
"""
import datetime
import importlib.metadata
import pathlib
import zoneinfo

import holidays
import yaml

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
STATES = "AT BE BG CY CZ DE DK EE EL ES FI FR HR HU IE IT LT LU LV MT NL PL PT RO SE SI SK".split()


def write_holidays(path):
    lines = [f"# holidays {importlib.metadata.version('holidays')}: days from Monday to Friday"]
    for state in STATES:
        options = {"include_sundays": False} if state == "SE" else {}
        code = {"EL": "GR"}.get(state, state)
        years = range(2025, 2031)
        days = (getattr(holidays, code)(years=years, **options) if options
                else holidays.country_holidays(code, years=years))
        lines += [f"{state} {day}" for day in sorted(days) if day.weekday() < 5]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")


def write_zones(path):
    zones = yaml.safe_load((ROOT / "data/time_zones.yaml").read_text(encoding="utf-8"))["zones"]
    version = importlib.metadata.version("tzdata")
    lines = [f"# tzdata {version}: instant and hours from UTC, at the start and after each change"]
    utc = datetime.timezone.utc
    for name in sorted({row["zone"] for row in zones}):
        zone = zoneinfo.ZoneInfo(name)
        at = datetime.datetime(2024, 1, 1, tzinfo=utc)
        before = None
        while at < datetime.datetime(2035, 1, 1, tzinfo=utc):
            hours = at.astimezone(zone).utcoffset() // datetime.timedelta(hours=1)
            if hours != before:
                lines.append(f"{name} {at:%Y-%m-%dT%H:%M:%SZ} {hours}")
            before = hours
            at += datetime.timedelta(hours=1)
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    folder = ROOT / "tests/data/calendars"
    folder.mkdir(parents=True, exist_ok=True)
    write_holidays(folder / "holidays.txt")
    zoneinfo.reset_tzpath(to=())
    write_zones(folder / "zones.txt")
