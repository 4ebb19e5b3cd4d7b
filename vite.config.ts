// Three builds of one source tree: `--mode renderer` (the page), `--mode hosts` (Node bundles: engine, trainer, server,
// command line, golden and bench runners; Electron main) and `--mode preload` (one CommonJS file, as the sandbox wants).
// Hosts are bundles because tfjs-core's ES modules resolve only through a bundler; native packages stay outside.
import { fileURLToPath } from 'node:url';
import react from '@vitejs/plugin-react';
import { defineConfig, type UserConfig } from 'vite';

const at = (path: string) => fileURLToPath(new URL(path, import.meta.url));
const natives = ['electron', 'better-sqlite3', 'onnxruntime-node', 'node-av', '@tensorflow/tfjs-node-gpu'];
const external = [...natives, /^node-av\//];

export default defineConfig(({ mode }): UserConfig => {
  if (mode === 'renderer' || mode === 'development') {
    return {
      root: at('renderer'),
      base: './',
      plugins: [react()],
      build: { outDir: at('out/renderer'), emptyOutDir: true, target: 'chrome140', assetsInlineLimit: 0 },
    };
  }
  if (mode === 'preload') {
    return {
      build: {
        outDir: at('out/preload'),
        emptyOutDir: true,
        ssr: true,
        target: 'node24',
        rolldownOptions: {
          input: { preload: at('electron/preload/preload.ts') },
          external,
          output: { format: 'cjs', entryFileNames: '[name].cjs', codeSplitting: false },
        },
      },
    };
  }
  return {
    ssr: { noExternal: true, external: natives },
    build: {
      outDir: at('out'),
      emptyOutDir: false,
      ssr: true,
      target: 'node24',
      sourcemap: true,
      rolldownOptions: {
        input: {
          'main/main': at('electron/main/main.ts'),
          'hosts/engine': at('electron/hosts/engine.ts'),
          'hosts/trainer': at('electron/hosts/trainer.ts'),
          'hosts/describer': at('electron/features/cellmotion/thread.ts'),
          'hosts/cli': at('electron/hosts/cli.ts'),
          'hosts/golden': at('test/golden/run.ts'),
          'hosts/bench': at('test/bench/run.ts'),
          'hosts/bench-wocc': at('test/bench/wocc.ts'),
        },
        external,
        output: { format: 'es', entryFileNames: '[name].js', chunkFileNames: 'chunks/[name]-[hash].js' },
      },
    },
  };
});
