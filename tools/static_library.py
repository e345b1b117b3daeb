#!/usr/bin/env python3
"""Makes the static library: static_library.py OUTPUT FOLDER HEADER PARTS CORE

What the header's functions need of PARTS and CORE is linked into one object, in which every name is
made local that the header does not declare.
"""
import pathlib
import re
import subprocess
import sys


def exported(header):
    """The functions that a header declares with STELLION_API."""
    text = pathlib.Path(header).read_text()
    return re.findall(r"^STELLION_API\b[^;(]*?(\w+)\(", text, re.M)


def run(*command):
    subprocess.run([str(part) for part in command], check=True)


def main():
    output, folder, header, parts, core = map(pathlib.Path, sys.argv[1:])
    folder.mkdir(parents=True, exist_ok=True)
    whole, names = folder / "stellion.o", folder / "names"
    functions = exported(header)
    names.write_text("\n".join(functions) + "\n")
    # Groups are resolved now: a symbol that was made local cannot stand in for another file's.
    link = ["ld", "-r", "--force-group-allocation", "-o", whole]
    wanted = [part for name in functions for part in ("-u", name)]
    run(*link, "--gc-sections", *wanted, parts, core)
    run("objcopy", f"--keep-global-symbols={names}", whole)
    output.unlink(missing_ok=True)
    run("ar", "rcsD", output, whole)


if __name__ == "__main__":
    main()
