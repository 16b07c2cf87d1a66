// The OpenAI client with a bound key: npm install openai dpop
// node dpop.mjs http://127.0.0.1:7071/v1 KEY key.pem "Who wrote to us today?"
import { createPrivateKey, createPublicKey } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { generateProof } from 'dpop';
import OpenAI from 'openai';

const [baseURL, apiKey, pem, question] = process.argv.slice(2);
const key = createPrivateKey(readFileSync(pem));
const load = (key, use) => crypto.subtle.importKey('jwk', key.export({ format: 'jwk' }), { name: 'ECDSA', namedCurve: 'P-256' }, true, [use]);
const keyPair = { privateKey: await load(key, 'sign'), publicKey: await load(createPublicKey(key), 'verify') };

let nonce;
async function provenFetch(url, init) {
  const headers = new Headers(init.headers);
  headers.set('authorization', `DPoP ${apiKey}`);
  headers.set('dpop', await generateProof(keyPair, `${url}`.split('?')[0], init.method, nonce, apiKey));
  const response = await fetch(url, { ...init, headers });
  const asked = response.status === 401 && response.headers.get('www-authenticate')?.includes('use_dpop_nonce') && response.headers.get('dpop-nonce') !== nonce;
  nonce = response.headers.get('dpop-nonce') ?? nonce;
  return asked ? provenFetch(url, init) : response;
}

const client = new OpenAI({ baseURL, apiKey, fetch: provenFetch });
const stream = await client.chat.completions.create({ model: 'assistant', stream: true, messages: [{ role: 'user', content: question }] });
for await (const chunk of stream) process.stdout.write(chunk.choices[0]?.delta?.content ?? '');
