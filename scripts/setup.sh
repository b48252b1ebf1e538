#!/usr/bin/env bash
# Brings a Debian machine to the point where `make check` can run: Chromium, PostgreSQL, the programs of others
# that the tests hold ours against and npm by apt, then the packages that are built from or tested with by npm ci.
# Safe to run again and again; when nothing is missing it only looks, and is done in an instant.
set -euo pipefail
cd "$(dirname "$0")/.."

# Folders whose package-lock.json npm ci installs: what the style sheets are built from, what the doors are tested with.
npm_folders=(internal/web/style internal/federation/thirdparty/node)

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
  command -v curl >/dev/null || echo curl
  command -v openssl >/dev/null || echo openssl
  command -v xmlsec1 >/dev/null || echo xmlsec1
  command -v xmllint >/dev/null || echo libxml2-utils
  command -v softhsm2-util >/dev/null || echo softhsm2
  command -v gcc >/dev/null || echo gcc libc6-dev
  [ -f /usr/lib/apache2/modules/mod_auth_openidc.so ] || echo libapache2-mod-auth-openidc
  [ -f /usr/lib/apache2/modules/mod_auth_mellon.so ] || echo libapache2-mod-auth-mellon
  [ -x /usr/sbin/apache2 ] || echo apache2-bin
  command -v espeak-ng >/dev/null || echo espeak-ng
  command -v sox >/dev/null || echo sox
  command -v baresip >/dev/null || echo baresip-core
  command -v sipp >/dev/null || echo sip-tester
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
install_npm_packages() {
  local folder="$1" mark="$1/node_modules/.kapu-installed-from"
  [ -f "$folder/package-lock.json" ] || return 0
  cmp -s "$folder/package-lock.json" "$mark" && return 0
  say "installing by npm ci in $folder"
  npm ci --prefix "$folder" --no-audit --no-fund --loglevel=error
  cp "$folder/package-lock.json" "$mark"
}

if ! command -v go >/dev/null; then
  say "Go is missing; version $(awk '/^go /{print $2}' go.mod) or newer is needed, from go.dev/dl or your distribution."
  exit 1
fi
mapfile -t missing < <(missing_packages | tr ' ' '\n')
if [ "${#missing[@]}" -gt 0 ]; then install_packages "${missing[@]}"; fi
for folder in "${npm_folders[@]}"; do install_npm_packages "$folder"; done
