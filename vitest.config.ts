import { availableParallelism } from 'node:os';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vitest/config';
import { sources } from './build/sources.ts';
import { prepareSoftwareGpu } from './tests/helpers/browser.ts';

prepareSoftwareGpu();

/** tf.js ships CommonJS for Node beside the ES modules that the page uses; tests run what the page runs. */
const server = { deps: { inline: [/@tensorflow\//] } };

/** every core; vitest would leave one idle, which is half of two */
const WORKERS = availableParallelism();

/** A whole browser on a busy machine may miss a moment; what fails twice is a fault. `npm test` names what was tried again. */
const AGAIN = 1;

/** The tiers of the test pyramid; `tests/run.ts` runs them in this order, `tests/scenario` holds the learning tests. */
export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: 'unit',
          maxWorkers: WORKERS,
          environment: 'node',
          include: ['tests/**/*.test.ts'],
          exclude: [
            'tests/kernels/**',
            'tests/ui/**',
            'tests/e2e/**',
            'tests/browsers/**',
            'tests/scenario/**',
            'tests/interop/**',
          ],
          globalSetup: ['tests/helpers/kernels.ts'],
          server,
          testTimeout: 60_000,
        },
      },
      {
        test: {
          name: 'kernels',
          environment: 'node',
          include: ['tests/kernels/**/*.test.ts'],
          setupFiles: ['tests/helpers/dawn.ts'],
          pool: 'forks',
          maxWorkers: WORKERS,
          server,
          testTimeout: 120_000,
        },
      },
      {
        plugins: [react(), sources()],
        test: {
          name: 'ui',
          maxWorkers: WORKERS,
          environment: 'happy-dom',
          include: ['tests/ui/**/*.test.{ts,tsx}'],
          setupFiles: ['tests/helpers/dom.ts'],
          css: { modules: { classNameStrategy: 'non-scoped' } },
          testTimeout: 30_000,
        },
      },
      {
        test: {
          name: 'e2e',
          environment: 'node',
          include: ['tests/e2e/**/*.test.ts'],
          globalSetup: ['tests/helpers/serve.ts'],
          retry: AGAIN,
          fileParallelism: false,
          testTimeout: 240_000,
          hookTimeout: 120_000,
          provide: { wholeLessons: false },
        },
      },
      {
        test: {
          name: 'lessons',
          environment: 'node',
          include: ['tests/e2e/lessonsToTheEnd.test.ts'],
          globalSetup: ['tests/helpers/serve.ts'],
          fileParallelism: false,
          hookTimeout: 120_000,
          provide: { wholeLessons: true },
        },
      },
      {
        test: {
          name: 'browsers',
          environment: 'node',
          include: ['tests/browsers/**/*.test.ts'],
          globalSetup: ['tests/helpers/serve.ts'],
          retry: AGAIN,
          fileParallelism: false,
          testTimeout: 240_000,
        },
      },
      {
        test: {
          name: 'interop',
          environment: 'node',
          include: ['tests/interop/**/*.test.ts'],
          globalSetup: ['tests/helpers/kernels.ts'],
          fileParallelism: false,
          server,
          testTimeout: 240_000,
          hookTimeout: 240_000,
        },
      },
    ],
  },
});
