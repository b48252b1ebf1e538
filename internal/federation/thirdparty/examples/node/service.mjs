// A service that lets people in through the gateway: npm install openid-client
import { createServer } from 'node:http'
import { randomUUID } from 'node:crypto'
import * as oidc from 'openid-client'

const issuer = new URL('http://localhost:8080')
const here = 'http://localhost:9000'
const people = new Map() // who is signed in, by the cookie of their browser
const waiting = new Map() // what was asked, by the cookie of the browser that asks

const gateway = await oidc.discovery(issuer, 'my-service', process.env.CLIENT_SECRET, undefined, {
  execute: [oidc.allowInsecureRequests], // for http on this machine; leave it out in earnest
})

const routes = {
  '/': (visitor) => visitor.person
    ? `<p>Hello, ${escaped(visitor.person.name)}</p><a href="/signout">Sign out</a>`
    : '<a href="/signin">Sign in</a>',

  '/signin': async (visitor) => {
    const verifier = oidc.randomPKCECodeVerifier(), state = oidc.randomState(), nonce = oidc.randomNonce()
    waiting.set(visitor.cookie, { pkceCodeVerifier: verifier, expectedState: state, expectedNonce: nonce })
    return oidc.buildAuthorizationUrl(gateway, {
      redirect_uri: here + '/callback', scope: 'openid profile', state, nonce,
      code_challenge: await oidc.calculatePKCECodeChallenge(verifier), code_challenge_method: 'S256',
    })
  },

  '/callback': async (visitor, url) => {
    const tokens = await oidc.authorizationCodeGrant(gateway, url, waiting.get(visitor.cookie))
    waiting.delete(visitor.cookie)
    const info = await oidc.fetchUserInfo(gateway, tokens.access_token, tokens.claims().sub)
    visitor.renew() // another cookie for somebody who is signed in
    people.set(visitor.cookie, { name: info.name, proof: tokens.id_token })
    return new URL(here)
  },

  '/signout': (visitor) => {
    const person = people.get(visitor.cookie)
    people.delete(visitor.cookie)
    return oidc.buildEndSessionUrl(gateway, { id_token_hint: person?.proof ?? '', post_logout_redirect_uri: here + '/' })
  },
}

createServer(async (request, response) => {
  const visitor = {
    cookie: /visitor=([\w-]+)/.exec(request.headers.cookie)?.[1] ?? randomUUID(),
    get person() { return people.get(this.cookie) },
    renew() { this.cookie = randomUUID() },
  }
  const url = new URL(request.url, here)
  try {
    const answer = await routes[url.pathname]?.(visitor, url)
    response.setHeader('Set-Cookie', `visitor=${visitor.cookie}; HttpOnly; SameSite=Lax; Path=/`)
    if (answer instanceof URL) response.writeHead(303, { Location: answer.href }).end()
    else response.writeHead(answer ? 200 : 404, { 'Content-Type': 'text/html; charset=utf-8' }).end(answer ?? 'Not found')
  } catch (problem) {
    console.error(problem)
    response.writeHead(400).end('That did not work: ' + (problem.error ?? problem.code))
  }
}).listen(new URL(here).port, 'localhost', () => console.log('Listening at ' + here))

function escaped(text) { return text.replace(/[&<>"]/g, (c) => `&#${c.charCodeAt(0)};`) }
