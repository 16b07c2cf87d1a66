// Tokens as an attacker would craft them, by jose. Reads { jwk (private), claims, trap } as one line; answers with one line of JSON: name to token.
import { createInterface } from 'node:readline';
import { CompactSign, EncryptJWT, SignJWT, UnsecuredJWT, exportJWK, exportSPKI, generateKeyPair, importJWK } from 'jose';

const [line] = await new Promise((read) => createInterface({ input: process.stdin }).once('line', (l) => read([l])));
const { jwk, claims, trap } = JSON.parse(line);
const bytes = (text) => new TextEncoder().encode(text);
const key = await importJWK(jwk, 'ES256', { extractable: true });
const { d, ...publicJwk } = jwk;
const header = { alg: 'ES256', typ: 'at+jwt', kid: jwk.kid };
const stranger = await generateKeyPair('ES256', { extractable: true });
const strangerJwk = await exportJWK(stranger.publicKey);
const sign = (extra, by = key, payload = claims) => new SignJWT(payload).setProtectedHeader({ ...header, ...extra }).sign(by);
const spki = await exportSPKI(await importJWK(publicJwk, 'ES256', { extractable: true }));

const tokens = {
  good: await sign({}),
  none: new UnsecuredJWT(claims).encode(),
  hmacWithPem: await new SignJWT(claims).setProtectedHeader({ ...header, alg: 'HS256' }).sign(bytes(spki)),
  hmacWithJwk: await new SignJWT(claims).setProtectedHeader({ ...header, alg: 'HS256' }).sign(bytes(JSON.stringify(publicJwk))),
  proofType: await sign({ typ: 'dpop+jwt' }),
  idType: await sign({ typ: 'JWT' }),
  crit: await new CompactSign(bytes(JSON.stringify(claims))).setProtectedHeader({ ...header, crit: ['urn:x'], 'urn:x': 1 }).sign(key, { crit: { 'urn:x': true } }),
  repeatedClaim: await new CompactSign(bytes(JSON.stringify(claims).replace(/\}$/, ',"sub":"root"}'))).setProtectedHeader(header).sign(key),
  nested: await new CompactSign(bytes(await sign({}))).setProtectedHeader({ ...header, cty: 'JWT' }).sign(key),
  encrypted: await new EncryptJWT(claims).setProtectedHeader({ alg: 'dir', enc: 'A256GCM' }).encrypt(new Uint8Array(32)),
  embeddedKey: await sign({ jwk: strangerJwk }, stranger.privateKey),
  remoteKey: await sign({ jku: `${trap}/jwks`, x5u: `${trap}/cert` }, stranger.privateKey),
  keyIdPath: await sign({ kid: '../../../../../dev/null' }, stranger.privateKey),
  keyIdAddress: await sign({ kid: `${trap}/jwks` }, stranger.privateKey),
};
console.log(JSON.stringify(tokens));
process.stdin.on('end', () => process.exit(0));
