#!/usr/bin/env python3
"""How long one `mailauth check` takes, as a whole process, beside other programs on the same domain in the same run.

usage: latency.py MAILAUTH RESPONDER [RUNS]

Three tables:
1. A domain whose answers come 20 ms late: five questions depend on each other, twenty do not. The lower bound is the chain.
2. The same domain without delay: whole processes, mailauth beside spfquery (libspf2) where that is installed. spfquery answers one
   question of many (is this address allowed?), mailauth inspects everything that is published.
3. What a process costs that asks nothing: mailauth --version.
spfquery takes its server from resolv.conf: both run in a network and mount namespace of their own then (unshare, Linux).
Medians of interleaved runs; ratios are pair by pair.
"""

import fcntl
import json
import os
import shutil
import socket
import statistics
import struct
import subprocess
import sys
import tempfile
import time

CHAIN = 5        # SPF record -> include -> include -> include -> a host
DELAY_MS = 20


def zone():
    """One domain in a root zone: its TXT is the first of five questions in a row; the others hang off the first answer or ask at once."""
    lines = ["$TTL 300", ". IN SOA ns.example. host.example. 1 3600 600 86400 60", "$ORIGIN bench.example."]
    text = ["mx"] + ["a:h%d.bench.example" % i for i in range(3)]
    lines += ["h%d IN A 192.0.2.%d" % (i, i + 1) for i in range(3)]
    lines += ["@ IN MX 10 m%d" % i for i in range(4)] + ["m%d IN A 192.0.2.%d" % (i, i + 9) for i in range(4)]
    for i in range(2):
        text.append("include:i%d.bench.example" % i)
        lines.append('i%d IN TXT "v=spf1 ip4:198.51.100.%d -all"' % (i, i))
    text.append("include:c1.bench.example")
    for i in range(1, CHAIN - 2):
        lines.append('c%d IN TXT "v=spf1 include:c%d.bench.example -all"' % (i, i + 1))
    lines.append('c%d IN TXT "v=spf1 a:last.bench.example -all"' % (CHAIN - 2))
    lines += ["last IN A 203.0.113.1", '@ IN TXT "v=spf1 %s ip4:192.0.2.200 -all"' % " ".join(text),
              '_dmarc IN TXT "v=DMARC1; p=reject; rua=mailto:d@bench.example"']
    return "\n".join(lines) + "\n"


class Responder:
    def __init__(self, program, delay_ms, zone_path, port=0):
        self.process = subprocess.Popen([program, str(delay_ms), zone_path, str(port)], stdin=subprocess.PIPE,
                                        stdout=subprocess.PIPE)
        self.port = int(self.process.stdout.readline().split()[1])

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.stdin.close()
        self.process.wait()


def wall_ms(argv):
    start = time.monotonic()
    subprocess.run(argv, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False)
    return (time.monotonic() - start) * 1000


def interleave(commands, runs):
    """Wall times in ms of each command: one warm-up, then A B A B ..."""
    for argv in commands:
        wall_ms(argv)
    times = [[] for _ in commands]
    for _ in range(runs):
        for argv, row in zip(commands, times):
            row.append(wall_ms(argv))
    return times


def row(label, times):
    print("  %-34s %8.2f ms   (min %.2f, max %.2f, %d runs)" %
          (label, statistics.median(times), min(times), max(times), len(times)))


def questions(mailauth, server):
    out = subprocess.run([mailauth, "check", "--server", server, "--json", "bench.example"], stdout=subprocess.PIPE,
                         check=False).stdout
    verdict = json.loads(out)
    return verdict["dns"]["queries"], verdict["verdict"]


def bench_delayed(mailauth, responder, path, runs):
    with Responder(responder, DELAY_MS, path) as slow:
        server = "127.0.0.1:%d" % slow.port
        asked, verdict = questions(mailauth, server)
        times, = interleave([[mailauth, "check", "--server", server, "bench.example"]], runs)
    print("each answer %d ms late, %d questions of which %d in a row (verdict %s):" % (DELAY_MS, asked, CHAIN, verdict))
    row("mailauth check", times)
    print("  %-34s %8.2f ms   (lower bound; ratio %.2f)" %
          ("the chain alone", CHAIN * DELAY_MS, statistics.median(times) / (CHAIN * DELAY_MS)))
    return asked


def bench_fast(mailauth, responder, path, runs, asked):
    with Responder(responder, 0, path) as fast:
        server = "127.0.0.1:%d" % fast.port
        check, version = interleave([[mailauth, "check", "--server", server, "bench.example"], [mailauth, "--version"]], runs)
    print("no delay, %d questions:" % asked)
    row("mailauth check", check)
    row("mailauth --version (asks nothing)", version)


def loopback_up():
    """What `ip link set lo up` does."""
    flags_of, set_flags, up = 0x8913, 0x8914, 1
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as s:
        request = struct.pack("16sh14x", b"lo", 0)
        flags = struct.unpack("16sh14x", fcntl.ioctl(s, flags_of, request))[1]
        fcntl.ioctl(s, set_flags, struct.pack("16sh14x", b"lo", flags | up))


def bench_peer_inside(mailauth, responder, path, runs, spfquery):
    """In namespaces of our own: a responder on port 53 and a resolv.conf that names it."""
    loopback_up()
    conf = os.path.join(os.path.dirname(path), "resolv.conf")
    with open(conf, "w", encoding="ascii") as f:
        f.write("nameserver 127.0.0.1\n")
    subprocess.run(["mount", "--bind", conf, os.path.realpath("/etc/resolv.conf")], check=True)
    with Responder(responder, 0, path, 53):
        peer = [spfquery, "-ip", "192.0.2.200", "-sender", "user@bench.example", "-helo", "mail.bench.example"]
        first = subprocess.run(peer, stdout=subprocess.PIPE, check=False).stdout.decode().split("\n")[0]
        ours, theirs = interleave([[mailauth, "check", "bench.example"], peer], runs)
    print("no delay, servers from resolv.conf, beside spfquery of libspf2 (its result: %s):" % first)
    row("mailauth check (everything)", ours)
    row("spfquery (one address)", theirs)
    ratios = sorted(a / b for a, b in zip(ours, theirs))
    print("  %-34s %8.2f      (min %.2f, max %.2f)" % ("ratio mailauth / spfquery", statistics.median(ratios), ratios[0],
                                                       ratios[-1]))


def bench_peer(runs, mailauth, responder):
    spfquery = shutil.which("spfquery.libspf2") or shutil.which("spfquery")
    if not spfquery or not shutil.which("unshare"):
        print("spfquery (Debian: apt-get install spfquery) or unshare is not installed: no comparison")
        return
    sys.stdout.flush()
    done = subprocess.run(["unshare", "-rmn", sys.executable, os.path.abspath(__file__), mailauth, responder, str(runs),
                           "--inside", spfquery], check=False)
    if done.returncode != 0:
        print("namespaces are not allowed here: no comparison with spfquery")


def main():
    mailauth, responder = os.path.abspath(sys.argv[1]), os.path.abspath(sys.argv[2])
    runs = int(sys.argv[3]) if len(sys.argv) > 3 else 41
    folder = tempfile.mkdtemp(prefix="mailauth-bench-")
    try:
        path = os.path.join(folder, "bench.zone")
        with open(path, "w", encoding="ascii") as f:
            f.write(zone())
        if "--inside" in sys.argv:
            bench_peer_inside(mailauth, responder, path, runs, sys.argv[-1])
        else:
            asked = bench_delayed(mailauth, responder, path, max(runs // 2, 5))
            bench_fast(mailauth, responder, path, runs, asked)
            bench_peer(runs, mailauth, responder)
    finally:
        shutil.rmtree(folder)
    return 0


if __name__ == "__main__":
    sys.exit(main())
