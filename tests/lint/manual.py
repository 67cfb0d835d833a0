#!/usr/bin/env python3
"""Runs the examples of the manual pages and of the README and compares what they print with what is shown.

usage: manual.py [--update] MAILAUTH PAGE [PAGE ...]        from the top folder of the project

An example is a literal display (in Markdown a block ```console) whose first line begins with "$ ". The command goes on while its lines end with
a backslash or a pipe; the rest is its output. --update puts in what the program prints now: read the
difference before you keep it.
"""

import argparse
import difflib
import os
import subprocess
import sys
import tempfile

ROFF, MARKDOWN = (".Bd -literal", ".Ed"), ("```console", "```")


def from_roff(line):
    """A line of a display as the reader sees it."""
    if line.startswith("\\&"):
        line = line[2:]
    return line.replace("\\-", "-").replace("\\(aq", "'").replace("\\e", "\\")


def to_roff(line):
    line = line.replace("\\", "\\e")
    return "\\&" + line if line.startswith((".", "'")) else line


def split_example(lines):
    """The lines of the command and those of its output."""
    count = 1
    while lines[count - 1].endswith(("\\", "|")):
        count += 1
    return lines[:count], lines[count:]


def run(command, path):
    """What the command prints, standard error too, as on a terminal 80 columns wide with an ASCII locale."""
    script = "\n".join(command)[2:]
    environment = {"PATH": path, "LC_ALL": "C", "HOME": "/"}
    done = subprocess.run(["sh", "-c", script], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, env=environment, timeout=60, check=False)
    return done.stdout.decode("utf-8", "replace").splitlines()


def check_page(page, path, update):
    """True when all its examples are right, or were made so."""
    with open(page, encoding="utf-8") as file:
        lines = file.read().splitlines()
    is_markdown = page.endswith(".md")
    begin, end_mark = MARKDOWN if is_markdown else ROFF
    read, write = (str, str) if is_markdown else (from_roff, to_roff)
    out, good, at = [], True, 0
    while at < len(lines):
        out.append(lines[at])
        at += 1
        if not out[-1].startswith(begin) or not lines[at].startswith("$ "):
            continue
        end = lines.index(end_mark, at)
        command, shown = split_example([read(line) for line in lines[at:end]])
        printed = run(command, path)
        out += [write(line) for line in command + printed]
        at = end
        if printed != shown and not update:
            good = False
            print("%s: this example prints something else:" % page)
            print("\n".join(command))
            print("\n".join(difflib.unified_diff(shown, printed, "manual", "program", lineterm="")))
    if update:
        with open(page, "w", encoding="utf-8") as file:
            file.write("\n".join(out) + "\n")
    return good


def main():
    parser = argparse.ArgumentParser(description="Runs the examples of the manual pages.")
    parser.add_argument("--update", action="store_true")
    parser.add_argument("mailauth")
    parser.add_argument("pages", nargs="+")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        os.symlink(os.path.abspath(arguments.mailauth), os.path.join(folder, "mailauth"))
        path = folder + os.pathsep + os.environ.get("PATH", os.defpath)
        good = [check_page(page, path, arguments.update) for page in arguments.pages]
    if not all(good):
        sys.exit(1)
    print("manual: examples print what it shows")


if __name__ == "__main__":
    main()
