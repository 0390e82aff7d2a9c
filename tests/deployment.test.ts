import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { HEADERS } from '../vite.config';
import { headersFor } from './helpers/staticHost';

describe('the file of headers', () => {
  it('is read by path, as hosts do', () => {
    const text = '# all\n/*\n  A: 1: one\n/assets/*\n  B: 2\n/\n  C: 3\n';
    expect(headersFor(text, '/')).toEqual([
      ['A', '1: one'],
      ['C', '3'],
    ]);
    expect(headersFor(text, '/assets/main.js')).toEqual([
      ['A', '1: one'],
      ['B', '2'],
    ]);
  });

  it('can hold every header: each is one line', () => {
    for (const value of Object.values(HEADERS)) expect(value).not.toMatch(/[\r\n]/);
  });
});

describe('the workflow that publishes the page', () => {
  const lines = readFileSync('.github/workflows/pages.yml', 'utf8').split('\n');
  const scripts = JSON.parse(readFileSync('package.json', 'utf8')).scripts as Record<string, string>;

  it('is YAML in two spaces, without tabs', () => {
    for (const line of lines) {
      expect(line).not.toContain('\t');
      expect(/^ */.exec(line)![0].length % 2).toBe(0);
    }
  });

  it('has what Pages asks for: its permissions, an artifact, and a deployment from it', () => {
    const words = lines.map((line) => line.trim());
    for (const wanted of ['pages: write', 'id-token: write', 'contents: read', 'path: dist', 'name: github-pages'])
      expect(words).toContain(wanted);
    const actions = words.flatMap((line) => /uses: (actions\/[\w-]+)@v\d+$/.exec(line)?.[1] ?? []);
    expect(actions).toEqual(
      ['checkout', 'setup-node', 'configure-pages', 'upload-pages-artifact', 'deploy-pages'].map(
        (name) => `actions/${name}`,
      ),
    );
  });

  it('runs commands that there are', () => {
    const runs = lines.flatMap((line) => /- run: npm run (\S+)/.exec(line)?.[1] ?? []);
    expect(runs).toEqual(['build']);
    for (const name of runs) expect(scripts[name]).toBeDefined();
  });
});

describe('the manifest', () => {
  const manifest = JSON.parse(readFileSync('public/manifest.webmanifest', 'utf8')) as {
    start_url: string;
    scope: string;
    icons: { src: string; sizes: string }[];
  };

  it('works below any path', () => {
    expect([manifest.start_url, manifest.scope]).toEqual(['./', './']);
  });

  it.each([192, 512])('has an icon of %i px, which installing asks for', (size) => {
    const icon = manifest.icons.find(({ sizes }) => sizes === `${size}x${size}`)!;
    const png = readFileSync(`public/${icon.src}`);
    expect([png.readUInt32BE(16), png.readUInt32BE(20)]).toEqual([size, size]);
  });
});
