/**
 * Reads records of the module's memory by the description that the module gives of itself (wasm/layout.c), and turns
 * their numbers into names. No offset and no name of the protocol stands in JavaScript.
 */

/**
 * A field of a record: where it lies and how it is read.
 * @typedef {object} Field
 * @property {string} name
 * @property {string} type u8 u16 u32 i32 u64 i64, string (address of a constant), text (characters in place)
 * @property {number} offset from the record's start, in bytes
 * @property {string | null} meaning what the number stands for: a list's name, 'ipv4', 'status', or nothing
 */

/**
 * @typedef {object} Kind
 * @property {string} name
 * @property {string} layer lab, link, internet, transport, socket, application, any
 * @property {Field[]} fields
 */

/** @typedef {{document: string, section: string, text: string}} Rule */

/** @typedef {{file: string, function: string}} Site where in core/ something is decided */

const TWO_TO_32 = 4294967296;

/**
 * @param {DataView} view
 * @param {number} at
 * @param {string} type
 * @returns {number | null} null for INT64_MAX, which is "never"
 */
export function readNumber(view, at, type) {
  switch (type) {
    case 'u8':
      return view.getUint8(at);
    case 'u16':
      return view.getUint16(at, true);
    case 'u32':
      return view.getUint32(at, true);
    case 'i32':
      return view.getInt32(at, true);
    case 'u64':
      return view.getUint32(at + 4, true) * TWO_TO_32 + view.getUint32(at, true);
    case 'i64': {
      const high = view.getInt32(at + 4, true);
      const low = view.getUint32(at, true);
      return high === 0x7fffffff && low === 0xffffffff ? null : high * TWO_TO_32 + low;
    }
    default:
      throw new TypeError(`no such type: ${type}`);
  }
}

/** @param {number} address in host order */
export const ipv4Text = (address) =>
  `${address >>> 24}.${(address >>> 16) & 255}.${(address >>> 8) & 255}.${address & 255}`;

/** @param {any[][]} rows [name, type, offset, meaning?] */
const fieldsOf = (rows) =>
  rows.map(([name, type, offset, meaning = null]) => /** @type {Field} */ ({ name, type, offset, meaning }));

export class Layout {
  /** @param {any} json what layout.c wrote */
  constructor(json) {
    /** The head that every event has. */
    this.event = { bytes: /** @type {number} */ (json.event.bytes), fields: fieldsOf(json.event.members) };
    this.noNode = /** @type {number} */ (json.event.no_node);
    this.dissect = { ...json.dissect, fields: fieldsOf(json.dissect.members) };
    this.frame = { fields: fieldsOf(json.frame.members) };

    /** @type {Kind[]} by number */
    this.kindList = json.kinds.map((/** @type {any[]} */ [name, layer, rows]) => ({ name, layer, fields: fieldsOf(rows) }));
    /** @type {Record<string, Kind>} by name */
    this.kinds = Object.fromEntries(this.kindList.map((kind) => [kind.name, kind]));

    /** @type {string[]} by number */
    this.ruleNames = json.rules.map((/** @type {string[]} */ [name]) => name);
    /** @type {Record<string, Rule>} by name */
    this.rules = Object.fromEntries(
      json.rules
        .slice(1) // the first is "none"
        .map((/** @type {string[]} */ [name, document, section, text]) => [name, { document, section, text }]),
    );

    /** @type {(text: string) => Site} */
    const siteOf = (text) => ({ file: text.split(' ')[0], function: text.split(' ')[1] });
    const sitesOf = (/** @type {Record<string, string[]>} */ lists, /** @type {(name: string) => string} */ nameOf) =>
      Object.fromEntries(Object.entries(lists).map(([name, sites]) => [nameOf(name), sites.map(siteOf)]));
    /** @type {{rules: Record<string, Site[]>, kinds: Record<string, Site[]>}} functions that ask for a rule, or emit a kind */
    this.sites = { rules: sitesOf(json.sites.rules, (name) => name), kinds: sitesOf(json.sites.kinds, (name) => name.toLowerCase()) };

    /** @type {Record<string, string[]>} enumerations (by number) and flags (by bit) */
    this.names = { ...json.enums, ...json.flags };
    /** @type {Record<string, string[]>} */
    this.flags = json.flags;
    /** @type {Record<string, string[]>} English phrases, in the order of `names` */
    this.phrases = json.phrases;
    /** @type {Record<string, string[]>} programs and their lines */
    this.apps = json.apps;
    /** @type {Map<number, string>} negative numbers */
    this.statusNames = new Map(Object.entries(json.status).map(([name, number]) => [-Number(number), name]));
  }

  /**
   * Flags as people write them: 'SYN,ACK'; 'none' when there is none.
   * @param {string} list
   * @param {number} value
   */
  flagsText(list, value) {
    const set = this.flags[list].filter((_, bit) => value & (1 << bit));
    return set.length ? set.join(',') : 'none';
  }

  /**
   * Sets `into[field.name]`, and what people want to read beside it.
   *   enum    name: 'LISTEN', name_code: 1        flags   name: 18, name_text: 'SYN,ACK'
   *   ipv4    name: 167772161, name_text: '10.0.0.1'      status  name: -11, name_name: 'EAGAIN' (null when it is no error)
   * @param {Record<string, any>} into
   * @param {Field} field
   * @param {number | null} value
   */
  assign(into, { name, meaning }, value) {
    into[name] = value;
    if (meaning === null || value === null) return;
    if (meaning === 'ipv4') into[`${name}_text`] = ipv4Text(value);
    else if (meaning === 'status') into[`${name}_name`] = this.statusNames.get(value) ?? null;
    else if (meaning in this.flags) into[`${name}_text`] = this.flagsText(meaning, value);
    else {
      into[name] = this.names[meaning]?.[value] ?? String(value);
      into[`${name}_code`] = value;
    }
  }
}
