import { defineConfig } from 'vite';

/** The command line and server for installs: ES modules with every package of ours and others bundled. */
export default defineConfig({
  root: import.meta.dirname,
  ssr: { noExternal: true },
  build: {
    ssr: 'cli/main.ts',
    outDir: '../dist/server',
    emptyOutDir: true,
    target: 'node24',
    minify: false,
    rolldownOptions: {
      output: { format: 'es', entryFileNames: 'cairn.js', chunkFileNames: '[name]-[hash].js' },
    },
  },
});
