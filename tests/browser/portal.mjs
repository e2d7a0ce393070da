// The real portal on a real database in a temporary folder.
import fs from 'node:fs';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { execFileSync, spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../..');
const PAGES = path.join(root, 'www/dist');

/** The portal's program: env PORTAL_BIN, else what `cargo xtask` builds. */
const program = path.resolve(process.env.PORTAL_BIN ?? path.join(root, 'target/native/portal'));

/** Why the portal cannot be run here; null when it can, and when PORTAL_BIN promises that it can. */
export function whatIsMissing() {
  if (process.env.PORTAL_BIN) return null;
  if (!fs.existsSync(program)) return `no portal at ${path.relative(root, program)}: cargo xtask build, then cargo build --profile native -p portal`;
  if (!fs.existsSync(path.join(PAGES, 'patient'))) return 'no pages in www/dist: cargo xtask build';
  return null;
}

async function freePort() {
  const server = net.createServer().listen(0, '127.0.0.1');
  await new Promise(resolve => server.once('listening', resolve));
  const { port } = server.address();
  await new Promise(resolve => server.close(resolve));
  return port;
}

export class Portal {
  /** @param clinic what the clinic decides about red flags (`--clinic`) */
  static async start({ clinic } = {}) {
    const portal = new Portal();
    portal.folder = fs.mkdtempSync(path.join(os.tmpdir(), 'pqrst-portal-'));
    portal.database = path.join(portal.folder, 'portal.db');
    portal.user = 'clinician';
    portal.password = 'correct horse battery staple 42';
    execFileSync(program, ['user', 'add', portal.user, '--password-stdin', '--db', portal.database],
      { input: `${portal.password}\n`, stdio: ['pipe', 'ignore', 'inherit'] });
    const port = await freePort();
    const choices = path.join(portal.folder, 'clinic.json');
    if (clinic) fs.writeFileSync(choices, JSON.stringify(clinic));
    portal.origin = `http://127.0.0.1:${port}`;
    portal.log = '';
    portal.child = spawn(program,
      ['serve', '--listen', `127.0.0.1:${port}`, '--db', portal.database, '--www', PAGES, ...(clinic ? ['--clinic', choices] : [])], { stdio: ['ignore', 'pipe', 'pipe'] });
    for (const stream of [portal.child.stdout, portal.child.stderr]) stream.on('data', data => { portal.log += data; });
    const deadline = Date.now() + 15_000;
    for (;;) {
      const up = await fetch(`${portal.origin}/healthz`).then(answer => answer.ok, () => false);
      if (up) return portal;
      if (portal.child.exitCode !== null || Date.now() > deadline) {
        await portal.stop();
        throw new Error(`the portal did not come up: ${portal.log}`);
      }
      await new Promise(resolve => setTimeout(resolve, 50));
    }
  }

  async stop() {
    if (this.child.exitCode === null) {
      const ended = new Promise(resolve => this.child.once('exit', resolve));
      this.child.kill('SIGTERM');
      const timer = setTimeout(() => this.child.kill('SIGKILL'), 5_000);
      await ended;
      clearTimeout(timer);
    }
    fs.rmSync(this.folder, { recursive: true, force: true });
  }

  /** Every stored byte: the database, its write-ahead log, and whatever else lies beside them. */
  storedBytes() {
    return Buffer.concat(fs.readdirSync(this.folder).map(name => fs.readFileSync(path.join(this.folder, name))));
  }

  /** Rows of the table `result` as objects, read from the file behind the portal's back. */
  async results() {
    const sql = 'SELECT report_id, visit_id, summary, hex(received) AS received, received_at_ms, recorded_ago_ms FROM result ORDER BY report_id';
    return query(this.database, sql);
  }
}

/** A reader of SQLite files: Node's own (from 22), else Python's; null when there is neither. */
export async function databaseReader() {
  try {
    const { DatabaseSync } = await import('node:sqlite');
    return (file, sql) => {
      const database = new DatabaseSync(file, { readOnly: true });
      try {
        return database.prepare(sql).all();
      } finally {
        database.close();
      }
    };
  } catch { /* Node 20 has none */ }
  const script = 'import json,sqlite3,sys\nc=sqlite3.connect("file:"+sys.argv[1]+"?mode=ro",uri=True)\nc.row_factory=sqlite3.Row\n'
    + 'print(json.dumps([dict(r) for r in c.execute(sys.argv[2])]))';
  try {
    execFileSync('python3', ['-c', 'import sqlite3'], { stdio: 'ignore' });
  } catch {
    return null;
  }
  return (file, sql) => JSON.parse(execFileSync('python3', ['-c', script, file, sql], { encoding: 'utf8' }));
}

async function query(file, sql) {
  const reader = await databaseReader();
  return reader === null ? null : reader(file, sql);
}
