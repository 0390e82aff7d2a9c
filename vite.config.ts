import react from '@vitejs/plugin-react';
import { defineConfig, type Plugin } from 'vite';
import { EARLY, earlyThread, firstStageAhead } from './build/ahead.ts';
import { kernelModules } from './build/kernels.ts';
import { leanTf } from './build/leanTf.ts';
import { serviceWorker } from './build/serviceWorker.ts';
import { sources } from './build/sources.ts';

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
 * What a server should send with every file of the page. A static host that cannot send headers still works: the page
 * carries its policy as a meta element, which cannot forbid framing, and is then not isolated.
 */
export const HEADERS = {
  ...ISOLATION_HEADERS,
  'Content-Security-Policy': `${CONTENT_SECURITY_POLICY}; frame-ancestors 'none'`,
  'X-Content-Type-Options': 'nosniff',
  'Referrer-Policy': 'no-referrer',
  'Permissions-Policy': 'camera=(self), microphone=(), geolocation=(), payment=(), usb=()',
};

/** Writes the policy into the built page; the dev server needs inline scripts for hot reload, so it goes without. */
function contentSecurityPolicy(): Plugin {
  return {
    name: 'content-security-policy',
    apply: 'build',
    transformIndexHtml: () => [
      {
        tag: 'meta',
        attrs: { 'http-equiv': 'Content-Security-Policy', content: CONTENT_SECURITY_POLICY },
        injectTo: 'head-prepend',
      },
    ],
  };
}

/**
 * Sends the headers with every answer of `npm start`. "Not modified" would go without them, and WebKit, which judges a
 * worker by the newest answer alone, would then refuse the computing thread on every second reload.
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

/** The same for hosts that take headers from a file beside the page, as Cloudflare Pages and Netlify do. */
function headerFile(): Plugin {
  const lines = Object.entries(HEADERS).map(([name, value]) => `  ${name}: ${value}\n`);
  return {
    name: 'header-file',
    apply: 'build',
    generateBundle() {
      this.emitFile({ type: 'asset', fileName: '_headers', source: `/*\n${lines.join('')}` });
    },
  };
}

export default defineConfig({
  base: './',
  plugins: [
    react(),
    sources(),
    kernelModules(),
    contentSecurityPolicy(),
    earlyThread(),
    firstStageAhead(),
    isolation(),
    headerFile(),
    serviceWorker(),
  ],
  worker: {
    format: 'es',
    plugins: () => [kernelModules(), leanTf()],
    // in a file of its own: WebKit would begin the thread anew if what comes later imported from its entry
    rolldownOptions: {
      output: {
        codeSplitting: {
          groups: [{ name: 'lab', test: (id) => !/\/src\/worker\/main\.ts$/.test(id), tags: ['$initial'] }],
        },
      },
    },
  },
  // what the first screen waits for comes in one file: in many small ones it was 6 kB more
  build: {
    target: 'es2022',
    chunkSizeWarningLimit: 2500,
    rolldownOptions: {
      output: {
        codeSplitting: {
          groups: [
            { name: 'first', test: (id: string) => !EARLY.test(id), tags: ['$initial'], priority: 2 },
            { name: 'opening', test: /\/panels\/Start\/Start\.tsx$/, priority: 1 },
            { name: 'choosing', test: /\/panels\/Compare\/Compare\.tsx$/ },
          ],
        },
      },
    },
  },
  server: { headers: ISOLATION_HEADERS },
});
