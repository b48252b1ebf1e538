#!/bin/sh
# Rebuilds ../static/kapu.css, the fonts and ../icons from scss and node_modules. The result is committed: a machine
# that only builds Go needs no npm. The same package-lock.json gives the same bytes.
set -eu
cd "$(dirname "$0")"
[ -d node_modules ] || npm ci --ignore-scripts
out=${1:-..}
mkdir -p "$out/static"
node_modules/.bin/sass --no-source-map --style=compressed --load-path=node_modules/govuk-frontend/dist/govuk scss/kapu.scss "$out/static/kapu.css"
for subset in latin latin-ext; do
  cp "node_modules/@fontsource-variable/source-sans-3/files/source-sans-3-$subset-wght-normal.woff2" "$out/static/source-sans-3-$subset.woff2"
done
cp node_modules/@fontsource-variable/source-sans-3/LICENSE FONT-LICENSE
node icons.mjs "$out/icons"
