// The command line of the installed package: what it prints, what it writes, and its exit codes.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import test, { after, before } from 'node:test';
import Ajv from 'ajv/dist/2020.js';
import { decodeBeatAnnotations } from '../browser/recording.mjs';
import { bin, ecg, makeConsumer, writeRecord } from './workspace.mjs';

const MATCH_S = 0.15;               // the match window of beat scoring (ANSI/AAMI EC57)
let folder;
before(() => { ({ folder } = makeConsumer()); }, { timeout: 180_000 });
after(() => { if (folder) fs.rmSync(folder, { recursive: true, force: true }); });

const schema = name => JSON.parse(fs.readFileSync(new URL(`../../docs/schemas/${name}.json`, import.meta.url), 'utf8'));
const rules = new Ajv({ strict: false, allErrors: true });
rules.addSchema(schema('summary.v1'));
const isReport = rules.compile(schema('report.v1'));

const pqrst = (...args) => bin(folder, 'pqrst', args);

function assertFails(done, status) {
  assert.equal(done.status, status, done.stderr);
  assert.equal(done.stdout, '');
  assert.match(done.stderr, /^[^\n]+\n$/, 'one clear line');
}

test('analyze prints the Report itself', () => {
  for (const format of [16, 212]) {
    const done = pqrst('analyze', writeRecord(folder, `record${format}`, format), '--json');
    assert.equal(done.status, 0, done.stderr);
    const report = JSON.parse(done.stdout);
    const truth = (60 * (ecg.beatTimesS.length - 1)) / (ecg.beatTimesS.at(-1) - ecg.beatTimesS[0]);
    assert.ok(isReport(report), rules.errorsText(isReport.errors));
    assert.equal(report.schema, 'pqrst.report.v1');
    assert.equal(report.source, 'ecg');
    assert.equal(report.device.class, 'recording');
    assert.ok(Math.abs(report.heartRate.meanBpm.value - truth) <= 1, `${report.heartRate.meanBpm.value} against ${truth}`);
  }
  const lines = pqrst('analyze', path.join(folder, 'record16.hea'));
  assert.equal(lines.status, 0, lines.stderr);
  assert.match(lines.stdout, /\b7[0-4]\b/, 'a person reads the rate');
});

test('a checksum that does not agree is told, and the work goes on', () => {
  const header = writeRecord(folder, 'damaged', 16);
  assert.equal(pqrst('analyze', header).stderr, '', 'a record as it was written');
  const samples = header.replace(/\.hea$/, '.dat');
  const bytes = fs.readFileSync(samples);
  bytes[1000] ^= 1;
  fs.writeFileSync(samples, bytes);
  const done = pqrst('analyze', header);
  assert.equal(done.status, 0, done.stderr);
  assert.match(done.stderr, /^pqrst: .*damaged\.hea: a checksum does not agree: the file may be damaged\n$/);
  assert.match(done.stdout, /\b7[0-4]\b/, 'the rate is given all the same');
  const out = path.join(folder, 'of-damaged');
  for (const args of [['annotate', header, '--out', out], ['convert', header, '--to', 'csv', '--out', out]]) {
    const told = pqrst(...args);
    assert.equal(told.status, 0, told.stderr);
    assert.match(told.stderr, /damaged\.hea: a checksum does not agree/, args[0]);
  }
});

test('analyze --all-leads judges every lead and the record', () => {
  const header = writeRecord(folder, 'leads', 212);
  const done = pqrst('analyze', header, '--all-leads', '--json');
  assert.equal(done.status, 0, done.stderr);
  const report = JSON.parse(done.stdout);
  assert.ok(isReport(report), rules.errorsText(isReport.errors));
  assert.ok(report.leads.length > 0 && report.leads.some(lead => lead.usable && lead.score > 0.5), done.stdout);
  assert.deepEqual(
    [report.leadsVerdict.kind, report.leadsVerdict.rule, report.leadsVerdict.reasons], ['usable', 'bestLead', []]);
  const lines = pqrst('analyze', header, '--all-leads');
  assert.equal(lines.status, 0, lines.stderr);
  assert.match(lines.stdout, /^all leads +usable/m);
});

test('analyze --rr reads a list of intervals, and recipes give what packages give', () => {
  // The first series of tests/golden/hrv_packages.py.
  const golden = JSON.parse(fs.readFileSync(new URL('../golden/hrv_packages.v1.json', import.meta.url), 'utf8'));
  const { count, baseMs, seed, values } = golden.series[0];
  const list = [];
  for (let i = 0, state = seed, time = 0; i < count; i++) {
    state = Number((BigInt(state) * 1664525n + 1013904223n) % 4294967296n);
    let ms = baseMs + 28 * Math.sin(2 * Math.PI * 0.09 * time) + 22 * Math.sin(2 * Math.PI * 0.24 * time);
    ms = Math.floor(ms + 60 * (state / 4294967296 - 0.5) + 0.5);
    list.push(ms);
    time += ms / 1000;
  }
  const file = path.join(folder, 'intervals.txt');
  fs.writeFileSync(file, `RR (s)\n# made up\n${list.map(ms => ms / 1000).join('\n')}\n`);
  for (const [recipe, name] of [['hrvAnalysis', 'hrv-analysis'], ['pyhrv', 'pyhrv'], ['systole', 'systole'], ['neurokit', 'neurokit']]) {
    const done = pqrst('analyze', '--rr', file, '--hrv-recipe', name, '--json');
    assert.equal(done.status, 0, done.stderr);
    const report = JSON.parse(done.stdout);
    assert.ok(isReport(report), rules.errorsText(isReport.errors));
    assert.equal(report.rr.length, count);
    assert.equal(report.hrv.recipe, recipe);
    for (const index of ['sdnnMs', 'rmssdMs', 'sdsdMs', 'sd1Ms', 'lfHf']) {
      const ours = report.hrv[index].value;
      assert.ok(Math.abs(ours / values[recipe][index] - 1) < 1e-6, `${name} ${index}: ${ours} against ${values[recipe][index]}`);
    }
  }
  const own = JSON.parse(pqrst('analyze', '--rr', file, '--hrv-correct', '--json').stdout);
  assert.equal(own.hrv.recipe, 'pqrst');
  assert.ok(own.hrv.correctedPercent >= 0 && own.hrv.correctedPercent < 5);
  // The formula breathes at 0.24 Hz.
  assert.ok(Math.abs(own.respiration.perMinute.value - 14.4) < 1, JSON.stringify(own.respiration));
  assert.match(pqrst('analyze', '--rr', file).stdout, /400 RR intervals/);
  assertFails(pqrst('analyze', '--rr', file, '--hrv-recipe', 'kubios'), 2);
  assertFails(pqrst('analyze', file, '--rr', file), 2);
  assertFails(pqrst('analyze', '--rr', path.join(folder, 'absent.txt')), 3);
  for (const [text, code] of [['', 'empty'], ['800\nx\n', 'notANumber'], ['5e9\n', 'unit']]) {
    fs.writeFileSync(file, text);
    const done = pqrst('analyze', '--rr', file);
    assertFails(done, 3);
    assert.match(done.stderr, new RegExp(`\\[rrList\\.${code}\\]`));
  }
});

test('annotate writes every beat, as annotations and as numbers', () => {
  const header = writeRecord(folder, 'beats', 212);
  const out = path.join(folder, 'out');
  const done = pqrst('annotate', header, '--out', out, '--lead', 'II');
  assert.equal(done.status, 0, done.stderr);
  const annotated = decodeBeatAnnotations(fs.readFileSync(path.join(out, 'beats.pqrst')));
  const csv = pqrst('annotate', header, '--out', out, '--csv');
  assert.equal(csv.status, 0, csv.stderr);
  const listed = fs.readFileSync(path.join(out, 'beats.csv'), 'utf8').trim().split(/\r?\n/).map(Number);
  assert.deepEqual(listed, annotated);
  const matched = ecg.beatTimesS.filter(beat => annotated.some(sample => Math.abs(sample / ecg.samplingRateHz - beat) <= MATCH_S));
  assert.ok(matched.length >= ecg.beatTimesS.length - 1, `${matched.length} of ${ecg.beatTimesS.length} beats`);
  assert.ok(annotated.length <= ecg.beatTimesS.length + 1, `${annotated.length} annotations`);
});

test('convert keeps the samples and drops the name, whatever the format', () => {
  const folderOf = name => path.join(folder, name);
  const header = writeRecord(folder, 'Wilhelmina_Canary', 16);
  fs.appendFileSync(header, '# 69 M Wilhelmina Canary\n');
  const files = [];
  for (const [to, first] of [['edf', 'record.edf'], ['csv', 'record.csv'], ['wfdb', 'record.hea']]) {
    const done = pqrst('convert', files.at(-1) ?? header, '--to', to, '--out', folderOf(to));
    assert.equal(done.status, 0, done.stderr);
    assert.equal(done.stderr, '', 'nothing was rounded');
    files.push(path.join(folderOf(to), first));
    assert.ok(done.stdout.split('\n').includes(files.at(-1)), done.stdout);
    for (const name of fs.readdirSync(folderOf(to))) {
      assert.doesNotMatch(name + fs.readFileSync(path.join(folderOf(to), name), 'latin1'), /Wilhelmina|Canary|69 M/);
    }
  }
  // From WFDB to EDF to CSV to WFDB: the same samples, sample for sample.
  const [before, after] = [header, files.at(-1)].map(file => fs.readFileSync(file.replace(/\.hea$/, '.dat')));
  const gain = Number(/ ([\d.]+)\(0\)\/mV/.exec(fs.readFileSync(files.at(-1), 'latin1'))[1]);
  assert.equal(after.length, before.length);
  for (let at = 0; at < before.length; at += 2) {
    assert.ok(Math.abs(before.readInt16LE(at) / 200 - after.readInt16LE(at) / gain) < 1e-9, `sample ${at / 2}`);
  }
  const two = pqrst('convert', header, files[0], '--to', 'csv', '--out', folderOf('two'), '--name', 'x');
  assert.equal(two.status, 0, two.stderr);
  assert.deepEqual(fs.readdirSync(folderOf('two')).sort(), ['x.csv', 'x_2.csv']);
});

test('columns that do not say it are told', () => {
  const file = path.join(folder, 'bare.csv');
  fs.writeFileSync(file, [...ecg.samplesUv].map((uv, i) => `${i},${(uv / 1000).toFixed(4)}`).join('\n'));
  assertFails(pqrst('analyze', file), 3);
  const done = pqrst('analyze', file, '--rate', String(ecg.samplingRateHz), '--unit', 'mV', '--columns', '2', '--json');
  assert.equal(done.status, 0, done.stderr);
  assert.ok(Math.abs(JSON.parse(done.stdout).heartRate.meanBpm.value - 72) <= 1);
  assertFails(pqrst('analyze', file, '--rate', 'fast'), 2);
  assertFails(pqrst('analyze', file, '--unit', 'kV'), 2);
});

test('wrong words are usage errors: 2', () => {
  const header = writeRecord(folder, 'words', 16);
  assertFails(pqrst(), 2);
  assertFails(pqrst('frobnicate'), 2);
  assertFails(pqrst('analyze'), 2);
  assertFails(pqrst('analyze', header, '--colour'), 2);
  assertFails(pqrst('annotate', header), 2);
  assertFails(pqrst('convert', header, '--out', folder), 2);
  assertFails(pqrst('convert', header, '--to', 'pdf', '--out', folder), 2);
  assertFails(pqrst('convert', header, '--to', 'edf', '--out', folder, '--name', '../up'), 2);
});

test('what cannot be read is an input error: 3', () => {
  const header = writeRecord(folder, 'broken', 16);
  assertFails(pqrst('analyze', path.join(folder, 'absent.hea')), 3);
  fs.writeFileSync(path.join(folder, 'garbage.hea'), Uint8Array.of(0, 255, 1, 2, 3));
  assertFails(pqrst('analyze', path.join(folder, 'garbage.hea')), 3);
  fs.rmSync(path.join(folder, 'broken.dat'));
  assertFails(pqrst('analyze', header), 3);
});
