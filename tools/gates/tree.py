# SPDX-License-Identifier: EUPL-1.2
# Knows: which files belong to the tree, and how a gate ends. Must never know: what any gate asks of
# them.
"""Shared by the gates. A gate takes one optional argument, the root to look at, prints a line per
violation (file:line: what) and exits 1 when there was any."""
import os
import sys

SKIPPED = {".git", "build", "__pycache__"}


def root():
    here = os.path.dirname(os.path.abspath(__file__))
    return os.path.abspath(sys.argv[1] if len(sys.argv) > 1 else os.path.join(here, "..", ".."))


def files(top, *folders):
    """Paths relative to top, sorted; all of it when no folder is named."""
    found = []
    for folder in folders or ("",):
        for place, subfolders, names in os.walk(os.path.join(top, folder)):
            subfolders[:] = [name for name in subfolders if name not in SKIPPED]
            found += [os.path.relpath(os.path.join(place, name), top) for name in names
                      if name not in SKIPPED]
    return sorted(found)


def text(top, path):
    """None for what is not text."""
    try:
        with open(os.path.join(top, path), encoding="utf-8", newline="") as file:
            content = file.read()
    except (UnicodeDecodeError, OSError):
        return None
    return None if "\0" in content else content


def end(name, violations, looked_at):
    for line in violations:
        print(line)
    print(f"{name}: {len(violations)} violations in {looked_at}")
    sys.exit(1 if violations else 0)
