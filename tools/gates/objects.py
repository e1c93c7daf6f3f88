# SPDX-License-Identifier: EUPL-1.2
# Knows: which object defines which symbol, and which objects a program links. Must never know: what
# a gate asks of them.
"""Shared by the gates that look at objects. An object counts only while its source exists, because
a build directory keeps the objects of sources that have moved. The symbol of a call resolves inside
one program: two programs may define equal names."""
import os
import re
import subprocess

FOLDERS = ("base", "proto", "store", "daemon", "clients")
PARTNERS = ("municipality", "corporation", "welfare", "uwv")
# Program → the folders whose objects it links; the Makefile says the same.
PROGRAMS = {"ketend": ("base", "proto", "store", "daemon"),
            "keten": ("base", "proto", "clients/lib", "clients/keten")}
PROGRAMS.update({f"keten-{name}": ("base", "proto", "clients/lib", "clients/connector",
                                   f"clients/{name}") for name in PARTNERS})
NM_LINE = re.compile(r"^(\S+) ([A-Za-z])", re.MULTILINE)


def of_sources(build, sources):
    """source → (symbols it defines for others, symbols it needs), without the sources not built."""
    found = {}
    for source in sources:
        path = os.path.join(build, source[:-2] + ".o")
        if source.endswith(".c") and os.path.exists(path):
            found[source] = symbols(path)
    return found


def symbols(path):
    listing = subprocess.run(["nm", "-P", path], check=True, capture_output=True, text=True).stdout
    lines = NM_LINE.findall(listing)
    return ({name for name, kind in lines if kind.isupper() and kind not in "UW"},
            {name for name, kind in lines if kind == "U"})


def links(program, source):
    return any(source.startswith(folder + "/") for folder in PROGRAMS[program])


def calls(objects):
    """(caller, callee) → the symbols that the caller needs of the callee."""
    found = {}
    for program in PROGRAMS:
        linked = [source for source in sorted(objects) if links(program, source)]
        where = {name: source for source in linked for name in objects[source][0]}
        for source in linked:
            for name in objects[source][1]:
                if where.get(name, source) != source:
                    found.setdefault((source, where[name]), set()).add(name)
    return found
