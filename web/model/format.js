/** Numbers for people, the same in every language: digits, units, tabular. */

/** "20.1 ms", "1.00 s", "350 µs". @param {number} us */
export function timeText(us) {
  const size = Math.abs(us);
  if (size < 1000) return `${Math.round(us)} µs`;
  if (size < 1_000_000) return `${trim(us / 1000, size < 100_000 ? 1 : 0)} ms`;
  return `${trim(us / 1_000_000, size < 10_000_000 ? 2 : 1)} s`;
}

/** Beyond a second, milliseconds too: "120.160 s". @param {number} us */
export const clockText = (us) => (us < 1_000_000 ? timeText(us) : `${(us / 1_000_000).toFixed(3)} s`);

/** Short enough for the ruler beside the ladder: "20 ms", "60.07 s", "120.11". @param {number} us */
export function tickText(us) {
  if (us < 1_000_000) return timeText(us);
  return us < 100_000_000 ? `${(us / 1_000_000).toFixed(2)} s` : (us / 1_000_000).toFixed(2);
}

const WHOLE = new Intl.NumberFormat('en-US'); // one for all: making it takes longer than all else here

/** "1,448 B", "1.0 MiB". @param {number} bytes */
export function bytesText(bytes) {
  if (bytes < 10_000) return `${WHOLE.format(bytes)} B`;
  if (bytes < 1024 * 1024) return `${(bytes / 1024).toFixed(1)} KiB`;
  return `${(bytes / 1024 / 1024).toFixed(2)} MiB`;
}

/** "10 Mbit/s". @param {number} bit_per_s */
export function rateText(bit_per_s) {
  if (bit_per_s === 0) return '∞';
  if (bit_per_s >= 1e9) return `${trim(bit_per_s / 1e9, 1)} Gbit/s`;
  if (bit_per_s >= 1e6) return `${trim(bit_per_s / 1e6, 1)} Mbit/s`;
  if (bit_per_s >= 1e3) return `${trim(bit_per_s / 1e3, 1)} kbit/s`;
  return `${bit_per_s} bit/s`;
}

/** @param {number} number @param {number} digits */
function trim(number, digits) {
  const text = number.toFixed(digits);
  return text.includes('.') ? text.replace(/\.?0+$/, '') : text;
}

/** "1/100", "1". @param {number} speed simulated over real time */
export const speedText = (speed) => (speed >= 1 ? `${speed}×` : `1/${Math.round(1 / speed)}`);

/** @param {number} byte */
export const hexText = (byte) => byte.toString(16).padStart(2, '0');
