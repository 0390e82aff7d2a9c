/**
 * `npm test`: every tier in turn, then one line that counts them all. `tsx tests/run.ts kernels e2e` runs only those
 * tiers; `browsers`, which needs Firefox and WebKit besides, and `interop`, which needs Python, run when they are asked
 * for.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { browserVersion, requireBrowser } from './helpers/browser';
import { absences, getEngines } from './helpers/engines';
import { preparePython, pythonEnvironment } from './helpers/python';

const USUAL = ['unit', 'kernels', 'ui', 'e2e'] as const;
const TIERS = [...USUAL, 'browsers', 'interop'] as const;
/** tiers that need no browser */
const WITHOUT_BROWSER: readonly Tier[] = ['unit', 'ui', 'interop'];
type Tier = (typeof TIERS)[number];
const SECOND_TRIES = 'second-tries.txt';

interface Count {
  passed: number;
  skipped: number;
  /** each test, or file, that failed, with the first line of why */
  failures: string[];
}

/** the part of vitest's JSON report that is read here */
interface Report {
  numPassedTests: number;
  numPendingTests: number;
  numTodoTests: number;
  testResults: {
    name: string;
    status: string;
    /** why the file as a whole failed; empty where its tests say so */
    message: string;
    assertionResults: { fullName: string; status: string; failureMessages: string[] | null }[];
  }[];
}

const firstLine = (text = '') => text.trim().split('\n', 1)[0]?.slice(0, 300) ?? '';

/** What failed, in words that fit the end of a long log. */
function failuresOf(report: Report): string[] {
  return report.testResults.flatMap((file) => {
    const name = relative(process.cwd(), file.name);
    const tests = file.assertionResults.filter((test) => test.status === 'failed');
    if (tests.length > 0)
      return tests.map((test) => `${name}: ${test.fullName}: ${firstLine(test.failureMessages?.[0])}`);
    return file.status === 'failed' ? [`${name}: ${firstLine(file.message)}`] : [];
  });
}

/** A tier that stops before its first test, or reports nothing, counts as one failure. */
function countOf(tier: Tier, reportFile: string, status: number | null): Count {
  let report: Report;
  try {
    report = JSON.parse(readFileSync(reportFile, 'utf8')) as Report;
  } catch {
    return { passed: 0, skipped: 0, failures: [`${tier}: ended without a report`] };
  }
  const failures = failuresOf(report);
  if (status !== 0 && failures.length === 0) failures.push(`${tier}: ended with ${status}, and no test failed`);
  return { passed: report.numPassedTests, skipped: report.numPendingTests + report.numTodoTests, failures };
}

/** tests in a browser that a busy machine made try again: they count as passed, and are named */
function secondTries(folder: string): string[] {
  const file = join(folder, SECOND_TRIES);
  return existsSync(file) ? readFileSync(file, 'utf8').trim().split('\n') : [];
}

function runTier(tier: Tier, folder: string): Count {
  const reportFile = join(folder, `${tier}.json`);
  const vitest = join('node_modules', 'vitest', 'vitest.mjs');
  const reporters = ['default', 'json', 'tests/helpers/secondTries.ts'].map((name) => `--reporter=${name}`);
  const { status } = spawnSync(
    process.execPath,
    [vitest, 'run', '--project', tier, ...reporters, `--outputFile.json=${reportFile}`],
    {
      stdio: 'inherit',
      env: { ...process.env, SECOND_TRIES: join(folder, SECOND_TRIES) },
    },
  );
  return countOf(tier, reportFile, status);
}

/**
 * Gets transformers and TRL where they can be had. @returns a sentence when they are missing, which only CI takes amiss
 */
function preparePeers(): string | null {
  const python = preparePython();
  if (typeof python === 'string') return python;
  Object.assign(process.env, pythonEnvironment(python), { INTEROP_PYTHON: python.program });
  return null;
}

const isTier = (name: string): name is Tier => (TIERS as readonly string[]).includes(name);

/**
 * Gets Firefox and WebKit where they can be had, and says which they are. @returns a sentence for each that is missing
 */
function prepareEngines(): string[] {
  const engines = getEngines();
  for (const program of [engines.firefox, engines.webKitDriver])
    if (program) console.log(`browser: ${browserVersion(program)}`);
  return absences(engines);
}

function main(): number {
  const asked = process.argv.slice(2);
  const unknown = asked.filter((name) => !isTier(name));
  if (unknown.length > 0) throw new Error(`no such tier: ${unknown.join(', ')}; there are ${TIERS.join(', ')}`);
  const all = asked.length > 0 ? asked.filter(isTier) : [...USUAL];
  if (all.some((tier) => !WITHOUT_BROWSER.includes(tier))) {
    const browser = requireBrowser();
    process.env.CHROME_PATH = browser;
    console.log(`browser: ${browserVersion(browser)}`);
  }
  const absent = all.includes('browsers') ? prepareEngines() : [];
  const noPeers = all.includes('interop') ? preparePeers() : null;
  if (noPeers !== null) absent.push(noPeers);
  const tiers = all.filter((tier) => tier !== 'interop' || noPeers === null);
  const folder = mkdtempSync(join(tmpdir(), 'rlhf-lab-'));
  const counts = tiers.map((tier) => runTier(tier, folder));
  const again = secondTries(folder);
  rmSync(folder, { recursive: true });
  const total = counts.reduce(
    (sum, count) => ({
      passed: sum.passed + count.passed,
      skipped: sum.skipped + count.skipped,
      failures: [...sum.failures, ...count.failures],
    }),
    { passed: 0, skipped: 0, failures: process.env.CI && noPeers !== null ? [`interop: ${noPeers}`] : [] },
  );
  for (const sentence of absent) console.log(`\n${sentence}`);
  for (const name of again) console.log(`passed at the second try: ${name}`);
  for (const failure of total.failures) console.log(`failed: ${failure}`);
  const failed = total.failures.length;
  const skipped = total.skipped > 0 ? `, ${total.skipped} skipped` : '';
  console.log(`\n${total.passed} passed, ${failed} failed${skipped}`);
  return failed === 0 && total.passed + absent.length > 0 ? 0 : 1;
}

process.exitCode = main();
