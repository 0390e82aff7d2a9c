/** Where the names in a file lead: to the files that come with the page, or to another place in the same one. */
import type { Source } from '../../../contract/explanations/explanation';
import { importsOf, type Lines, linesOf } from './code';

const DECLARED = /^(?:export )?(?:async )?(?:function\*?|const|class|interface|type) (\w+)/gm;

export interface Leads {
  /** name → what it stands for */
  names: ReadonlyMap<string, Source>;
  imports: readonly Lines[];
}

/** @param sources path below src → text */
export function leadsOf(sources: Readonly<Record<string, string>>, file: string): Leads {
  const text = sources[file] ?? '';
  const imports = importsOf(text, file);
  const own = [...text.matchAll(DECLARED)].map(([, symbol = '']) => ({ file, symbol }));
  const others = imports.flatMap((one) => one.names.map((symbol) => ({ file: one.file, symbol })));
  const here = others.filter((lead) => linesOf(sources[lead.file] ?? '', lead.symbol));
  return {
    names: new Map([...own, ...here].map((lead) => [lead.symbol, lead])),
    imports: imports.map(({ lines }) => lines),
  };
}

/**
 * Cuts a piece of code at names that lead somewhere; what follows a point, or stands before a colon, is another's name.
 */
export function cutAtNames(text: string, names: Leads['names']): { text: string; lead: Source | null }[] {
  const parts = text.split(/((?<![.\w$])[A-Za-z_$][\w$]*(?![\w$]|\??:))/);
  return parts.filter((part) => part !== '').map((part) => ({ text: part, lead: names.get(part) ?? null }));
}
