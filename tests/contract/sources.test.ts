/** Every number and every formula names the function that computes it; here the names are held against the code. */
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, normalize, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Source } from '../../src/contract/explanations/explanation';
import { FORMULAS, type Formula } from '../../src/contract/formulas';
import { LABELS } from '../../src/contract/labels';
import { METRICS } from '../../src/contract/metrics';
import { PAPERS } from '../../src/contract/papers';
import { linesOf } from '../../src/ui/panels/Source/code';
import { METHODS } from '../helpers/glossary';
import { below, importGraph, reachedFrom, SRC, sourceFiles } from '../helpers/imports';

const named: [string, Source][] = [...Object.entries(METRICS), ...Object.entries(FORMULAS)].map(([id, { source }]) => [
  id,
  source,
]);
const everyImport = importGraph();
const whatRuns = importGraph(({ isTypeOnly }) => !isTypeOnly);
const running = reachedFrom('worker/main.ts', whatRuns);
const textOf = (file: string): string => readFileSync(join(SRC, file), 'utf8');

/** files of the thread that write a metric into a report: `'group/name': …` */
const thread = sourceFiles()
  .map(below)
  .filter((file) => /^(core|worker)\//.test(file))
  .map((file) => ({ file, text: textOf(file) }));
const reportersOf = (id: string): string[] =>
  thread.filter(({ text }) => new RegExp(`'${id}':\\s`).test(text)).map(({ file }) => file);

const LOOPS = ['core/train/ppo.ts', 'core/train/rewardModel.ts', 'core/train/dpo.ts'];
/**
 * what comes in through an interface: a loop asks a corpus for gold and does not know the rater's formula, and a
 * network for entropy
 */
const BEHIND_INTERFACES: Record<string, string> = {
  'core/text/raters.ts': 'core/text/corpus.ts',
  'core/model/ops/tokenLogprobs.ts': 'core/model/causalNetwork.ts',
};

describe('the source of every metric and formula', () => {
  it.each(named)('%s is a symbol of a file that exists', (_, { file, symbol }) => {
    expect(existsSync(join(SRC, file)), file).toBe(true);
    expect(linesOf(textOf(file), symbol), `${symbol} in ${file}`).not.toBeNull();
  });

  it.each(named)('%s is computed by a file that the thread runs', (_, { file }) => {
    expect(running.has(file)).toBe(true);
  });

  it.each(Object.entries(METRICS))(
    '%s is reported in a loop whose files reach its source by imports',
    (id, { source }) => {
      const reporters = reportersOf(id);
      expect(reporters, 'files that report it').not.toEqual([]);
      const file = BEHIND_INTERFACES[source.file] ?? source.file;
      const reaching = [...reporters, ...LOOPS].filter((from) => reachedFrom(from, everyImport).has(file));
      expect(
        reaching.filter((from) => reporters.some((reporter) => reachedFrom(from, everyImport).has(reporter))),
      ).not.toEqual([]);
    },
  );

  it('is called by someone: the symbol of a formula is named outside its declaration', () => {
    const called = (symbol: string) => thread.some(({ file, text }) => running.has(file) && uses(text, symbol));
    expect(named.map(([, { symbol }]) => symbol.split('.').at(-1)!).filter((symbol) => !called(symbol))).toEqual([]);
  });

  it('is there for every metric that the thread can report', () => {
    const groups = [...new Set(Object.keys(METRICS).map((id) => id.split('/')[0]))].join('|');
    const reported = thread.flatMap(({ text }) =>
      [...text.matchAll(new RegExp(`'((?:${groups})/\\w+)':\\s`, 'g'))].map((match) => match[1]!),
    );
    const calls = ['models', 'runs', 'opinions', 'teaching'].flatMap((name) =>
      [...textOf(`contract/calls/${name}.ts`).matchAll(/'([\w/]+)':\s*\{ params/g)].map((match) => match[1]!),
    );
    expect([...new Set(reported)].filter((id) => !(id in METRICS) && !calls.includes(id))).toEqual([]);
    expect(Object.keys(METRICS)).toEqual(Object.keys(LABELS));
  });
});

/** used, and not as `function symbol` or `const symbol`, nor only imported */
function uses(text: string, symbol: string): boolean {
  const code = text.replace(/\/\*[\s\S]*?\*\/|\/\/.*$/gm, '').replace(/^import[\s\S]*?;$/gm, '');
  const declared = new RegExp(`(function\\*?|const|class|get|async|private|readonly) ${symbol}\\b`, 'g');
  return new RegExp(`\\b${symbol}\\b`).test(code.replace(declared, ''));
}

describe('the page of methods', () => {
  const page = readFileSync(METHODS, 'utf8');
  const equations = [...page.matchAll(/```\n([\s\S]*?)```\n\n([\s\S]*?)\n\n/g)].map(
    ({ 1: block = '', 2: below = '' }) => ({
      block,
      below,
    }),
  );
  const symbols = [...page.matchAll(/\[`(\w+)`\]\(([^)]+\.ts)\)/g)].map(
    ({ 1: symbol = '', 2: link = '' }): Source => ({
      symbol,
      file: below(resolve(normalize(join(dirname(METHODS), link)))),
    }),
  );
  const formulasIn = (block: string): Formula[] =>
    Object.values<Formula>(FORMULAS).filter(({ notation }) => block.includes(notation));

  it('writes every line of its equations as the table of formulas does', () => {
    const lines = equations.flatMap(({ block }) => block.trimEnd().split('\n'));
    expect(lines.length).toBeGreaterThan(7);
    expect(lines.filter((line) => formulasIn(line).length === 0)).toEqual([]);
  });

  it.each(equations)('says which functions compute $block', ({ block, below: words }) => {
    for (const { name, source } of formulasIn(block)) expect(words, name).toContain(`[\`${source.symbol}\`]`);
  });

  it('names only symbols that exist and that the thread runs', () => {
    expect(symbols.length).toBeGreaterThan(12);
    expect(symbols.filter(({ file, symbol }) => !running.has(file) || !linesOf(textOf(file), symbol))).toEqual([]);
  });
});

it('a paper of every formula is a paper of the list, and arXiv numbers have their form', () => {
  const cited = Object.values<Formula>(FORMULAS).flatMap(({ papers }) => papers);
  expect(cited.filter((id) => !(id in PAPERS))).toEqual([]);
  const numbers = Object.values(PAPERS).flatMap((paper) => ('arxiv' in paper ? [paper.arxiv] : []));
  expect(numbers.filter((number) => !/^\d{4}\.\d{4,5}$/.test(number))).toEqual([]);
  expect(new Set(numbers).size).toBe(numbers.length);
});
