#!/usr/bin/env python3
"""Runs the recipes of the README: takes the lines that a service or a shell would run out of its YAML and sh blocks, and runs them.

usage: recipes.py MAILAUTH [RECIPE ...]        github gitlab pre-commit hook cron nagios writers manual; default: all

A block is known by its first comment, as "# .github/workflows/mail.yml". What is run:

    GitHub Actions    `run:` of each step, by `bash -e` as the service does it, with its variables and a job's rules: after a
                      step that failed only those with `if: always()`. Steps that `uses:` something are the service's own.
    GitLab CI         the lines of `script:`, one shell for all
    pre-commit        `entry:` with the staged files that match `files:`
    sh                the whole block

The only lines passed over are those that install mailauth: a step whose name begins with "Install", and `before_script:`. The
program under test stands in PATH instead. octodns-sync, dnscontrol and terraform are stand-ins that write what the real ones write.
Everything happens in a git repository in a temporary folder, with the zone of tests/data/example under the name example.com
as zones/example.com.zone; DNS is a server on loopback.
"""

import json
import os
import re
import subprocess
import sys
import tempfile
import xml.etree.ElementTree as xml

HERE = os.path.dirname(os.path.abspath(__file__))
TOP = os.path.dirname(os.path.dirname(HERE))
sys.path.insert(0, os.path.join(TOP, "tests", "support"))
sys.path.insert(0, os.path.join(TOP, "tests", "lint"))
sys.dont_write_bytecode = True

import dnsd      # noqa: E402
import manual    # noqa: E402

ZONE = "zones/example.com.zone"
LIMIT_SECONDS = 50

# The rest of the world, and what is published now.
WORLD = """
example.com TXT "v=spf1 mx -all"
example.com MX 10 mail.example.com
mail.example.com A 192.0.2.25
mail.example.com TXT "v=spf1 a -all"
_dmarc.example.com TXT "v=DMARC1; p=reject; rua=mailto:dmarc@example.com"
_spf.vendor.example TXT "v=spf1 ip4:198.51.100.0/24 -all"
broken.example TXT "v=spf1 ipv4:192.0.2.1 -all"
warned.example TXT "v=spf1 mx -all"
warned.example MX 10 mail.example.com
_dmarc.warned.example TXT "v=DMARC1; p=none"
! silent.example TXT servfail
"""


# --- the README -----------------------------------------------------------------------------------------------------

def read_blocks():
    """The recipes by the file or command their first comment names: name -> text."""
    with open(os.path.join(TOP, "README.md"), encoding="utf-8") as file:
        text = file.read()
    section = text.split("\n## Recipes\n", 1)[1].split("\n## ", 1)[0]
    blocks = {}
    for body in re.findall(r"^```(?:yaml|sh)\n(.*?)^```$", section, re.M | re.S):
        comment = next(line for line in body.splitlines() if line.startswith("# "))
        blocks[re.split(r"[ ,]", comment[2:])[0]] = body
    return blocks


def indent_of(line):
    return len(line) - len(line.lstrip(" "))


def below(lines, at):
    """The lines that belong to lines[at]: deeper ones, and empty ones between them."""
    end = at + 1
    while end < len(lines) and (not lines[end].strip() or indent_of(lines[end]) > indent_of(lines[at])):
        end += 1
    return lines[at + 1:end]


def find_key(lines, key):
    """Where "key:" stands, at any depth."""
    return next(i for i, line in enumerate(lines) if line.strip().startswith(key + ":"))


def list_items(lines):
    """The items of the list in `lines`, each as its lines, with the dash made a blank."""
    depth = indent_of(lines[0])
    items = []
    for line in lines:
        if line.startswith(" " * depth + "- "):
            items.append([line.replace("-", " ", 1)])
        elif items:
            items[-1].append(line)
    return items


def scalar(item, key):
    """The value of a key of an item: plain, or a block behind "|"; None without."""
    for at, line in enumerate(item):
        name, _, value = line.strip().partition(": ")
        if name.rstrip(":") != key or indent_of(line) != indent_of(item[0]):
            continue
        if value != "|":
            return value
        body = below(item, at)
        return "\n".join(text[indent_of(body[0]):] for text in body) + "\n"
    return None


# --- a repository ---------------------------------------------------------------------------------------------------

def example_zone():
    """The example's zone as example.com, with a policy that can be weakened and exactly ten lookups."""
    with open(os.path.join(TOP, "tests/data/example/computersolutions.cn.zone"), encoding="utf-8") as file:
        text = file.read()
    text = text.replace("computersolutions.cn", "example.com").replace("p=none; pct=100", "p=reject")
    text = text.replace("mx:example.com ~all", "mx:example.com include:_hosts.example.com ~all")
    hosts = ["h%d" % i for i in range(1, 8)]
    text += '_hosts      IN TXT   "v=spf1 %s -all"\n' % " ".join("a:%s.example.com" % host for host in hosts)
    for i, host in enumerate(hosts):
        text += "%-11s IN A     192.0.2.%d\n            IN AAAA  2001:db8:25::%d\n" % (host, 30 + i, 30 + i)
    return text


CONFIG = """option server %s
option timeout 5s
expect example.com spf 192.0.2.25 pass
expect example.com dmarc reject
expect example.com lookups <= 10
"""

STUBS = {
    # What octodns_bind.ZoneFileProvider writes.
    "octodns-sync": """printf '$ORIGIN\\texample.com.\\t; example.com.\\n$TTL\\t3600\\n' >zones/example.com.zone
printf '@\\t3600\\tSOA\\tns1.example.com. webmaster.example.com. (\\n\\t\\t2026110101 3600 600 604800 3600 )\\t; serial\\n\\n' >>zones/example.com.zone
printf '%-23s %-6d %-8s %s\\n' '' 3600 MX '10 mail.example.com.' '' 3600 TXT '"v=spf1 mx ip4:203.0.113.0/24 -all"' \\
	_dmarc 3600 TXT '"v=DMARC1; p=reject; rua=mailto:dmarc@example.com"' mail 3600 A 192.0.2.25 >>zones/example.com.zone
""",
    # What DNSControl's provider BIND writes.
    "dnscontrol": """cat >zones/example.com.zone <<'END'
$TTL 300
; generated with dnscontrol 2026-11-01T00:00:00Z
@                IN SOA   ns1.example.com. hostmaster.example.com. 2026110101 3600 600 604800 1440
                 IN MX    10 mail.example.com.
                 IN TXT   "v=spf1 mx -all"
_dmarc           IN TXT   "v=DMARC1; p=reject; rua=mailto:dmarc@example.com"
mail             IN A     192.0.2.25
                 IN TXT   "v=spf1 a -all"
END
""",
    "terraform": """case $1 in
plan) echo 'Plan: 4 to add, 0 to change, 0 to destroy.' ;;
show) cat "$STUBS/plan.json" ;;
esac
""",
}


def record(name, kind, records, ttl=300):
    return {"address": "aws_route53_record." + kind.lower(), "mode": "managed", "type": "aws_route53_record", "name": kind.lower(),
            "values": {"name": name, "type": kind, "ttl": ttl, "records": records, "alias": [], "zone_id": "Z0"}}


PLAN = {"format_version": "1.2", "planned_values": {"root_module": {
    "resources": [
        record("example.com", "MX", ["10 mail.example.com."]),
        record("example.com.", "TXT", ['v=spf1 mx include:_spf.vendor.example\"\" -all', "other=1"]),
        {"address": "aws_instance.x", "type": "aws_instance", "values": {"ami": "x"}},
        dict(record("www.example.com", "A", None), name="alias"),
    ],
    "child_modules": [{"resources": [record("_dmarc.example.com", "TXT", ["v=DMARC1; p=reject; rua=mailto:dmarc@example.com"]),
                                     record("mail.example.com", "A", ["192.0.2.25"])]}]}}}


class Repository:
    """A clone with a branch for a change, and the origin that it will be compared with."""

    def __init__(self, folder, program, server):
        self.folder = os.path.join(folder, "work")
        self.bin = os.path.join(folder, "bin")
        self.server = server
        self.home = os.path.join(folder, "home")
        for path in (self.folder + "/zones", self.bin, self.home, folder + "/runner"):
            os.makedirs(path)
        os.symlink(os.path.abspath(program), os.path.join(self.bin, "mailauth"))
        for name, body in STUBS.items():
            self.write_file(os.path.join(self.bin, name), "#!/bin/sh\nset -eu\n" + body, 0o755)
        self.write_file(os.path.join(self.bin, "plan.json"), json.dumps(PLAN))
        self.environment = {
            "PATH": self.bin + os.pathsep + os.environ.get("PATH", os.defpath), "HOME": self.home, "LC_ALL": "C",
            "STUBS": self.bin, "RUNNER_TEMP": folder + "/runner", "GITHUB_BASE_REF": "main",
            "GITHUB_STEP_SUMMARY": folder + "/runner/summary", "GIT_CONFIG_NOSYSTEM": "1",
        }
        self.write_file(os.path.join(self.home, ".gitconfig"), "[user]\nname = T\nemail = t@example.com\n[init]\ndefaultBranch = main\n")
        self.zone = example_zone()
        self.git("init", "-q")
        self.write(ZONE, self.zone)
        self.write(".mailauth", CONFIG % server)
        self.commit("first")
        self.git("clone", "-q", "--bare", ".", folder + "/origin.git")
        self.git("remote", "add", "origin", folder + "/origin.git")
        self.git("fetch", "-q", "origin")

    @staticmethod
    def write_file(path, text, mode=0o644):
        with open(path, "w", encoding="utf-8") as file:
            file.write(text)
        os.chmod(path, mode)

    def write(self, path, text):
        self.write_file(os.path.join(self.folder, path), text)

    def read(self, path):
        with open(os.path.join(self.folder, path), encoding="utf-8") as file:
            return file.read()

    def git(self, *arguments):
        subprocess.run(("git",) + arguments, cwd=self.folder, env=self.environment, check=True, stdout=subprocess.DEVNULL)

    def commit(self, message):
        self.git("add", "-A")
        self.git("commit", "-q", "-m", message)

    def shell(self, script, *arguments, shell="sh", environment=None):
        """(status, standard output, standard error) of a script in the repository."""
        done = subprocess.run((shell, "-e", "-c", script, shell) + arguments if shell == "bash" else
                              (shell, "-c", script, shell) + arguments, cwd=self.folder, stdin=subprocess.DEVNULL,
                              stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=LIMIT_SECONDS, check=False,
                              env=dict(self.environment, **(environment or {})))
        return done.returncode, done.stdout.decode(), done.stderr.decode()


class Failure(Exception):
    pass


def expect(condition, *what):
    if not condition:
        raise Failure("\n".join(str(part) for part in what))


# --- the recipes ----------------------------------------------------------------------------------------------------

def github_steps(block):
    lines = block.splitlines()
    steps = list_items(below(lines, find_key(lines, "steps")))
    runs = [(scalar(step, "name"), scalar(step, "run"), scalar(step, "if")) for step in steps if scalar(step, "run")]
    expect(len(runs) == 3 and runs[0][0].startswith("Install"), "the steps of the job are others now:", runs)
    return runs[1:]


def run_job(repository, block):
    """(passed, what the steps printed)"""
    passed, printed = True, ""
    for name, script, condition in github_steps(block):
        if not passed and condition != "always()":
            continue
        status, out, err = repository.shell(script, shell="bash")
        printed += "## %s: status %d\n%s%s" % (name, status, out, err)
        passed = passed and status == 0
    return passed, printed


def line_of(text, part):
    return next(i for i, line in enumerate(text.splitlines(), 1) if part in line)


REFORMATTED = """; The same records, laid out in another way.
$TTL 1h
$ORIGIN com.
example IN SOA ns1.example.com. hostmaster.example.com. ( 2026110102 7200 3600 1209600 600 )
example IN NS ns1.example
$ORIGIN example.com.
_dmarc TXT ( "v=DMARC1;p=reject; " ; two strings
    "rua=mailto:dmarc@example.com" )
"""


def reformatted(zone):
    """Other spelling, other order, other strings: the same records."""
    rest = zone[zone.index("            IN MX"):].replace("            IN MX", "@\tIN\tmx", 1)
    rest = "".join(line for line in rest.splitlines(True) if not line.startswith("_dmarc"))
    rest = rest.replace('"v=spf1 redirect=_spf.example.com"', '"v=spf1 " "redirect=_SPF.example.com"')
    return REFORMATTED + rest.replace("include:_hosts", "INCLUDE:_hosts")


# What a pull request changes: name, from, to, the rule of the annotation, text of the line where it must stand.
CHANGES = [
    ("a lost space", "include:_hosts.example.com ~all", "include:_hosts.example.com~all", "spf-missing-space",
     "_hosts.example.com~all"),
    ("an include too many", "h7.example.com -all", "h7.example.com include:_spf.vendor.example -all", "change-lookups-grown",
     "_spf.vendor.example"),
    ("a weakened policy", "p=reject", "p=none", "change-policy-weakened", "p=none"),
    ("a widened network", "mx:example.com include", "mx:example.com ip4:203.0.113.0/24 include", "change-pass-widened",
     "203.0.113.0/24"),
]


def annotations(printed):
    """(level, file, line, title) of each workflow command."""
    found = []
    for level, properties in re.findall(r"^::(error|warning|notice) ([^:]*)::", printed, re.M):
        values = dict(part.split("=", 1) for part in properties.split(","))
        found.append((level, values.get("file"), values.get("line"), values.get("title")))
    return found


def test_github(start, blocks):
    block = blocks[".github/workflows/mail.yml"]
    for name, old, new, rule, mark in CHANGES:
        repository = start()
        expect(old in repository.zone, "the example's zone has no", old)
        changed = repository.zone.replace(old, new)
        repository.write(ZONE, changed)
        repository.commit(name)
        passed, printed = run_job(repository, block)
        line = str(line_of(changed, mark))
        expect(not passed, name, "passes:", printed)
        expect(("error", ZONE, line, rule) in annotations(printed), name, "is not annotated at line", line, printed)
        expect("example.com" in open(repository.environment["GITHUB_STEP_SUMMARY"], encoding="utf-8").read(),
               name, "is not in the summary")
        sarif = json.loads(repository.read("mail.sarif"))
        expect(sarif["version"] == "2.1.0", "no SARIF:", sarif)
    repository = start()
    repository.write(ZONE, reformatted(repository.zone))
    repository.commit("another layout")
    passed, printed = run_job(repository, block)
    summary = open(repository.environment["GITHUB_STEP_SUMMARY"], encoding="utf-8").read()
    expect(passed, "another layout fails:", printed)
    expect(not [a for a in annotations(printed) if a[0] == "error"], "another layout is an error:", printed)
    expect("no effect" in summary.lower(), "another layout has effects:", summary)


def gitlab_script(block):
    lines = block.splitlines()
    items = list_items(below(lines, lines.index("  script:")))
    return "set -e\n" + "".join(item[0].strip() + "\n" for item in items)


def test_gitlab(start, blocks):
    repository = start()
    script = gitlab_script(blocks[".gitlab-ci.yml"])
    status, out, err = repository.shell(script)
    expect(status == 0, "GitLab's job fails without a change:", status, out, err)
    repository.write(ZONE, repository.zone.replace("p=reject", "p=none").replace("include:_hosts.example.com ~all", "include:_hosts.example.com~all"))
    status, out, err = repository.shell(script)
    expect(status != 0, "GitLab's job passes:", out, err)
    for name in ("lint.xml", "expectations.xml"):
        suites = xml.fromstring(repository.read(name).encode())
        expect(suites.tag == "testsuites" and suites.find(".//failure") is not None, name, "has no failure:", repository.read(name))
        expect(name in blocks[".gitlab-ci.yml"].split("junit:")[1], name, "is no artifact")


def test_pre_commit(start, blocks):
    repository = start()
    lines = blocks[".pre-commit-config.yaml"].splitlines()
    hook = list_items(below(lines, find_key(lines, "hooks")))[0]
    pattern, entry = scalar(hook, "files"), scalar(hook, "entry")
    repository.write("zones/notes.txt", "v=spf1 ipv4:192.0.2.1")
    for text, wanted in ((repository.zone, 0), (repository.zone.replace("example.com ~all", "example.com~all"), 1)):
        repository.write(ZONE, text)
        files = [path for path in (ZONE, "zones/notes.txt") if re.search(pattern, path)]
        status, out, err = repository.shell(entry + ' "$@"', *files)
        expect(files == [ZONE] and status == wanted, "pre-commit: status", status, files, out, err)


def test_hook(start, blocks):
    repository = start()
    hook = os.path.join(repository.folder, ".git/hooks/pre-commit")
    repository.write_file(hook, blocks[".git/hooks/pre-commit"], 0o755)
    broken = repository.zone.replace("example.com ~all", "example.com~all")
    for staged, there, wanted in ((repository.zone + "; note\n", broken, 0), (broken, repository.zone, 1)):
        repository.write(ZONE, staged)
        repository.git("add", ZONE)
        repository.write(ZONE, there)
        status, out, err = repository.shell("git commit -q -m change")
        expect(status == wanted, "git's hook: status", status, out, err)
    expect("example.com.zone" in out + err, "git's hook does not say where:", out, err)


def test_cron(start, blocks):
    repository = start(WORLD.replace("silent.example TXT servfail", "silent.example TXT fail-first=1000"))
    script = blocks["mail-watch"]
    watch = {"MAIL_WATCH": repository.home + "/watch"}
    status, first, err = repository.shell(script, "example.com", environment=watch)
    expect(status == 0 and "example.com" in first, "cron: nothing at first:", status, first, err)
    status, out, err = repository.shell(script, "example.com", environment=watch)
    expect((status, out, err) == (0, "", ""), "cron: mail without a change:", status, out, err)
    repository.write(".mailauth", CONFIG % repository.server + "option record _dmarc.example.com TXT v=DMARC1; p=bogus\n")
    status, out, err = repository.shell(script, "example.com", environment=watch)
    expect(status == 0 and "bogus" in out, "cron: no mail after a change:", status, out, err)
    status, out, err = repository.shell(script, "example.com", environment=watch)
    expect((status, out, err) == (0, "", ""), "cron: mail again:", status, out, err)
    status, out, err = repository.shell(script, "silent.example", environment={"MAIL_WATCH": repository.home + "/other"})
    expect((status, out) == (0, ""), "cron: mail about a temporary failure:", status, out, err)
    status, out, err = repository.shell(script, "no domain", environment=watch)
    expect(status == 2 and err, "cron: a wrong call is silent:", status, out, err)


def test_nagios(start, blocks):
    repository = start()
    script = blocks["check_mailauth"]
    rows = (("example.com", 0, "OK"), ("warned.example", 1, "WARNING"), ("broken.example", 2, "CRITICAL"),
            ("silent.example", 3, "UNKNOWN"), ("192.0.2.1", 3, "UNKNOWN"))
    for domain, code, word in rows:
        status, out, err = repository.shell(script, domain)
        first = out.splitlines()[0]
        expect(status == code and first == "MAILAUTH %s: %s" % (word, domain), "Nagios:", domain, status, out, err)


def test_writers(start, blocks):
    repository = start()
    status, out, err = repository.shell("set -e\n" + blocks["octoDNS"])
    expect(status == 1 and "203.0.113.0/24" in out, "octoDNS: a widened network passes:", status, out, err)
    status, out, err = repository.shell("set -e\n" + blocks["DNSControl"])
    expect(status == 0 and "no effect" in out, "DNSControl:", status, out, err)
    status, out, err = repository.shell(blocks["Terraform"])
    expect(status == 0 and "198.51.100.0/24" not in err and "256 IPv4 addresses" not in err, "Terraform:", status, out, err)
    expect("v=spf1 mx include:_spf.vendor.example -all" in out, "Terraform's record is not the one:", out, err)


def test_manual(_, blocks):
    """mailauth(1) shows the same recipes."""
    with open(os.path.join(TOP, "man/mailauth.1"), encoding="utf-8") as file:
        shown = "\n".join(manual.from_roff(line) for line in file.read().splitlines())
    for name, block in blocks.items():
        expect(block.rstrip("\n") in shown, "mailauth(1) lacks the recipe of the README:", name)


TESTS = {"github": test_github, "gitlab": test_gitlab, "pre-commit": test_pre_commit, "hook": test_hook, "cron": test_cron,
         "nagios": test_nagios, "writers": test_writers, "manual": test_manual}


def run_test(name, program, blocks):
    with tempfile.TemporaryDirectory() as folder:
        servers, count = [], [0]

        def start(world=WORLD):
            server = dnsd.Server(world)
            servers.append(server)
            server.__enter__()
            count[0] += 1
            path = os.path.join(folder, str(count[0]))
            os.mkdir(path)
            return Repository(path, program, server.address)

        try:
            TESTS[name](start, blocks)
        finally:
            for server in servers:
                server.__exit__(None, None, None)


def main():
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    blocks = read_blocks()
    failed = False
    for name in sys.argv[2:] or TESTS:
        try:
            run_test(name, sys.argv[1], blocks)
            print("%s: does what the README says" % name)
        except Failure as failure:
            failed = True
            print("%s: %s" % (name, failure))
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
