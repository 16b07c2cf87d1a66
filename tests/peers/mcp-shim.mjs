// Stands before a gateway on loopback and adds the credential that the protocol's conformance suite cannot send. Everything else passes as it is, Host and Origin too.
//   node mcp-shim.mjs <gateway> <key>      prints its address
import { createServer, request } from 'node:http';

const [gateway, key] = process.argv.slice(2);
const target = new URL(gateway);

const server = createServer((from, to) => {
  const onward = request(
    { host: target.hostname, port: target.port, method: from.method, path: from.url, headers: { ...from.headers, authorization: `Bearer ${key}` } },
    (answer) => {
      to.writeHead(answer.statusCode, answer.headers);
      answer.pipe(to);
    });
  onward.on('error', () => to.destroy());
  to.on('close', () => onward.destroy());
  from.pipe(onward);
});
server.listen(0, '127.0.0.1', () => console.log(`http://127.0.0.1:${server.address().port}`));
