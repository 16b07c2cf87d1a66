// Times decisions of Cedar's own implementation: preparsePolicySet once, then statefulIsAuthorized for each request. That call takes the entities each time.
// node cedar-bench.mjs <file>: JSON { name, policies, entities, requests, rounds }. Prints the median in microseconds.
import { readFileSync } from 'node:fs';
import { preparsePolicySet, statefulIsAuthorized, getCedarVersion } from '@cedar-policy/cedar-wasm/nodejs';

const { name, policies, entities, requests, rounds } = JSON.parse(readFileSync(process.argv[2], 'utf8'));
const parsed = preparsePolicySet('bench', { staticPolicies: policies });
if (parsed.type !== 'success') throw new Error(parsed.errors[0].message);
const times = [];
let allowed = 0;
for (let round = 0; round < rounds; round++) {
  const { principal, action, resource, context } = requests[round % requests.length];
  const started = process.hrtime.bigint();
  const answer = statefulIsAuthorized({ principal, action, resource, context, entities, preparsedPolicySetId: 'bench' });
  times.push(Number(process.hrtime.bigint() - started) / 1000);
  if (answer.type !== 'success') throw new Error(answer.errors[0].message);
  allowed += answer.response.decision === 'allow' ? 1 : 0;
}
// The first half warms up.
const measured = times.slice(times.length / 2).sort((a, b) => a - b);
console.log(`cedar-wasm (cedar ${getCedarVersion()}, preparsePolicySet + statefulIsAuthorized, entities passed each time), ${name}: `
  + `p50 ${measured[measured.length >> 1].toFixed(1)} us, p95 ${measured[Math.floor(measured.length * 0.95)].toFixed(1)} us, ${allowed} of ${rounds} allowed`);
