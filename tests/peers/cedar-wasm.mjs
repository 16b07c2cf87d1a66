// Answers cases with Cedar's own implementation. One case a line: { policies, json, calls, texts, templates, schema }; one line of JSON for each.
// policies and json are policy sets, calls are what isAuthorized takes but for the policies, all of them JSON in strings: a number beyond 2^53 would not
// survive JavaScript's own JSON. The package hands its arguments to JSON.stringify and its results to JSON.parse, and here these pass text on as it is.
import { createInterface } from 'node:readline';
import * as cedar from '@cedar-policy/cedar-wasm/nodejs';

class Verbatim {
  constructor(text) { this.text = text; }
}
const { stringify, parse } = JSON;
let raw = false;
JSON.stringify = (value, ...rest) => (value instanceof Verbatim ? value.text : stringify(value, ...rest));
JSON.parse = (text, ...rest) => (raw ? text : parse(text, ...rest));

const failed = (answer) => answer.errors.map((error) => error.message).join('; ');
const asText = (run) => {
  raw = true;
  try { return run(); } finally { raw = false; }
};
const answerAll = (policies, calls) => {
  try {
    const parsed = cedar.preparsePolicySet('case', new Verbatim(policies));
    if (parsed.type !== 'success') return failed(parsed);
    return calls.map((call) => {
      const answer = cedar.statefulIsAuthorized(new Verbatim(`{"preparsedPolicySetId":"case",${call.slice(1)}`));
      if (answer.type !== 'success') return failed(answer);
      const { decision, diagnostics } = answer.response;
      return `${decision} because of [${diagnostics.reason.sort().join(', ')}], errors in [${diagnostics.errors.map((e) => e.policyId).sort().join(', ')}]`;
    });
  } catch (error) {
    return String(error.message ?? error);
  }
};
const validate = (schema, policies) => {
  const answer = cedar.validate(new Verbatim(`{"schema":${stringify(schema)},"policies":${policies}}`));
  return answer.type === 'success'
    ? answer.validationErrors.map(({ policyId, error }) => ({ policyId, message: error.message }))
    : failed(answer);
};

for await (const line of createInterface({ input: process.stdin })) {
  const { policies, json, calls = [], texts = [], templates = [], schema } = parse(line);
  console.log(stringify({
    text: answerAll(policies, calls),
    json: json ? answerAll(json, calls) : undefined,
    texts: texts.map((text) => asText(() => cedar.policyToJson(text))),
    templates: templates.map((text) => asText(() => cedar.templateToJson(text))),
    validation: schema ? validate(schema, policies) : undefined,
  }));
}
