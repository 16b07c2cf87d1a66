// oauth2-mock-server as an issuer that does what it should not. Prints "listening {port}" and then "tokens {json}".
import net from 'node:net';

// It binds every address by itself.
const listen = net.Server.prototype.listen;
net.Server.prototype.listen = function (...args) {
  const port = typeof args[0] === 'object' && args[0] !== null ? args[0].port : args[0];
  const done = args.findLast((a) => typeof a === 'function');
  return listen.call(this, { port: port ?? 0, host: '127.0.0.1' }, done);
};

const { OAuth2Server } = await import('oauth2-mock-server');
const server = new OAuth2Server();
await server.issuer.keys.generate('RS256', { kid: 'mock-key' });
await server.start(0, '127.0.0.1');
const issuer = `http://127.0.0.1:${server.address().port}`;
server.issuer.url = issuer;
console.log(`listening ${server.address().port}`);

const good = { aud: 'https://gateway.test', sub: 'ada', client_id: 'assistant' };
async function token(change) {
  return server.issuer.buildToken({
    kid: 'mock-key',
    scopesOrTransform: (header, payload) => {
      header.typ = 'at+jwt';
      Object.assign(payload, good);
      change?.(header, payload);
    },
  });
}

const tokens = {
  good: await token(),
  plainType: await token((header) => { header.typ = 'JWT'; }),
  wrongIssuer: await token((_, payload) => { payload.iss = 'https://login.example.com'; }),
  wrongAudience: await token((_, payload) => { payload.aud = ['https://other.test']; }),
  expired: await token((_, payload) => { payload.iat -= 7200; payload.nbf = payload.iat; payload.exp = payload.iat + 60; }),
  early: await token((_, payload) => { payload.nbf += 3600; }),
  endless: await token((_, payload) => { payload.exp = payload.iat + 10 * 365 * 86400; }),
  noSubject: await token((_, payload) => { delete payload.sub; }),
  noExpiry: await token((_, payload) => { delete payload.exp; }),
  unknownKey: await token((header) => { header.kid = 'mock-key-2'; }),
};
console.log(`tokens ${JSON.stringify(tokens)}`);
process.stdin.resume();
process.stdin.on('end', () => process.exit(0));
