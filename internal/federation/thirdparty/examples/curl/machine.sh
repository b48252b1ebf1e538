#!/bin/sh
# A service in its own name, without anybody: gets a token, and asks what it is worth.
set -eu
issuer=http://localhost:8080
tokens=$(curl -sS --fail-with-body "$issuer/oidc/token" -u "my-service:$CLIENT_SECRET" -d grant_type=client_credentials)
access=$(printf %s "$tokens" | sed -n 's/.*"access_token":"\([^"]*\)".*/\1/p')
curl -sS --fail-with-body "$issuer/oidc/introspect" -u "my-service:$CLIENT_SECRET" -d "token=$access"
