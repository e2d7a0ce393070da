#!/usr/bin/env node
import { pathToFileURL } from 'node:url';
import { realpathSync } from 'node:fs';
import { analyzeCommand } from './analyze-command.js';
import { annotateCommand } from './annotate-command.js';
import { convertCommand } from './convert-command.js';
import { Failure, USAGE } from './failure.js';
import { PqrstError } from '../error.js';
import { load } from '../load.js';

const COMMANDS = new Map([
  ['analyze', analyzeCommand],
  ['annotate', annotateCommand],
  ['convert', convertCommand],
]);

/** Runs the command line. The number is the exit code: 0 done, 2 usage, 3 unreadable input. */
export async function main(args: readonly string[]): Promise<number> {
  try {
    const [command, ...rest] = args;
    if (command === undefined) throw new Failure(2, 'a command is missing');
    if (command === '--help' || command === '-h') {
      process.stdout.write(`${USAGE}\n`);
      return 0;
    }
    const run = COMMANDS.get(command);
    if (!run) throw new Failure(2, `there is no command ${command}`);
    await load();
    await run(rest);
    return 0;
  } catch (thrown) {
    return complain(thrown);
  }
}

function complain(thrown: unknown): number {
  const oneLine = (text: string): string => text.replace(/\s+/g, ' ').trim();
  if (thrown instanceof Failure) {
    const hint = thrown.exitCode === 2 ? ` (see pqrst --help)` : '';
    process.stderr.write(`pqrst: ${oneLine(thrown.message)}${hint}\n`);
    return thrown.exitCode;
  }
  const code = thrown instanceof PqrstError ? ` [${thrown.code}]` : '';
  process.stderr.write(`pqrst: ${oneLine(thrown instanceof Error ? thrown.message : String(thrown))}${code}\n`);
  return 1;
}

// npm starts this through a link.
const started = process.argv[1];
if (started !== undefined && import.meta.url === pathToFileURL(realpathSync(started)).href) {
  // A reader that stops early (head) is no error.
  process.stdout.on('error', (error: NodeJS.ErrnoException) => process.exit(error.code === 'EPIPE' ? 0 : 1));
  process.exitCode = await main(process.argv.slice(2));
}
