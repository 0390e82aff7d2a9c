/** Which column of a table is the prompt, and which the answers, where they are called otherwise. */
import { shortened } from '../../contract/limits';
import type { Cells } from './table';

/** What a column of the file is to the lab. */
export type ColumnRole = 'prompt' | 'chosen' | 'rejected' | 'completion' | 'completions' | 'ranks' | 'margin' | 'label';
/** by the file's name of a column; those that are left out are what they are called */
export type Columns = Readonly<Record<string, ColumnRole>>;

const NAMES: readonly (readonly [ColumnRole, RegExp])[] = [
  ['label', /^(?:is (?:safe|good|correct|preferred|chosen|helpful)|thumbs? up|liked)$/],
  ['rejected', /\b(?:non|not|un) ?preferred\b/],
  ['chosen', /^y w$/],
  ['rejected', /^y l$/],
  ['chosen', /\b(?:chosen|better|best|preferred|accepted|winner|winning|positive)\b/],
  ['rejected', /\b(?:rejected|worse|worst|dispreferred|losing|loser|negative)\b/],
  ['prompt', /\b(?:prompt|question|instruction|query|input)\b/],
  ['prompt', /^(?:trajectory|problem|dialog(?:ue)?|post|article|document)$/],
  ['completion', /\b(?:completion|response|answer|output|reply)\b/],
  ['completion', /^(?:solution|summary)$/],
];

/** a name that says whether something is so is none of a text */
const isWhether = (name: string): boolean => /\b(?:is|if|was|has)\b/.test(words(name));

/** what stands in braces, quotes or behind a colon is no name of a column */
const isName = (name: string): boolean => !/[{}<>"]|:\s/.test(name);

const words = (name: string): string => name.toLowerCase().replace(/[_-]+/g, ' ');

/** columns that hold something else, whatever they are called */
export const isOther = (name: string): boolean =>
  /\b(?:id|score|model|source|index|length)\b/.test(words(name)) &&
  !/\b(?:model|source) (?:response|answer|output|completion|reply|text)$/.test(words(name));

/** of a message that stands before the prompt */
export const isSystem = (name: string): boolean => /^system(?:[ _-]?(?:prompt|message))?$/i.test(name);

/** columns of conversations, or of other things that are no prompt and no answer, by their names alone */
const isNoText = (name: string): boolean =>
  isOther(name) || /^(?:messages|conversations?|tools|images?|metadata|date|url|split)$/i.test(name);

/** a name that stands in the file more than once says nothing of which is which */
const isNumbered = (name: string): boolean => / \(\d+\)$/.test(name);

/** whether a name says what its column holds */
export const isKnownName = (name: string): boolean =>
  !isOther(name) && NAMES.some(([role, pattern]) => name === role || pattern.test(words(name)));

/**
 * By their names; where a table of three columns has none that says anything, the first is the prompt, the second the
 * better answer and the third the worse one.
 * @returns roles of the columns that are called otherwise
 */
export function guessColumns(columns: readonly string[]): Columns {
  const roles: Record<string, ColumnRole> = {};
  for (const [role, pattern] of NAMES) {
    if (columns.includes(role)) continue;
    if (Object.values(roles).includes(role)) continue;
    const isText = (name: string) => role === 'label' || !isWhether(name);
    const isFree = (name: string) =>
      !Object.hasOwn(roles, name) && !isOther(name) && !isSystem(name) && isName(name) && isText(name);
    const found = columns.find((name) => isFree(name) && !isNumbered(name) && pattern.test(words(name)));
    if (found !== undefined) roles[found] = role; // none of the names that match is one of Object's
  }
  // x, y_w and y_l are what papers call them
  if (columns.includes('x') && columns.includes('y_w') && columns.includes('y_l')) roles.x = 'prompt';
  const known = new Set([...columns, ...Object.values(roles)]);
  if (known.has('chosen') && known.has('rejected'))
    return Object.fromEntries(Object.entries(roles).filter(([, role]) => role !== 'completion' && role !== 'label'));
  const [first, second, third, ...more] = columns;
  if (NAMES.some(([role]) => known.has(role)) || third === undefined || more.length > 0) return roles;
  if (columns.some(isNoText)) return roles;
  return { [first!]: 'prompt', [second!]: 'chosen', [third]: 'rejected' };
}

/** @returns what is told of columns that are taken in their order, since no name says anything */
export function orderNotes(columns: readonly string[]): string[] {
  const roles = Object.entries(guessColumns(columns));
  if (roles.length !== 3 || roles.some(([name]) => isKnownName(name))) return [];
  const [prompt, chosen, rejected] = roles.map(([name]) => `“${shortened(name, 40)}”`);
  return [`Columns are taken in their order: ${prompt} as the prompt, ${chosen} as chosen, ${rejected} as rejected.`];
}

/** @returns what was said of a column; a file may call one `constructor`, which every object has */
export const roleOf = (roles: Readonly<Record<string, ColumnRole | null>>, name: string): ColumnRole | null =>
  Object.hasOwn(roles, name) ? roles[name]! : null;

/** @returns the cells under the names of the lab */
export function renamed(cells: Cells, columns: Columns): Cells {
  const names = Object.keys(columns);
  if (names.length === 0) return cells;
  return Object.fromEntries(Object.entries(cells).map(([name, value]) => [roleOf(columns, name) ?? name, value]));
}
