#!/usr/bin/env bash
# Are the committed generated files what their sources give today? The style sheets are built again
# in a copy, so that asking changes nothing here; a difference is printed and fails. So are the prompts.
set -euo pipefail
cd "$(dirname "$0")/.."

copy="$(mktemp -d "${TMPDIR:-/tmp}/kapu-current.XXXXXX")"
trap 'rm -rf "$copy"' EXIT

tar --exclude=node_modules -cf - internal/web | tar -xf - -C "$copy"
ln -s "$PWD/internal/web/style/node_modules" "$copy/internal/web/style/node_modules"
npm run --silent --prefix "$copy/internal/web/style" build

if ! diff -r --brief internal/web/static "$copy/internal/web/static"; then
  echo "internal/web/static is not what internal/web/style gives: run make generate and commit the result" >&2
  exit 1
fi

# What the telephone says, spoken again; by other versions of the programs it would sound otherwise, and is not compared.
go run ./internal/telephone/prompt/render -check
