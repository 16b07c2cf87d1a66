// Checks proofs, one a line of a file, with jose: header, signature by the embedded key, thumbprint, and the claims that RFC 9449, 4.3 names.
// node proof-bench.mjs <file> <target> <credential>. Prints the median in microseconds.
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { EmbeddedJWK, calculateJwkThumbprint, jwtVerify } from 'jose';

const [file, target, credential] = process.argv.slice(2);
const proofs = readFileSync(file, 'utf8').trim().split('\n');
const ath = createHash('sha256').update(credential).digest('base64url');
const times = [];
for (const proof of proofs) {
  const started = process.hrtime.bigint();
  const { payload, protectedHeader } = await jwtVerify(proof, EmbeddedJWK, { typ: 'dpop+jwt', algorithms: ['ES256'], maxTokenAge: 60 });
  const thumbprint = await calculateJwkThumbprint(protectedHeader.jwk);
  if (payload.htm !== 'POST' || payload.htu !== target || payload.ath !== ath || !payload.jti || !thumbprint) throw new Error('a good proof was refused');
  times.push(Number(process.hrtime.bigint() - started) / 1000);
}
// The first half warms up.
const measured = times.slice(times.length / 2).sort((a, b) => a - b);
console.log(`npm jose, the same proofs: p50 ${measured[measured.length >> 1].toFixed(1)} us, p95 ${measured[Math.floor(measured.length * 0.95)].toFixed(1)} us`);
