/** What a comparison found, as a table and a picture in the README of `tests/interop`. */
import { readFileSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { type Curve, type Method, PANELS, type Pair } from './curves';
import { picture } from './picture';

const README = resolve('tests/interop/README.md');
const TITLES: Record<Method, string> = {
  dpo: 'DPO',
  reward: 'Reward model',
  rloo: 'RLOO',
  ppo: 'PPO',
};
const OTHERS: Record<Method, string> = { dpo: 'TRL', reward: 'TRL', rloo: 'TRL', ppo: 'plain PyTorch' };
/** steps at the end that are averaged where each half drew its own texts */
const LAST = 10;

/** largest distance between two curves of one seed, over the steps that both have; infinite where they share none */
export function apart(one: Curve, two: Curve): number {
  const other = new Map(two);
  const found = one.flatMap(([step, value]) => (other.has(step) ? [Math.abs(value - other.get(step)!)] : []));
  return found.length === 0 ? Number.POSITIVE_INFINITY : Math.max(...found);
}

const mean = (values: readonly number[]): number => values.reduce((sum, x) => sum + x, 0) / values.length;
const end = (curve: Curve): number => mean(curve.slice(-LAST).map(([, value]) => value));

const show = (value: number): string =>
  Math.abs(value) < 1e-3 && value !== 0 ? value.toExponential(1) : String(Number(value.toPrecision(3)));

/** both learned from the same batches: every step can be held against its like */
const sameBatches = (method: Method): boolean => method === 'dpo' || method === 'reward';

/** @returns lines of a Markdown table */
function table(method: Method, pairs: readonly Pair[]): string[] {
  const seeds = pairs.map(({ seed }) => `seed ${seed}`);
  const cell = sameBatches(method)
    ? (pair: Pair, name: string) => show(apart(pair.lab[name] ?? [], pair.other[name] ?? []))
    : (pair: Pair, name: string) => `${show(end(pair.lab[name] ?? []))} / ${show(end(pair.other[name] ?? []))}`;
  const what = sameBatches(method)
    ? `largest distance from ${OTHERS[method]} at any step`
    : `the lab / ${OTHERS[method]}, mean of the last ${LAST} steps`;
  return [
    `| ${TITLES[method]}: ${what} | ${seeds.join(' | ')} |`,
    `|---|${seeds.map(() => '---|').join('')}`,
    ...PANELS[method].map((name) => `| ${name} | ${pairs.map((pair) => cell(pair, name)).join(' | ')} |`),
  ];
}

const marks = (method: Method): [string, string] => [`<!-- parity ${method} -->`, `<!-- end of ${method} -->`];

/** @returns the text with what stands between the marks of the method replaced; @throws Error where they are missing */
export function placed(readme: string, method: Method, content: string): string {
  const [from, to] = marks(method);
  const [start, stop] = [readme.indexOf(from), readme.indexOf(to)];
  if (start < 0 || stop < start) throw new Error(`the README has no place for ${method}: ${from} … ${to}`);
  return `${readme.slice(0, start + from.length)}\n${content}\n${readme.slice(stop)}`;
}

/** Draws a method and writes its table. */
export function report(method: Method, pairs: readonly Pair[]): void {
  const [title, other] = [TITLES[method], OTHERS[method]];
  const name = `parity/${method}.svg`;
  writeFileSync(resolve('tests/interop', name), picture(method, pairs, `${title}: the lab beside ${other}`, other));
  const content = [`![${title} of the lab and of ${other}](${name})`, '', ...table(method, pairs)].join('\n');
  writeFileSync(README, placed(readFileSync(README, 'utf8'), method, content));
}
