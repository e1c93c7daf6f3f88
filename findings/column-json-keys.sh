#!/bin/sh
# SPDX-License-Identifier: EUPL-1.2
# A finding about outside software: column(1) and libsmartcols of util-linux 2.38.1 (Debian 12:
# bsdextrautils and libsmartcols1, 2.38.1-5+deb12u3).
# Knows: how `column --json` writes the names of columns. Must never know: Keten.
#
# What surprised: the names given with --table-columns become keys in lower case. Two names that
# differ in case only become one key that stands twice in an object. RFC 8259, section 4, says that
# the behaviour of a reader is then unpredictable; jq, and most readers, keep the last value. So a
# value that the table shows is lost, column exits with 0, and nothing is said. The letters É and Ë
# stay as they are, so the rule is one of ASCII. The name of the whole table is lowered likewise.
# column(1) does not mention it.
#
# Exits 0 while this is so, 1 when the behaviour has changed, 3 when the packages cannot be had.
set -eu
VERSION=2.38.1-5+deb12u3
place=$(mktemp -d)
trap 'rm -rf "$place"' EXIT
cd "$place"
for package in bsdextrautils libsmartcols1; do
    apt-get -q download "$package=$VERSION" >/dev/null 2>&1 || {
        echo "column-json-keys: cannot download $package=$VERSION; run: apt-get update" >&2
        exit 3
    }
    dpkg -x "${package}"_*.deb root
done
LD_LIBRARY_PATH=$(dirname "$(find "$place/root" -name 'libsmartcols.so.1' | head -n 1)")
export LD_LIBRARY_PATH
column=$place/root/usr/bin/column
"$column" --version

failed=0
same() {
    printf '%s\n  %s\n' "$1" "$3"
    [ "$2" = "$3" ] || {
        echo "  changed: expected $2"
        failed=1
    }
}
json() {
    printf '%s\n' "$1" | LC_ALL=C.UTF-8 "$column" --json --table-columns "$2" --table-name "$3" |
        tr -d '\n '
}

same "two names that differ in case: the same key twice" \
    '{"plan":[{"id":"p1","id":"s7"}]}' "$(json 'p1 s7' 'Id,ID' 'Plan')"
same "a reader of that keeps one of the two values" \
    's7' "$(json 'p1 s7' 'Id,ID' 'plan' | jq -r '.plan[0] | to_entries | map(.value) | join(" ")')"
same "letters outside ASCII keep their case" \
    '{"t":[{"ÉËn":"1"}]}' "$(json '1' 'ÉËN' 't')"
same "the table for people shows the names as given" \
    'Id ID' "$(printf 'p1 s7\n' | "$column" --table --table-columns 'Id,ID' | sed -n '1s/  */ /gp' |
        sed 's/ $//')"
exit $failed
