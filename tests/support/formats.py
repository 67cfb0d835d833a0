"""Reads back what mailauth writes for other programs: sarif, junit, github, gcc, csv.

Written from the documents of these formats, not from the writers: SARIF 2.1.0 with its JSON Schema, an XML Schema
through xmllint, GitHub's workflow commands, gcc's messages, RFC 4180. Each function takes the output (and the
folder of the files that it names) and returns a list of what is wrong.
"""

import csv
import io
import json
import os
import re
import shutil
import subprocess
import urllib.parse
import warnings
import xml.etree.ElementTree

import jsonschema

TOP = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
SCHEMAS = os.path.join(TOP, "tests", "data", "schema")
RULE = r"[a-z0-9]+(-[a-z0-9]+)*"
CSV_HEADERS = {
    "domain,verdict,spf_status,lookups,default,dmarc_status,applied_policy,location,findings": 9,
    "domain,file,line,column,name,type,rule,severity,message": 9,
}


def sarif_schema():
    with open(os.path.join(SCHEMAS, "sarif-2.1.0-rtm.5.json"), encoding="utf-8") as file:
        return json.load(file)


SARIF = jsonschema.Draft4Validator(sarif_schema())


def file_lines(folder, name):
    """The lines of a file of the test with their ends, or None."""
    path = os.path.join(folder, name)
    if not os.path.isfile(path):
        return None
    with open(path, "rb") as file:
        return file.read().decode("utf-8", "replace").split("\n")


def utf16_length(text):
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


# --- SARIF -----------------------------------------------------------------------------------------------------------

URI = re.compile(r"(?:[A-Za-z][A-Za-z0-9+.-]*:)?(?:[A-Za-z0-9._~!$&'()*+,;=:@/?#-]|%[0-9A-F]{2})+\Z")


def region_errors(region, lines):
    """A region is in its file: from the first character to at most the one behind the last of a line."""
    start = (region["startLine"], region.get("startColumn", 1))
    end = (region.get("endLine", start[0]), region.get("endColumn"))
    if end[1] is not None and (end[0], end[1]) < start:
        return ["the region ends before it starts: %r" % region]
    if lines is None:
        return []
    for line, column in (start, (end[0], end[1] or 1)):
        if line > len(lines) or column > utf16_length(lines[line - 1]) + 1:
            return ["the region is not in the file: %r" % region]
    return []


def location_errors(location, folder):
    wrong = []
    physical = location.get("physicalLocation")
    if not location.get("logicalLocations"):
        wrong.append("a location without a logical one")
    if physical is None:
        return wrong + ["code scanning refuses a file with a result that has no physical location"]
    uri = physical["artifactLocation"]["uri"]
    base = physical["artifactLocation"].get("uriBaseId")
    if not URI.match(uri):
        wrong.append("no URI: %s" % uri)
    if re.match(r"[A-Za-z][A-Za-z0-9+.-]*:", uri) and not uri.startswith("file:///"):
        wrong.append("code scanning refuses a file with another scheme than file: %s" % uri)
    if base not in (None, "%SRCROOT%") or base and uri.startswith("file:"):
        wrong.append("%s with uriBaseId %s" % (uri, base))
    if base is None and not re.match(r"file:///|dns/[^/?#]+/[A-Z0-9]+\Z|[^/?#]+\Z", uri):
        wrong.append("%s has no base and is a path" % uri)
    if "region" in physical:
        wrong += region_errors(physical["region"], file_lines(folder, urllib.parse.unquote(uri)))
    return wrong


def fix_errors(fix, folder):
    wrong = []
    for change in fix["artifactChanges"]:
        lines = file_lines(folder, urllib.parse.unquote(change["artifactLocation"]["uri"]))
        end = (0, 0)
        for replacement in change["replacements"]:
            region = replacement["deletedRegion"]
            wrong += region_errors(region, lines)
            start = (region["startLine"], region.get("startColumn", 1))
            if start < end:
                wrong.append("replacements overlap: %r" % change["replacements"])
            end = (region.get("endLine", start[0]), region.get("endColumn", start[1]))
    return wrong


def result_errors(result, rules, folder):
    wrong = []
    index = result["ruleIndex"]
    if not 0 <= index < len(rules) or rules[index]["id"] != result["ruleId"]:
        wrong.append("ruleIndex %d is not %s" % (index, result["ruleId"]))
    if result["level"] not in ("error", "warning", "note"):
        wrong.append("level %s" % result["level"])
    if not re.match(r"[0-9a-f]{16}:[1-9][0-9]*\Z", result["partialFingerprints"]["mailauth/v1"]):
        wrong.append("fingerprint: %r" % result["partialFingerprints"])
    if not result["locations"]:
        wrong.append("code scanning refuses a file with a result without a location")
    for location in result["locations"]:
        wrong += location_errors(location, folder)
        if "startLine" not in location.get("physicalLocation", {}).get("region", {}):
            wrong.append("no line: %r" % location)
    for fix in result.get("fixes", []):
        wrong += fix_errors(fix, folder)
    return wrong


def rule_errors(rule):
    wrong = []
    for text in (rule["shortDescription"]["text"], rule["fullDescription"]["text"], rule["help"]["text"],
                 rule["help"]["markdown"]):
        if not text.strip():
            wrong.append("rule %s without text" % rule["id"])
    if rule["properties"]["problem.severity"] not in ("error", "warning", "recommendation"):
        wrong.append("rule %s: problem.severity" % rule["id"])
    if rule["help"]["markdown"].count("```") % 2:
        wrong.append("rule %s: a fence is left open" % rule["id"])
    return wrong


def invocation_errors(run):
    (invocation,) = run["invocations"]
    notes = invocation["toolExecutionNotifications"]
    descriptors = run["tool"]["driver"]["notifications"]
    wrong = []
    if invocation["executionSuccessful"] != (not notes):
        wrong.append("executionSuccessful is %s with %d notifications"
                     % (invocation["executionSuccessful"], len(notes)))
    for note in notes:
        if "descriptor" in note and descriptors[note["descriptor"]["index"]]["id"] != note["descriptor"]["id"]:
            wrong.append("descriptor %r" % note["descriptor"])
    return wrong


def sarif_errors(text, folder):
    try:
        log = json.loads(text)
    except ValueError as error:
        return ["no JSON: %s" % error]
    wrong = ["SARIF schema: %s: %s" % ("/".join(str(step) for step in error.absolute_path), error.message[:200])
             for error in SARIF.iter_errors(log)]
    if wrong:
        return wrong
    (run,) = log["runs"]
    rules = run["tool"]["driver"]["rules"]
    if len({rule["id"] for rule in rules}) != len(rules):
        wrong.append("a rule is there twice")
    if run["columnKind"] != "utf16CodeUnits":
        wrong.append("columnKind %s" % run["columnKind"])
    for rule in rules:
        wrong += rule_errors(rule)
    for result in run["results"]:
        wrong += result_errors(result, rules, folder)
    return wrong + invocation_errors(run)


# --- JUnit -----------------------------------------------------------------------------------------------------------

def junit_errors(text, _folder):
    if shutil.which("xmllint") is None:
        return ["xmllint is missing: `make deps` installs it"]
    data = text.encode("utf-8", "surrogateescape")
    done = subprocess.run(["xmllint", "--noout", "--nonet", "--schema", os.path.join(SCHEMAS, "junit.xsd"), "-"],
                          input=data, capture_output=True, check=False)
    if done.returncode != 0:
        return ["xmllint: %s" % done.stderr.decode("utf-8", "replace")[:2000]]
    wrong = []
    for suite in xml.etree.ElementTree.fromstring(data):
        counts = {"tests": len(suite), "failures": len(suite.findall("testcase/failure")),
                  "errors": len(suite.findall("testcase/error")), "skipped": 0}
        for name, count in counts.items():
            if int(suite.get(name)) != count:
                wrong.append("suite %s: %s is %s, not %d" % (suite.get("name"), name, suite.get(name), count))
    return wrong


# --- GitHub workflow commands ----------------------------------------------------------------------------------------

UNESCAPES = (("%0D", "\r"), ("%0A", "\n"), ("%3A", ":"), ("%2C", ","), ("%25", "%"))
LEVELS = ("error", "warning", "notice")


def unescape(text, is_property):
    for code, char in UNESCAPES:
        if is_property or char not in ":,":
            text = text.replace(code, char)
    return text


def github_command(line):
    """(level, properties, message) of a command, or None. What stands between the first "::" and the second is the
    name, then, behind a blank, properties with commas between."""
    match = re.match(r"::([a-z]+)(?: ([^\r\n]*?))?::(.*)\Z", line, re.DOTALL)
    if not match:
        return None
    properties = {}
    for part in (match.group(2) or "").split(","):
        key, equals, value = part.partition("=")
        if not equals or not value or key in properties:
            return None
        properties[key] = unescape(value, True)
    return match.group(1), properties, unescape(match.group(3), False)


def github_numbers_errors(properties):
    for name in ("line", "endLine", "col", "endColumn"):
        if name in properties and not re.match(r"[1-9][0-9]*\Z", properties[name]):
            return ["%s=%s" % (name, properties[name])]
    if "line" not in properties and ("col" in properties or "endLine" in properties):
        return ["a column or an end without a line: %r" % properties]
    if "line" in properties and "file" not in properties:
        return ["a line without a file: %r" % properties]
    if "col" in properties and properties.get("endLine", properties["line"]) != properties["line"]:
        return ["columns in several lines: %r" % properties]
    return []


def github_errors(text, _folder):
    wrong, before = [], 0
    if text and not text.endswith("\n"):
        wrong.append("the last line has no end")
    for line in text.split("\n")[:-1]:
        command = github_command(line)
        if command is None:
            wrong.append("no workflow command: %s" % line)
            continue
        level, properties, message = command
        if level not in LEVELS:
            wrong.append("command %s" % level)
            continue
        if LEVELS.index(level) < before:
            wrong.append("%s behind something less bad" % level)
        before = LEVELS.index(level)
        if set(properties) - {"file", "line", "endLine", "col", "endColumn", "title"}:
            wrong.append("properties %r" % properties)
        if not re.match(RULE + r"\Z|too many findings\Z", properties.get("title", "")):
            wrong.append("title: %s" % line)
        if not message.strip() or re.search(r"[\x00-\x09\x0b-\x1f]", message):
            wrong.append("message: %r" % message)
        wrong += github_numbers_errors(properties)
    return wrong


# --- gcc -------------------------------------------------------------------------------------------------------------

GCC = re.compile(r"(?P<file>.+?):(?:(?P<line>[1-9]\d*):(?:(?P<column>[1-9]\d*):)?)? "
                 r"(?P<level>error|warning|note): (?P<message>[^\x00-\x1f]+) \[" + RULE + r"\]\Z")


def gcc_errors(text, folder):
    wrong = []
    if text and not text.endswith("\n"):
        wrong.append("the last line has no end")
    for line in text.split("\n")[:-1]:
        match = GCC.match(line)
        if match is None:
            wrong.append("no message as gcc's: %s" % line)
            continue
        lines = file_lines(folder, match.group("file"))
        if lines is None or match.group("line") is None:
            continue
        if int(match.group("line")) > len(lines):
            wrong.append("no such line: %s" % line)
        elif match.group("column") and \
                int(match.group("column")) > len(lines[int(match.group("line")) - 1].encode("utf-8")) + 1:
            wrong.append("no such column: %s" % line)
    return wrong


# --- CSV -------------------------------------------------------------------------------------------------------------

def csv_errors(text, _folder):
    wrong = []
    rows = list(csv.reader(io.StringIO(text, newline=""), strict=True))
    if not rows or ",".join(rows[0]) not in CSV_HEADERS:
        return ["no header: %s" % text[:100]]
    width = CSV_HEADERS[",".join(rows[0])]
    if re.search(r"(?<!\r)\n", text) or not text.endswith("\r\n"):
        wrong.append("a line does not end with CR LF")
    for row in rows:
        if len(row) != width:
            wrong.append("%d cells, not %d: %r" % (len(row), width, row))
        for cell in row:
            if re.match(r"[=+\-@\t\r].", cell):
                wrong.append("a spreadsheet would take this for a formula: %r" % cell)
    written = io.StringIO()
    csv.writer(written, lineterminator="\r\n").writerows(rows)
    if written.getvalue() != text:
        wrong.append("Python's csv writes this otherwise")
    return wrong


READERS = {"sarif": sarif_errors, "junit": junit_errors, "github": github_errors, "gcc": gcc_errors,
           "csv": csv_errors}


def format_of(command, text):
    """The format of a scenario's output: what its command asks for, where its output is not piped on."""
    match = re.search(r"(?:-f ?|--format[ =])(%s)\b" % "|".join(READERS), command)
    if match and not re.search(r"[|>;&]", command):
        return match.group(1)
    if text.startswith('{\n  "$schema"') and '"runs"' in text:
        return "sarif"
    if text.startswith("<?xml"):
        return "junit"
    return "csv" if text.startswith("domain,") else None


def errors(command, text, folder):
    """What a foreign reader has against the output; [] when it is in none of these formats."""
    name = format_of(command, text)
    if name is None:
        return []
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return ["%s: %s" % (name, error) for error in READERS[name](text, folder)]
