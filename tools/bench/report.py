"""The Markdown that docs/benchmarks.md holds."""
import os
import pathlib
import subprocess
import textwrap
import time
from typing import NamedTuple

from world import ROOT

CONCURRENCY = 8  # the program's default; said to it nevertheless, since the formula needs it
FIRST, UNCHANGED = "first sync", "unchanged sync"
FETCH, SCRIPT = "fetch_and_parse", "Python script"


class Size(NamedTuple):
    """Of both marketplaces together."""

    customers: int
    subscriptions: int


class Plan(NamedTuple):
    origin: str  # what the report says of itself
    size: Size
    runs: int
    latency_ms: int
    starts: int
    memory_sizes: tuple
    simulator_sizes: tuple


class Results(NamedTuple):
    reading: dict  # (who, added latency in ms): Figures
    start_ms: dict  # command: milliseconds
    peak_mib: dict  # Size: MiB of a first sync
    simulator: dict  # Size: (start in ms, page in ms, peak MiB)


def first_line(*command):
    done = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True)
    return done.stdout.split("\n")[0]


def value_of(path, name):
    for line in pathlib.Path(path).read_text().splitlines():
        if line.startswith(name):
            return line.split(":")[1].strip()
    return "unknown"


def commit():
    measured = ("src", "tools/bench", "meson.build")
    try:
        head = first_line("git", "rev-parse", "--short=10", "HEAD")
        changed = first_line("git", "status", "--porcelain", "--", *measured)
    except (OSError, subprocess.CalledProcessError):  # the sources did not come by git
        return "unknown"
    return head + (" with changes that are not committed" if changed else "")


def table(head, rows):
    """Texts to the left, figures to the right."""

    def line(cells):
        return "| " + " | ".join(cells) + " |\n"

    sides = ["---:" if cell[:1].isdigit() else "---" for cell in rows[0]]
    return line(head) + line(sides) + "".join(map(line, rows))


def machine():
    kernel = os.uname()
    memory_kib = int(value_of("/proc/meminfo", "MemTotal").split()[0])
    rows = [
        ("Processor", f"{value_of('/proc/cpuinfo', 'model name')}, {os.cpu_count()} cores"),
        ("Memory", f"{memory_kib / 2**20:.1f} GiB"),
        ("Kernel", f"{kernel.sysname} {kernel.release.split('-')[0]} {kernel.machine}"),
        ("Compiler", first_line(os.environ.get("CC", "cc"), "--version")),
        ("Date", time.strftime("%Y-%m-%d %H:%M UTC", time.gmtime())),
        ("Commit", commit()),
    ]
    return table(("Machine", ""), rows)


def reading_table(results):
    rows = []
    for (who, latency_ms), f in results.reading.items():
        times = (f"{latency_ms} ms", f"{f.wall_s:.2f}", f"{f.cpu_s:.3f}")
        counts = (f"{f.requests:.0f}", f"{f.token_requests:.0f}")
        rows.append((who, *times, f"{f.memory_mib:.1f}", *counts))
    head = ("Added latency", "Wall s", "CPU s", "Peak memory MiB", "Requests", "Token requests")
    return table(("", *head), rows)


def memory_table(results):
    rows = []
    for size, mib in results.peak_mib.items():
        each = size.subscriptions / size.customers
        counts = (f"{size.subscriptions:,}", f"{size.customers:,}", f"{each:.0f}")
        rows.append((*counts, f"{mib:.1f}"))
    head = ("Subscriptions", "Customers", "Subscriptions a customer", "Peak MiB of a first sync")
    return table(head, rows)


def simulator_table(results):
    rows = []
    for size, (start_ms, page_ms, mib) in results.simulator.items():
        each = Size(size.customers // 2, size.subscriptions // 2)
        counts = (f"{each.subscriptions:,}", f"{each.customers:,}")
        rows.append((*counts, f"{start_ms:.0f}", f"{page_ms:.1f}", f"{mib:.1f}"))
    head = ("Subscriptions", "Customers", "Start ms", "Page of 1,000, ms", "Peak memory MiB")
    return table(head, rows)


def start_table(results):
    rows = [(f"`{name}`", f"{ms:.2f}") for name, ms in results.start_ms.items()]
    return table(("", "Wall ms"), rows)


def aim(what, most, found, unit=""):
    verdict = "met" if found <= most else "**missed**"
    return (what, f"{most}{unit}", f"{found:.2f}{unit}", verdict)


def aims_table(plan, results):
    unchanged = results.reading[UNCHANGED, 0]
    delayed = results.reading[UNCHANGED, plan.latency_ms]
    cpu = unchanged.cpu_s / results.reading[FETCH, 0].cpu_s
    least_s = delayed.requests * plan.latency_ms / 1000 / CONCURRENCY
    syncs = [f.memory_mib for (who, _), f in results.reading.items() if who in (FIRST, UNCHANGED)]
    rows = [
        aim(f"CPU of an {UNCHANGED} ÷ CPU of {FETCH}", 2, cpu),
        aim(
            f"Wall time of an {UNCHANGED} at {plan.latency_ms} ms ÷ {least_s:.2f} s",
            1.25,
            delayed.wall_s / least_s,
        ),
        aim("Peak memory of any sync below", 64, max(*syncs, *results.peak_mib.values()), " MiB"),
        aim("Wall time of `stellion --version`", 20, results.start_ms["stellion --version"], " ms"),
    ]
    return table(("", "At most", "Measured", ""), rows)


TEXT = """# Benchmarks

{origin}

{machine}
The simulator plays both marketplaces over loopback, on the same machine, and takes its share of the
cores. Each has {half.customers:,} customers and {half.subscriptions:,} subscriptions, and both are
connected: {size.customers:,} customers and {size.subscriptions:,} subscriptions together. Runs of
each: {runs}, every one on a simulator and a store of its own; starts: {starts}. Figures are
medians. CPU is user and system time of the measured process alone.

## Aims

{aims}
A sync takes one connection after the other. Of each it reads the list of customers page by page,
then the subscriptions of {at_once} customers at once (the default). Its wall time is held against
requests × latency ÷ {at_once}, here {requests:.0f} × {latency_ms} ms ÷ {at_once}: as if {at_once}
requests were under way all the time. The lists of customers cannot be read that way, so 1 is out of
reach.

## Reading both marketplaces

{reading}
`fetch_and_parse` (tools/bench/fetch_and_parse.c) fetches the same pages as the unchanged sync,
{at_once} at once over kept connections, parses each with json-c and throws it away: the least that
any sync must do. The Python script (tools/bench/python_client.py) is what one would write in an
afternoon: one call after another with `requests`, only counting what it reads.

## Memory

{memory}
Memory holds a page, at most 200 records, and what is parsed of it, for each of the {at_once}
customers under way: what counts is how full the pages are, not how many there are.

## The simulator

{simulator}
Subscriptions and customers are those of one marketplace. The start is until the credentials are
written; the pages are Ion's, spread over the whole list, and the figure is their median.

## Start

{start}"""


def wrapped(block):
    return block if block[0] in "#|" else textwrap.fill(block, 100, break_on_hyphens=False)


def render(plan, results):
    text = TEXT.format(
        origin=plan.origin,
        machine=machine(),
        size=plan.size,
        half=Size(plan.size.customers // 2, plan.size.subscriptions // 2),
        runs=plan.runs,
        starts=plan.starts,
        aims=aims_table(plan, results),
        at_once=CONCURRENCY,
        requests=results.reading[UNCHANGED, plan.latency_ms].requests,
        latency_ms=plan.latency_ms,
        reading=reading_table(results),
        memory=memory_table(results),
        simulator=simulator_table(results),
        start=start_table(results),
    )
    return "\n\n".join(map(wrapped, text.split("\n\n")))
