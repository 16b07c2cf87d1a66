// oidc-provider as an issuer, and oauth4webapi as its client: client credentials, a JWT access token for one resource, once as Bearer
// and once bound to a key by DPoP; with a certificate (base64 DER) as argument, a third time, bound to that. Prints "listening {port}" and then
// "tokens {json}". For each line "call {url}" on stdin it calls with the bound token and a proof, and prints "called {number} {status}".
import { X509Certificate } from 'node:crypto';
import { createServer } from 'node:http';
import { createInterface } from 'node:readline';
import Provider from 'oidc-provider';
import * as oauth from 'oauth4webapi';
import { calculateJwkThumbprint, exportJWK, generateKeyPair } from 'jose';

const resource = 'https://gateway.test';
const certificate = process.argv[2] && new X509Certificate(Buffer.from(process.argv[2], 'base64'));
const { privateKey } = await generateKeyPair('ES256', { extractable: true });
const server = createServer();
await new Promise((ready) => server.listen(0, '127.0.0.1', ready));
const issuer = `http://127.0.0.1:${server.address().port}`;

const provider = new Provider(issuer, {
  jwks: { keys: [{ ...(await exportJWK(privateKey)), kid: 'oidc-key', use: 'sig', alg: 'ES256' }] },
  clients: ['assistant', 'certified'].map((client_id) => ({
    client_id, client_secret: 'a secret of the test only', grant_types: ['client_credentials'], redirect_uris: [], response_types: [],
    id_token_signed_response_alg: 'ES256', tls_client_certificate_bound_access_tokens: client_id === 'certified',
  })),
  scopes: ['chat.use'],
  features: {
    devInteractions: { enabled: false },
    clientCredentials: { enabled: true },
    dPoP: { enabled: true },
    mTLS: { enabled: true, certificateBoundAccessTokens: true, getCertificate: () => certificate },
    resourceIndicators: {
      enabled: true,
      getResourceServerInfo: () => ({ scope: 'chat.use', audience: resource, accessTokenFormat: 'jwt', accessTokenTTL: 300, jwt: { sign: { alg: 'ES256' } } }),
    },
  },
});
server.on('request', provider.callback());
console.log(`listening ${server.address().port}`);

const insecure = { [oauth.allowInsecureRequests]: true };
const url = new URL(issuer);
const as = await oauth.processDiscoveryResponse(url, await oauth.discoveryRequest(url, insecure));
const secret = oauth.ClientSecretBasic('a secret of the test only');
const client = { client_id: 'assistant' };
async function ask(options, client = { client_id: 'assistant' }) {
  const response = await oauth.clientCredentialsGrantRequest(as, client, secret, { resource, scope: 'chat.use' }, { ...insecure, ...options });
  return (await oauth.processClientCredentialsResponse(as, client, response)).access_token;
}

const pair = await oauth.generateKeyPair('ES256', { extractable: true });
const dpop = oauth.DPoP(client, pair);
const tokens = {
  bearer: await ask({}),
  bound: await ask({ DPoP: dpop }),
  ...(certificate && { certified: await ask({}, { client_id: 'certified' }) }),
  thumbprint: await calculateJwkThumbprint(await exportJWK(pair.publicKey)),
};
console.log(`tokens ${JSON.stringify(tokens)}`);

async function call(url, again = true) {
  try {
    return (await oauth.protectedResourceRequest(tokens.bound, 'GET', url, undefined, undefined, { ...insecure, DPoP: dpop })).status;
  } catch (error) {
    // The handle has taken the nonce that came with the refusal.
    if (again && oauth.isDPoPNonceError(error)) return call(url, false);
    return error.status ?? error.message;
  }
}
const lines = createInterface({ input: process.stdin });
let calls = 0;
lines.on('line', async (line) => console.log(`called ${++calls} ${await call(new URL(line.split(' ')[1]))}`));
lines.on('close', () => process.exit(0));
