#!/usr/bin/env python3
"""Writes the migrations as a C table: embed_migrations.py OUTPUT FILE.sql..."""
import os
import re
import sys

output, files = sys.argv[1], sorted(sys.argv[2:], key=os.path.basename)
texts, rows = [], []
for place, path in enumerate(files, 1):
    name = os.path.basename(path)
    number = re.fullmatch(r"(\d{4})_[a-z_]+\.sql", name)
    if not number or int(number[1]) != place:
        sys.exit(f"{name}: migrations are named NNNN_noun.sql and numbered without gaps")
    data = open(path, "rb").read() + b"\0"
    texts.append(
        "static const char text_%d[] = {\n%s\n};\n"
        % (
            place,
            "\n".join(
                "".join("%d," % byte for byte in data[at : at + 24])
                for at in range(0, len(data), 24)
            ),
        )
    )
    rows.append('    { %d, "%s", text_%d },' % (place, name, place))
with open(output, "w", encoding="utf-8") as out:
    # Bytes, not string literals: a compiler need not take one longer than 4095.
    out.write(
        "/* Made from src/store/migrations by tools/embed_migrations.py. */\n"
        '#include "store/migrate.h"\n\n' + "\n".join(texts) + "\n"
        "const struct migration migrations[] = {\n"
        + "\n".join(rows)
        + "\n    { 0, NULL, NULL },\n};\n"
    )
