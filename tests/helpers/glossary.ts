/** The metric glossary beside contract/metrics.ts, written from it: `npm run glossary` puts it in place. */
import { readFileSync, writeFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { METRICS, type Metric } from '../../src/contract/metrics';

const BEGIN = '<!-- glossary: written by npm run glossary -->';
export const GLOSSARY = 'src/contract/README.md';
const END = '<!-- end of glossary -->';

const range = (healthy: Metric['healthy']): string => (healthy ? `${healthy[0]} … ${healthy[1]}` : '');
const row = ([id, metric]: [string, Metric]): string =>
  `| \`${id}\` | ${metric.label} | ${metric.formula.replaceAll('|', '\\|')} | ${metric.unit} | ${range(metric.healthy)} | ${metric.meaning} |`;

/** the table, one metric a row, in the order of the source */
export function glossary(): string {
  const head = '| id | name | formula | unit | usual | in words |\n|---|---|---|---|---|---|';
  return [head, ...Object.entries(METRICS).map(row)].join('\n');
}

/** @throws when the text has no place for the table */
export function withGlossary(readme: string): string {
  const [begin, end] = [readme.indexOf(BEGIN), readme.indexOf(END)];
  if (begin < 0 || end < begin) throw new Error(`${GLOSSARY} lacks the lines ${BEGIN} and ${END}`);
  return `${readme.slice(0, begin + BEGIN.length)}\n${glossary()}\n${readme.slice(end)}`;
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  writeFileSync(GLOSSARY, withGlossary(readFileSync(GLOSSARY, 'utf8')));
}
