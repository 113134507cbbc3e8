/** What is impossible is an exception with a sentence, and does no harm to the lab. */
import assert from 'node:assert/strict';
import test from 'node:test';

import { Lab, LabError } from '../../wasm/engine.js';
import { fingerprint, makeLab, openConnection, twoHosts, wasm } from './support.js';

/** What a wrong scenario says. */
const complaint = async (scenario) => {
  try {
    await makeLab(scenario);
  } catch (error) {
    assert.ok(error instanceof LabError, String(error));
    return `${error.code} ${error.message}`;
  }
  return 'nothing';
};

test('a fault in a scenario is named by its path', async () => {
  assert.match(await complaint(twoHosts({ delay_ms: 'fast' })), /^EINVAL links\[0\]\.delay_ms: .*"fast"/);
  assert.match(await complaint(twoHosts({ between: ['client', 'nobody'] })), /^EINVAL links\[0\]\.between\[1\]: .*nobody/);
  assert.match(await complaint(twoHosts({ loss: 1.5 })), /^EINVAL links\[0\]\.loss: /);
  assert.match(await complaint({ tcplab: 2 }), /^EINVAL tcplab: /);
  const twice = twoHosts();
  twice.nodes[1].name = 'client';
  assert.match(await complaint(twice), /^EINVAL nodes\[1\]/);
  const address = twoHosts();
  address.nodes[0].interfaces[0].address = '10.0.0.256/24';
  assert.match(await complaint(address), /^EINVAL nodes\[0\]\.interfaces\[0\]\.address: /);
});

test('options are checked before anything is made', async () => {
  const with_ = (options) => Lab.create({ wasm, scenario: twoHosts(), ...options });
  await assert.rejects(with_({ scenario: 'text' }), { code: 'EINVAL', message: /^scenario: / });
  await assert.rejects(with_({ scenario: [] }), { code: 'EINVAL' });
  await assert.rejects(with_({ memory_mib: 'much' }), { code: 'EINVAL', message: /^memory_mib: .*"much"/ });
  await assert.rejects(with_({ seed: -1 }), { code: 'EINVAL', message: /^seed: / });
  await assert.rejects(with_({ seed: 0.5 }), { code: 'EINVAL', message: /^seed: / });
  await assert.rejects(with_({ actions: {} }), { code: 'EINVAL', message: /^actions: / });
  await assert.rejects(with_({ actions: [{ at_us: 5, command: { do: 'describe' } }, { at_us: 4, command: { do: 'describe' } }] }), {
    message: /^actions\[1\]\.at_us: /,
  });
  await assert.rejects(with_({ actions: [{ at_us: 5 }] }), { message: /^actions\[0\]\.command\.do: / });
});

test('commands that cannot be', async () => {
  const lab = await makeLab();
  const command = (object) => () => lab.command(object);
  assert.throws(command({ do: 'fly' }), { name: 'LabError', code: 'EINVAL' });
  assert.throws(command({}), { code: 'EINVAL' });
  assert.throws(command(/** @type {any} */ (null)), { code: 'EINVAL' });
  assert.throws(command({ do: 'socket', node: 'nobody', type: 'tcp' }), { name: 'LabError', message: /node: / });
  assert.throws(command({ do: 'socket', node: 'client', type: 'pigeon' }), { message: /type: / });
  assert.throws(command({ do: 'drop', frame: 17 }), { name: 'LabError' });
  assert.throws(() => lab.host('nobody'), { code: 'ENOENT' });
  const socket = lab.host('client').socket();
  assert.throws(() => socket.connect('10.0.0:80'), { name: 'LabError', message: /to: / });
  assert.throws(() => socket.connect('10.0.0.2:99999'), { name: 'LabError', message: /to: / });
  assert.throws(() => socket.send('x'), { name: 'LabError', code: 'ENOTCONN' });
  assert.throws(() => socket.send(/** @type {any} */ (17)), { code: 'EINVAL' });
  assert.throws(() => socket.set('TCP_MAGIC', 1), { name: 'LabError', message: /option: / });
  assert.throws(() => socket.bind('10.9.9.9:80'), { code: 'EADDRNOTAVAIL' });
  socket.close();
  assert.throws(() => socket.close(), { code: 'EBADF' });
});

test('a refused connection says so', async () => {
  const lab = await makeLab();
  const socket = lab.host('client').socket();
  socket.connect('10.0.0.2:81');
  lab.runFor(500_000);
  assert.throws(() => socket.recv(), { code: 'ECONNREFUSED', message: /refused/ });
});

test('times and numbers that cannot be', async () => {
  const lab = await makeLab();
  lab.runFor(1000);
  for (const wrong of [999, -1, NaN, Infinity, '2000x', 2 ** 60]) assert.throws(() => lab.runUntil(/** @type {any} */ (wrong)), { code: 'EINVAL' }, String(wrong));
  assert.throws(() => lab.runUntil(2000, { maxEvents: 0 }), { code: 'EINVAL' });
  for (const wrong of [-1, NaN, 2 ** 60]) assert.throws(() => lab.seek(wrong), { code: 'EINVAL' });
  for (const wrong of [0, -1, 1.5, 2 ** 32]) assert.throws(() => lab.frame(wrong), { code: 'EINVAL' });
  assert.throws(() => lab.dissect(/** @type {any} */ ('frame')), { code: 'EINVAL' });
  assert.throws(() => lab.dissect(new Uint8Array(70_000)), { code: 'EINVAL' });
  assert.throws(() => lab.pcapng({ view: /** @type {any} */ ('some') }), { code: 'EINVAL' });
  assert.throws(() => lab.pcapng({ view: 'end', end: 2 }), { code: 'EINVAL' });
  assert.equal(lab.now_us, 1000);
});

test('snapshots that are none', async () => {
  const lab = await makeLab();
  const good = lab.snapshot();
  assert.throws(() => lab.restore(new Uint8Array(0)), { code: 'EINVAL' });
  assert.throws(() => lab.restore(new Uint8Array(100)), { code: 'EINVAL' });
  assert.throws(() => lab.restore(good.subarray(0, 40)), { code: 'EINVAL' });
  assert.throws(() => lab.restore(good.subarray(0, good.length - 100_000)), { code: 'EINVAL' });
  const other = await makeLab(twoHosts({ delay_ms: 3 }));
  assert.throws(() => other.restore(good), { code: 'EINVAL', message: /another scenario/ });
});

test('what failed has left no mark', async () => {
  const lab = await makeLab();
  const pure = await makeLab();
  for (const wrong of [{ do: 'fly' }, { do: 'drop', frame: 'some' }, { do: 'link', link: 'wire', loss: 7 }]) assert.throws(() => lab.command(wrong), LabError);
  assert.deepEqual(lab.actions, []);
  openConnection(lab);
  openConnection(pure);
  assert.equal(fingerprint(lab), fingerprint(pure));
});

test('random commands never break a lab', async () => {
  const lab = await makeLab();
  let x = 1;
  const random = (count) => (x = (x * 48271) % 2147483647) % count;
  const pick = (list) => list[random(list.length)];
  const words = ['client', 'server', 'wire', 0, 1, 2, -1, 80, 65536, 1e300, '10.0.0.2:80', '10.0.0.2', '', null, true, {}, [], 'x'.repeat(300), '"\\'];
  const socket = ['node', 'socket'];
  const verbs = {
    ...{ socket: ['node', 'type'], bind: [...socket, 'port', 'address'], listen: [...socket, 'backlog'], accept: socket },
    ...{ connect: [...socket, 'to'], send: [...socket, 'text'], sendto: [...socket, 'to', 'text', 'chunk'] },
    ...{ recv: [...socket, 'max'], recvfrom: [...socket, 'max'], shutdown: [...socket, 'how'], close: socket, abort: socket },
    ...{ setsockopt: [...socket, 'option', 'value'], start: ['node', 'app'], stop: ['node', 'app'], ping: ['node', 'to', 'count'] },
    ...{ link: ['link', 'loss', 'delay_ms', 'rate_bit_per_s', 'up'], drop: ['frame'], delay: ['frame', 'by_ms'], duplicate: ['frame'] },
    ...{ corrupt: ['frame', 'offset', 'bit'], drop_next: ['link', 'direction', 'match', 'count'], add_link: ['between'], describe: [] },
  };
  const likely = {
    ...{ node: ['client', 'server'], type: ['tcp', 'udp', 'ping'], socket: [1, 2, 3, 4], port: [80, 0, 5000], address: ['10.0.0.1:80'] },
    ...{ to: ['10.0.0.2:80', '10.0.0.1:5000'], text: ['hello', ''], how: ['read', 'write', 'both'], option: ['TCP_NODELAY', 'SO_RCVBUF'] },
    ...{ value: [1, 0, 5000], app: [{ app: 'echo', port: 7 }, 1], link: ['wire'], loss: [0, 0.1], up: [true], frame: [1, 5, 20], match: ['syn', 'any'] },
  };
  let failed = 0;
  for (let i = 0; i < 3000; i++) {
    const [verb, members] = pick(Object.entries(verbs));
    const command = { do: verb };
    for (const member of members) if (random(12) > 0) command[member] = random(8) > 0 && member in likely ? pick(likely[member]) : pick(words);
    try {
      lab.command(command);
    } catch (error) {
      assert.ok(error instanceof LabError && error.code !== 'EFAULT', `${JSON.stringify(command)}: ${error}`);
      failed++;
    }
    if (i % 10 === 0) lab.runFor(random(50_000));
  }
  assert.ok(failed > 500 && failed < 2700, `${failed} of 3000 failed`);
  assert.equal(lab.describe().nodes.length, 2);
});
