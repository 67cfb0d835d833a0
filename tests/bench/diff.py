#!/usr/bin/env python3
"""How long `mailauth diff` of two zone files takes, and how much memory, beside other programs on the same files in the same run.

usage: diff.py MAILAUTH [RECORDS]        default: 1000, 10000 and 100000 records; 1000000 takes two minutes and 1 GiB

A zone has ten records for each domain with mail: MX, the SPF record with an include inside the zone, the DMARC record, the
mail host, and six that have nothing to do with mail. In the second zone every hundredth domain has changed: a network more,
a weaker policy, an include more, or only another order of terms. ldns-compare-zones (Debian: ldnsutils), where it is installed, and
`sort` with `diff` compare records; mailauth compares what they do to mail. Times are the best of some runs in turns; growth from one
size to the next is printed, and must be about that of the size. Memory is that of both zones and of one batch of domains: it grows
fast until the domains fill a batch.
"""

import os
import resource
import shutil
import subprocess
import sys
import tempfile
import time

SIZES = [1000, 10000, 100000]
PER_DOMAIN = 10
PROVIDERS = 20
ROUNDS = 3
MOST_GROWTH = 2.0    # times the growth of the size, which a loaded machine needs
HEAD = """$TTL 3600
. IN SOA ns.example. hostmaster.example. %d 7200 3600 1209600 600
. IN NS ns.example.
ns.example. IN A 192.0.2.53
"""


def provider_records():
    for i in range(PROVIDERS):
        yield '_spf%d.provider.example. IN TXT "v=spf1 ip4:198.51.100.%d ip4:203.0.113.%d -all"\n' % (i, i, i)


def domain_records(i, changed):
    """The records of one domain; every hundredth is another one in the second zone."""
    kind = i // 100 % 4 if changed and i % 100 == 0 else None
    name, own = "d%d.bench.example." % i, "ip4:192.0.2.%d" % (i % 250)
    include = "include:_spf%d.provider.example" % (i % PROVIDERS)
    terms = {None: [own, "mx", include], 0: [own, "mx", "ip4:198.51.100.128/25", include], 1: [own, "mx", include],
             2: [own, "mx", include, "include:_spf%d.provider.example" % ((i + 1) % PROVIDERS)], 3: ["mx", include, own]}[kind]
    yield '%s IN MX 10 mail.%s\n' % (name, name)
    yield '%s IN TXT "v=spf1 %s -all"\n' % (name, " ".join(terms))
    yield '_dmarc.%s IN TXT "v=DMARC1; p=%s; rua=mailto:dmarc@%s"\n' % (name, "none" if kind == 1 else "reject", name[:-1])
    yield 'mail.%s IN A 192.0.2.%d\n' % (name, i % 250)
    for j in range(PER_DOMAIN - 4):
        yield 'www%d.%s IN A 192.0.2.%d\n' % (j, name, j + 1)


def write_zone(path, records, changed):
    with open(path, "w", encoding="ascii") as file:
        file.write(HEAD % (2 if changed else 1))
        file.writelines(provider_records())
        for i in range(records // PER_DOMAIN):
            file.writelines(domain_records(i, changed))


def run(command):
    """(seconds, peak memory in KiB, exit status); the shell's children count for it."""
    start = time.monotonic()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = 0
    return time.monotonic() - start, usage.ru_maxrss, os.waitstatus_to_exitcode(status)


def commands_for(program, before, after):
    commands = {"mailauth diff": [program, "diff", "--no-config", "--offline", "-f", "json", before, after],
                "sort and diff": ["sh", "-c", 'sort "$1" >"$1.s" && sort "$2" >"$2.s"; diff "$1.s" "$2.s"', "sh", before, after]}
    if shutil.which("ldns-compare-zones"):
        commands["ldns-compare-zones"] = ["ldns-compare-zones", "-a", before, after]
    return commands


def measure(program, records, folder):
    """name -> (seconds, KiB)"""
    before, after = os.path.join(folder, "before"), os.path.join(folder, "after")
    write_zone(before, records, False)
    write_zone(after, records, True)
    commands = commands_for(program, before, after)
    results = {name: (float("inf"), 0) for name in commands}
    for _ in range(ROUNDS):
        for name, command in commands.items():
            seconds, memory, status = run(command)
            if name == "mailauth diff" and status != 0:
                sys.exit("diff of %d records: exit status %d" % (records, status))
            results[name] = min(results[name], (seconds, memory))
    return results


def memory_text(memory):
    """A process starts with the peak of the one that made it: what is less than Python's cannot be told."""
    floor = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return "%7.1f MiB" % (memory / 1024) if memory > floor * 1.1 else "  below %.0f MiB" % (floor * 1.1 / 1024)


def show(records, results):
    own = results["mailauth diff"][0]
    print("%d records, %d domains with mail" % (records, records // PER_DOMAIN))
    for name, (seconds, memory) in results.items():
        print("  %-20s %8.3f s  %6.1f us/record  peak %14s  mailauth takes %5.1f x" % (
            name, seconds, seconds / records * 1e6, memory_text(memory), own / seconds))


def check_growth(program, sizes, results):
    """Growth from each size to the next, without what starting the program costs."""
    base = run([program, "--version"])
    bad = False
    for small, large in zip(sizes, sizes[1:]):
        growth = [(results[large]["mailauth diff"][i] - base[i]) / max(results[small]["mailauth diff"][i] - base[i], least)
                  for i, least in ((0, 1e-4), (1, 1024))]
        print("%d to %d records: size x %.0f, time x %.1f, memory x %.1f" % (small, large, large / small, *growth))
        bad = bad or growth[0] > MOST_GROWTH * large / small
    if bad:
        sys.exit("this is more than linear growth")


def main():
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    sizes = [int(sys.argv[2])] if len(sys.argv) > 2 else SIZES
    results = {}
    for records in sizes:
        with tempfile.TemporaryDirectory() as folder:
            results[records] = measure(sys.argv[1], records, folder)
        show(records, results[records])
    if "ldns-compare-zones" not in results[sizes[0]]:
        print("ldns-compare-zones is not installed (Debian: ldnsutils)")
    check_growth(sys.argv[1], sizes, results)


if __name__ == "__main__":
    main()
