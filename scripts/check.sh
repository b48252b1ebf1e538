#!/usr/bin/env bash
# The whole gate, step by step. Every step runs even when an earlier one failed, so that one run shows
# all there is to mend; only a program that does not build ends it early. `make check` gives the
# commands a PostgreSQL of their own (scripts/postgres.sh run).
set -uo pipefail
cd "$(dirname "$0")/.."

failed=()
steps=0
SECONDS=0

clock() { printf '%d:%02d' $((SECONDS / 60)) $((SECONDS % 60)); }

step() {
  local name="$1" since=$SECONDS
  shift
  steps=$((steps + 1))
  printf '\n── %s\n' "$name"
  if "$@"; then
    printf '   ok, %d s\n' $((SECONDS - since))
  else
    printf '   FAILED after %d s\n' $((SECONDS - since))
    failed+=("$name")
    return 1
  fi
}

finish() {
  if [ "${#failed[@]}" -eq 0 ]; then
    printf '\ncheck: all %d steps are green, in %s\n' "$steps" "$(clock)"
    exit 0
  fi
  local names
  names="$(printf '%s, ' "${failed[@]}")"
  printf '\ncheck: %d of %d steps FAILED (%s), in %s\n' "${#failed[@]}" "$steps" "${names%, }" "$(clock)"
  exit 1
}

formatted() {
  local untidy
  untidy="$(gofmt -l ./*.go cmd internal)" || return 1
  [ -z "$untidy" ] || { printf 'not as gofmt writes it:\n%s\n' "$untidy"; return 1; }
}

# Both engines, the browser and the programs of others must have been there: a skipped half would pass unseen.
equipped() {
  [ -n "${KAPU_TEST_POSTGRES:-}" ] || { echo "KAPU_TEST_POSTGRES is empty: no PostgreSQL was started"; return 1; }
  [ -n "${KAPU_TEST_CHROMIUM:-}" ] || { echo "KAPU_TEST_CHROMIUM is empty: no Chromium was found"; return 1; }
  foreign || return 1
  "$KAPU_TEST_CHROMIUM" --version 2>/dev/null
}

# The one build with cgo: signing keys in a security module.
cgo() {
  CGO_ENABLED=1 go vet -tags pkcs11 ./internal/keys/... ./internal/federation/oidc/provider ./internal/app && CGO_ENABLED=1 go build -buildvcs=false -tags pkcs11 -o /dev/null ./cmd/kapu
}

softhsm() {
  command -v softhsm2-util || { echo "softhsm2-util was not found: SoftHSM2 is not installed"; return 1; }
  CGO_ENABLED=1 go test -vet=off -tags pkcs11 ./internal/keys/... && CGO_ENABLED=1 go test -vet=off -tags pkcs11 -run SecurityModule ./internal/federation/oidc/provider ./internal/app
}

# foreign says which program of others is missing that the doors are tested with.
foreign() {
  local missing=()
  command -v node >/dev/null || missing+=(node)
  for program in curl openssl basenc xmlsec1 xmllint espeak-ng sox baresip sipp; do command -v "$program" >/dev/null || missing+=("$program"); done
  for module in openidc mellon; do [ -f "/usr/lib/apache2/modules/mod_auth_$module.so" ] || missing+=("mod_auth_$module"); done
  [ -x /usr/sbin/apache2 ] || missing+=(apache2)
  [ -d internal/federation/thirdparty/node/node_modules/openid-client ] || missing+=(openid-client)
  [ "${#missing[@]}" -eq 0 ] || { echo "missing, and brought by make setup: ${missing[*]}"; return 1; }
}

step "build (without cgo)" go build -buildvcs=false ./... || finish
step "PostgreSQL, Chromium and the programs of others are here" equipped
step "gofmt" formatted
step "generated files are current" scripts/current.sh
step "architecture" go test -count=1 .
step "vet" go vet ./...
step "vet and build with a security module (cgo)" cgo
step "staticcheck" go tool -modfile=tools/go.mod staticcheck ./...
step "tests: SQLite, PostgreSQL, browser" go test -vet=off -timeout=60m ./...
step "tests: signing keys in SoftHSM2" softhsm
finish
