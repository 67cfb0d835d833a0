#!/usr/bin/env python3
"""Compares mailauth-json(5) with the JSON Schemas: names that only one of them has, and keys in another order.

usage: json_manual.py PAGE        from the top folder of the project

Every key of a schema is named somewhere in the page (the tags of DMARC are not: they come from records). In the section of a
schema, which has its name in the title, each `.It Sy KEY` is a key of that schema, and those of the outermost list stand in
the schema's order.
"""

import json
import pathlib
import re
import sys

SCHEMAS = pathlib.Path("src/report/schema")
TAGS = {"adkim", "aspf", "fo", "np", "p", "pct", "psd", "rf", "ri", "rua", "ruf", "sp", "t", "v"}


def keys_of(schema):
    """All keys of all objects in the schema."""
    keys = set()
    if isinstance(schema, dict):
        if isinstance(schema.get("properties"), dict):
            keys |= set(schema["properties"])
        for part in schema.values():
            keys |= keys_of(part)
    elif isinstance(schema, list):
        for part in schema:
            keys |= keys_of(part)
    return keys


def top_keys(schema):
    """The keys of the object that has the key "schema", in their order."""
    if isinstance(schema, dict):
        if "schema" in schema.get("properties", {}):
            return list(schema["properties"])
        schema = list(schema.values())
    for part in schema if isinstance(schema, list) else []:
        found = top_keys(part)
        if found:
            return found
    return []


def sections(lines):
    """Name of a schema -> [(depth of the list, key)], in the order of the page."""
    found, current, depth = {}, None, 0
    for line in lines:
        title = re.match(r"\.S[sh] (?:.*mailauth/([a-z]+)/1)?", line)
        if title:
            current, depth = title.group(1), 0
            if current:
                found[current] = []
        depth += line.startswith(".Bl") - line.startswith(".El")
        if current and line.startswith(".It Sy "):
            found[current] += [(depth, word) for word in line[7:].split() if word != ","]
    return found


def mistakes(page):
    text = pathlib.Path(page).read_text(encoding="utf-8")
    words = set(re.findall(r"[A-Za-z0-9_]+", text))
    shown = sections(text.splitlines())
    for path in sorted(SCHEMAS.glob("*.schema.json")):
        name = path.name.split(".")[0]
        schema = json.loads(path.read_text(encoding="utf-8"))
        for key in sorted(keys_of(schema) - words - TAGS):
            yield "%s: the page does not name the key %s" % (path, key)
        if name not in shown:
            yield "%s: the page has no section mailauth/%s/1" % (path, name)
            continue
        for _, key in shown[name]:
            if key not in keys_of(schema):
                yield "%s: %s is no key of mailauth/%s/1" % (page, key, name)
        order = top_keys(schema)
        outer = [key for depth, key in shown[name] if depth == 1]
        if outer and [key for key in order if key in outer] != [key for key in outer if key in order]:
            yield "%s: keys of mailauth/%s/1 in another order: %s" % (page, name, " ".join(order))
        if outer and set(order) - set(outer):
            yield "%s: mailauth/%s/1 lacks %s" % (page, name, " ".join(sorted(set(order) - set(outer))))


def main():
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    found = list(mistakes(sys.argv[1]))
    print("\n".join(found) if found else "json: the manual agrees with the schemas")
    sys.exit(bool(found))


if __name__ == "__main__":
    main()
