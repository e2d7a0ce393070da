import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

// The test runner's failure report wants Map.groupBy, which Node 20 lacks.
Map.groupBy ??= <K, T>(items: Iterable<T>, keyOf: (item: T, index: number) => K): Map<K, T[]> => {
  const groups = new Map<K, T[]>();
  for (const item of items) {
    const key = keyOf(item, 0);
    groups.set(key, [...(groups.get(key) ?? []), item]);
  }
  return groups;
};

const beside = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

// The unit tests run on a small stand-in for the wasm module; what was built (`dist`) keeps the real one.
export default defineConfig({
  // A kept transform of a module forgets who imported it, and with it whether the stand-in is meant.
  test: { include: ['test/**/*.test.ts'], fsModuleCache: false },
  plugins: [
    {
      name: 'stand-in-for-wasm',
      enforce: 'pre',
      resolveId: (id, importer) => {
        if (importer?.includes('/pkg/dist/')) return undefined;
        if (/\/wasm\/pqrst(_tools|_records|_files|_results)?\.js$/.test(id)) return beside('./test/fake-core.ts');
        return id.endsWith('/wasm-source.js') ? beside('./test/fake-source.ts') : undefined;
      },
    },
  ],
});
