import path from 'node:path';
import { defineConfig } from 'vite';

/** The command line and server for installs: ES modules with every package of ours and others bundled. */
export default defineConfig({
  root: import.meta.dirname,
  ssr: { noExternal: true },
  build: {
    ssr: true,
    outDir: '../dist/server',
    emptyOutDir: true,
    target: 'node24',
    minify: false,
    rolldownOptions: {
      // The contract does nothing at import, so the engine's threads can leave out what they do not use of it.
      treeshake: { moduleSideEffects: [{ test: /[\\/]core[\\/]contract[\\/]/, sideEffects: false }] },
      input: {
        cairn: path.join(import.meta.dirname, 'cli', 'main.ts'),
        thread: path.join(import.meta.dirname, '..', 'core', 'engine', 'compute', 'thread.ts'),
        'files-thread': path.join(import.meta.dirname, '..', 'core', 'files', 'thread', 'files-thread.ts'),
      },
      output: { format: 'es', entryFileNames: '[name].js', chunkFileNames: '[name]-[hash].js' },
    },
  },
});
