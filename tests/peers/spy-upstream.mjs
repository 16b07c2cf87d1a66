// An OpenAI-compatible upstream in a process of its own. It records what reaches it, byte for byte, and answers by a script that a test
// sets: so a test decides when each chunk leaves, and sees when the gateway hangs up.
//
//   PUT  /spy/script    [{ "send": "raw text" } | { "hold": "name" } | { "destroy": true } ...], used by every request from then on
//   POST /spy/release   { "hold": "name" }: lets every request go on that waits there, now or later
//   GET  /spy/requests  [{ method, path, headers, body (base64), cancelled, sent }]
//   PUT  /spy/head      { "status": 200, "headers": { ... } }
import { createServer } from 'node:http';

const state = { script: [], head: { status: 200, headers: { 'content-type': 'text/event-stream' } }, released: new Set(), waiting: [], requests: [] };

function release(name) {
  state.released.add(name);
  state.waiting = state.waiting.filter((w) => w.name !== name || (w.go(), false));
}

const held = (name) => (state.released.has(name) ? Promise.resolve() : new Promise((go) => state.waiting.push({ name, go })));

async function readAll(request) {
  const chunks = [];
  for await (const chunk of request) chunks.push(chunk);
  return Buffer.concat(chunks);
}

async function control(request, response, path) {
  const body = await readAll(request);
  if (path === '/spy/requests') {
    response.setHeader('content-type', 'application/json');
    response.end(JSON.stringify(state.requests));
    return;
  }

  const value = JSON.parse(body.toString('utf8'));
  if (path === '/spy/script') {
    state.script = value;
    state.released.clear();
    state.requests.length = 0;
  } else if (path === '/spy/head') {
    state.head = value;
  } else if (path === '/spy/release') {
    release(value.hold);
  }

  response.end();
}

async function answer(request, response) {
  const record = { method: request.method, path: request.url, headers: request.rawHeaders, body: '', cancelled: false, sent: 0 };
  state.requests.push(record);
  record.body = (await readAll(request)).toString('base64');
  response.on('close', () => { record.cancelled = !response.writableFinished; });
  response.writeHead(state.head.status, state.head.headers);
  response.flushHeaders();
  let sent;
  for (const step of state.script) {
    if (record.cancelled) return;
    if (step.hold) await held(step.hold);
    if (step.destroy) {
      // What was sent before the end is sent: destroyed at once it might never leave.
      await sent;
      response.destroy();
      return;
    }
    if (step.send) {
      sent = new Promise((done) => response.write(step.send, done));
      record.sent += 1;
    }
  }

  response.end();
}

const server = createServer((request, response) => {
  const handled = request.url.startsWith('/spy/') ? control(request, response, request.url) : answer(request, response);
  handled.catch(() => response.destroy());
});
server.listen(0, '127.0.0.1', () => console.log(`listening ${server.address().port}`));
// The test that started it holds its input open: when the test is gone, so is the spy.
process.stdin.resume();
process.stdin.on('end', () => process.exit(0));
