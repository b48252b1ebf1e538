#!/bin/sh
# Signs you in with nothing but curl. CLIENT_SECRET holds the secret of my-service.
set -eu
issuer=http://localhost:8080
back=http://localhost:9000/callback

random() { openssl rand -hex 32; }
state=$(random) nonce=$(random) verifier=$(random)
challenge=$(printf %s "$verifier" | openssl dgst -sha256 -binary | basenc --base64url | tr -d =)

echo "Open this address and sign in:"
echo "$issuer/oidc/authorize?client_id=my-service&response_type=code&scope=openid+profile&redirect_uri=$back&state=$state&nonce=$nonce&code_challenge=$challenge&code_challenge_method=S256"
echo "The browser ends where nothing answers. Paste the address it shows then:"
read -r answer
value() { printf %s "$answer" | tr '?&' '\n\n' | sed -n "s/^$1=//p"; }
[ "$(value state)" = "$state" ] || { echo "This is no answer to our question: $answer"; exit 1; }

tokens=$(curl -sS --fail-with-body "$issuer/oidc/token" -u "my-service:$CLIENT_SECRET" \
  -d grant_type=authorization_code -d "code=$(value code)" \
  --data-urlencode "redirect_uri=$back" -d "code_verifier=$verifier")
access=$(printf %s "$tokens" | sed -n 's/.*"access_token":"\([^"]*\)".*/\1/p')

echo "Who you are:"
curl -sS --fail-with-body "$issuer/oidc/userinfo" -H "Authorization: Bearer $access"
