// The official MCP client for JavaScript, with proofs of possession (DPoP) where a key pair is given. Prints one JSON line for each thing that happens.
//   node mcp-client.mjs <address of /mcp> <key> [key.pem]
import { createPrivateKey, createPublicKey } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import { generateProof } from 'dpop';

const [address, key, pem] = process.argv.slice(2);
const say = (value) => process.stdout.write(JSON.stringify(value) + '\n');

async function pairOf(file) {
  const privateKey = createPrivateKey(readFileSync(file));
  const load = (k, use) => crypto.subtle.importKey('jwk', k.export({ format: 'jwk' }), { name: 'ECDSA', namedCurve: 'P-256' }, true, [use]);
  return { privateKey: await load(privateKey, 'sign'), publicKey: await load(createPublicKey(privateKey), 'verify') };
}

const pair = pem ? await pairOf(pem) : undefined;
async function credentialFetch(url, init) {
  const headers = new Headers(init.headers);
  headers.set('authorization', `${pair ? 'DPoP' : 'Bearer'} ${key}`);
  if (pair) headers.set('dpop', await generateProof(pair, `${url}`.split('?')[0], init.method, undefined, key));
  return fetch(url, { ...init, headers });
}

const client = new Client({ name: 'peer', version: '1.0.0' });
await client.connect(new StreamableHTTPClientTransport(new URL(address), { fetch: credentialFetch }));
say({ server: client.getServerVersion().name });
say({ tools: (await client.listTools()).tools.map((t) => t.name) });
say({ resources: (await client.listResources()).resources.map((r) => r.uri) });
say({ read: (await client.readResource({ uri: 'test://static-text' })).contents[0].text });
const echoed = await client.callTool({ name: 'datasets__echo', arguments: { text: 'card 4111 1111 1111 1111'.slice(0, 9) } });
say({ text: echoed.content[0].text, structured: echoed.structuredContent });
say({ told: (await client.callTool({ name: 'datasets__tell' })).content[0].text });
const wrong = await client.callTool({ name: 'datasets__echo', arguments: { txt: 1 } });
say({ isError: wrong.isError, text: wrong.content[0].text });
await client.callTool({ name: 'vault__open' }).catch((e) => say({ denied: e.code, message: e.message }));
await client.callTool({ name: 'no_such_tool' }).catch((e) => say({ unknown: e.code, message: e.message }));
await client.ping();
await client.close();
say({ closed: true });
