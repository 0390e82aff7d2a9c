import type { WordMap } from '../../../../contract/inside';
import { fixed } from '../../../../contract/numbers';
import { TextTable } from '../../../primitives/TextTable';
import { tokenName } from '../attention';
import { useUnit } from '../useUnit';
import { lookOf } from './looks';

const NEIGHBOURS = 5;

/** The same for whoever reads tables: each word, its kind and its five nearest. */
export function WordsTable({ id, map, caption }: { id: string; map: WordMap; caption: string }) {
  const { unit } = useUnit();
  const rows = map.words.map((word, row) => {
    const near = map.near[row]?.slice(0, NEIGHBOURS) ?? [];
    return [
      tokenName(word),
      lookOf(map.kinds[row] ?? null).label,
      near.map((other) => `${tokenName(other.word)} ${fixed(other.cosine, 2)}`).join(', '),
    ];
  });
  return <TextTable id={id} caption={caption} head={[unit, 'kind', 'five nearest, with their cosine']} rows={rows} />;
}
