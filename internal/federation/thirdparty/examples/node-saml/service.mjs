// A service that lets people in through the gateway by SAML: npm install @node-saml/node-saml
import { createServer } from 'node:http'
import { randomUUID } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { SAML } from '@node-saml/node-saml'

const issuer = 'http://localhost:8080'
const here = 'http://localhost:9000'
const people = new Map() // who is signed in, by the cookie of their browser
const waiting = new Map() // what was asked, by the cookie of the browser that asks

const metadata = readFileSync('gateway.xml', 'utf8')
const certificate = readFileSync('service.pem', 'utf8')
const gateway = new SAML({
  issuer: here + '/saml', callbackUrl: here + '/acs', logoutCallbackUrl: here + '/slo',
  idpIssuer: issuer + '/saml/metadata', entryPoint: issuer + '/saml/sso', logoutUrl: issuer + '/saml/slo',
  idpCert: [...metadata.matchAll(/X509Certificate>([^<]+)</g)].map((found) => found[1]),
  privateKey: readFileSync('service.key', 'utf8'), publicCert: certificate, signatureAlgorithm: 'sha256',
  identifierFormat: 'urn:oasis:names:tc:SAML:2.0:nameid-format:persistent',
  disableRequestedAuthnContext: true, // our level is that of the registration
  validateInResponseTo: 'always', acceptedClockSkewMs: 5000,
})

const routes = {
  'GET /': (visitor) => visitor.person
    ? `<p>Hello, ${escaped(visitor.person.name)}</p><a href="/signout">Sign out</a>`
    : '<a href="/signin">Sign in</a>',

  'GET /saml': () => gateway.generateServiceProviderMetadata(null, certificate),

  'GET /signin': (visitor) => {
    waiting.set(visitor.cookie, randomUUID())
    return goTo(gateway.getAuthorizeUrlAsync(waiting.get(visitor.cookie), undefined, {}))
  },

  'POST /acs': async (visitor, url, form) => {
    if (!form.RelayState || form.RelayState !== waiting.get(visitor.cookie)) throw new Error('This browser has not asked')
    const { profile } = await gateway.validatePostResponseAsync(form)
    waiting.delete(visitor.cookie)
    visitor.renew() // another cookie for somebody who is signed in
    people.set(visitor.cookie, profile)
    return new URL(here)
  },

  'GET /signout': (visitor) => {
    const person = people.get(visitor.cookie)
    people.delete(visitor.cookie)
    return person ? goTo(gateway.getLogoutUrlAsync(person, '', {})) : new URL(here)
  },

  'POST /slo': async (visitor, url, form) => {
    if (!form.SAMLRequest) return new URL(here) // the gateway's answer: here the session is over already
    const { profile } = await gateway.validatePostRequestAsync(form)
    for (const [cookie, person] of people) if (person.sessionIndex === profile.sessionIndex) people.delete(cookie)
    return goTo(gateway.getLogoutResponseUrlAsync(profile, form.RelayState ?? '', {}, true))
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
    const answer = await routes[request.method + ' ' + url.pathname]?.(visitor, url, await formOf(request))
    // In earnest the answer is posted from another site: SameSite=None; Secure
    response.setHeader('Set-Cookie', `visitor=${visitor.cookie}; HttpOnly; SameSite=Lax; Path=/`)
    if (answer instanceof URL) response.writeHead(303, { Location: answer.href }).end()
    else response.writeHead(answer ? 200 : 404, { 'Content-Type': url.pathname === '/saml' ? 'application/samlmetadata+xml' : 'text/html; charset=utf-8' }).end(answer ?? 'Not found')
  } catch (problem) {
    console.error(problem)
    response.writeHead(400).end('That did not work')
  }
}).listen(new URL(here).port, 'localhost', () => console.log('Listening at ' + here))

async function goTo(address) { return new URL(await address) }

async function formOf(request) {
  let text = ''
  for await (const piece of request) if ((text += piece).length > 1e6) throw new Error('Too long')
  return Object.fromEntries(new URLSearchParams(text))
}

function escaped(text) { return text.replace(/[&<>"]/g, (c) => `&#${c.charCodeAt(0)};`) }
