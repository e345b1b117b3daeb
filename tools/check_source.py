#!/usr/bin/env python3
"""Checks what a compiler does not: check_source.py [--headers]

- who includes whom, against the layer table in ARCHITECTURE.md; no circles
- headers of other libraries stand in one file each; memory is taken in one place
- sizes of files and functions, and the form of lines
- with --headers: each header compiles alone

Prints one line per fault, "file:line: what", and exits 1 when there is one.
"""
import concurrent.futures
import pathlib
import re
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent
SOURCE = ROOT / "src"
FILE_LINES, FUNCTION_LINES, COLUMNS = 600, 60, 100

# Headers of other libraries, and the one file that may include each.
FOREIGN = {
    "curl/": "client/http_curl.c",
    "json-c/": "base/json.c",
    "microhttpd.h": "net/server.c",
    "sodium.h": "base/secret.c",
    "sqlite3.h": "store/db_sqlite.c",
}
MEMORY = re.compile(r"(?<![.>\w])(malloc|calloc|realloc|free|strdup|strndup)\s*\(")
MEMORY_FILES = {"base/arena.c", "base/banned.h"}
# What spends money, and who may: a name, and the folders or files that may write it.
GUARDED = {
    "call_spend": ("client/call.c", "client/call.h", "licence/"),
    "struct permit": ("client/call.c", "client/call.h", "licence/"),
    "review_approve": ("review/", "hub/buy.c"),
    "decision_add": ("store/proposals.c", "store/proposals.h", "review/"),
    "purchase_add": ("store/purchases.c", "store/purchases.h", "licence/"),
}
INCLUDE = re.compile(r'^\s*#\s*include\s+(["<])([^">]+)[">]')
# "| `base` | - | ..." or "| `sync` `match` | `base` `store` | ..."
LAYER_ROW = re.compile(r"^\| ((?:`\w+` ?)+)\| ([^|]*)\|")

faults = []


def fault(path, line, text):
    faults.append(f"{path.relative_to(ROOT)}:{line}: {text}")


def read_layers():
    """Folder to the set of folders that it may include."""
    layers = {}
    text = (ROOT / "ARCHITECTURE.md").read_text()
    for row in map(LAYER_ROW.match, text.splitlines()):
        if row:
            for folder in re.findall(r"`(\w+)`", row[1]):
                layers[folder] = set(re.findall(r"`(\w+)`", row[2]))
    return layers


# Comments and texts; whichever starts first hides the others.
TOKEN = re.compile(r'/\*.*?\*/|//[^\n]*|"(?:\\.|[^"\\\n])*"', re.S)


def without_comments(text):
    """The same lines and columns, with comments and text literals blanked."""

    def blank(match):
        if match[0].startswith("/"):
            return re.sub(r"[^\n]", " ", match[0])
        return '"' + " " * (len(match[0]) - 2) + '"'

    return TOKEN.sub(blank, text)


def check_includes(path, layers, graph):
    name = str(path.relative_to(SOURCE))
    folder = name.split("/")[0]
    if folder not in layers:
        fault(path, 1, f"the folder {folder} is not in the layer table of ARCHITECTURE.md")
        return
    for number, line in enumerate(path.read_text().splitlines(), 1):
        found = INCLUDE.match(line)
        if not found:
            continue
        target = found[2]
        if found[1] == '"':
            graph.setdefault(name, []).append(target)
            other = target.split("/")[0]
            if other != folder and other not in layers[folder]:
                fault(path, number, f"{folder} may not include {other} (ARCHITECTURE.md, layers)")
        for prefix, owner in FOREIGN.items():
            if target.startswith(prefix) and name != owner:
                fault(path, number, f"<{target}> belongs into {owner} alone")


def check_circles(graph):
    done = set()

    def walk(name, trail):
        if name in trail:
            circle = " -> ".join(trail[trail.index(name) :] + [name])
            fault(SOURCE / name, 1, f"a circle of includes: {circle}")
        elif name not in done:
            for target in graph.get(name, ()):
                walk(target, trail + [name])
            done.add(name)

    for name in sorted(graph):
        walk(name, [])


def functions(code):
    """Name, first and last line of every function definition (its brace stands on a line)."""
    lines = code.splitlines()
    for end in (i for i, line in enumerate(lines) if line == "}"):
        start = max((i for i in range(end) if lines[i] == "{"), default=None)
        if start is None or any(lines[i] == "}" for i in range(start, end)):
            continue
        head = start - 1
        while head > 0 and lines[head - 1].strip() and not lines[head - 1].endswith((";", "}")):
            head -= 1
        name = re.search(r"(\w+)\(", " ".join(lines[head:start]))
        yield (name[1] if name else "?"), head + 1, end + 1


def check_form(path):
    text = path.read_text()
    lines = text.splitlines()
    if len(lines) > FILE_LINES:
        fault(path, len(lines), f"{len(lines)} lines; a file over {FILE_LINES} asks to be split")
    for number, line in enumerate(lines, 1):
        if len(line) > COLUMNS:
            fault(path, number, f"{len(line)} columns, more than {COLUMNS}")
        if line != line.rstrip() or "\t" in line:
            fault(path, number, "a tab, or white space at the end")
    if path.suffix not in (".c", ".h"):
        return
    if not text.startswith("/*"):
        fault(path, 1, "the first line does not say what the file is for")
    if path.suffix == ".h" and "#pragma once\n" not in text:
        fault(path, 1, "#pragma once is missing")
    for found in TOKEN.finditer(text):
        if found[0].startswith("//"):
            fault(path, text.count("\n", 0, found.start()) + 1, "comments are /* of this kind */")
    for name, first, last in functions(without_comments(text)):
        if last - first + 1 > FUNCTION_LINES:
            fault(
                path,
                first,
                f"{name} has {last - first + 1} lines; a function over "
                f"{FUNCTION_LINES} asks to be split",
            )


def check_memory(path):
    name = str(path.relative_to(SOURCE))
    if name in MEMORY_FILES:
        return
    for number, line in enumerate(without_comments(path.read_text()).splitlines(), 1):
        found = MEMORY.search(line)
        if found:
            fault(path, number, f"{found[1]}: memory comes from an arena (base/arena.h)")


def check_guarded(path):
    name = str(path.relative_to(SOURCE))
    code = without_comments(path.read_text())
    for word, owners in GUARDED.items():
        if name.startswith(owners):
            continue
        for number, line in enumerate(code.splitlines(), 1):
            if re.search(rf"\b{word}\b", line):
                fault(path, number, f"{word} is for {', '.join(owners)} alone")


def compile_header(path):
    name = str(path.relative_to(SOURCE))
    command = [
        "cc",
        "-std=gnu17",
        "-Wall",
        "-Wextra",
        "-Werror",
        "-fsyntax-only",
        "-I",
        str(SOURCE),
        f"-I{ROOT / 'include'}",
        '-DSTELLION_VERSION=""',
        "-include",
        str(SOURCE / "base/banned.h"),
        "-x",
        "c",
        "-",
    ]
    result = subprocess.run(
        command,
        input=f'#include "{name}"\n',
        text=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    )
    if result.returncode:
        problem = next(line for line in result.stdout.splitlines() if "error" in line)
        fault(path, 1, f"does not compile alone: {problem}")


def main():
    sources = sorted(p for p in SOURCE.rglob("*") if p.suffix in (".c", ".h"))
    layers, graph = read_layers(), {}
    if not layers:
        sys.exit("ARCHITECTURE.md holds no layer table")
    for path in sources:
        check_includes(path, layers, graph)
        check_memory(path)
        check_guarded(path)
    check_circles(graph)
    others = [
        p
        for folder in ("tests", "tools")
        for p in (ROOT / folder).rglob("*")
        if p.suffix in (".c", ".h", ".py")
    ]
    for path in sources + sorted(others):
        check_form(path)
    if "--headers" in sys.argv[1:]:
        with concurrent.futures.ThreadPoolExecutor() as pool:
            list(pool.map(compile_header, (p for p in sources if p.suffix == ".h")))
    print("\n".join(sorted(faults)) if faults else f"{len(sources)} source files checked")
    return 1 if faults else 0


sys.exit(main())
