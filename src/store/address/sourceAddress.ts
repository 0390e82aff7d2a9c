import type { Source } from '../../contract/explanations/explanation';

const PREFIX = '#/source/';

/**
 * `#/source/core/losses/kl.ts?symbol=klEstimate`: a file of the source, opened at a place in it, over whatever stage is
 * there
 */
export const sourceHash = ({ file, symbol }: Source): string => `${PREFIX}${file}?${new URLSearchParams({ symbol })}`;

/**
 * @returns what an address that anyone may have written asks to read, its symbol empty where it names none; null where
 * it asks for a stage
 */
export function sourceOfHash(hash: string): Source | null {
  if (!hash.startsWith(PREFIX)) return null;
  const [file = '', query = ''] = hash.slice(PREFIX.length).split('?');
  return { file, symbol: new URLSearchParams(query).get('symbol') ?? '' };
}
