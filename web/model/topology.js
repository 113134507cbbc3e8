/**
 * Who is joined to whom. Made of the lab's own description; nothing here knows what a router does with a packet.
 *
 * @typedef {{name: string, kind: string, addresses: string[]}} TopologyNode kind: "host", "router" ...
 * @typedef {{name: string, between?: string[], ends: [number, number]}} TopologyLink ends: a and b, as numbers of nodes; between: the
 *   same with their interfaces, "client:0"
 */
export class Topology {
  /** @param {TopologyNode[]} nodes @param {TopologyLink[]} links */
  constructor(nodes, links) {
    this.nodes = nodes;
    this.links = links;
  }

  /** @param {{nodes: any[], links: any[]}} described what the engine says of its lab */
  static of({ nodes, links }) {
    const number = new Map(nodes.map((node, i) => [node.name, i]));
    const end = (/** @type {string} */ text) => number.get(text.split(':')[0]) ?? 0;
    return new Topology(
      nodes.map(({ name, kind = 'host', interfaces = [] }) => ({
        name,
        kind,
        addresses: interfaces.flatMap((/** @type {any} */ { address }) => (address ? String(address).split('/')[0] : [])),
      })),
      links.map(({ name = '', between = [] }) => ({ name, between, ends: [end(between[0] ?? ''), end(between[1] ?? '')] })),
    );
  }

  /** Two hosts and one cable: there is nothing to draw between them but the cable. */
  get isCable() {
    return this.nodes.length <= 2 && this.links.length <= 1;
  }

  /** From whom to whom a frame goes. @param {{link: number, direction: number}} frame @returns {[number, number]} */
  way({ link, direction }) {
    const [a, b] = this.links[link]?.ends ?? [0, 1];
    return direction === 0 ? [a, b] : [b, a];
  }

  /** Does a frame go away from the first node, where the second is at the other side? @param {{link: number, direction: number}} frame */
  goesRight(frame) {
    return this.way(frame)[0] === 0;
  }

  /** Who is at the other end of the link at an interface; '': no link is there. @param {number} node @param {number} iface */
  beyond(node, iface) {
    const here = `${this.nodes[node]?.name}:${iface}`;
    for (const { between = [] } of this.links) {
      const at = between.indexOf(here);
      if (at >= 0) return between[1 - at].split(':')[0];
    }
    return '';
  }

  /** The links that a node is on. @param {number} node @returns {number[]} */
  linksOf(node) {
    return this.links.flatMap(({ ends }, link) => (ends.includes(node) ? [link] : []));
  }

  /** @param {number} node @returns {number[]} */
  neighbours(node) {
    return this.links.flatMap(({ ends: [a, b] }) => (a === node ? [b] : b === node ? [a] : []));
  }

  /** How many links away each node is; unreachable ones are behind all others. @param {number} from @returns {number[]} */
  distances(from) {
    const far = this.nodes.map(() => -1);
    far[from] = 0;
    const queue = [from];
    for (let node = queue.shift(); node !== undefined; node = queue.shift()) {
      for (const next of this.neighbours(node)) {
        if (far[next] >= 0) continue;
        far[next] = far[node] + 1;
        queue.push(next);
      }
    }
    const last = Math.max(...far) + 1;
    return far.map((each) => (each < 0 ? last : each));
  }

  /** The nodes of a shortest way, both ends among them; without one, the two ends. @param {number} from @param {number} to @returns {number[]} */
  path(from, to) {
    const far = this.distances(to);
    const nodes = [from];
    for (let node = from; node !== to; ) {
      const next = this.neighbours(node).find((each) => far[each] === far[node] - 1);
      if (next === undefined) return [from, to];
      nodes.push((node = next));
    }
    return nodes;
  }
}
