#!/usr/bin/env python3
"""Runs the scenarios of the command line: zone + command + expected output and exit status in one file.

usage: run.py [--update] [--wrap COMMAND] [--only WORD] MAILAUTH FILE.test [FILE.test ...]

A file holds cases. A line "== TITLE" begins one; sections follow, each a line "-- NAME [ARGUMENT]" and the
lines below it:

    == a domain without records
    -- needs WORD           left out, and said so, where the machine has no: ipv6 (on loopback), lan (its
                            own address that is not loopback), full (/dev/full), other-user (a command
                            $OTHER_USER that runs the program without root's rights)
    -- file db.example      a file in the case's own empty folder, which is the working directory
    -- server [WORD]        a loopback name server with this zone (format: tests/support/dnsd.py); $SERVER is
                            its address, or $SERVER_WORD; the server named v6 listens on ::1, lan on an address
                            that is not loopback
    -- stdin                what the command reads (default: nothing)
    -- run                  the shell command; `mailauth` is the program under test, $EXAMPLE the folder of
                            the example zones, $TOP the top folder
    -- status N             the exit status (default 0)
    -- stdout               the exact standard output (default: empty)
    -- stdout-has           lines that must be among those of standard output, in this order
    -- stderr, stderr-has   the same for standard error
    -- json                 lines PATH = VALUE about the JSON that was printed: .spf.status = "valid",
                            .[0].findings[1].rule = "x"; PATH # N: the array there has N items; PATH in [A, B]:
                            one of these, where versions of c-ares differ
    -- asked [WORD]         questions the server must have got: NAME TYPE [COUNT] [udp|tcp]; `* *`: all

Lines that begin with "#" before the first case are comments. What differs from run to run is put back to a
fixed text before it is compared: a server's address to $SERVER or $SERVER_WORD, elapsed_ms to 0. Every JSON
output is validated against its schema; sarif, junit, github, gcc and csv are read back (support/formats.py).
Four cases run at a time.
--update rewrites the sections stdout, stderr and status with what the program did: read the difference before
you keep it.
"""

import argparse
import concurrent.futures
import difflib
import json
import os
import re
import shutil
import socket
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
TOP = os.path.dirname(os.path.dirname(HERE))
sys.path.insert(0, os.path.join(TOP, "tests", "support"))
sys.path.insert(0, os.path.join(TOP, "tests", "lint"))
sys.dont_write_bytecode = True

import dnsd      # noqa: E402
import formats   # noqa: E402
import schema    # noqa: E402

LIMIT_SECONDS = 60
WORKERS = 4
NOBODY = "65534"


class Section:
    def __init__(self, name, argument):
        self.name, self.argument, self.lines = name, argument, []

    def text(self):
        return "".join(line + "\n" for line in self.lines)


class Case:
    def __init__(self, path, line, title):
        self.path, self.line, self.title, self.sections = path, line, title, []

    def get(self, name):
        for section in self.sections:
            if section.name == name:
                return section
        return None

    def all(self, name):
        return [section for section in self.sections if section.name == name]


NAMES = {"needs", "file", "server", "stdin", "run", "status", "stdout", "stdout-has", "stderr", "stderr-has",
         "json", "asked"}


def parse(path):
    """The comment lines at the top and the cases of a file."""
    head, cases = [], []
    with open(path, encoding="utf-8", errors="surrogateescape", newline="") as f:
        lines = f.read().split("\n")
    if lines and lines[-1] == "":
        lines.pop()
    for number, line in enumerate(lines, 1):
        if line.startswith("== "):
            cases.append(Case(path, number, line[3:]))
        elif not cases:
            head.append(line)
        elif line.startswith("-- "):
            name, _, argument = line[3:].partition(" ")
            if name not in NAMES:
                sys.exit("%s:%d: no section '%s'" % (path, number, name))
            cases[-1].sections.append(Section(name, argument))
        elif cases[-1].sections:
            cases[-1].sections[-1].lines.append(line)
        elif line.strip():
            sys.exit("%s:%d: text outside of a section" % (path, number))
    for case in cases:
        for section in case.sections:       # one blank line before the next case or section is layout
            if section.lines and section.lines[-1] == "":
                section.lines.pop()
    return head, cases


def unparse(head, cases):
    out = list(head)
    for case in cases:
        out.append("== " + case.title)
        for section in case.sections:
            out.append(("-- %s %s" % (section.name, section.argument)).rstrip())
            out += section.lines
        out.append("")
    return "\n".join(out)


def walk(value, path):
    """The value at a path like .spf.terms[0].kind."""
    for key, index in re.findall(r"\.([A-Za-z0-9_]+)|\.?\[(\d+)\]", path):
        value = value[key] if key else value[int(index)]
    return value


def json_documents(text):
    """The documents of an output: one, or one a line."""
    try:
        return [json.loads(text, object_pairs_hook=schema.unique_keys)]
    except ValueError:
        return [json.loads(line, object_pairs_hook=schema.unique_keys) for line in text.splitlines()]


def judge_json(section, stdout):
    wrong = []
    try:
        documents = json_documents(stdout)
    except ValueError as error:
        return ["standard output is no JSON: %s" % error]
    value = documents[0] if len(documents) == 1 else documents
    for line in section.lines:
        if not line.strip():
            continue
        path, sign, want = re.match(r"(\S+)\s+([=#]|in)\s+(.*)$", line).groups()
        try:
            got = walk(value, path)
        except (KeyError, IndexError, TypeError) as error:
            wrong.append("%s: nothing there (%r)" % (path, error))
            continue
        if sign == "#":
            got = len(got)
        if got not in json.loads(want) if sign == "in" else got != json.loads(want):
            wrong.append("%s is %s, not %s" % (path, json.dumps(got), want))
    return wrong


def judge_schema(stdout):
    """Every JSON output is validated, whichever section asks for it."""
    if not stdout.startswith(("{", "[")) or stdout.startswith('{\n  "$schema"'):
        return []
    try:
        documents = json_documents(stdout)
    except ValueError:
        return ["standard output begins like JSON and is none"]
    wrong = []
    for document in documents:
        for one in document if isinstance(document, list) else [document]:
            wrong += schema.errors(one)
    return wrong


def judge_text(name, want, got):
    if want == got:
        return []
    diff = difflib.unified_diff(want.splitlines(True), got.splitlines(True), name + " expected", name)
    return ["%s differs:\n%s" % (name, "".join(l if l.endswith("\n") else l + "\n" for l in diff))]


def judge_has(name, lines, got):
    have, at = got.splitlines(), 0
    for want in lines:
        while at < len(have) and want not in have[at]:
            at += 1
        if at == len(have):
            return ["%s has no line with: %s\n%s" % (name, want, got)]
        at += 1
    return []


def judge_asked(section, queries):
    wrong = []
    for line in section.lines:
        fields = line.split()
        transport = fields.pop() if fields[-1] in ("udp", "tcp") else None
        count = sum(1 for name, kind, by in queries if fields[0] in ("*", name.lower().rstrip("."))
                    and fields[1] in ("*", kind) and transport in (None, by))
        want = int(fields[2]) if len(fields) > 2 else None
        if count != want if want is not None else count == 0:
            wrong.append("%s was asked %d times" % (line, count))
    return wrong


def variable(word):
    """The name of the environment variable with the address of a server."""
    return "SERVER" + ("_" + word.upper() if word else "")


def normal(text, servers):
    for word, server in servers.items():
        text = text.replace(server.address, "$" + variable(word))
    text = re.sub(r'("elapsed_ms": ?)\d+', r"\g<1>0", text)
    return re.sub(r"\bin \d+ ms\b", "in 0 ms", text)


def has_ipv6():
    try:
        with socket.socket(socket.AF_INET6, socket.SOCK_DGRAM) as probe:
            probe.bind(("::1", 0))
        return True
    except OSError:
        return False


def lan_address():
    """An IPv4 address of this machine that is not loopback, or None. Nothing is sent."""
    try:
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
            probe.connect(("192.0.2.1", 53))
            address = probe.getsockname()[0]
        return None if address.startswith("127.") else address
    except OSError:
        return None


def other_user():
    """What a command begins with so that file modes count for it, or None."""
    if os.getuid() != 0:
        return "env"
    if shutil.which("setpriv") is None:
        return None
    return "setpriv --reuid=%s --regid=%s --clear-groups" % (NOBODY, NOBODY)


def lacks(case, options):
    """Why a case cannot run here, or None."""
    for section in case.all("needs"):
        if section.argument == "ipv6" and not has_ipv6():
            return "no IPv6 on loopback"
        if section.argument == "lan" and lan_address() is None:
            return "no address but loopback"
        if section.argument == "full" and not os.path.exists("/dev/full"):
            return "no /dev/full"
        if section.argument == "other-user":
            if other_user() is None:
                return "running as root, and setpriv is missing"
            version = other_user().split() + [options.program, "--version"]
            if subprocess.run(version, capture_output=True, check=False).returncode != 0:
                return "another user cannot reach the program"
    return None


def write_command(folder, options):
    """The command `mailauth` in a folder for PATH. One for all cases: a script that is written while other
    threads start processes may be busy when it is run."""
    os.chmod(folder, 0o755)
    path = os.path.join(folder, "mailauth")
    with open(path, "w", encoding="utf-8") as f:
        f.write('#!/bin/sh\nexec %s "$@"\n' % (options.wrap + " " + options.program).strip())
    os.chmod(path, 0o755)


def write_files(case, folder):
    os.chmod(folder, 0o755)
    for section in case.all("file"):
        path = os.path.join(folder, section.argument)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "w", encoding="utf-8", errors="surrogateescape", newline="") as f:
            f.write(section.text())


def environment(options, servers):
    env = dict(os.environ, EXAMPLE=os.path.join(TOP, "tests", "data", "example"), TOP=TOP,
               LC_ALL="C.UTF-8", LANG="C.UTF-8", COLUMNS="80", TERM="dumb", OTHER_USER=other_user() or "")
    env.pop("NO_COLOR", None)
    env["PATH"] = options.bin + os.pathsep + env["PATH"]
    env.update((variable(word), server.address) for word, server in servers.items())
    return env


def run_case(case, options):
    """(what went wrong, [status, stdout, stderr])"""
    folder = tempfile.mkdtemp(prefix="mailauth-test-")
    servers = {}
    try:
        write_files(case, folder)
        for section in case.all("server"):
            address = {"v6": "::1", "lan": lan_address()}.get(section.argument, "127.0.0.1")
            try:
                servers[section.argument] = dnsd.Server(section.text(), address).start()
            except ValueError as error:
                return ["the server's zone: %s" % error], None
        stdin = case.get("stdin")
        try:
            done = subprocess.run(["/bin/sh", "-c", case.get("run").text()], cwd=folder,
                                  env=environment(options, servers),
                                  input=(stdin.text() if stdin else "").encode("utf-8", "surrogateescape"),
                                  capture_output=True, timeout=LIMIT_SECONDS, check=False)
        except subprocess.TimeoutExpired:
            return ["still running after %d s" % LIMIT_SECONDS], None
        for server in servers.values():
            server.stop()
        stdout = normal(done.stdout.decode("utf-8", "surrogateescape"), servers)
        stderr = normal(done.stderr.decode("utf-8", "surrogateescape"), servers)
        wrong = judge(case, done.returncode, stdout, stderr, servers)
        if done.stdout and done.returncode in (0, 1, 2, 3):
            wrong += formats.errors(case.get("run").text().strip(), stdout, folder)
        return wrong, [done.returncode, stdout, stderr]
    finally:
        for server in servers.values():
            server.stop()
        shutil.rmtree(folder, ignore_errors=True)


def judge(case, status, stdout, stderr, servers):
    wrong = []
    want = int(case.get("status").argument) if case.get("status") else 0
    if status != want:
        wrong.append("exit status %d, not %d\n%s" % (status, want, stderr))
    if not (case.get("stdout-has") or case.get("json")) or case.get("stdout"):
        wrong += judge_text("stdout", case.get("stdout").text() if case.get("stdout") else "", stdout)
    if case.get("stdout-has"):
        wrong += judge_has("stdout", case.get("stdout-has").lines, stdout)
    if not case.get("stderr-has"):
        wrong += judge_text("stderr", case.get("stderr").text() if case.get("stderr") else "", stderr)
    else:
        wrong += judge_has("stderr", case.get("stderr-has").lines, stderr)
    if case.get("json"):
        wrong += judge_json(case.get("json"), stdout)
    wrong += judge_schema(stdout)
    for section in case.all("asked"):
        wrong += judge_asked(section, servers[section.argument].queries)
    return wrong


def set_section(case, name, argument, lines):
    section = case.get(name)
    if not lines and not argument:
        case.sections = [s for s in case.sections if s.name != name]
        return
    if section is None:
        section = Section(name, argument)
        case.sections.append(section)
    section.argument, section.lines = argument, lines


def update(case, result):
    status, stdout, stderr = result
    set_section(case, "status", str(status) if status else "", [])
    if not (case.get("stdout-has") or case.get("json")) or case.get("stdout"):
        set_section(case, "stdout", "", stdout.split("\n")[:-1] if stdout else [])
    if not case.get("stderr-has"):
        set_section(case, "stderr", "", stderr.split("\n")[:-1] if stderr else [])


def main():
    parser = argparse.ArgumentParser(description="Run command-line scenarios.")
    parser.add_argument("--update", action="store_true")
    parser.add_argument("--wrap", default="", help="put before the program, e.g. 'valgrind -q'")
    parser.add_argument("--only", default="", help="only cases with this word in the title")
    parser.add_argument("program")
    parser.add_argument("files", nargs="+")
    options = parser.parse_args()
    options.program = os.path.abspath(options.program)
    counts = {"passed": 0, "failed": 0, "left out": 0}
    with tempfile.TemporaryDirectory(prefix="mailauth-bin-") as options.bin:
        write_command(options.bin, options)
        with concurrent.futures.ThreadPoolExecutor(WORKERS) as workers:
            runs = [start_file(path, options, workers) for path in options.files]
            for path, head, cases, attempts in runs:
                finish_file(path, head, cases, attempts, options, counts)
    print("command line: %d passed, %d failed" % (counts["passed"], counts["failed"])
          + (", %d left out" % counts["left out"] if counts["left out"] else ""))
    return 0 if options.update or counts["passed"] and not counts["failed"] else 1


def start_file(path, options, workers):
    head, cases = parse(path)
    chosen = [case for case in cases if options.only in case.title]
    return path, head, cases, [(case, workers.submit(attempt, case, options)) for case in chosen]


def finish_file(path, head, cases, attempts, options, counts):
    for case, attempted in attempts:
        missing, (wrong, result) = attempted.result()
        if missing:
            counts["left out"] += 1
            print("%s:%d: left out, %s: %s" % (case.path, case.line, missing, case.title))
        elif options.update and result is not None:
            update(case, result)
        elif wrong:
            counts["failed"] += 1
            print("%s:%d: FAIL %s" % (case.path, case.line, case.title))
            for text in wrong:
                print("    " + text.rstrip("\n").replace("\n", "\n    "))
        else:
            counts["passed"] += 1
    if options.update:
        with open(path, "w", encoding="utf-8", errors="surrogateescape", newline="") as f:
            f.write(unparse(head, cases))


def attempt(case, options):
    """(why it is left out or None, what run_case() says)"""
    missing = lacks(case, options)
    return missing, ([], None) if missing else run_case(case, options)


if __name__ == "__main__":
    sys.exit(main())
