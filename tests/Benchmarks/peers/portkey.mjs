// @portkey-ai/gateway as its package starts it, on a free loopback port. Prints "listening {address}" and ends with its parent.
import net from 'node:net';
import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';

// It binds every address, and a port that must be given.
const listen = net.Server.prototype.listen;
net.Server.prototype.listen = function (...args) {
  const done = args.findLast((a) => typeof a === 'function');
  return listen.call(this, { port: 0, host: '127.0.0.1' }, () => {
    done?.();
    process.stdout.write(`listening http://127.0.0.1:${this.address().port}\n`);
  });
};

process.env.NODE_ENV = 'production';
process.argv.push('--headless');
process.stdin.on('end', () => process.exit(0)).resume();
await import(pathToFileURL(createRequire(import.meta.url).resolve('@portkey-ai/gateway/build/start-server.js')).href);
