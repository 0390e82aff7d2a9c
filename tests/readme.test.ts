import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import packageJson from '../package.json';
import { levelsOf } from '../src/contract/enough';
import { GLOSSARY, KNOBS, METHODS, withGlossary } from './helpers/glossary';

const readme = readFileSync('README.md', 'utf8');

/** README and all that lies beside what it describes */
const pages: string[] = ['README.md', ...['src', 'tests'].flatMap(pagesUnder)];

function pagesUnder(folder: string): string[] {
  const found = readdirSync(folder, { recursive: true, encoding: 'utf8' });
  return found.filter((file) => file.endsWith('.md')).map((file) => join(folder, file));
}

/** files that a page links to, in the manner `](…)` or `[name]: …` */
function linksOf(page: string): string[] {
  const text = readFileSync(page, 'utf8');
  const links = [...text.matchAll(/\]\(([^)#\s]+)/g), ...text.matchAll(/^\[[^\]]+\]: (\S+)$/gm)].map(
    (match) => match[1] as string,
  );
  return links.filter((link) => !/^https?:/.test(link)).map((link) => join(dirname(page), link));
}

describe('README', () => {
  it('can be read in class: at most 18 kB, lines of at most 120 characters', () => {
    expect(Buffer.byteLength(readme)).toBeLessThanOrEqual(18_000);
    expect(readme.split('\n').filter((line) => line.length > 120)).toEqual([]);
  });

  it('advises as many votes as the page does', () => {
    const [withRule, without] = [levelsOf(true).start, levelsOf(false).start];
    expect(readme.replaceAll('\n', ' ')).toContain(
      `With the rule ${withRule} votes are a good start; without it, as on your own text, it takes about ${without}.`,
    );
  });

  it('leads to every page that lies beside what it describes', () => {
    const reached = new Set(['README.md']);
    for (const page of reached) for (const link of linksOf(page)) if (link.endsWith('.md')) reached.add(link);
    expect(pages.filter((page) => !reached.has(page))).toEqual([]);
  });
});

describe('the tables of rooms', () => {
  const foldersOf = (room: string): string[] =>
    readdirSync(room, { withFileTypes: true }).flatMap((one) => (one.isDirectory() ? [one.name] : []));

  it('name every folder of the store', () => {
    const page = readFileSync('src/store/README.md', 'utf8');
    expect(foldersOf('src/store').filter((folder) => !page.includes(`[\`${folder}\`](${folder}`))).toEqual([]);
  });

  it('draw every room of core', () => {
    const [, drawing = ''] = /^core: {4}([\s\S]*?)```/m.exec(readme) ?? [];
    expect(foldersOf('src/core').filter((room) => !new RegExp(`\\b${room}\\b`).test(drawing))).toEqual([]);
  });
});

describe('every page', () => {
  it.each(pages)('%s links only to files that exist', (page) => {
    expect(linksOf(page).filter((link) => !existsSync(link))).toEqual([]);
  });

  it('names only scripts that package.json has', () => {
    const builtIn = ['install', 'ci'];
    const named = pages.flatMap((page) =>
      [...readFileSync(page, 'utf8').matchAll(/\bnpm (?:run (?:-s )?)?([a-z][a-z0-9:]*)/g)].map(
        (match) => match[1] as string,
      ),
    );
    expect(named.length).toBeGreaterThan(10);
    expect(named.filter((name) => !builtIn.includes(name) && !(name in packageJson.scripts))).toEqual([]);
  });
});

it.each([GLOSSARY, METHODS, KNOBS])(
  '%s has the metrics, formulas, papers and settings of the source, as npm run glossary writes them',
  (file) => {
    const page = readFileSync(file, 'utf8');
    expect(withGlossary(page)).toBe(page);
  },
);
