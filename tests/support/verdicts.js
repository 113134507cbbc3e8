/** Our analysis of a capture beside Wireshark's: the same verdict on the same segment. */
import assert from 'node:assert/strict';

import { packets, tcplab } from '../tshark/cli.js';

/** Ours by theirs. */
const VERDICTS = {
  retransmission: 'RETRANSMISSION',
  fast_retransmission: 'FAST_RETRANSMISSION',
  spurious_retransmission: 'SPURIOUS_RETRANSMISSION',
  out_of_order: 'OUT_OF_ORDER',
  lost_segment: 'LOST_SEGMENT',
  ack_lost_segment: 'ACK_LOST_SEGMENT',
  zero_window: 'ZERO_WINDOW',
  window_full: 'WINDOW_FULL',
  keep_alive: 'KEEP_ALIVE',
};

/** Numbers of the packets with each verdict. @param {string} pcap */
export function analyse(pcap) {
  const { status, stdout } = tcplab(['analyse', pcap, '--packets']);
  assert.equal(status, 0);
  const found = /** @type {Record<string, number[]>} */ ({});
  for (const line of stdout.split('\n')) {
    const match = line.match(/^ *(\d+) +[\d.]+ #\d+ [<>] .*? {2}\w+ \w+(?: rtt [\d.]+ ms)?((?: [A-Z_]+)*)$/);
    for (const verdict of match?.[2].split(' ').filter(Boolean) ?? []) (found[verdict] ??= []).push(Number(match?.[1]));
  }
  return { found, stdout };
}

/** @param {string} pcap @param {string[]} names */
export function compare(pcap, names = Object.keys(VERDICTS)) {
  const { found } = analyse(pcap);
  for (const name of names) assert.deepEqual(found[VERDICTS[name]] ?? [], packets(pcap, `tcp.analysis.${name}`), name);
  return found;
}

/**
 * Duplicate acknowledgments and window updates: newer versions of tshark count one with another window as a duplicate
 * when it has SACK blocks; so both together are compared.
 */
export function compareRepeats(pcap, found) {
  const ours = [...(found.DUP_ACK ?? []), ...(found.WINDOW_UPDATE ?? [])].sort((a, b) => a - b);
  assert.deepEqual(ours, packets(pcap, 'tcp.analysis.duplicate_ack || tcp.analysis.window_update'));
}
