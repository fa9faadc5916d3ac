import { defineConfig } from 'vite';

/** A sandboxed preload must be one CommonJS file that requires nothing but electron. */
export default defineConfig({
  root: import.meta.dirname,
  build: {
    ssr: 'preload.ts',
    outDir: '../dist/electron',
    emptyOutDir: false,
    target: 'node20',
    minify: false,
    rolldownOptions: {
      external: ['electron'],
      output: { format: 'cjs', entryFileNames: 'preload.cjs' },
    },
  },
});
