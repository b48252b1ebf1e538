#!/usr/bin/env bash
# Brings a Debian machine to the point where `make check` can run: Chromium, PostgreSQL, oathtool,
# poppler's pdftotext and npm by apt, then the packages the style sheets are built from by npm ci.
# Safe to run again and again; when nothing is missing it only looks, and is done in an instant.
set -euo pipefail
cd "$(dirname "$0")/.."

style=internal/web/style

say() { printf 'setup: %s\n' "$*" >&2; }

have_postgres() { compgen -G '/usr/lib/postgresql/*/bin/initdb' >/dev/null || command -v initdb >/dev/null; }
have_chromium() { command -v chromium || command -v chromium-browser || command -v google-chrome; } >/dev/null

# One line a need: the Debian package, and how to see that its work is already there.
missing_packages() {
  have_chromium || echo chromium
  have_postgres || echo postgresql
  command -v oathtool >/dev/null || echo oathtool
  command -v pdftotext >/dev/null || echo poppler-utils
  command -v npm >/dev/null || echo npm
  command -v git >/dev/null || echo git
}

# as_root runs a command with the rights apt needs, or fails when there is no way to them.
as_root() {
  if [ "$(id -u)" = 0 ]; then
    "$@"
  elif command -v sudo >/dev/null && { [ -t 0 ] || sudo -n true 2>/dev/null; }; then
    sudo "$@"
  else
    return 1
  fi
}

install_packages() {
  local packages=("$@")
  if ! command -v apt-get >/dev/null; then
    say "this is not a Debian, so please install by your own means: ${packages[*]}"
    return 1
  fi
  say "installing by apt: ${packages[*]}"
  if ! as_root env DEBIAN_FRONTEND=noninteractive sh -c \
    'apt-get update -qq && apt-get install -y -qq --no-install-recommends "$@" >/dev/null' sh "${packages[@]}"; then
    say "that did not work. With the needed rights, please run:"
    say "  apt-get update && apt-get install -y --no-install-recommends ${packages[*]}"
    return 1
  fi
}

# The mark is the lock file as it was when npm ci last succeeded.
install_style_packages() {
  [ -f "$style/package-lock.json" ] || return 0
  local mark="$style/node_modules/.kapu-installed-from"
  cmp -s "$style/package-lock.json" "$mark" && return 0
  say "installing the style packages by npm ci in $style"
  npm ci --prefix "$style" --no-audit --no-fund --loglevel=error
  cp "$style/package-lock.json" "$mark"
}

if ! command -v go >/dev/null; then
  say "Go is missing; version $(awk '/^go /{print $2}' go.mod) or newer is needed, from go.dev/dl or your distribution."
  exit 1
fi
mapfile -t missing < <(missing_packages)
if [ "${#missing[@]}" -gt 0 ]; then install_packages "${missing[@]}"; fi
install_style_packages
