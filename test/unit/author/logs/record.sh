#!/bin/sh
# Records what compilers say of names.cpp, the version in the name. Usage: record.sh [compiler …]   (default: g++)
set -eu
cd "$(dirname "$0")"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cp names.cpp "$work/names.cpp"
for compiler in "${@:-g++}"; do
  name=$(basename "$compiler" | sed 's/-.*//')-$("$compiler" -dumpversion)
  # with and without a header that knows of std
  for std in "" "namespace std {}"; do
    echo "$std" >"$work/route.h"
    log=names${std:+.std}.$name.log
    (cd "$work" && LC_ALL=C "$compiler" -std=c++20 -fsyntax-only names.cpp) >"$log" 2>&1 || true
  done
done
