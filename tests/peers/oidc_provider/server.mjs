// A certified OpenID provider (npm oidc-provider) that behaves as ProConnect does: signed
// userinfo, levels of assurance asked for in `claims`, no parameter needed beyond the standard.
// Usage: node server.mjs PORT REDIRECT_URI POST_LOGOUT_REDIRECT_URI; prints "ready" once listening.

import { generateKeyPairSync } from 'node:crypto'
import { createServer } from 'node:http'
import Provider from 'oidc-provider'

const [port, redirectUri, postLogoutRedirectUri] = process.argv.slice(2)
const issuer = `http://127.0.0.1:${port}`
const people = new Map()

function signingKey () {
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
  return { ...privateKey.export({ format: 'jwk' }), use: 'sig', alg: 'RS256', kid: 'peer' }
}

const provider = new Provider(issuer, {
  clients: [{
    client_id: 'guichet',
    client_secret: 'a-secret-shared-with-the-peer-only',
    redirect_uris: [redirectUri],
    post_logout_redirect_uris: [postLogoutRedirectUri],
    grant_types: ['authorization_code'],
    response_types: ['code'],
    token_endpoint_auth_method: 'client_secret_post',
    id_token_signed_response_alg: 'RS256',
    userinfo_signed_response_alg: 'RS256'
  }],
  jwks: { keys: [signingKey()] },
  cookies: { keys: ['peer-of-the-tests'] },
  scopes: ['openid', 'email', 'given_name', 'usual_name'],
  claims: {
    openid: ['sub'],
    email: ['email'],
    given_name: ['given_name'],
    usual_name: ['usual_name'],
    acr: null,
    amr: null
  },
  acrValues: ['https://proconnect.gouv.fr/assurance/consistency-checked-2fa'],
  pkce: { required: () => false },
  features: {
    claimsParameter: { enabled: true },
    jwtUserinfo: { enabled: true },
    devInteractions: { enabled: false }
  },
  interactions: { url: (ctx, interaction) => `/interaction/${interaction.uid}` },
  ttl: { AccessToken: 60, AuthorizationCode: 30, IdToken: 60, Interaction: 600, Session: 43200, Grant: 43200 },
  findAccount: (ctx, subject) => ({ accountId: subject, claims: () => people.get(subject) }),
  // Everything asked for is granted: the person agreed in their administration.
  async loadExistingGrant (ctx) {
    const grant = new ctx.oidc.provider.Grant({
      clientId: ctx.oidc.client.clientId, accountId: ctx.oidc.session.accountId
    })
    grant.addOIDCScope('openid email given_name usual_name')
    grant.addOIDCClaims(['acr', 'amr'])
    await grant.save()
    return grant
  }
})

const loginPage = `<!doctype html><html lang="fr"><title>Fournisseur d'essai</title><form method="post">
<label>sub <input name="sub"></label><label>email <input name="email"></label>
<label>acr <input name="acr"></label><label>amr <input name="amr"></label>
<button>Continuer</button></form></html>`

async function fieldsOf (request) {
  let body = ''
  for await (const part of request) body += part
  return Object.fromEntries(new URLSearchParams(body))
}

async function interact (request, response) {
  if (request.method === 'GET') {
    response.writeHead(200, { 'Content-Type': 'text/html; charset=utf-8' }).end(loginPage)
    return
  }
  const { sub, email, acr, amr } = await fieldsOf(request)
  people.set(sub, { sub, email, given_name: 'Claire', usual_name: 'Martin' })
  const login = { accountId: sub, remember: true }
  if (acr) login.acr = acr
  if (amr) login.amr = amr.split(' ')
  await provider.interactionFinished(request, response, { login })
}

const standard = provider.callback()
createServer((request, response) => {
  if (!request.url.startsWith('/interaction/')) return standard(request, response)
  interact(request, response).catch((error) => response.writeHead(500).end(String(error)))
}).listen(Number(port), '127.0.0.1', () => console.log('ready'))
