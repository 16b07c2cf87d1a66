// The official OpenAI client, as an application uses it. Prints one JSON line for each thing that happens, as it happens.
//   node openai-chat.mjs <baseURL> <key> <model> <stream|plain> <text>
import OpenAI from 'openai';

const [baseURL, apiKey, model, mode, text] = process.argv.slice(2);
const say = (value) => process.stdout.write(JSON.stringify(value) + '\n');
const client = new OpenAI({ baseURL, apiKey, maxRetries: 0 });

try {
  const request = { model, messages: [{ role: 'user', content: text }] };
  if (mode === 'plain') {
    const completion = await client.chat.completions.create(request);
    say({ content: completion.choices[0].message.content, finish: completion.choices[0].finish_reason, usage: completion.usage });
  } else if (mode === 'models') {
    const names = [];
    for await (const entry of client.models.list()) names.push(entry.id);
    say({ models: names });
  } else {
    const stream = await client.chat.completions.create({ ...request, stream: true, stream_options: { include_usage: true } });
    for await (const chunk of stream) {
      say({ delta: chunk.choices[0]?.delta?.content ?? null, finish: chunk.choices[0]?.finish_reason ?? null, usage: chunk.usage ?? null });
    }
    say({ done: true });
  }
} catch (error) {
  say({ error: error.constructor.name, status: error.status ?? null, code: error.code ?? null, message: error.message });
  process.exitCode = 1;
}
