#!/usr/bin/env python3
"""Turns the community's SPF conformance suite into what build/.../suite reads: in-process cases over fixtures.

usage: convert.py SUITE_FOLDER > CASES

The suite stays where it is: nothing of it is kept here. A case is written as lines "WORD VALUE":

    case ID
    ip, sender, helo        what the message has
    result R [R]            the results allowed
    explanation TEXT        one line for each text allowed; "explanation-default": none of the zone's may be used
    zone LINE               a line of tests/support/fixture.h
    end
"""

import glob
import json
import os
import sys

TYPES = ("TXT", "SPF", "A", "AAAA", "MX", "PTR", "CNAME")
FAULTS = {"TIMEOUT": "timeout", "SERVFAIL": "servfail", "REFUSED": "refused"}


def raw(value):
    return bytes.fromhex(value["hex"]) if isinstance(value, dict) else str(value).encode("utf-8", "surrogateescape")


def escaped(data, special=b'"\\'):
    """Master-file text of bytes, \\DDD for what is not printable."""
    out = ""
    for byte in data:
        if byte in special:
            out += "\\" + chr(byte)
        elif 0x21 <= byte <= 0x7e:
            out += chr(byte)
        else:
            out += "\\%03d" % byte
    return out


def name(text):
    if text.strip(".") == "":
        return "."
    return ".".join(escaped(raw(label), b'"\\();@$') for label in text.rstrip(".").split(".")) + "."


def strings(values):
    pieces = []
    for value in values:
        data = raw(value)
        pieces += [data[i:i + 255] for i in range(0, len(data), 255)] or [b""]
    return " ".join('"%s"' % escaped(piece) for piece in pieces or [b""])


def lines(owner, entries):
    """The fixture lines of one name."""
    present = {entry[0] for entry in entries}
    for entry in entries:
        kind, values = entry[0], entry[1:]
        if kind in ("TXT", "SPF"):
            yield "%s %s %s" % (name(owner), kind, strings(values))
        elif kind in ("A", "AAAA"):
            yield "%s %s %s" % (name(owner), kind, values[0])
        elif kind == "MX":
            yield "%s MX %d %s" % (name(owner), values[0], name(values[1]))
        elif kind in ("PTR", "CNAME"):
            yield "%s %s %s" % (name(owner), kind, name(values[0]))
        elif kind in FAULTS:
            for rtype in values or [t for t in TYPES if t not in present]:
                yield "%s %s !%s" % (name(owner), rtype, FAULTS[kind])
        elif kind == "NODATA":
            yield "%s TXT !nodata" % name(owner)
        elif kind != "TRUNCATE":
            sys.exit("convert.py: no idea of %r" % kind)


def usable(line):
    """Names that no master file can hold (labels over 63 bytes) are not in DNS either."""
    owner = line.split(" ", 1)[0]
    return all(len(label) <= 63 or "\\" in label for label in owner.split(".")) and len(owner) <= 255


def main():
    for path in sorted(glob.glob(os.path.join(sys.argv[1], "cases", "*.json"))):
        with open(path, encoding="utf-8") as f:
            suite = json.load(f)
        for case in suite["cases"]:
            out = ["case " + case["id"]]
            out += ["%s %s" % (key, case["input"][key]) for key in ("ip", "sender", "helo")]
            out.append("result " + " ".join(case["expect"]["result"]))
            want = case["expect"].get("explanation")
            if isinstance(want, dict):
                out.append("explanation-default")
            elif want is not None:
                out += ["explanation " + text for text in (want if isinstance(want, list) else [want])]
            for owner, entries in suite["zones"][case["zone"]].items():
                out += ["zone " + line for line in lines(owner, entries) if usable(line)]
            sys.stdout.buffer.write(("\n".join(out + ["end"]) + "\n").encode("utf-8", "surrogateescape"))


if __name__ == "__main__":
    main()
