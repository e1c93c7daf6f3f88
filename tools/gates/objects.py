# SPDX-License-Identifier: EUPL-1.2
# Knows: which object defines which symbol, and which objects a program links. Must never know: what
# a gate asks of them.
"""Shared by the gates that look at objects. An object counts only while its source exists, because
a build directory keeps the objects of sources that have moved. The symbol of a call resolves inside
one program: two programs may define equal names."""
import glob
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
# Path, name and kind of a symbol, as `nm -P -A` tells them.
NM_LINE = re.compile(r"^(.+?): (\S+) ([A-Za-z])", re.MULTILINE)


def nm(paths, *options):
    """(path, name, kind) of every symbol. One call reads all objects: a call per object is slow."""
    if not paths:
        return []
    listing = subprocess.run(["nm", "-P", "-A", *options, *paths], check=True, capture_output=True,
                             text=True).stdout
    return NM_LINE.findall(listing)


def under(build, *folders):
    """The objects of a build in these folders, subfolders included, whose sources exist."""
    top = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..")
    return [path for folder in folders
            for path in sorted(glob.glob(os.path.join(build, folder, "**", "*.o"), recursive=True))
            if os.path.exists(os.path.join(top, os.path.relpath(path, build)[:-2] + ".c"))]


def of_sources(build, sources):
    """source → (symbols it defines for others, symbols it needs), without the sources not built."""
    objects = {os.path.join(build, source[:-2] + ".o"): source for source in sources
               if source.endswith(".c")}
    built = [path for path in objects if os.path.exists(path)]
    found = {objects[path]: (set(), set()) for path in built}
    for path, name, kind in nm(built):
        defined, needed = found[objects[path]]
        if kind == "U":
            needed.add(name)
        elif kind.isupper() and kind != "W":
            defined.add(name)
    return found


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
