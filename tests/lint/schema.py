#!/usr/bin/env python3
"""Validates JSON output of mailauth against the schemas that ship with it.

    mailauth check -f json example.com | schema.py check
    schema.py check out.json more.json
    mailauth check -f jsonl -i list | schema.py --lines check

The first argument names src/report/schema/NAME.schema.json; without files standard input is read. With --lines
every line is one document. Beyond the schema: no duplicate keys, and keys in the order of the schema. Exit
status: 0 valid, 1 not valid (each mistake is printed), 2 usage.
As a module: errors(document).
"""
import functools
import json
import pathlib
import sys

try:
    import jsonschema
except ImportError:
    sys.exit("schema.py: the Python module jsonschema is missing (Debian: python3-jsonschema)")

SCHEMAS = pathlib.Path(__file__).resolve().parents[2] / "src" / "report" / "schema"


def unique_keys(pairs):
    keys = [key for key, _ in pairs]
    if len(set(keys)) != len(keys):
        raise ValueError("duplicate key in %s" % keys)
    return dict(pairs)


def resolve(schema, root):
    """The object part of a schema behind $ref, and behind "or null"."""
    while True:
        if "$ref" in schema:
            schema = root["definitions"][schema["$ref"].rsplit("/", 1)[1]]
        elif "oneOf" in schema and {"type": "null"} in schema["oneOf"]:
            schema = next(s for s in schema["oneOf"] if s != {"type": "null"})
        else:
            return schema


def order_errors(value, schema, root, path):
    """Places where the keys are not in the order of the schema."""
    schema = resolve(schema, root)
    if isinstance(value, dict) and "properties" in schema:
        known = list(schema["properties"])
        if [key for key in value if key in known] != [key for key in known if key in value]:
            yield "%s: keys out of order: %s" % (path, list(value))
        for key in value:
            if key in known:
                yield from order_errors(value[key], schema["properties"][key], root, path + "/" + key)
    elif isinstance(value, list) and "items" in schema:
        for i, item in enumerate(value):
            yield from order_errors(item, schema["items"], root, "%s/%d" % (path, i))


def document_errors(document, schema):
    validator = jsonschema.Draft7Validator(schema)
    for error in validator.iter_errors(document):
        error = jsonschema.exceptions.best_match([error])
        yield "/%s: %s" % ("/".join(str(p) for p in error.absolute_path), error.message[:300])
    one = schema
    if "oneOf" in schema:
        shapes = [resolve(shape, schema) for shape in schema["oneOf"]]
        fitting = [shape for shape in shapes if (shape["type"] == "array") == isinstance(document, list) and
                   (isinstance(document, list) or set(shape["required"]) <= set(document))]
        one = (fitting or schema["oneOf"])[0]
    yield from order_errors(document, one, schema, "")


@functools.lru_cache(None)
def load(name):
    schema = json.loads((SCHEMAS / (name + ".schema.json")).read_text())
    jsonschema.Draft7Validator.check_schema(schema)
    return schema


def errors(document):
    """The mistakes of one document, whose "schema" key names its schema: mailauth/NAME/1."""
    name = document.get("schema", "") if isinstance(document, dict) else ""
    parts = name.split("/")
    if len(parts) != 3 or not (SCHEMAS / (parts[1] + ".schema.json")).exists():
        return ["no schema named %r" % name]
    return list(document_errors(document, load(parts[1])))


def main(arguments):
    lines = "--lines" in arguments
    arguments = [a for a in arguments if a != "--lines"]
    if not arguments or not (SCHEMAS / (arguments[0] + ".schema.json")).exists():
        print(__doc__, file=sys.stderr)
        return 2
    schema = load(arguments[0])
    failed = False
    for name in arguments[1:] or ["-"]:
        data = sys.stdin.buffer.read() if name == "-" else pathlib.Path(name).read_bytes()
        try:
            text = data.decode("utf-8")
            documents = text.splitlines() if lines else [text]
            documents = [json.loads(d, object_pairs_hook=unique_keys) for d in documents]
        except ValueError as error:
            documents, failed = [], True
            print("%s: %s" % (name, error))
        for document in documents:
            for message in document_errors(document, schema):
                failed = True
                print("%s: %s" % (name, message))
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
