import { mkdir, writeFile } from 'node:fs/promises';
import { Failure } from './failure.js';

/** The folder that `--out` names, made where it is missing. */
export async function folderFor(command: string, out: string | undefined): Promise<string> {
  if (out === undefined) throw new Failure(2, `${command} needs --out DIR`);
  await mkdir(out, { recursive: true }).catch(() => {
    throw new Failure(2, `${out} cannot be used as a folder`);
  });
  return out;
}

/** Writes a file. */
export async function write(path: string, content: Uint8Array | string): Promise<void> {
  await writeFile(path, content).catch(() => {
    throw new Failure(2, `${path} cannot be written`);
  });
}
