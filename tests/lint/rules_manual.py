#!/usr/bin/env python3
"""Makes mailauth-rules(7) of the rule table, or checks that the page is what the table makes of it.

usage: rules_manual.py [--update] MAILAUTH PAGE

Each rule is a subsection with its id as title: that is the anchor which a link to the rule leads to (#spf-ptr in HTML).
"""

import argparse
import json
import subprocess
import sys

HEAD = """.\\" Made from the rule table by tests/lint/rules_manual.py; `mailauth explain' shows the same texts.
.Dd November 25, 2026
.Dt MAILAUTH-RULES 7
.Os
.Sh NAME
.Nm mailauth-rules
.Nd what mailauth says about mail authentication records
.Sh DESCRIPTION
Each thing that
.Xr mailauth 1
can find is a rule with a name, which never changes its meaning.
.Ql mailauth explain Ar rule
prints the same text.
The level is a default:
.Fl -severity
changes it, and
.Fl -ignore
leaves a rule out.
What receivers do, the effect, does not depend on that.
"""

SECTIONS = [("spf-", "SPF"), ("dmarc-", "DMARC"), ("change-", "CHANGES"), ("config-", "CONFIGURATION")]

TAIL = """.Sh SEE ALSO
.Xr mailauth 1 ,
.Xr mailauth-json 5
"""

EFFECTS = [("rfc7208", "SPF (RFC 7208)"), ("rfc7489", "DMARC, older receivers (RFC 7489)"),
           ("rfc9989", "DMARC, newer receivers (RFC 9989)")]


def plain(text):
    """Text as roff takes it: backslashes and marks at the start of a line mean themselves."""
    text = text.replace("\\", "\\e")
    return "\\&" + text if text.startswith((".", "'")) else text


def flowing(text, width=80):
    """A paragraph as lines, a sentence ending its line."""
    out, line = [], ""
    for word in text.split(" "):
        if line and len(line) + 1 + len(word) > width:
            out.append(plain(line))
            line = ""
        line = word if not line else line + " " + word
        if word.endswith((".", "?", "!")) and not word.endswith("..."):
            out.append(plain(line))
            line = ""
    if line:
        out.append(plain(line))
    return out


def literal(text):
    """An example, folded at the width of a page, with a mark where a line goes on."""
    out = [".Bd -literal -offset indent"]
    for line in text.rstrip("\n").split("\n"):
        shown = "".join(c if " " <= c <= "~" else "".join("\\%03d" % b for b in c.encode("utf-8")) for c in line)
        while len(shown) > 68:
            cut = shown.rfind(" ", 8, 68) + 1 or 68
            out.append(plain(shown[:cut]))
            shown = "  " + shown[cut:]
        out.append(plain(shown))
    return out + [".Ed"]


def rule_lines(rule):
    out = [".Ss " + rule["id"]]
    out += flowing("%s: %s." % (rule["severity"].capitalize(), rule["summary"]))
    if rule["standard"]:
        out += [rule["standard"] + (" section %s." % rule["section"] if rule["section"] else ".")]
    out += [".Pp"] + flowing(rule["explanation"])
    effects = [(label, rule["effects"][key]) for key, label in EFFECTS if rule["effects"][key]]
    if effects:
        out += [".Bl -tag -width Ds"]
        for label, effect in effects:
            out += [".It Effect on " + label] + flowing(effect + ".")
        out += [".El"]
    if rule["example"] and rule["example"]["kind"] == "change":
        for label, key in (("Reported:", "bad"), ("Not reported:", "good")):
            before, after = rule["example"][key].split("\n--\n")
            out += [".Pp", label] + literal(before) + [".Pp", "becomes"] + literal(after)
    elif rule["example"]:
        out += [".Pp", "Wrong:"] + literal(rule["example"]["bad"])
        if rule["example"]["good"]:
            out += [".Pp", "Right:"] + literal(rule["example"]["good"])
    return out


def page(rules):
    out = HEAD.rstrip("\n").split("\n")
    for prefix, title in SECTIONS:
        out.append(".Sh " + title)
        for rule in rules:
            if rule["id"].startswith(prefix):
                out += rule_lines(rule)
    return "\n".join(out) + "\n" + TAIL


def main():
    parser = argparse.ArgumentParser(description="Makes or checks mailauth-rules(7).")
    parser.add_argument("--update", action="store_true")
    parser.add_argument("mailauth")
    parser.add_argument("page")
    arguments = parser.parse_args()
    done = subprocess.run([arguments.mailauth, "explain", "--json"], stdout=subprocess.PIPE, check=True, timeout=60)
    text = page(json.loads(done.stdout)["rules"])
    if arguments.update:
        with open(arguments.page, "w", encoding="utf-8") as file:
            file.write(text)
    else:
        with open(arguments.page, encoding="utf-8") as file:
            if file.read() != text:
                sys.exit("%s is not what the rule table makes: tests/lint/rules_manual.py --update does it" %
                         arguments.page)
    print("rules: the manual has them all")


if __name__ == "__main__":
    main()
