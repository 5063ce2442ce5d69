#!/usr/bin/env bash
# Prints the library's lines of code by folder, without comments and blank lines. Fails if the core exceeds its budget.
# The core is everything outside Internals, Discovery and Linting, except TieredCache: a single process does not need it.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../src/MtaSts"

budget=2500
find . -name '*.cs' -not -path './obj/*' -not -path './bin/*' -print0 | sort -z | xargs -0 awk -v budget="$budget" '
  /^[[:space:]]*($|\/\/)/ { next }
  { n = split(FILENAME, part, "/"); folder = n > 2 ? part[2] : "(root)"; if (part[n] ~ /^Tiered/) folder = "Tiers"; lines[folder]++ }
  END {
    for (folder in lines) {
      printf "%-10s %6d\n", folder, lines[folder] | "sort"
      if (folder !~ /^(Internals|Discovery|Linting|Tiers)$/) core += lines[folder]
    }
    close("sort")
    printf "%-10s %6d of %d\n", "core", core, budget
    exit core > budget
  }'
