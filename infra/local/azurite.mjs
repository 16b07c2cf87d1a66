// Azurite for the local run: node azurite.mjs <data folder> <blob port> <queue port> <table port>
//
// The parent holds stdin open and writes one line when its records say that the data folder is ours. When stdin closes, however the
// parent ended, Azurite is ended as by SIGTERM: it saves its tables every 5 s only, and a kill would lose what it has acknowledged.
// Ctrl-C reaches every process of the terminal. It is left to the parent, which may still write while it ends.

import { createRequire } from 'node:module';

const secondsToEnd = 30;
const [dataFolder, blobPort, queuePort, tablePort] = process.argv.slice(2);

let started = false;
let listening = false;
let ending = false;

function end() {
  if (ending) return;
  ending = true;
  process.stdin.destroy();
  if (!started) process.exit(0);
  setTimeout(() => process.exit(1), secondsToEnd * 1000).unref();
  if (listening) process.emit('SIGTERM');
}

// A parent that was killed reads no output any more; Azurite must not fail by that before it has saved.
process.stdout.on('error', () => {});
process.stderr.on('error', () => {});
for (const signal of ['SIGINT', 'SIGHUP', 'SIGQUIT']) process.on(signal, () => {});
process.on('SIGTERM', end);

// Azurite takes its signal handlers when all three services listen, as the last step of its start.
process.on('newListener', (name, listener) => {
  if (name === 'SIGINT') setImmediate(() => process.removeListener(name, listener));
  if (name === 'SIGTERM') {
    listening = true;
    if (ending) setImmediate(() => process.emit('SIGTERM'));
  }
});

process.stdin.once('data', () => {
  started = true;
  for (const name of Object.keys(process.env)) if (name.startsWith('AZURITE_')) delete process.env[name];
  process.argv = [
    process.argv[0], 'azurite', '--silent', '--disableTelemetry', '--skipApiVersionCheck', '--loose', '--location', dataFolder,
    '--blobHost', '127.0.0.1', '--queueHost', '127.0.0.1', '--tableHost', '127.0.0.1',
    '--blobPort', blobPort, '--queuePort', queuePort, '--tablePort', tablePort,
  ];
  createRequire(import.meta.url)('azurite/dist/src/azurite.js');
});
for (const event of ['end', 'close', 'error']) process.stdin.once(event, end);
