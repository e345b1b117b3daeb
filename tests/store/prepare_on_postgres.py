#!/usr/bin/env python3
"""Prepares every SQL statement of the program on a real PostgreSQL: prepare_on_postgres.py DUMP_SQL

The server is started for this test alone, on a socket in a folder of its own, and stopped at the
end. Exits 77 (skipped) where PostgreSQL 15 is not installed."""
import os
import pwd
import shutil
import subprocess
import sys
import tempfile

BIN = "/usr/lib/postgresql/15/bin"


def main():
    if not os.path.exists(BIN + "/initdb"):
        print("skipped: PostgreSQL 15 is not installed (package postgresql-15)")
        return 77
    script = subprocess.run([sys.argv[1]], check=True, stdout=subprocess.PIPE).stdout
    folder = tempfile.mkdtemp(prefix="stellion-postgres-")
    user = None
    if os.geteuid() == 0:  # the server refuses to run as root
        user = pwd.getpwnam("postgres").pw_name
        shutil.chown(folder, user)

    def run(*command, **more):
        return subprocess.run(
            command,
            user=user,
            cwd=folder,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=more.pop("text", True),
            **more,
        )

    data = folder + "/data"
    try:
        made = run(
            BIN + "/initdb",
            "-D",
            data,
            "-U",
            "stellion",
            "--auth=trust",
            "--locale=C",
            "--encoding=UTF8",
            "--no-sync",
        )
        started = run(
            BIN + "/pg_ctl",
            "-D",
            data,
            "-w",
            "-l",
            folder + "/log",
            "-o",
            "-c listen_addresses= -c fsync=off -k " + folder,
            "start",
        )
        if made.returncode or started.returncode:
            print(made.stdout, started.stdout)
            return 1
        result = run(
            "psql",
            "-h",
            folder,
            "-U",
            "stellion",
            "-d",
            "postgres",
            "-X",
            "-q",
            "-v",
            "ON_ERROR_STOP=1",
            "-f",
            "-",
            input=script,
            text=False,
        )
        print(result.stdout.decode())
        return 1 if result.returncode else 0
    finally:
        run(BIN + "/pg_ctl", "-D", data, "-m", "immediate", "stop")
        shutil.rmtree(folder)


sys.exit(main())
