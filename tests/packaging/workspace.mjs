// A stranger's project: a folder outside the workspace with the packed package installed.
import fs from 'node:fs';
import http from 'node:http';
import os from 'node:os';
import path from 'node:path';
import { execFileSync, spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { syntheticEcg } from '../browser/recording.mjs';

const here = path.dirname(fileURLToPath(import.meta.url));
/** The project's root. */
export const root = path.resolve(here, '../..');

/** The recording that all consumers analyse; its beats are known. */
export const ecg = syntheticEcg({ bpm: 72, durationS: 60, samplingRateHz: 250, seed: 5 });

const lockedVersion = name => {
  const { packages } = JSON.parse(fs.readFileSync(path.join(root, 'package-lock.json'), 'utf8'));
  return (packages[`node_modules/${name}`] ?? Object.entries(packages).find(([where]) => where.endsWith(`/node_modules/${name}`))?.[1]).version;
};

const npm = (args, cwd) => execFileSync('npm', args, { cwd, encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] });

/** Packs pkg/, installs it beside Vite and TypeScript in a temporary folder; returns the folder and the packed file names. */
export function makeConsumer() {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'pqrst-consumer-'));
  const [packed] = JSON.parse(npm(['pack', '--json', '--ignore-scripts', '--pack-destination', folder, '--workspace', 'pqrst'], root));
  fs.cpSync(path.join(here, 'consumer'), folder, { recursive: true });
  fs.renameSync(path.join(folder, 'bundled.html'), path.join(folder, 'index.html'));
  fs.writeFileSync(path.join(folder, 'ecg.js'),
    `export const samplingRateHz = ${ecg.samplingRateHz};\nexport const samplesUv = [${[...ecg.samplesUv].map(Math.round)}];\n`);
  fs.writeFileSync(path.join(folder, 'package.json'), JSON.stringify({
    name: 'consumer', private: true, type: 'module',
    dependencies: { pqrst: `file:./${packed.filename}` },
    devDependencies: { typescript: lockedVersion('typescript'), vite: lockedVersion('vite') },
  }));
  npm(['install', '--prefer-offline', '--no-audit', '--no-fund', '--loglevel=error'], folder);
  return { folder, files: packed.files.map(file => file.path), bytes: packed.size };
}

/** A program of the consumer's `node_modules/.bin`; never throws, returns {status, stdout, stderr}. */
export const bin = (folder, name, args, options = {}) =>
  spawnSync(path.join(folder, 'node_modules/.bin', name), args, { cwd: folder, encoding: 'utf8', timeout: 120_000, ...options });

const TYPES = { '.html': 'text/html', '.js': 'text/javascript', '.wasm': 'application/wasm', '.css': 'text/css', '.json': 'application/json' };

/** Files of a folder over HTTP on a free local port, as any static host would serve them. */
export async function serveFolder(folder) {
  const server = http.createServer((request, response) => {
    const name = decodeURIComponent(new URL(request.url, 'http://localhost').pathname);
    const file = path.join(folder, name.endsWith('/') ? `${name}index.html` : name);
    if (!file.startsWith(folder) || !fs.existsSync(file) || fs.statSync(file).isDirectory()) {
      response.writeHead(404).end();
      return;
    }
    response.writeHead(200, { 'content-type': TYPES[path.extname(file)] ?? 'application/octet-stream' }).end(fs.readFileSync(file));
  });
  await new Promise(resolve => server.listen(0, '127.0.0.1', resolve));
  return { origin: `http://127.0.0.1:${server.address().port}`, close: () => new Promise(resolve => server.close(resolve)) };
}

/** Writes the recording as a WFDB record with one signal, in format 16 or 212; returns the header's path. */
export function writeRecord(folder, name, format) {
  const gain = 200;                                               // units a millivolt, as in the MIT-BIH records
  const values = [...ecg.samplesUv].map(uv => Math.round((uv / 1000) * gain));
  const checksum = values.reduce((sum, value) => (sum + value) & 0xffff, 0) << 16 >> 16;
  const header = `${name} 1 ${ecg.samplingRateHz} ${values.length}\n${name}.dat ${format} ${gain}(0)/mV 12 0 ${values[0]} ${checksum} 0 II\n`;
  fs.writeFileSync(path.join(folder, `${name}.hea`), header);
  const bytes = [];
  if (format === 16) {
    for (const value of values) bytes.push(value & 255, (value >> 8) & 255);
  } else {
    for (let i = 0; i < values.length; i += 2) {
      const [a, b] = [values[i] & 0xfff, (values[i + 1] ?? 0) & 0xfff];
      bytes.push(a & 255, (a >> 8) | ((b >> 8) << 4), b & 255);
    }
  }
  fs.writeFileSync(path.join(folder, `${name}.dat`), Uint8Array.from(bytes));
  return path.join(folder, `${name}.hea`);
}
