/** The lab that the page opens with: two hosts, one cable, a server program that waits on TCP port 80 and UDP port 5000. */
export const TCP_PORT = 80;
export const UDP_PORT = 5000;

export const FIRST_SCENARIO = {
  tcplab: 1,
  title: 'Two hosts, one cable',
  seed: 1,
  nodes: [
    { name: 'client', kind: 'host', interfaces: [{ address: '10.0.0.1/24', mac: '02:00:00:00:00:01' }] },
    {
      name: 'server',
      kind: 'host',
      interfaces: [{ address: '10.0.0.2/24', mac: '02:00:00:00:00:02' }],
      apps: [
        { app: 'receiver', port: TCP_PORT, protocol: 'tcp', close: false, keep: true },
        { app: 'receiver', port: UDP_PORT, protocol: 'udp', keep: true },
      ],
    },
  ],
  links: [{ name: 'wire', between: ['client', 'server'], delay_ms: 20, rate_bit_per_s: 10_000_000, queue_frames: 100 }],
};

/**
 * When the last thing happens that a run has planned: its scenario's actions and programs, and what a person did in it. What waits
 * for an event has no time of its own.
 * @param {Record<string, any>} scenario @param {{at_us: number}[]} [done]
 */
export function plannedEnd_us({ actions = [], nodes = [] }, done = []) {
  const apps = nodes.flatMap((/** @type {any} */ node) => node.apps ?? []);
  const times_ms = [...actions.map((/** @type {any} */ { at_ms = 0 }) => at_ms), ...apps.map((/** @type {any} */ { start_ms = 0 }) => start_ms)];
  return Math.max(0, ...times_ms.map((ms) => ms * 1000), ...done.map(({ at_us }) => at_us));
}
