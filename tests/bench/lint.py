#!/usr/bin/env python3
"""Measures `mailauth lint FILE`: records and bytes per second and peak memory, beside `wc -l` of the same file in the same run.

usage: lint.py MAILAUTH [RECORDS]

The file has RECORDS lines (default 1,000,000): valid records of common forms, and one in ten with a mistake. Three runs of each program,
taken in turns; the fastest counts. With a tenth of the records the memory must be the same.
"""

import os
import resource
import subprocess
import sys
import tempfile
import time

FORMS = [
    "v=spf1 include:_spf.example.com include:spf.example.net ~all",
    "v=spf1 mx a ip4:192.0.2.%d ip4:198.51.100.0/24 ip6:2001:db8::/32 -all",
    "v=spf1 -all",
    "v=spf1 redirect=_spf.example.com",
    "v=spf1 a:mail%d.example.com mx include:_spf.example.org -all",
    "v=DMARC1; p=reject; rua=mailto:reports@example.com",
    "v=DMARC1; p=none; sp=reject; rua=mailto:a%d@example.com,mailto:b@example.com; fo=1; ruf=mailto:c@example.com",
    "v=DMARC1; p=quarantine; adkim=s; aspf=s; pct=100; rua=mailto:d@example.com",
    '"v=spf1 ip4:203.0.113.%d " "include:_spf.example.com -all"',
    "v=spf1 ipv4:192.0.2.%d include=_spf.example.net -al",
]
ROUNDS = 3


def write_file(path, records):
    with open(path, "w", encoding="ascii") as file:
        for i in range(records):
            form = FORMS[i % len(FORMS)]
            file.write((form % (i % 250) if "%d" in form else form) + "\n")
    return os.path.getsize(path)


def run(command):
    """(seconds, peak memory of the child in KiB)"""
    start = time.monotonic()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    _, _, usage = os.wait4(process.pid, 0)
    process.returncode = 0
    return time.monotonic() - start, usage.ru_maxrss


def best(commands):
    """The fastest run of each command, taken in turns."""
    results = {name: (float("inf"), 0) for name in commands}
    for _ in range(ROUNDS):
        for name, command in commands.items():
            seconds, memory = run(command)
            results[name] = min(results[name], (seconds, memory))
    return results


def main():
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    program, records = sys.argv[1], int(sys.argv[2]) if len(sys.argv) > 2 else 1000000
    with tempfile.TemporaryDirectory() as folder:
        path, small = os.path.join(folder, "records"), os.path.join(folder, "small")
        size = write_file(path, records)
        write_file(small, max(1, records // 10))
        commands = {
            "wc -l": ["wc", "-l", path],
            "lint, text, quiet": [program, "lint", "-q", path],
            "lint, jsonl": [program, "lint", "-f", "jsonl", path],
        }
        results = best(commands)
        scale = results["wc -l"][0]
        print("%d records, %.1f MB" % (records, size / 1e6))
        for name, (seconds, memory) in results.items():
            print("%-18s %7.2f s  %9.0f records/s  %7.1f MB/s  peak %6.1f MiB  %6.1f x wc" % (
                name, seconds, records / seconds, size / seconds / 1e6, memory / 1024, seconds / scale))
        _, few = run([program, "lint", "-f", "jsonl", small])
        many = results["lint, jsonl"][1]
        print("memory with a tenth of the records: %.1f MiB" % (few / 1024))
        if many > few * 1.2 + 1024:
            sys.exit("memory grows with the file: %d KiB, %d KiB" % (few, many))


if __name__ == "__main__":
    main()
