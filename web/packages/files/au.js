/**
 * A lesson as an assignable unit of cmi5 (Quartz): it reads its launch from the address, gets a token, and sends statements to
 * the record store that it was told: initialized, answered, completed, passed or failed, terminated. This is the one part of
 * the lab that speaks to a network, and only to the endpoint of its launch.
 */
import { complain, openLab, seconds } from './unit.js';

const CATEGORY = 'https://w3id.org/xapi/cmi5/context/categories/';
const VERBS = 'http://adlnet.gov/expapi/verbs/';
const PARTS = ['endpoint', 'fetch', 'actor', 'registration', 'activityId'];

const launch = new URLSearchParams(location.search);
const lab = openLab(launch.get('lesson') ?? '');

/** ISO 8601. */
const duration = () => `PT${seconds()}S`;

/** A random UUID, version 4, where crypto.randomUUID() is not had (http). */
function uuid() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 0x0f) | 0x40;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('');
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');
}

class Store {
  /** @param {Record<string, string>} launched @param {string} token */
  constructor({ endpoint, actor, registration, activityId }, token) {
    this.endpoint = endpoint.endsWith('/') ? endpoint : `${endpoint}/`;
    this.actor = JSON.parse(actor);
    this.registration = registration;
    this.activityId = activityId;
    this.headers = { authorization: `Basic ${token}`, 'x-experience-api-version': '1.0.3', 'content-type': 'application/json' };
    /** @type {Record<string, any>} */
    this.data = { contextTemplate: {}, launchMode: 'Normal' };
    /** Statements go one after another, in their order. */
    this.queue = Promise.resolve();
  }

  /** @param {string} resource @param {Record<string, string>} query */
  async get(resource, query) {
    const response = await fetch(`${this.endpoint}${resource}?${new URLSearchParams(query)}`, { headers: this.headers });
    if (response.status === 404) return null;
    if (!response.ok) throw new Error(`${resource}: ${response.status}`);
    return response.json();
  }

  async open() {
    const { activityId, registration } = this;
    const agent = JSON.stringify(this.actor);
    const data = await this.get('activities/state', { stateId: 'LMS.LaunchData', activityId, agent, registration });
    if (!data) throw new Error('there is no LMS.LaunchData');
    this.data = data;
    await this.get('agents/profile', { profileId: 'cmi5LearnerPreferences', agent });
  }

  /**
   * @param {string} verb its last part
   * @param {{object?: any, result?: any, category?: string[], parent?: any}} [more] category: of cmi5; none for a statement of our own
   */
  statement(verb, { object, result, category = ['cmi5'], parent } = {}) {
    const template = this.data.contextTemplate ?? {};
    const given = template.contextActivities ?? {};
    const all = [...(given.category ?? []), ...category.map((name) => ({ id: CATEGORY + name }))];
    return {
      id: uuid(),
      timestamp: new Date().toISOString(),
      actor: this.actor,
      verb: { id: VERBS + verb, display: { en: verb } },
      object: object ?? { objectType: 'Activity', id: this.activityId },
      ...(result ? { result } : {}),
      context: {
        ...template,
        registration: this.registration,
        contextActivities: { ...given, ...(all.length ? { category: all } : {}), ...(parent ? { parent } : {}) },
      },
    };
  }

  /** @param {Record<string, any>} statement @param {boolean} [last] the page is going: the browser sends it on its own */
  send(statement, last = false) {
    const put = async () => {
      const address = `${this.endpoint}statements?${new URLSearchParams({ statementId: statement.id })}`;
      const response = await fetch(address, { method: 'PUT', headers: this.headers, body: JSON.stringify(statement), keepalive: last });
      if (!response.ok) throw new Error(`statements: ${response.status}`);
    };
    this.queue = last ? put() : this.queue.then(put);
    this.queue = this.queue.catch((error) => complain(`The record store did not take a statement (${error.message}). 학습 기록 저장소가 기록을 받지 않았습니다.`));
    return this.queue;
  }
}

/** @param {Store} store */
function report(store) {
  const { launchMode = 'Normal', masteryScore } = store.data;
  void store.send(store.statement('initialized'));
  lab.addEventListener('tcplab-statement', (event) => {
    const { statement } = /** @type {CustomEvent} */ (event).detail;
    if (!statement.verb.id.endsWith('/answered')) return;
    const object = { ...statement.object, id: `${store.activityId}/${statement.object.id.split(':').at(-1)}` };
    void store.send(store.statement('answered', { object, result: statement.result, category: [], parent: [{ id: store.activityId }] }));
  });
  lab.addEventListener('tcplab-complete', (event) => {
    if (launchMode !== 'Normal') return;
    const { scaled } = /** @type {CustomEvent} */ (event).detail;
    const moveOn = ['cmi5', 'moveon'];
    void store.send(store.statement('completed', { result: { completion: true, duration: duration() }, category: moveOn }));
    if (typeof masteryScore !== 'number') return;
    const success = scaled >= masteryScore;
    void store.send(store.statement(success ? 'passed' : 'failed', { result: { success, score: { scaled }, duration: duration() }, category: moveOn }));
  });
  addEventListener('pagehide', () => void store.send(store.statement('terminated', { result: { duration: duration() } }), true));
}

async function begin() {
  const missing = PARTS.filter((name) => !launch.get(name));
  if (missing.length) throw new Error(`not in the address: ${missing.join(', ')}`);
  const launched = Object.fromEntries(PARTS.map((name) => [name, String(launch.get(name))]));
  const answer = await (await fetch(launched.fetch, { method: 'POST' })).json();
  if (!answer['auth-token']) throw new Error(answer['error-text'] ?? 'no auth-token');
  const store = new Store(launched, answer['auth-token']);
  await store.open();
  report(store);
}

begin().catch((error) => complain(`This page was not launched by a learning platform with cmi5: nothing is reported (${error.message}). cmi5 학습 플랫폼에서 열리지 않아 결과를 보내지 않습니다.`));
