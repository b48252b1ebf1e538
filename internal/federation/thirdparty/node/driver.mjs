// A service that uses openid-client, driven line by line: a test writes what to
// do as JSON, and reads what came of it. It holds one registration at a time.
import { createInterface } from 'node:readline'
import * as oidc from 'openid-client'
import { importJWK } from 'jose'
import { Agent, fetch as agentFetch } from 'undici'

let me // the registration in use, and what is known of the sign-in

// proof is how the client proves who it is.
async function proof({ method, secret, jwk }) {
  switch (method) {
    case 'client_secret_basic': return oidc.ClientSecretBasic(secret)
    case 'client_secret_post': return oidc.ClientSecretPost(secret)
    case 'client_secret_jwt': return oidc.ClientSecretJwt(secret)
    case 'private_key_jwt': return oidc.PrivateKeyJwt(await keyOf(jwk))
    case 'tls_client_auth': return oidc.TlsClientAuth()
    default: return oidc.None()
  }
}

async function keyOf(jwk) {
  return { key: await importJWK(jwk, jwk.alg), kid: jwk.kid }
}

// fetcher is the way out for a client that shows a certificate.
function fetcher(tls) {
  const dispatcher = new Agent({ connect: tls })
  return (url, options) => agentFetch(url, { ...options, dispatcher })
}

const does = {
  async connect({ issuer, client_id, metadata = {}, auth, dpop, jarm, jwk, decrypt, tls, server }) {
    const execute = [oidc.allowInsecureRequests, oidc.enableNonRepudiationChecks]
    if (jarm) execute.push(oidc.useJwtResponseMode)
    let config
    if (server) { // the description of a process that is not at the issuer's address
      config = new oidc.Configuration(server, client_id, metadata, await proof(auth))
      for (const apply of execute) apply(config)
    } else {
      config = await oidc.discovery(new URL(issuer), client_id, metadata, await proof(auth), { execute })
    }
    if (tls) config[oidc.customFetch] = fetcher(tls)
    me = { config }
    await equip({ dpop, jwk, decrypt })
    return { issuer: config.serverMetadata().issuer }
  },

  async register({ issuer, initial, metadata, auth, dpop, jwk }) {
    const execute = [oidc.allowInsecureRequests, oidc.enableNonRepudiationChecks]
    const config = await oidc.dynamicClientRegistration(new URL(issuer), metadata, await proof(auth ?? {}), { initialAccessToken: initial, execute })
    me = { config }
    await equip({ dpop, jwk })
    return config.clientMetadata()
  },

  async ask({ params, jar, par, query }) {
    me.verifier = oidc.randomPKCECodeVerifier()
    me.asked = {
      scope: 'openid', state: oidc.randomState(), nonce: oidc.randomNonce(),
      code_challenge: await oidc.calculatePKCECodeChallenge(me.verifier), code_challenge_method: 'S256', ...params,
    }
    let sent = me.asked, url
    if (jar) {
      url = await oidc.buildAuthorizationUrlWithJAR(me.config, sent, me.key)
      sent = url.searchParams
    } else {
      url = oidc.buildAuthorizationUrl(me.config, sent)
    }
    if (par) url = await oidc.buildAuthorizationUrlWithPAR(me.config, sent, me.bound)
    if (query) for (const [name, value] of Object.entries(query)) url.searchParams.set(name, value)
    return { url: url.href }
  },

  async redeem({ back, form }) {
    const answer = form
      ? new Request(back, { method: 'POST', headers: { 'content-type': 'application/x-www-form-urlencoded' }, body: form })
      : new URL(back)
    const maxAge = me.asked.max_age === undefined ? undefined : Number(me.asked.max_age)
    me.tokens = await oidc.authorizationCodeGrant(me.config, answer, {
      pkceCodeVerifier: me.verifier, expectedState: me.asked.state, expectedNonce: me.asked.nonce, idTokenExpected: true, maxAge,
    }, undefined, me.bound)
    return told(me.tokens)
  },

  async refresh({ token }) {
    const used = token ?? me.tokens.refresh_token
    const tokens = await oidc.refreshTokenGrant(me.config, used, undefined, me.bound)
    me.tokens = { ...tokens, refresh_token: tokens.refresh_token ?? used, claims: () => tokens.claims() }
    return { ...told(me.tokens), rotated: tokens.refresh_token !== undefined && tokens.refresh_token !== used }
  },

  async machine({ params }) {
    me.tokens = await oidc.clientCredentialsGrant(me.config, params, me.bound)
    return told(me.tokens)
  },

  userinfo({ subject }) {
    return oidc.fetchUserInfo(me.config, me.tokens.access_token, subject ?? me.tokens.claims().sub, me.bound)
  },

  introspect({ token }) { return oidc.tokenIntrospection(me.config, token ?? me.tokens.access_token) },

  async revoke({ token }) {
    await oidc.tokenRevocation(me.config, token ?? me.tokens.access_token)
    return {}
  },

  leave({ params }) {
    const hint = me.tokens?.id_token ? { id_token_hint: me.tokens.id_token } : {}
    return { url: oidc.buildEndSessionUrl(me.config, { ...hint, ...params }).href }
  },
}

// equip gives the registration its keys.
async function equip({ dpop, jwk, decrypt }) {
  if (dpop) me.bound = { DPoP: oidc.getDPoPHandle(me.config, await oidc.randomDPoPKeyPair('ES256')) }
  if (jwk) me.key = await keyOf(jwk)
  if (decrypt) oidc.enableDecryptingResponses(me.config, undefined, { key: await importJWK(decrypt, decrypt.alg), alg: decrypt.alg, kid: decrypt.kid })
}

// told is what a test wants to know of tokens.
function told(tokens) {
  return {
    type: tokens.token_type, scope: tokens.scope, access_token: tokens.access_token, refresh_token: tokens.refresh_token,
    id_token: tokens.id_token, claims: tokens.id_token ? tokens.claims() : undefined, expires_in: tokens.expires_in,
  }
}

// failed is what an error says, whichever of the library's it is.
function failed(err) {
  const challenge = err.cause?.[0] // of a 401 (RFC 9110, 11.6.1)
  const error = err.error ?? challenge?.parameters?.error ?? challenge?.scheme ?? err.code ?? err.name
  return { error, description: err.error_description ?? err.message, status: err.status, detail: String(err.cause?.message ?? '') }
}

for await (const line of createInterface({ input: process.stdin })) {
  const { do: verb, ...what } = JSON.parse(line)
  let answer
  try {
    answer = await does[verb](what)
  } catch (err) {
    answer = { failed: failed(err) }
  }
  process.stdout.write(JSON.stringify(answer) + '\n')
}
