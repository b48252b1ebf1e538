#!/bin/sh
# Asks whether what we hold of the person is right. ACCESS_TOKEN is of a sign-in with scope match.
set -eu
issuer=http://localhost:8080
curl -sS --fail-with-body "$issuer/oidc/match" -H "Authorization: Bearer $ACCESS_TOKEN" \
  -H "Content-Type: application/json" -d '{"birthdate": "1901-01-01", "tax_number": "8000000000"}'
