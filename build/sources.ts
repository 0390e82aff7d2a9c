/** The source that comes with the page, as text: `virtual:sources`. */
import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Plugin } from 'vite';
import { FORMULAS } from '../src/contract/formulas.ts';
import { METRICS } from '../src/contract/metrics.ts';
import { importsOf } from '../src/ui/panels/Source/code.ts';

const SRC = `${resolve(import.meta.dirname, '../src')}/`;

/**
 * @returns the files that metrics and formulas name as their source, and what those import in core: path below src →
 * text
 */
function namedSources(): Record<string, string> {
  const textOf = (file: string): string => readFileSync(SRC + file, 'utf8');
  const named = [...Object.values(METRICS), ...Object.values(FORMULAS)].map(({ source }) => source.file);
  const imported = named.flatMap((file) => importsOf(textOf(file), file).map((one) => one.file));
  const files = new Set([...named, ...imported.filter((file) => file.startsWith('core/') && existsSync(SRC + file))]);
  return Object.fromEntries([...files].sort().map((file) => [file, textOf(file)]));
}

/** The static page has no repository beside it, so the functions that explanations lead to come with it, as text. */
export function sources(): Plugin {
  const id = 'virtual:sources';
  return {
    name: 'sources',
    resolveId: (wanted) => (wanted === id ? `\0${id}` : null),
    load(wanted) {
      if (wanted !== `\0${id}`) return null;
      const texts = namedSources();
      for (const file of Object.keys(texts)) this.addWatchFile(SRC + file);
      return `export default ${JSON.stringify(texts)};`;
    },
  };
}
