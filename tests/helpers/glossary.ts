/**
 * The tables of pages beside the source, written from it: `npm run glossary` puts metrics, formulas, papers and
 * settings in place.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { dirname, relative } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Source } from '../../src/contract/explanations/explanation';
import { FORMULAS, type Formula } from '../../src/contract/formulas';
import { METRICS, type Metric } from '../../src/contract/metrics';
import { citation, PAPERS, type Paper } from '../../src/contract/papers';
import { optionsOf, type Setting } from '../../src/contract/settings/setting';
import { SETTING_ROWS, type SettingRow } from '../../src/contract/settings/table';

export const GLOSSARY = 'src/contract/README.md';
export const METHODS = 'src/core/train/README.md';
export const KNOBS = 'src/contract/settings/README.md';

const cell = (text: string): string => text.replaceAll('|', '\\|');
const range = (healthy: Metric['healthy']): string => (healthy ? `${healthy[0]} … ${healthy[1]}` : '');
const link = ({ file, symbol }: Source): string => `[\`${symbol}\`](${relative(dirname(GLOSSARY), `src/${file}`)})`;

const metricRow = ([id, metric]: [string, Metric]): string =>
  `| \`${id}\` | ${metric.label} | ${cell(metric.formula)} | ${metric.unit} | ${range(metric.healthy)} | ${metric.meaning} | ${link(metric.source)} |`;

/** the metrics, one a row, in the order of the source */
export function glossary(): string {
  const head = '| id | name | formula | unit | usual | in words | computed by |\n|---|---|---|---|---|---|---|';
  return [head, ...Object.entries(METRICS).map(metricRow)].join('\n');
}

function formulas(): string {
  const row = ({ name, notation, source, papers }: Formula): string =>
    `| ${name} | ${cell(notation)} | ${link(source)} | ${papers.map(citation).join('; ')} |`;
  return ['| name | formula | computed by | from |\n|---|---|---|---|', ...Object.values(FORMULAS).map(row)].join('\n');
}

function papers(): string {
  const row = ({ authors, year, title, arxiv, about }: Paper): string =>
    `- ${authors} ${year}, *${title}*${arxiv ? `, arXiv ${arxiv}` : ''}: ${about}.`;
  return Object.values(PAPERS).map(row).join('\n');
}

/** small ones keep all their digits */
const inWords = (value: number): string => (Number.isInteger(value) ? value.toLocaleString('en-US') : String(value));

function bounds(setting: Setting): string {
  if (setting.kind === 'switch') return 'on, off';
  if (setting.kind === 'choice') return optionsOf(setting).join(', ');
  const { min, max, excludes } = setting;
  return `${inWords(min)} to ${inWords(max)}${excludes ? `, not ${excludes === 'max' ? max : min}` : ''}`;
}

function settings(): string {
  const name = ({ label, symbol, live }: Setting) => [label, symbol, live && '(live)'].filter(Boolean).join(' ');
  const row = ({ path, address, setting }: SettingRow): string => {
    const begins = Object.values(typeof setting.default === 'object' ? setting.default : [setting.default]).join(', ');
    const words = [setting.hint, setting.source].filter(Boolean).join('. ');
    return `| \`${path.join('.')}\` | \`${address}\` | ${name(setting)} | ${begins} | ${bounds(setting)} | ${cell(words)} |`;
  };
  const head = '| setting | in an address | on the page | begins with | may be | in words |\n|---|---|---|---|---|---|';
  return [head, ...SETTING_ROWS.map(row)].join('\n');
}

/** what stands between `<!-- name: written by npm run glossary -->` and `<!-- end of name -->` */
const SECTIONS: Record<string, () => string> = { glossary, formulas, papers, settings };

/** @throws when the text has no place for a table */
export function withGlossary(page: string): string {
  const written = /<!-- (\w+): written by npm run glossary -->\n[\s\S]*?<!-- end of \1 -->/g;
  if (!page.match(written)) throw new Error('no lines <!-- …: written by npm run glossary --> and <!-- end of … -->');
  return page.replace(written, (_, name: string) => {
    const section = SECTIONS[name];
    if (!section) throw new Error(`nobody writes ${name}: there are ${Object.keys(SECTIONS).join(', ')}`);
    return `<!-- ${name}: written by npm run glossary -->\n${section()}\n<!-- end of ${name} -->`;
  });
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  for (const page of [GLOSSARY, METHODS, KNOBS]) writeFileSync(page, withGlossary(readFileSync(page, 'utf8')));
}
