import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import packageJson from '../package.json';
import { levelsOf } from '../src/contract/enough';
import { withGlossary } from './helpers/glossary';

const readme = readFileSync('README.md', 'utf8');

describe('README', () => {
  it('has the glossary that contract/metrics.ts describes', () => {
    expect(withGlossary(readme)).toBe(readme);
  });

  it('advises as many votes as the page does', () => {
    const { start } = levelsOf(true);
    expect(readme).toContain(
      `With the rule ${start} votes are a good start; without it, as on your own text, it takes\nabout ${levelsOf(false).start}.`,
    );
  });

  it('links only to files that exist', () => {
    const links = [...readme.matchAll(/\]\((?!https?:|#)([^)#\s]+)/g)].map((match) => match[1] as string);
    expect(links.length).toBeGreaterThan(5);
    expect(links.filter((link) => !existsSync(link))).toEqual([]);
  });

  it('names only scripts that package.json has', () => {
    const named = [...readme.matchAll(/\bnpm (?:run (?:-s )?)?([a-z][a-z:]*)/g)].map((match) => match[1] as string);
    const builtIn = ['install', 'ci'];
    expect(named.filter((name) => !builtIn.includes(name) && !(name in packageJson.scripts))).toEqual([]);
  });
});
