// The SDKs of other makers, as applications use them. Prints one JSON line for each thing that happens.
//   node sdks.mjs <gateway> <key> <what>
import Anthropic from '@anthropic-ai/sdk';
import OpenAI, { AzureOpenAI } from 'openai';
import { createAnthropic } from '@ai-sdk/anthropic';
import { createOpenAI } from '@ai-sdk/openai';
import { embedMany, generateText, jsonSchema, stepCountIs, streamText, tool } from 'ai';

// Its warnings would stand between the lines.
globalThis.AI_SDK_LOG_WARNINGS = false;

const [gateway, apiKey, what] = process.argv.slice(2);
const say = (value) => process.stdout.write(JSON.stringify(value) + '\n');
const question = 'Who wrote to us today?';
const messages = [{ role: 'user', content: question }];
const parameters = { type: 'object', properties: { email: { type: 'string' } }, required: ['email'], additionalProperties: false };
const openai = new OpenAI({ baseURL: `${gateway}v1`, apiKey, maxRetries: 0 });
const azure = (apiVersion) => new AzureOpenAI({ endpoint: gateway.replace(/\/$/, ''), apiKey, apiVersion, maxRetries: 0 });
const anthropic = new Anthropic({ baseURL: gateway.replace(/\/$/, ''), apiKey, maxRetries: 0 });
const vercel = { openai: createOpenAI({ baseURL: `${gateway}v1`, apiKey }), anthropic: createAnthropic({ baseURL: `${gateway}v1`, apiKey }) };

const find = (seen) => tool({ description: 'Finds a customer', inputSchema: jsonSchema(parameters), execute: async (input) => { seen.push(input); return 'one customer'; } });

async function ofVercel(model, providerOptions) {
  const streamed = streamText({ model, prompt: question, maxRetries: 0, providerOptions });
  let text = '';
  for await (const piece of streamed.textStream) text += piece;
  say({ text, finish: await streamed.finishReason });
  say({ text: (await generateText({ model, prompt: question, maxRetries: 0, providerOptions })).text });
  const seen = [];
  const run = streamText({ model, prompt: question, tools: { find: find(seen) }, stopWhen: stepCountIs(3), maxRetries: 0, providerOptions });
  say({ text: await run.text, steps: (await run.steps).length, input: seen });
}

const runs = {
  async chat() {
    const stream = openai.chat.completions.stream({ model: 'assistant', messages, stream_options: { include_usage: true } });
    let text = '';
    stream.on('content', (delta) => { text += delta; });
    const final = await stream.finalChatCompletion();
    say({ text, again: final.choices[0].message.content, usage: final.usage.total_tokens });
    const seen = [];
    const runner = openai.chat.completions.runTools({
      model: 'assistant', messages, stream: true,
      tools: [{ type: 'function', function: { name: 'find', parse: JSON.parse, parameters, function: (input) => { seen.push(input); return 'one customer'; } } }],
    });
    say({ text: await runner.finalContent(), input: seen });
  },
  // A prompt that stands on a dataset: our member goes along as any field that the client does not know.
  async grounded() {
    const proofgate = { datasets: [{ name: 'customers', query: { select: ['name', 'region', 'email'] } }] };
    const asked = await openai.chat.completions.create({ model: 'assistant', messages, proofgate }).withResponse();
    say({ text: asked.data.choices[0].message.content, id: asked.response.headers.get('proofgate-audit-id'), label: asked.response.headers.get('proofgate-label') });
    const stream = await openai.chat.completions.create({ model: 'assistant', messages, proofgate, stream: true });
    let text = '';
    for await (const chunk of stream) text += chunk.choices[0]?.delta?.content ?? '';
    say({ text });
    say({ text: (await openai.responses.create({ model: 'assistant', input: question, proofgate })).output_text });
    try {
      await openai.chat.completions.create({ model: 'assistant', messages, proofgate: { datasets: [{ name: 'customers', query: { select: ['account'] } }] } });
    } catch (error) {
      say({ status: error.status, code: error.code, param: error.param });
    }
  },
  async responses() {
    const plain = await openai.responses.create({ model: 'assistant', input: question });
    say({ text: plain.output_text, id: plain.id, store: plain.store });
    const stream = openai.responses.stream({ model: 'assistant', input: question });
    let text = '';
    const numbers = [];
    const done = [];
    for await (const event of stream) {
      numbers.push(event.sequence_number);
      if (event.type === 'response.output_text.delta') text += event.delta;
      if (event.type === 'response.output_text.done') done.push(event.text);
    }
    const final = await stream.finalResponse();
    say({ text, again: final.output_text, done, ordered: numbers.every((n, i) => n === i) });
    const tools = [{ type: 'function', name: 'find', parameters, strict: true }];
    const call = await openai.responses.stream({ model: 'assistant', input: question, tools }).finalResponse();
    const answered = await openai.responses.create({
      model: 'assistant', tools,
      input: [...messages, ...call.output, { type: 'function_call_output', call_id: call.output[0].call_id, output: 'one customer' }],
    });
    say({ text: answered.output_text, input: call.output.map((item) => JSON.parse(item.arguments)) });
  },
  async state() {
    const first = await openai.responses.create({ model: 'assistant', input: question });
    for (const attempt of [
      () => openai.responses.create({ model: 'assistant', input: 'and then?', previous_response_id: first.id }),
      () => openai.responses.create({ model: 'assistant', input: [{ ...first.output[0], id: 'msg_of_somebody' }] }),
      () => openai.responses.retrieve(first.id),
      () => openai.responses.delete(first.id),
      () => openai.responses.create({ model: 'assistant', input: 'news?', tools: [{ type: 'web_search' }] }),
    ]) {
      await attempt().then(() => say({ status: 200 }), (error) => say({ status: error.status, code: error.code }));
    }
  },
  async embeddings() {
    for (const format of [undefined, 'float', 'base64']) {
      const answer = await openai.embeddings.create({ model: 'embeddings', input: ['one', 'two'], encoding_format: format });
      say({ format, count: answer.data.length, first: typeof answer.data[0].embedding === 'string' ? 'text' : answer.data[0].embedding.length, tokens: answer.usage.total_tokens });
    }
    const { embeddings } = await embedMany({ model: vercel.openai.embedding('embeddings'), values: ['one', 'two'], maxRetries: 0 });
    say({ format: 'ai', count: embeddings.length, first: embeddings[0].length });
  },
  async azure() {
    const client = azure('2025-04-01-preview');
    const completion = await client.chat.completions.create({ model: 'assistant', messages });
    say({ text: completion.choices[0].message.content });
    const stream = client.chat.completions.stream({ model: 'assistant', messages });
    say({ text: await stream.finalContent() });
    say({ text: (await client.responses.create({ model: 'assistant', input: question })).output_text });
    say({ count: (await client.embeddings.create({ model: 'embeddings', input: 'one' })).data.length });
    const next = new OpenAI({ baseURL: `${gateway}openai/v1`, apiKey, maxRetries: 0 });
    say({ text: (await next.responses.create({ model: 'assistant', input: question })).output_text });
    await client.chat.completions.create({ model: 'board-assistant', messages }).catch((error) => say({ status: error.status, code: error.code, kind: error.constructor.name }));
  },
  async anthropic() {
    const request = { model: 'claude', max_tokens: 256, messages };
    const plain = await anthropic.messages.create(request);
    say({ text: plain.content[0].text, usage: plain.usage.output_tokens });
    const stream = anthropic.messages.stream(request);
    let text = '';
    stream.on('text', (delta) => { text += delta; });
    const final = await stream.finalMessage();
    say({ text, again: final.content[0].text, reason: final.stop_reason });
    const tools = [{ name: 'find', description: 'Finds a customer', input_schema: parameters }];
    const call = await anthropic.messages.stream({ ...request, tools }).finalMessage();
    const answered = await anthropic.messages.create({
      ...request, tools,
      messages: [...messages, { role: 'assistant', content: call.content }, { role: 'user', content: [{ type: 'tool_result', tool_use_id: call.content[0].id, content: 'one customer' }] }],
    });
    say({ text: answered.content[0].text, input: call.content.map((block) => block.input) });
    say({ tokens: (await anthropic.messages.countTokens({ model: 'claude', messages })).input_tokens });
    await anthropic.messages.create({ ...request, model: 'nothing' }).catch((error) => say({ status: error.status, kind: error.constructor.name }));
  },
  'ai-responses': () => ofVercel(vercel.openai.responses('assistant'), { openai: { store: false } }),
  'ai-chat': () => ofVercel(vercel.openai.chat('assistant')),
  'ai-anthropic': () => ofVercel(vercel.anthropic('claude')),
};

await runs[what]().catch((error) => {
  say({ error: error.constructor.name, status: error.status ?? error.statusCode ?? null, message: error.message });
  process.exitCode = 1;
});
