// Builds the page of harness.tsx as the product is built, for benches and browser tests; it never ships.
import react from '@vitejs/plugin-react'
import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vite'

const here = fileURLToPath(new URL('.', import.meta.url))

export default defineConfig({
  root: here,
  base: './',
  publicDir: false,
  plugins: [react()],
  build: { target: 'es2023', assetsInlineLimit: 0, emptyOutDir: true, rolldownOptions: { input: `${here}harness.html` } },
})
