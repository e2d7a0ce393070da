// The npm package as a stranger gets it: packed, installed outside the workspace, used in five ways.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { spawn, spawnSync } from 'node:child_process';
import test, { after, before } from 'node:test';
import { chromiumPath, launch, Witness } from '../browser/chromium.mjs';
import { bin, ecg, makeConsumer, root, serveFolder } from './workspace.mjs';

const rrS = (ecg.beatTimesS.at(-1) - ecg.beatTimesS[0]) / (ecg.beatTimesS.length - 1);
const TRUE_BPM = 60 / rrS;
const noBrowser = chromiumPath() ? false : 'no chromium: the package in a browser is unproved';
if (noBrowser) console.log(`SKIPPED ${noBrowser}`);

let consumer;
before(() => { consumer = makeConsumer(); }, { timeout: 180_000 });
after(() => { if (consumer) fs.rmSync(consumer.folder, { recursive: true, force: true }); });

function assertUsed(result) {
  assert.equal(result.error, undefined);
  assert.ok(Math.abs(result.meanBpm - TRUE_BPM) <= 1, `${result.meanBpm} bpm, truly ${TRUE_BPM.toFixed(1)}`);
  assert.equal(result.verdict, 'usable');
  assert.ok(Math.abs(result.beats - ecg.beatTimesS.length) <= 2, `${result.beats} beats of ${ecg.beatTimesS.length}`);
  assert.equal(result.schema, 'pqrst.report.v1');
  assert.equal(result.bundle, 'Bundle');
  assert.equal(result.refusal.isError, true);
  assert.match(result.refusal.code, /^[a-z][a-zA-Z]*\.[a-z][a-zA-Z]*$/);
  assert.ok(Math.abs(result.streamed.meanBpm - TRUE_BPM) <= 1);
  assert.ok(result.streamed.beats >= 25, `${result.streamed.beats} beat events`);
  assert.equal(result.streamed.states.at(-1), 'finished');
  assert.ok(result.simulated.samples > 0);
  assert.equal(result.simulated.deviceClass, 'chestStrapEcg');
  assert.equal(result.simulated.simulated, true);
}

async function openIn(url) {
  const browser = await launch();
  const witness = new Witness();
  try {
    const page = await browser.newPage();
    witness.watch(page, 'consumer');
    await page.goto(url);
    await page.waitForFunction(() => window.result, null, { timeout: 60_000 });
    return await page.evaluate(() => window.result);
  } catch (error) {
    throw new Error(`${error.message}\n${witness.lines.join('\n')}`);
  } finally {
    await browser.close();
  }
}

test('what is packed is what is needed', () => {
  const { files, bytes } = consumer;
  for (const needed of ['package.json', 'README.md', 'dist/index.js', 'dist/index.d.ts', 'dist/simulator.js', 'dist/simulator.d.ts', 'dist/files.js', 'dist/files.d.ts', 'dist/wasm/pqrst_bg.wasm', 'dist/wasm/pqrst_weights.bin', 'dist/wasm/pqrst_files_bg.wasm']) {
    assert.ok(files.includes(needed), `${needed} is not packed`);
  }
  const strange = files.filter(file => /(^|\/)(test|src|node_modules)\/|\.map$|\.tsbuildinfo$|\.env/.test(file));
  assert.deepEqual(strange, []);
  const { dependencies } = JSON.parse(fs.readFileSync(path.join(consumer.folder, 'node_modules/pqrst/package.json'), 'utf8'));
  assert.deepEqual(dependencies ?? {}, {}, 'the package stands alone');
  console.log(`${files.length} files, ${bytes} bytes packed`);
});

test('nothing packed tells of the machine that built it', () => {
  for (const file of consumer.files) {
    const text = fs.readFileSync(path.join(consumer.folder, 'node_modules/pqrst', file), 'latin1');
    for (const place of [`${root}/`, `${os.homedir()}/`, '.cargo/registry']) {
      assert.ok(!text.includes(place), `${file} names ${place}`);
    }
  }
});

test('Node: an ES module, up to a delivery', { timeout: 120_000 }, () => {
  const done = spawnSync(process.execPath, ['node.js'], { cwd: consumer.folder, encoding: 'utf8', timeout: 110_000 });
  assert.equal(done.status, 0, `${done.stdout}${done.stderr}`);
  const result = JSON.parse(done.stdout);
  assertUsed(result);
  const { recordedAgoMs, contentType, ...delivery } = result.delivery;
  assert.deepEqual(delivery, { method: 'POST', authorization: 'Bearer secret-token', tokenInBody: false, resourceType: 'Bundle' });
  assert.match(contentType, /^application\/fhir\+json/);
  assert.ok(recordedAgoMs >= 1500 && recordedAgoMs < 60_000);
});

test('a strict TypeScript consumer compiles, with and without a bundler', () => {
  for (const [module, moduleResolution] of [['nodenext', 'nodenext'], ['esnext', 'bundler']]) {
    const settings = {
      compilerOptions: {
        strict: true, noEmit: true, skipLibCheck: false, target: 'es2022', module, moduleResolution,
        lib: ['es2022', 'dom', 'dom.iterable'], types: [], exactOptionalPropertyTypes: true, noUncheckedIndexedAccess: true,
      },
      files: ['strict.ts'],
    };
    fs.writeFileSync(path.join(consumer.folder, 'tsconfig.json'), JSON.stringify(settings));
    const done = bin(consumer.folder, 'tsc', ['-p', 'tsconfig.json']);
    assert.equal(done.status, 0, `${moduleResolution}: ${done.stdout}${done.stderr}`);
  }
});

test('a plain page with an import map', { skip: noBrowser, timeout: 120_000 }, async () => {
  const server = await serveFolder(consumer.folder);
  try {
    assertUsed(await openIn(`${server.origin}/plain.html`));
  } finally {
    await server.close();
  }
});

test("the README's page, as it stands there", { skip: noBrowser, timeout: 120_000 }, async () => {
  const readme = fs.readFileSync(path.join(consumer.folder, 'node_modules/pqrst/README.md'), 'utf8');
  const [, page] = /```html\n([\s\S]*?)```/.exec(readme);
  fs.writeFileSync(path.join(consumer.folder, 'readme.html'), page);
  const server = await serveFolder(consumer.folder);
  const browser = await launch();
  try {
    const tab = await browser.newPage();
    await tab.goto(`${server.origin}/readme.html`);
    await tab.waitForFunction(() => document.querySelector('#start').onclick, null, { timeout: 20_000 });
    await tab.click('#start');
    await tab.waitForFunction(() => document.querySelector('#out').textContent.startsWith('{'), null, { timeout: 60_000 });
    const { value } = JSON.parse(await tab.textContent('#out'));
    assert.ok(Math.abs(value - 64) <= 1, `${value}`);
  } finally {
    await browser.close();
    await server.close();
  }
});

test('Vite, as it is served while developing', { skip: noBrowser, timeout: 120_000 }, async () => {
  const program = path.join(consumer.folder, 'node_modules/.bin/vite');
  const vite = spawn(program, ['--host', '127.0.0.1', '--port', '0', '--clearScreen', 'false'],
    { cwd: consumer.folder, env: { ...process.env, NO_COLOR: '1' }, stdio: ['ignore', 'pipe', 'pipe'] });
  try {
    let said = '';
    const origin = await new Promise((resolve, reject) => {
      const hear = data => {
        said += data;
        const found = /http:\/\/127\.0\.0\.1:\d+/.exec(said);
        if (found) resolve(found[0]);
      };
      vite.stdout.on('data', hear);
      vite.stderr.on('data', hear);
      vite.once('exit', () => reject(new Error(`vite ended: ${said}`)));
    });
    assertUsed(await openIn(`${origin}/`));
  } finally {
    vite.kill('SIGTERM');
  }
});

test('Vite, as it is built', { skip: noBrowser, timeout: 120_000 }, async () => {
  const done = bin(consumer.folder, 'vite', ['build', '--outDir', 'built']);
  assert.equal(done.status, 0, `${done.stdout}${done.stderr}`);
  const server = await serveFolder(path.join(consumer.folder, 'built'));
  try {
    assertUsed(await openIn(`${server.origin}/`));
  } finally {
    await server.close();
  }
});
