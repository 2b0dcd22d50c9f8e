"""Reads every CSV file under FOLDER as pandas does without options, and fails where one is no plain table: prints how many.

    read_tables.py FOLDER
"""

import csv
import pathlib
import re
import sys

import pandas

NUMBER = re.compile(r"[+-]?[\d.,]+(e[+-]?\d+)?( ?%| ± .*| \(.*)?", re.IGNORECASE)


def complaints(path):
    with open(path, newline="", encoding="utf-8") as file:
        header = next(csv.reader(file))
    table = pandas.read_csv(path)
    if list(table.columns) != header:
        yield f"columns are {list(table.columns)}, the file's first line has {header}"
        return
    if table.empty:
        yield "no row"
    for name in header:
        column = table[name].dropna()
        if pandas.api.types.is_numeric_dtype(column) or pandas.api.types.is_bool_dtype(column):
            continue
        odd = [value for value in column.astype(str) if NUMBER.fullmatch(value)]
        if odd and len(odd) == len(column):
            yield f"the column {name!r} has numbers that are none to pandas, such as {odd[0]!r}"


files = sorted(pathlib.Path(sys.argv[1]).rglob("*.csv"))
found = [f"{path}: {what}" for path in files for what in complaints(path)]
if found:
    sys.exit("\n".join(found))
print(len(files))
