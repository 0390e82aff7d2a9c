/**
 * What other programs and people write where the lab reads JSON Lines: said by name, since "not JSON" mends nothing.
 */
import { LIMITS } from '../contract/limits';
import { excessIn } from './json';

const FIELDS = [
  'prompt',
  'chosen',
  'rejected',
  'margin',
  'completion',
  'completions',
  'choice',
  'ranks',
  'strengths',
  'label',
];

/** names of columns are short */
const LONGEST_HEAD = 1000;

/** @returns whether a line names columns of a table, at least two of which the lab would know */
export function isTableHead(line: string): boolean {
  if (line.length > LONGEST_HEAD) return false;
  const names = line.split(/[,;|\t]/).map((name) => name.trim().replace(/^"(.*)"$/, '$1'));
  return names.filter((name) => FIELDS.includes(name)).length > 1;
}

/** of a line whose texts are taken out */
const SLIPS: readonly [RegExp, string][] = [
  [/[:,[]\s*(?:NaN|-?Infinity|None|undefined)\b/, 'NaN, Infinity and None are no values of JSON; null is'],
  [/[:,[]\s*(?:True|False)\b/, 'true and false are written small'],
  [/[{,]\s*(?:'|[A-Za-z_$][\w$]*\s*:)/, 'names and texts stand in double quotes'],
  [/\}\s*\{/, 'two objects stand in it, and one belongs on a line'],
  [/\}\s*,\s*$/, 'a comma follows the object'],
  [/,\s*[}\]]/, 'a comma stands before a bracket that closes'],
  [/^\s*(?:\/\/|\/\*|#)/, 'there are no comments in it'],
  [/\uFEFF/, 'a byte order mark stands inside it'],
];

const CONTROL = /\p{Cc}/u;
const TEXT = /"(?:[^"\\]|\\.)*"/g;

/** @param bare without its texts */
function slipIn(line: string, bare: string): string | undefined {
  const slip = SLIPS.find(([pattern]) => pattern.test(bare))?.[1];
  if (slip !== undefined) return slip;
  if (line.match(TEXT)?.some((text) => CONTROL.test(text)))
    return 'a tab or another control character stands in a text, where \\t or its like belongs';
  const isOpen = /^\s*\{/.test(bare) && bare.split('{').length > bare.split('}').length;
  return isOpen ? 'the object does not end in its line' : undefined;
}

/** @returns why a line that JSON.parse refuses is none, as far as it can be seen */
export function whyNotJson(line: string): string {
  if (isTableHead(line)) return 'not JSON but the head of a table, and the lab reads JSON Lines, one object a line';
  const slip = line.length > LIMITS.text ? undefined : slipIn(line, line.replace(TEXT, '""'));
  return slip === undefined ? 'not JSON' : `not JSON: ${slip}`;
}

const isObject = (value: unknown): value is object =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/**
 * @param firstLine of the file, not yet read as JSON
 * @returns what a file is that is one value of JSON and no lines of them; null when it is none such
 */
export function oneValueOf(text: string, firstLine: string): string | null {
  if (!/^\s*(?:\{|\[\s*(?:\{|$))/.test(firstLine)) return null;
  const parse = (json: string): unknown => {
    if (excessIn(json, LIMITS.fileValues) !== null) return null;
    try {
      return JSON.parse(json);
    } catch {
      return null;
    }
  };
  const first = parse(firstLine);
  if (isObject(first)) return null;
  const value = first ?? parse(text.replace(/^\uFEFF+/, ''));
  if (isObject(value)) return 'one JSON object over several lines, and the lab reads one object a line';
  return Array.isArray(value) && value.some(isObject)
    ? 'one JSON array, and the lab reads JSON Lines, one object a line'
    : null;
}

/** what stands for prompt and completion elsewhere */
const STRANGE: readonly [string, string][] = [
  ['messages', 'a conversation'],
  ['conversations', 'a conversation'],
  ['conversation', 'a conversation'],
  ['instruction', 'what others call a prompt'],
  ['text', 'a whole text'],
];
const OWN = 'the lab reads a "prompt", and "chosen" and "rejected", or a "completion"';

/**
 * @returns why a row says nothing that the lab knows, where its keys are those of another form; null where they are not
 */
export function foreignForm(row: Readonly<Record<string, unknown>>): string | null {
  for (const key of Object.keys(row)) {
    const meant = key.trim().toLowerCase();
    if (meant !== key && FIELDS.includes(meant)) return `"${key}" must be written "${meant}"`;
  }
  const [name, what] = STRANGE.find(([key]) => Object.hasOwn(row, key)) ?? [];
  return name === undefined ? null : `"${name}" is ${what}; ${OWN}`;
}

/** whether a text is a list of messages with roles, as chats are stored */
export const isMessages = (value: unknown): boolean =>
  Array.isArray(value) &&
  value.length > 0 &&
  value.every((one) => isObject(one) && ('content' in one || 'value' in one));
