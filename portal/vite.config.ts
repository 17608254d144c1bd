import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

/** Everything is served by the service itself, below one address, and nothing comes from elsewhere. */
export default defineConfig({
  root: import.meta.dirname,
  base: '/portal/',
  plugins: [react()],
  build: {
    outDir: 'dist',
    emptyOutDir: true,
    target: 'es2023',
    // Small files as data: addresses would need a wider policy of what the page may load.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
    manifest: true,
  },
});
