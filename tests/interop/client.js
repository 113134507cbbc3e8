/**
 * What the tests do from inside the network namespace, with the kernel's own sockets: `node client.js WHAT ADDRESS PORT N` prints one
 * JSON object.
 */
import { createHash } from 'node:crypto';
import { createSocket } from 'node:dgram';
import { connect } from 'node:net';

const [what, address, port, count] = [process.argv[2], process.argv[3], Number(process.argv[4]), Number(process.argv[5])];

/** Bytes that are the same in each run and nowhere periodic. */
function pattern(length) {
  const bytes = Buffer.alloc(length);
  for (let i = 0, x = 1; i < length; i++) {
    x = (Math.imul(x, 1103515245) + 12345) >>> 0;
    bytes[i] = x >>> 16;
  }
  return bytes;
}

const sha256 = (bytes) => createHash('sha256').update(bytes).digest('hex');

/** Sends `bytes`, ends its side, reads to the end of the other. */
function echo(bytes) {
  return new Promise((done) => {
    const chunks = [];
    const socket = connect({ host: address, port, allowHalfOpen: true });
    socket.on('connect', () => socket.end(bytes));
    socket.on('data', (chunk) => chunks.push(chunk));
    socket.on('end', () => done({ equal: sha256(Buffer.concat(chunks)) === sha256(bytes), bytes: Buffer.concat(chunks).length }));
    socket.on('error', (error) => done({ error: error.code }));
  });
}

const commands = {
  echo: () => echo(pattern(count)),
  async many() {
    const results = await Promise.all(Array.from({ length: count }, (_, i) => echo(pattern(1000 + 97 * i))));
    return { equal: results.filter((result) => result.equal).length };
  },
  refused: () => echo(pattern(1)),
  /** Stays connected until its input ends, so that others can look at the socket. */
  hold: () =>
    new Promise((done) => {
      const socket = connect({ host: address, port }, () => socket.write(pattern(count)));
      let received = 0;
      socket.on('data', (chunk) => {
        received += chunk.length;
        if (received === count) console.log(JSON.stringify({ received }));
      });
      process.stdin.resume().on('end', () => {
        socket.end();
        socket.on('close', () => done({ closed: true }));
      });
    }),
  udp: () =>
    new Promise((done) => {
      const socket = createSocket('udp4');
      socket.on('message', (message) => {
        socket.close();
        done({ equal: message.equals(pattern(count)) });
      });
      socket.send(pattern(count), port, address);
    }),
};

console.log(JSON.stringify(await commands[what]()));
