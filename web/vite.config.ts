// How the browser part is built: into the Python package, with addresses relative to the page's <base>.
import react from '@vitejs/plugin-react'
import { defineConfig } from 'vitest/config'

const server = process.env['KARAT_SERVER'] ?? 'http://127.0.0.1:8080'

export default defineConfig({
  base: './',
  plugins: [react()],
  build: {
    outDir: '../src/karat/server/static',
    emptyOutDir: true,
    target: ['chrome123', 'firefox120', 'safari17.5'],
    // A data: address would need its own entry in the content security policy.
    assetsInlineLimit: 0,
    chunkSizeWarningLimit: 900,
  },
  server: {
    port: 5190,
    strictPort: true,
    proxy: { '/api': { target: server, changeOrigin: true }, '/healthz': server },
  },
  test: { include: ['src/**/*.test.{ts,tsx}'], environment: 'node' },
})
