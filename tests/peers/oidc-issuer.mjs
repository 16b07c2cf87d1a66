// oidc-provider as an issuer, and oauth4webapi as its client: client credentials, a JWT access token for one resource, once as Bearer
// and once bound to a key by DPoP. Prints "listening {port}" and then "tokens {json}".
import { createServer } from 'node:http';
import Provider from 'oidc-provider';
import * as oauth from 'oauth4webapi';
import { calculateJwkThumbprint, exportJWK, generateKeyPair } from 'jose';

const resource = 'https://gateway.test';
const { privateKey } = await generateKeyPair('ES256', { extractable: true });
const server = createServer();
await new Promise((ready) => server.listen(0, '127.0.0.1', ready));
const issuer = `http://127.0.0.1:${server.address().port}`;

const provider = new Provider(issuer, {
  jwks: { keys: [{ ...(await exportJWK(privateKey)), kid: 'oidc-key', use: 'sig', alg: 'ES256' }] },
  clients: [{
    client_id: 'assistant', client_secret: 'a secret of the test only', grant_types: ['client_credentials'], redirect_uris: [], response_types: [],
    id_token_signed_response_alg: 'ES256',
  }],
  scopes: ['chat.use'],
  features: {
    devInteractions: { enabled: false },
    clientCredentials: { enabled: true },
    dPoP: { enabled: true },
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
const client = { client_id: 'assistant' };
const secret = oauth.ClientSecretBasic('a secret of the test only');
async function ask(options) {
  const response = await oauth.clientCredentialsGrantRequest(as, client, secret, { resource, scope: 'chat.use' }, { ...insecure, ...options });
  return (await oauth.processClientCredentialsResponse(as, client, response)).access_token;
}

const pair = await oauth.generateKeyPair('ES256', { extractable: true });
const tokens = {
  bearer: await ask({}),
  bound: await ask({ DPoP: oauth.DPoP(client, pair) }),
  thumbprint: await calculateJwkThumbprint(await exportJWK(pair.publicKey)),
};
console.log(`tokens ${JSON.stringify(tokens)}`);
process.stdin.resume();
process.stdin.on('end', () => process.exit(0));
