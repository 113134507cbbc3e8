/**
 * Plays a lesson in the terminal, as its author wants to see it: what each step says, what the stack answers, and
 * the segments that fly. `node tests/lessons/play.js 05-handshake [ko|en] [--events]`
 */
import { LANGUAGES } from '../../web/i18n/bundle.js';
import { kindOf } from '../../web/model/lesson.js';
import { readLesson, take, textsOf } from './support.js';

const [name, language = 'ko'] = process.argv.slice(2).filter((arg) => !arg.startsWith('--'));
const all_events = process.argv.includes('--events');
const bundle = textsOf(name, LANGUAGES.find((each) => each === language) ?? 'ko');
const lesson = readLesson(name);
let seen = 0;

/** @param {string} id @param {string} attribute @param {Record<string, any>} values */
function text(id, attribute, values) {
  const message = bundle.getMessage(id);
  const pattern = attribute ? message?.attributes[attribute] : message?.value;
  return pattern ? bundle.formatPattern(pattern, values) : `(no text ${id}${attribute ? `.${attribute}` : ''})`;
}

/** What has happened since the last time. @param {import('../../wasm/engine.js').Lab} lab */
function tell(lab) {
  const names = lab.hosts.map((host) => host.name);
  for (const event of lab.events(seen)) {
    seen = event.id;
    const { id, t_us, kind, node, ...rest } = event;
    const dull = /^(cause|layer|iface|unused.*|.*_code)$/;
    const fields = Object.entries(rest)
      .filter(([key, value]) => value !== null && value !== 0 && !dull.test(key))
      .map(([key, value]) => `${key}=${value}`);
    const wanted = /^(tcp_segment_sent|tcp_state|tcp_discarded|frame_lost|packet_dropped|udp_|icmp_|arp_|tcp_timer_fired|socket_call|action|tcp_lost|tcp_dup|socket_ready)/;
    if (all_events || (wanted.test(kind) && event.result_name !== 'EAGAIN'))
      {console.log(`      ${(t_us / 1000).toFixed(3).padStart(10)} ms #${id} ${node === null ? '' : names[node]} ${kind} ${fields.join(' ')}`);}
  }
}

console.log(`== ${text('title', '', {})}\n   ${text('about', '', {})}`);
const run = await take(lesson, {
  answer: ({ verdict }) => verdict?.right ?? '',
  task: (each) => each.showHow(),
  after(each) {
    const step = /** @type {Record<string, any>} */ (each.step);
    console.log(`\n-- ${kindOf(step)} ${step.id}${each.astray ? '   ASTRAY: the stop does not come' : ''}`);
    console.log(`   ${text(step.id, '', each.kind === 'predict' ? each.asked_values : each.values)}`);
    if (each.verdict) console.log(`   the stack: ${JSON.stringify(each.verdict)}\n   ${text(step.id, 'after', each.values)}`);
    if (each.kind === 'task') console.log(`   done: ${each.isDone}`);
    tell(each.stage.lab);
  },
});
console.log(`\n== ${text('end', '', {})}\n   ${JSON.stringify(run.score)}`);
