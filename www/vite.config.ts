import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vite';

const page = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

export default defineConfig({
  appType: 'mpa',
  // A worker loads the package's parts on demand, as the pages do.
  worker: { format: 'es' },
  build: {
    target: 'es2022',
    // Everything stays a file of this origin: the pages' content security policy allows no inline code and no data: scripts.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    rollupOptions: {
      input: { landing: page('index.html'), patient: page('patient/index.html'), clinician: page('clinician/index.html') },
    },
  },
});
