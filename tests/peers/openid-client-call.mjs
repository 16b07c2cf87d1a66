// openid-client signs in with an issuer and calls with a bound token: node openid-client-call.mjs <issuer> <url>. Prints "called {status}".
import * as client from 'openid-client';

const [issuer, url] = process.argv.slice(2);
const config = await client.discovery(new URL(issuer), 'assistant', 'a secret of the test only', undefined, { execute: [client.allowInsecureRequests] });
const DPoP = client.getDPoPHandle(config, await client.randomDPoPKeyPair('ES256'));
const tokens = await client.clientCredentialsGrant(config, { resource: 'https://gateway.test', scope: 'chat.use' }, { DPoP });
for (let i = 0; i < 2; i++) {
  const answer = await client.fetchProtectedResource(config, tokens.access_token, new URL(url), 'GET', undefined, undefined, { DPoP });
  console.log(`called ${answer.status}`);
}
