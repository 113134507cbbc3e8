/**
 * `make dist`: what is built becomes what is given away. `node web/packages/make.js build [LESSON...]` reads build/web and build/all,
 * and writes
 *
 *   build/dist/                       the static site, with what works without a network
 *   build/packages/tcp-lab.html       all in one file
 *   build/packages/tcp-lab-V.tgz      the npm package
 *   build/packages/tcp-lab-scorm12.zip, tcp-lab-cmi5.zip    for learning platforms, with those lessons or all
 */
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { cpSync, mkdirSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { basename, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { cmi5Course } from './cmi5.js';
import { lessonEntries } from './lessons.js';
import { scormManifest } from './scorm.js';
import { zip } from './zip.js';

const FILES = fileURLToPath(new URL('./files/', import.meta.url));
const TYPES = fileURLToPath(new URL('./types/', import.meta.url));
const WEB = fileURLToPath(new URL('../', import.meta.url));

/** Where an embed begins; the other pages of the site are not needed for it. */
const BEGINNINGS = /^(embed\.|tcp-lab\.|tcplab-host\.)/;

/** The all-in-one script is for frames and files that no service worker serves. */
const isKept = (/** @type {string} */ path) => path !== 'tcp-lab.all.js';

/** @param {string} folder @returns {string[]} */
function filesIn(folder) {
  const all = readdirSync(folder, { recursive: true, encoding: 'utf8' });
  return all.filter((path) => statSync(join(folder, path)).isFile()).map((path) => path.replaceAll('\\', '/')).sort();
}

/** What an embed needs of the site: where it begins, and each file that is named in a file it needs. @param {string} dist @returns {string[]} */
function embedFiles(dist) {
  const all = filesIn(dist);
  const needed = new Set(all.filter((path) => BEGINNINGS.test(path)));
  for (const path of needed) {
    if (!/\.(js|html|css)$/.test(path)) continue;
    const text = readFileSync(join(dist, path), 'utf8');
    for (const other of all) if (other.startsWith('assets/') && text.includes(basename(other))) needed.add(other);
  }
  return [...needed].sort();
}

/** @param {string} name */
const template = (name) => readFileSync(join(FILES, name), 'utf8');

/** The static site: the pages, the all-in-one script, and the worker that keeps them. @param {string} build @param {string} dist */
function makeSite(build, dist) {
  cpSync(join(build, 'web'), dist, { recursive: true });
  cpSync(join(build, 'all/tcp-lab.all.js'), join(dist, 'tcp-lab.all.js'));
  writeFileSync(join(dist, 'offline.js'), template('offline.js'));
  const pages = readdirSync(dist).filter((name) => name.endsWith('.html') && name !== 'embed.html');
  for (const page of pages) {
    const file = join(dist, page);
    writeFileSync(file, readFileSync(file, 'utf8').replace('</head>', '  <script type="module" src="./offline.js"></script>\n  </head>'));
  }
  const files = filesIn(dist).filter(isKept);
  const hash = createHash('sha256');
  for (const path of files) hash.update(`${path}\n`).update(readFileSync(join(dist, path)));
  const name = hash.digest('hex').slice(0, 16);
  const worker = template('sw.js').replace("BUILD = ''", `BUILD = '${name}'`).replace('([])', `(${JSON.stringify(files, null, 1)})`);
  writeFileSync(join(dist, 'sw.js'), worker);
}

/** All in one file; `</script` cannot stand in a script. @param {string} build @param {string} target */
function makeSingle(build, target) {
  const script = readFileSync(join(build, 'all/tcp-lab.all.js'), 'utf8').replace(/<\/(?=script)/gi, '<\\/').replace(/<!--/g, '<\\!--');
  const icon = readFileSync(join(WEB, 'icon.svg')).toString('base64');
  const page = readFileSync(join(WEB, 'embed.html'), 'utf8')
    .replace(/ *<script.*<\/script>\n/g, '')
    .replace(/href="\.\/icon\.svg"/, `href="data:image/svg+xml;base64,${icon}"`);
  writeFileSync(target, page.replace('</body>', () => `<script>\n${script}</script>\n  </body>`));
}

/** @param {string} dist @param {string} folder @param {string} version @param {string} packages */
function makeNpm(dist, folder, version, packages) {
  for (const path of embedFiles(dist)) cpSync(join(dist, path), join(folder, path));
  for (const name of ['tcp-lab.d.ts', 'tcplab-host.d.ts']) cpSync(join(TYPES, name), join(folder, name));
  cpSync(join(WEB, 'embed/README.md'), join(folder, 'README.md'));
  cpSync(join(WEB, '../LICENSE'), join(folder, 'LICENSE'));
  const description = {
    name: 'tcp-lab',
    version,
    description: 'A real TCP/IP stack that you can see through, as an element and as a frame.',
    license: 'MIT',
    type: 'module',
    main: './tcp-lab.js',
    types: './tcp-lab.d.ts',
    exports: {
      '.': { types: './tcp-lab.d.ts', default: './tcp-lab.js' },
      './host': { types: './tcplab-host.d.ts', default: './tcplab-host.js' },
      './*': './*',
    },
    sideEffects: true,
  };
  writeFileSync(join(folder, 'package.json'), `${JSON.stringify(description, null, 2)}\n`);
  execFileSync('npm', ['pack', '--silent', '--pack-destination', resolve(packages)], { cwd: folder });
}

/**
 * What a learning platform gets, but for the manifest.
 * @param {string} dist @param {string} kind what its standard calls the thing that is launched
 * @returns {Map<string, Buffer | string>}
 */
function unitFiles(dist, kind) {
  const files = new Map(embedFiles(dist).map((path) => [path, /** @type {Buffer | string} */ (readFileSync(join(dist, path)))]));
  for (const name of ['unit.js', 'unit.css', `${kind}.js`]) files.set(name, template(name));
  files.set(`${kind}.html`, template('unit.html').replace('UNIT.js', `${kind}.js`));
  return files;
}

/** @param {string} dist @param {string} packages @param {string[]} wanted */
function makeUnits(dist, packages, wanted) {
  const lessons = lessonEntries(wanted);
  const scorm = unitFiles(dist, 'sco');
  scorm.set('imsmanifest.xml', scormManifest(lessons, [...scorm.keys()].sort(), 'ko'));
  writeFileSync(join(packages, 'tcp-lab-scorm12.zip'), zip(scorm));
  const cmi5 = unitFiles(dist, 'au');
  cmi5.set('cmi5.xml', cmi5Course(lessons));
  writeFileSync(join(packages, 'tcp-lab-cmi5.zip'), zip(cmi5));
}

const [build = 'build', ...wanted] = process.argv.slice(2);
const dist = join(build, 'dist');
const packages = join(build, 'packages');
const npm = join(build, 'npm');
for (const folder of [dist, packages, npm]) {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
}
/** That of the command line. */
const version = String(readFileSync(join(WEB, '../core/native/native.h'), 'utf8').match(/TCPLAB_VERSION "(.+)"/)?.[1]);
makeSite(build, dist);
makeSingle(build, join(packages, 'tcp-lab.html'));
makeNpm(dist, npm, version, packages);
makeUnits(dist, packages, wanted);
for (const path of filesIn(packages)) console.log(`  ${relative('.', join(packages, path))} ${Math.ceil(statSync(join(packages, path)).size / 1024)} kB`);
