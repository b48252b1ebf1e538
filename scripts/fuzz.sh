#!/usr/bin/env bash
# Runs every fuzz target for the given time (default 10s), one after the other, for go test fuzzes one at a time.
set -euo pipefail
cd "$(dirname "$0")/.."
each="${1:-10s}"

while IFS=: read -r file target; do
  printf '── %s %s\n' "$(dirname "$file")" "$target"
  go test -run '^$' -fuzz "^$target\$" -fuzztime "$each" "./$(dirname "$file")"
done < <(grep -rEo --include='*_test.go' --exclude-dir=node_modules '^func Fuzz[A-Za-z0-9_]+' cmd internal | sed 's/func //' | sort)
