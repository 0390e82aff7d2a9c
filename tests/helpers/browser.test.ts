import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { findBrowser, type Machine, playwrightBrowser, requireBrowser } from './browser';

const DOWNLOADED = [
  'chromium-999/chrome-linux64/chrome',
  'chromium-1255/chrome-linux64/chrome',
  'chromium_headless_shell-1300/chrome-linux64/chrome',
] as const;

/** a machine that keeps what was run on it */
interface Pretended extends Machine {
  ran: string[];
}

describe('a browser for the tests', () => {
  let folder: string;
  /** an executable at a path below the folder */
  const put = (path: string): string => {
    const file = resolve(folder, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, '#!/bin/sh\n');
    chmodSync(file, 0o755);
    return file;
  };

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'rlhf-lab-browser-'));
    vi.spyOn(console, 'log').mockImplementation(() => undefined);
  });
  afterAll(() => {
    rmSync(folder, { recursive: true });
    vi.restoreAllMocks();
  });

  /** @param works commands that succeed, by a part of their line; what they leave behind is in `leaves` */
  function machine(
    works: string[],
    { leaves = {}, broken = [], env = {}, isRoot = true }: Partial<Options> = {},
  ): Pretended {
    const cache = mkdtempSync(join(folder, 'cache-'));
    let found: string | undefined = leaves.before;
    const ran: string[] = [];
    return {
      ran,
      env: { PLAYWRIGHT_BROWSERS_PATH: cache, ...env },
      isRoot,
      find: () => found,
      succeeds: (command, args) => {
        const line = [command, ...args].join(' ').replace(process.execPath, 'node');
        ran.push(line);
        if (!works.some((part) => line.includes(part))) return false;
        if (line.includes('apt-get install')) found = leaves.apt;
        if (line.includes('playwright')) for (const name of DOWNLOADED) put(join(cache, name));
        return true;
      },
      starts: (browser) => !broken.includes(browser),
    };
  }
  interface Options {
    leaves: { before?: string; apt?: string };
    broken: string[];
    env: Record<string, string>;
    isRoot: boolean;
  }

  const UPDATE = 'apt-get update -qq';
  const INSTALL = 'apt-get install -y -qq chromium';
  const DOWNLOAD = `node ${join('node_modules', 'playwright-core', 'cli.js')} install --no-shell chromium`;

  it('is the one that is there, and nothing is run', () => {
    const here = machine([], { leaves: { before: '/usr/bin/chromium' } });
    expect(requireBrowser(here)).toBe('/usr/bin/chromium');
    expect(here.ran).toEqual([]);
  });

  it('is Debian’s package for root', () => {
    const debian = machine(['apt-get'], { leaves: { apt: '/usr/bin/chromium' } });
    expect(requireBrowser(debian)).toBe('/usr/bin/chromium');
    expect(debian.ran).toEqual([UPDATE, INSTALL]);
  });

  const STUB = '/usr/bin/chromium-browser';
  it.each<[string, string[], Partial<Options>, string[]]>([
    ['for anyone else', ['install'], { isRoot: false }, [DOWNLOAD]],
    ['where there is no apt', ['playwright'], {}, [UPDATE, DOWNLOAD]],
    ['when apt has no such package', ['update', 'playwright'], {}, [UPDATE, INSTALL, DOWNLOAD]],
    [
      'when the package is a script that only points elsewhere',
      ['apt-get', 'playwright'],
      { leaves: { apt: STUB }, broken: [STUB] },
      [UPDATE, INSTALL, DOWNLOAD],
    ],
  ])('is Playwright’s newest download %s, and stays it', (_, works, options, ran) => {
    const here = machine(works, options);
    expect(requireBrowser(here)).toBe(join(here.env.PLAYWRIGHT_BROWSERS_PATH as string, DOWNLOADED[1]));
    expect(requireBrowser(here)).toBe(playwrightBrowser(here.env));
    expect(here.ran).toEqual(ran);
  });

  it('is asked for in a sentence when there is no way to get one', () => {
    const cutOff = machine([]);
    expect(() => requireBrowser(cutOff)).toThrow('Install Chrome, Chromium or Edge, or set CHROME_PATH');
    expect(cutOff.ran).toEqual([UPDATE, DOWNLOAD]);
  });

  it('is never another one than CHROME_PATH names', () => {
    const env = { CHROME_PATH: '/nowhere/chrome' };
    const without = machine(['install'], { env });
    expect(() => requireBrowser(without)).toThrow('CHROME_PATH names /nowhere/chrome, and there is no such file.');
    const broken = machine(['install'], { env, leaves: { before: '/nowhere/chrome' }, broken: ['/nowhere/chrome'] });
    expect(() => requireBrowser(broken)).toThrow('it does not start');
    expect([...without.ran, ...broken.ran]).toEqual([]);
  });

  it('is looked for where CHROME_PATH says, then on the PATH', () => {
    const [chosen, onPath] = [put('chosen/chrome'), put('bin/google-chrome')];
    expect(findBrowser({ CHROME_PATH: chosen, PATH: dirname(onPath) })).toBe(chosen);
    expect(findBrowser({ CHROME_PATH: join(folder, 'nothing'), PATH: dirname(onPath) })).toBeUndefined();
    expect(findBrowser({ PATH: ['/nowhere', dirname(onPath)].join(delimiter) })).toBe(onPath);
  });
});
