// `npx vite --config test/stand-in/vite.config.ts`: the pages with canned results, no build of the wasm module, no portal.
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vite';
import { standInPortal } from './portal.js';

const at = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

export default defineConfig({
  root: at('../..'),
  appType: 'mpa',
  cacheDir: at('../../node_modules/.vite-stand-in'),
  server: { fs: { allow: [at('../../..')] } },
  resolve: {
    alias: [
      { find: /^pqrst\/simulator$/, replacement: at('../../../pkg/src/simulator.ts') },
      { find: /^pqrst$/, replacement: at('../../../pkg/src/index.ts') },
    ],
  },
  plugins: [
    standInPortal(),
    {
      name: 'stand-in-for-wasm',
      enforce: 'pre',
      resolveId: (id) => {
        if (/\/wasm\/pqrst(_tools|_records|_files|_results|_devices)?\.js$/.test(id)) return at('../../../pkg/test/fake-core.ts');
        return id.endsWith('/wasm-source.js') ? at('../../../pkg/test/fake-source.ts') : undefined;
      },
    },
  ],
});
