/**
 * What the engine throws. `code` is the POSIX name of what went wrong (EINVAL, ECONNREFUSED ...), `message` a sentence;
 * where input was at fault it begins with its path: `links[0].delay_ms: expected a number >= 0, got "fast"`.
 * Two codes are our own: EFAULT when the stack stopped at a broken invariant (the lab is of no use afterwards), and
 * ENOEXEC when the module could not be loaded.
 */
export class LabError extends Error {
  /**
   * @param {string} code
   * @param {string} message
   * @param {{cause?: unknown, reply?: object}} [more] reply: all that the command answered
   */
  constructor(code, message, { cause, reply } = {}) {
    super(message, cause === undefined ? undefined : { cause });
    this.name = 'LabError';
    this.code = code;
    this.reply = reply ?? null;
  }
}

/**
 * The value, when it is a whole number in a range; else it throws.
 * @param {string} name
 * @param {unknown} value
 * @param {number} min
 * @param {number} max
 */
export function checkInteger(name, value, min, max) {
  if (typeof value === 'number' && Number.isInteger(value) && value >= min && value <= max) return value;
  throw new LabError('EINVAL', `${name}: expected a whole number from ${min} to ${max}, got ${JSON.stringify(value)}`);
}
