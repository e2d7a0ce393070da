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

test('wrong words are usage errors: 2', () => {
  const header = writeRecord(folder, 'words', 16);
  assertFails(pqrst(), 2);
  assertFails(pqrst('frobnicate'), 2);
  assertFails(pqrst('analyze'), 2);
  assertFails(pqrst('analyze', header, '--colour'), 2);
  assertFails(pqrst('annotate', header), 2);
});

test('what cannot be read is an input error: 3', () => {
  const header = writeRecord(folder, 'broken', 16);
  assertFails(pqrst('analyze', path.join(folder, 'absent.hea')), 3);
  fs.writeFileSync(path.join(folder, 'garbage.hea'), Uint8Array.of(0, 255, 1, 2, 3));
  assertFails(pqrst('analyze', path.join(folder, 'garbage.hea')), 3);
  fs.rmSync(path.join(folder, 'broken.dat'));
  assertFails(pqrst('analyze', header), 3);
});
