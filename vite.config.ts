import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import react from '@vitejs/plugin-react';
import { defineConfig, type Plugin } from 'vite';
import { kernelModules } from './build/kernels.ts';
import { FORMULAS } from './src/contract/formulas.ts';
import { METRICS } from './src/contract/metrics.ts';
import { importsOf } from './src/ui/panels/Source/code.ts';

/** Everything from our own origin and nothing else; wasm-unsafe-eval is what compiling WebAssembly is called. */
const CONTENT_SECURITY_POLICY = [
  "default-src 'self'",
  "script-src 'self' 'wasm-unsafe-eval'",
  "worker-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data: blob:",
  "connect-src 'self' blob: data:",
  "object-src 'none'",
  "base-uri 'none'",
  "form-action 'none'",
].join('; ');

/** Cross-origin isolation: with these two a page gets precise clocks and shared memory. */
const ISOLATION_HEADERS = {
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Embedder-Policy': 'require-corp',
};

/**
 * What a server should send with every file of the page. A static host that cannot send headers still works: the page carries its
 * policy as a meta element, which cannot forbid framing, and is then not isolated.
 */
export const HEADERS = {
  ...ISOLATION_HEADERS,
  'Content-Security-Policy': `${CONTENT_SECURITY_POLICY}; frame-ancestors 'none'`,
  'X-Content-Type-Options': 'nosniff',
  'Referrer-Policy': 'no-referrer',
  'Permissions-Policy': 'camera=(), microphone=(), geolocation=(), payment=(), usb=()',
};

/** Writes the policy into the built page; the dev server needs inline scripts for hot reload, so it goes without. */
function contentSecurityPolicy(): Plugin {
  return {
    name: 'content-security-policy',
    apply: 'build',
    transformIndexHtml: () => [
      { tag: 'meta', attrs: { 'http-equiv': 'Content-Security-Policy', content: CONTENT_SECURITY_POLICY }, injectTo: 'head-prepend' },
    ],
  };
}

/**
 * Sends the headers with every answer of `npm start`. "Not modified" would go without them, and WebKit, which judges a worker by
 * the newest answer alone, would then refuse the computing thread on every second reload.
 */
function isolation(): Plugin {
  return {
    name: 'isolation',
    configurePreviewServer({ middlewares }) {
      middlewares.use((_, response, next) => {
        for (const [name, value] of Object.entries(HEADERS)) response.setHeader(name, value);
        next();
      });
    },
  };
}

const SRC = fileURLToPath(new URL('src/', import.meta.url));

/** @returns the files that metrics and formulas name as their source, and what those import in core: path below src → text */
export function namedSources(): Record<string, string> {
  const textOf = (file: string): string => readFileSync(SRC + file, 'utf8');
  const named = [...Object.values(METRICS), ...Object.values(FORMULAS)].map(({ source }) => source.file);
  const imported = named.flatMap((file) => importsOf(textOf(file), file).map((one) => one.file));
  const files = new Set([...named, ...imported.filter((file) => file.startsWith('core/') && existsSync(SRC + file))]);
  return Object.fromEntries([...files].sort().map((file) => [file, textOf(file)]));
}

/** The static page has no repository beside it, so the functions that explanations lead to come with it, as text. */
export function sources(): Plugin {
  const id = 'virtual:sources';
  return {
    name: 'sources',
    resolveId: (wanted) => (wanted === id ? `\0${id}` : null),
    load(wanted) {
      if (wanted !== `\0${id}`) return null;
      const texts = namedSources();
      for (const file of Object.keys(texts)) this.addWatchFile(SRC + file);
      return `export default ${JSON.stringify(texts)};`;
    },
  };
}

export default defineConfig({
  base: './',
  plugins: [react(), sources(), kernelModules(), contentSecurityPolicy(), isolation()],
  worker: { format: 'es', plugins: () => [kernelModules()] },
  build: { target: 'es2022', chunkSizeWarningLimit: 2500 },
  server: { headers: ISOLATION_HEADERS },
});
