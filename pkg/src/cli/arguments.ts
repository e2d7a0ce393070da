import { parseArgs, type ParseArgsConfig } from 'node:util';
import { Failure } from './failure.js';

/** Arguments of a command: files and named options. An unknown option is a usage error. */
export function argumentsOf(
  args: readonly string[],
  options: NonNullable<ParseArgsConfig['options']>,
): { files: string[]; text(name: string): string | undefined; on(name: string): boolean } {
  try {
    const { values, positionals } = parseArgs({ args: [...args], options, allowPositionals: true, strict: true });
    for (const file of positionals) {
      if (!file.endsWith('.hea')) throw new Failure(2, `${file} is no WFDB header (.hea)`);
    }
    return {
      files: positionals,
      text: (name) => (typeof values[name] === 'string' ? values[name] : undefined),
      on: (name) => values[name] === true,
    };
  } catch (thrown) {
    if (thrown instanceof Failure) throw thrown;
    throw new Failure(2, (thrown as Error).message.split('. ')[0] ?? 'wrong options');
  }
}
