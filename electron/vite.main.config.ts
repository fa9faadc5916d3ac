import path from 'node:path';
import { defineConfig } from 'vite';

/**
 * The main process: one ES module with everything bundled; core is a chunk of its own, loaded only when embedded, and
 * so is the thread that reads the files of restore points.
 */
export default defineConfig({
  root: import.meta.dirname,
  ssr: { noExternal: true, external: ['electron'] },
  build: {
    ssr: true,
    outDir: '../dist/electron',
    emptyOutDir: false,
    target: 'node20',
    minify: false,
    rolldownOptions: {
      // The contract does nothing at import, so the engine's threads can leave out what they do not use of it.
      treeshake: { moduleSideEffects: [{ test: /[\\/]core[\\/]contract[\\/]/, sideEffects: false }] },
      external: ['electron'],
      input: {
        main: path.join(import.meta.dirname, 'main.ts'),
        'files-thread': path.join(import.meta.dirname, '..', 'core', 'files', 'thread', 'files-thread.ts'),
      },
      output: { format: 'es', entryFileNames: '[name].js', chunkFileNames: '[name]-[hash].js' },
    },
  },
});
