// Verifies a tlog-proof and a checkpoint with what C2SP (signed-note, tlog-checkpoint, tlog-proof) and RFC 6962 say, and nothing else.
// node tlog-verify.mjs VKEY PROOF [CHECKPOINT]: prints JSON, exits 1 where something does not hold.
// VKEY: verifier key of any log of the deployment; the key pair is the same under each log's own name.
import { createHash, createPublicKey, verify } from 'node:crypto';
import { readFileSync } from 'node:fs';

const fail = (why) => { console.log(JSON.stringify({ ok: false, why })); process.exit(1); };
const sha256 = (...parts) => { const h = createHash('sha256'); for (const p of parts) h.update(p); return h.digest(); };

// signed-note: <name>+hex(id)+base64(type || key). Type 1 is Ed25519, with the id the beginning of SHA-256(name || LF || type || key); type 2 is ECDSA with
// SHA-256 in DER, key a SubjectPublicKeyInfo and the id the beginning of its SHA-256.
function parseVkey(text) {
  const [name, id, ...rest] = text.split('+');
  const material = Buffer.from(rest.join('+'), 'base64');
  const type = material[0];
  const key = material.subarray(1);
  if (type !== 2 && (type !== 1 || key.length !== 32)) fail('not an Ed25519 or ECDSA verifier key');
  if (keyId(type, name, key) !== id) fail('the id of the verifier key is wrong');
  return { type, key };
}

function keyId(type, name, key) {
  const hash = type === 2 ? sha256(key) : sha256(Buffer.from(name, 'utf8'), Buffer.from([0x0a, type]), key);
  return hash.subarray(0, 4).toString('hex');
}

function publicKeyOf({ type, key }) {
  if (type === 1) return createPublicKey({ format: 'jwk', key: { kty: 'OKP', crv: 'Ed25519', x: key.toString('base64url') } });
  const publicKey = createPublicKey({ format: 'der', type: 'spki', key });
  if (publicKey.asymmetricKeyDetails.namedCurve !== 'prime256v1') fail('not a key on P-256');
  return publicKey;
}

function openNote(bytes, vkey, name) {
  const text = bytes.toString('utf8');
  const split = text.lastIndexOf('\n\n');
  if (split < 0) fail('not a note');
  const body = text.slice(0, split + 1);
  const publicKey = publicKeyOf(vkey);
  const digest = vkey.type === 2 ? 'sha256' : null;
  let verified = 0;
  for (const line of text.slice(split + 2).split('\n').filter((l) => l)) {
    const [dash, signer, value] = line.split(' ');
    const signature = Buffer.from(value, 'base64');
    if (dash !== '\u2014' || signer !== name || signature.subarray(0, 4).toString('hex') !== keyId(vkey.type, name, vkey.key)) continue;
    if (!verify(digest, Buffer.from(body, 'utf8'), publicKey, signature.subarray(4))) fail('the signature does not hold');
    verified++;
  }
  if (verified === 0) fail('no signature of the key');
  const [origin, size, root] = body.split('\n');
  if (!/^(0|[1-9][0-9]*)$/.test(size) || Buffer.from(root, 'base64').length !== 32) fail('not a checkpoint');
  return { origin, size: BigInt(size), root: Buffer.from(root, 'base64') };
}

// RFC 6962, 2.1.1: walk from the leaf to the root; RFC 9162, 2.1.3.2 gives the steps.
function rootFromInclusion(index, size, leaf, path) {
  let node = index;
  let last = size - 1n;
  let hash = leaf;
  for (const sibling of path) {
    if (last === 0n) fail('the proof is too long');
    if ((node & 1n) === 1n || node === last) {
      hash = sha256(Buffer.from([1]), sibling, hash);
      while ((node & 1n) === 0n && node !== 0n) { node >>= 1n; last >>= 1n; }
    } else {
      hash = sha256(Buffer.from([1]), hash, sibling);
    }
    node >>= 1n;
    last >>= 1n;
  }
  if (last !== 0n) fail('the proof is too short');
  return hash;
}

const [vkeyText, proofFile, checkpointFile] = process.argv.slice(2);
const key = parseVkey(vkeyText);
const proof = readFileSync(proofFile);
const head = proof.indexOf('\n\n');
const lines = proof.subarray(0, head).toString('utf8').split('\n');
if (lines.shift() !== 'c2sp.org/tlog-proof@v1') fail('not a tlog-proof');
const extra = lines[0].startsWith('extra ') ? Buffer.from(lines.shift().slice(6), 'base64') : fail('no leaf in the receipt');
const index = lines.shift().match(/^index (0|[1-9][0-9]*)$/) ?? fail('no index');
const path = lines.map((l) => Buffer.from(l, 'base64'));
if (path.some((h) => h.length !== 32)) fail('a hash of the path has not 32 bytes');
const note = proof.subarray(head + 2);
const name = note.toString('utf8').split('\n')[0];
const checkpoint = openNote(note, key, name);
if (BigInt(index[1]) >= checkpoint.size) fail('the index is beyond the tree');
const root = rootFromInclusion(BigInt(index[1]), checkpoint.size, sha256(Buffer.from([0]), extra), path);
if (!root.equals(checkpoint.root)) fail('the leaf does not lead to the signed root');

const result = { ok: true, origin: checkpoint.origin, index: Number(index[1]), size: Number(checkpoint.size), event: JSON.parse(extra.toString('utf8')).id };
if (checkpointFile) {
  const newest = openNote(readFileSync(checkpointFile), key, name);
  result.newest = Number(newest.size);
  if (newest.size < checkpoint.size) fail('the newest checkpoint is older than the receipt');
}
console.log(JSON.stringify(result));
