/** Packages for learning platforms, each opened by a small platform that does what the standard says, and no more. */
import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test from 'node:test';

import { PACKAGES, openPage, serve, takeLesson, withHosts } from './support.js';
import { unzip } from './unzip.js';

/** @param {string} name @param {(folder: string, paths: string[]) => Promise<void>} body */
async function unpacked(name, body) {
  const folder = mkdtempSync(join(tmpdir(), 'tcplab-package-'));
  try {
    await body(folder, unzip(readFileSync(join(PACKAGES, name)), folder));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** A platform with the API of SCORM 1.2, section 3: it keeps what it is told, and refuses what may not be. */
const SCORM_PLATFORM = `<!doctype html><title>LMS</title><link rel="icon" href="data:,"><script>
  const data = { 'cmi.core.lesson_status': 'not attempted', 'cmi.core.student_id': '1' };
  const log = [];
  let state = 'before', error = '0';
  const only = (during, does) => (...args) => {
    if (state !== during) { error = '301'; return 'false'; }
    error = '0';
    return does(...args);
  };
  const STATUS = ['passed', 'completed', 'failed', 'incomplete', 'browsed', 'not attempted'];
  const FORMS = [
    [/^cmi\\.core\\.lesson_status$/, (value) => STATUS.includes(value)],
    [/^cmi\\.core\\.score\\.(raw|min|max)$/, (value) => value !== '' && Number(value) >= 0 && Number(value) <= 100],
    [/^cmi\\.core\\.session_time$/, (value) => /^\\d{2,4}:\\d\\d:\\d\\d(\\.\\d{1,2})?$/.test(value)],
    [/^cmi\\.interactions\\.\\d+\\.id$/, (value) => /^[\\w.-]{1,255}$/.test(value)],
    [/^cmi\\.interactions\\.\\d+\\.type$/, (value) => ['true-false', 'choice', 'fill-in', 'matching', 'performance', 'likert', 'sequencing', 'numeric'].includes(value)],
    [/^cmi\\.interactions\\.\\d+\\.student_response$/, (value) => value.length <= 255],
    [/^cmi\\.interactions\\.\\d+\\.result$/, (value) => ['correct', 'wrong', 'unanticipated', 'neutral'].includes(value)],
  ];
  window.refused = [];
  window.API = {
    LMSInitialize: only('before', (empty) => (state = empty === '' ? 'open' : state, log.push('initialize'), 'true')),
    LMSFinish: only('open', () => (state = 'over', log.push('finish'), 'true')),
    LMSCommit: only('open', () => (log.push('commit'), 'true')),
    LMSGetValue: only('open', (name) => data[name] ?? ''),
    LMSSetValue: only('open', (name, value) => {
      const form = FORMS.find(([pattern]) => pattern.test(name));
      if (!form || typeof value !== 'string' || !form[1](value)) { window.refused.push([name, value]); error = '405'; return 'false'; }
      data[name] = value;
      return 'true';
    }),
    LMSGetLastError: () => error, LMSGetErrorString: () => '', LMSGetDiagnostic: () => '',
  };
  window.kept = () => ({ data, log, state });
</script><body><iframe id="sco" width="1000" height="700" src="/course/LAUNCH"></iframe>`;

test('SCORM 1.2: the manifest lists each lesson, and one reports answers, score and completion', async () => {
  await unpacked('tcp-lab-scorm12.zip', async (folder, paths) => {
    const manifest = readFileSync(join(folder, 'imsmanifest.xml'), 'utf8');
    for (const [, href] of manifest.matchAll(/<file href="([^"]+)"/g)) assert.ok(paths.includes(href), href);
    const items = [...manifest.matchAll(/<item identifier="[^"]+" identifierref="([^"]+)"><title>([^<]+)</g)];
    assert.equal(items.length, 18);
    const launches = new Map([...manifest.matchAll(/<resource identifier="([^"]+)"[^>]+adlcp:scormtype="sco" href="([^"]+)"/g)].map((found) => [found[1], found[2].replace('&#38;', '&')]));
    assert.ok(items.every(([, id]) => launches.has(id)));
    const launch = String(launches.get('sco-05-handshake'));
    const platform = await serve({ '/course/': folder }, ({ url }) => (url.pathname === '/' ? { body: SCORM_PLATFORM.replace('LAUNCH', launch) } : null));
    await withHosts({}, async ({ browser }) => {
      const { page, complaints } = await openPage(browser, platform.url);
      await takeLesson(page.frameLocator('#sco').frameLocator('iframe'));
      await page.waitForFunction(() => /** @type {any} */ (window).kept().data['cmi.core.lesson_status'] === 'completed');
      await page.evaluate(() => document.getElementById('sco')?.setAttribute('src', 'about:blank'));
      await page.waitForFunction(() => /** @type {any} */ (window).kept().state === 'over');
      const { data, log } = await page.evaluate(() => /** @type {any} */ (window).kept());
      assert.equal(data['cmi.core.score.raw'], '40');
      assert.equal(data['cmi.core.score.max'], '100');
      assert.equal(data['cmi.interactions.0.student_response'], 'zero');
      assert.deepEqual([0, 1, 2, 3, 4].map((i) => data[`cmi.interactions.${i}.result`]).sort(), ['correct', 'correct', 'wrong', 'wrong', 'wrong']);
      assert.match(data['cmi.core.session_time'], /^\d\d:\d\d:\d\d$/);
      assert.equal(log[0], 'initialize');
      assert.equal(log.at(-1), 'finish');
      assert.deepEqual(await page.evaluate(() => /** @type {any} */ (window).refused), []);
      assert.deepEqual(complaints(), []);
    });
    await platform.close();
  });
});

test('SCORM 1.2 without a platform: the lesson works, and says that nothing is reported', async () => {
  await unpacked('tcp-lab-scorm12.zip', async (folder) => {
    const server = await serve({ '/': folder });
    await withHosts({}, async ({ browser }) => {
      const { page } = await openPage(browser, `${server.url}sco.html?lesson=05-handshake&lang=en`);
      await page.frameLocator('iframe').locator('lab-lesson [data-continue]').waitFor();
      assert.match(await page.locator('[role=alert]').innerText(), /nothing is reported/);
    });
    await server.close();
  });
});

const ACTOR = { objectType: 'Agent', account: { homePage: 'https://school.example', name: 'student-7' } };
const REGISTRATION = '6f2f0a3e-0000-4000-8000-000000000001';
const ACTIVITY = 'https://school.example/course/unit-5';
const LAUNCH_DATA = {
  contextTemplate: {
    contextActivities: { grouping: [{ id: 'https://school.example/course' }] },
    extensions: { 'https://w3id.org/xapi/cmi5/context/extensions/sessionid': 'session-1' },
  },
  launchMode: 'Normal',
  moveOn: 'Completed',
  masteryScore: 0.5,
};

/** A record store for one launch: a token once, launch data, statements by PUT. */
function recordStore() {
  const statements = /** @type {any[]} */ ([]);
  const faults = /** @type {string[]} */ ([]);
  let tokens = 0;
  const waiting = /** @type {Map<string, () => void>} */ (new Map());
  /** @param {any} statement */
  const verbOf = ({ verb }) => verb.id.split('/').at(-1);
  const verbs = () => statements.map(verbOf);
  const arrival = (/** @type {string} */ verb) => new Promise((done) => (verbs().includes(verb) ? done(undefined) : waiting.set(verb, () => done(undefined))));
  /** @type {import('./support.js').Route} */
  const route = ({ method, url, headers, body }) => {
    const json = (/** @type {any} */ value, status = 200) => ({ body: JSON.stringify(value), type: 'application/json', status });
    if (url.pathname === '/token') return method === 'POST' && tokens++ === 0 ? json({ 'auth-token': 'c2VjcmV0' }) : json({ 'error-code': '1', 'error-text': 'used' });
    if (!url.pathname.startsWith('/store/')) return null;
    if (headers.authorization !== 'Basic c2VjcmV0') faults.push(`authorization of ${url.pathname}`);
    if (headers['x-experience-api-version'] !== '1.0.3') faults.push(`version of ${url.pathname}`);
    if (url.pathname === '/store/activities/state') {
      const asked = ['stateId', 'activityId', 'registration'].map((name) => url.searchParams.get(name));
      assert.deepEqual(asked, ['LMS.LaunchData', ACTIVITY, REGISTRATION]);
      return json(LAUNCH_DATA);
    }
    if (url.pathname === '/store/agents/profile') return json({}, 404);
    if (method === 'PUT' && url.pathname === '/store/statements') {
      const statement = JSON.parse(body);
      if (statement.id !== url.searchParams.get('statementId')) faults.push('statementId');
      statements.push(statement);
      waiting.get(verbOf(statement))?.();
      return { body: '', status: 204 };
    }
    faults.push(`${method} ${url.pathname}`);
    return json({}, 400);
  };
  return { statements, faults, route, verbs, arrival };
}

test('cmi5: the course lists each lesson, and a launched one sends its statements in their order', async () => {
  await unpacked('tcp-lab-cmi5.zip', async (folder) => {
    const course = readFileSync(join(folder, 'cmi5.xml'), 'utf8');
    const units = [...course.matchAll(/<au id="([^"]+)" moveOn="Completed"[^>]*>[\s\S]*?<url>([^<]+)<\/url>/g)];
    assert.equal(units.length, 18);
    assert.equal(new Set(units.map(([, id]) => id)).size, 18);
    const { statements, faults, route, verbs, arrival } = recordStore();
    const platform = await serve({ '/course/': folder }, route);
    await withHosts({}, async ({ browser }) => {
      const unit = String(units.find(([, , url]) => url.includes('05-handshake'))?.[2]);
      const launch = new URLSearchParams({ endpoint: `${platform.url}store/`, fetch: `${platform.url}token`, actor: JSON.stringify(ACTOR), registration: REGISTRATION, activityId: ACTIVITY });
      // A store may say that it knows nothing of the learner's preferences.
      const { page, complaints } = await openPage(browser, `${platform.url}course/${unit}&lang=en&${launch}`, { allowed: /404/ });
      await takeLesson(page.frameLocator('iframe'));
      await arrival('failed');
      await page.goto('about:blank');
      await arrival('terminated');
      assert.deepEqual(verbs(), ['initialized', 'answered', 'answered', 'answered', 'answered', 'answered', 'completed', 'failed', 'terminated']);
      for (const each of statements) {
        assert.deepEqual(each.actor, ACTOR);
        assert.equal(each.context.registration, REGISTRATION);
        assert.deepEqual(each.context.contextActivities.grouping, LAUNCH_DATA.contextTemplate.contextActivities.grouping);
        assert.equal(each.context.extensions['https://w3id.org/xapi/cmi5/context/extensions/sessionid'], 'session-1');
        assert.match(each.timestamp, /^\d{4}-\d\d-\d\dT.*Z$/);
        assert.match(each.id, /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
      }
      const defined = statements.filter(({ verb }) => !verb.id.endsWith('answered'));
      const categories = (/** @type {any} */ { context }) => context.contextActivities.category.map((/** @type {any} */ { id }) => id.split('/').at(-1));
      assert.deepEqual(defined.map(categories), [['cmi5'], ['cmi5', 'moveon'], ['cmi5', 'moveon'], ['cmi5']]);
      assert.ok(defined.every(({ object }) => object.id === ACTIVITY));
      const [completed, failed] = statements.slice(-3);
      assert.equal(completed.result.completion, true);
      assert.deepEqual([failed.result.success, failed.result.score], [false, { scaled: 0.4 }]);
      assert.match(failed.result.duration, /^PT\d+S$/);
      assert.deepEqual(faults, []);
      assert.deepEqual(complaints(), []);
    });
    await platform.close();
  });
});
