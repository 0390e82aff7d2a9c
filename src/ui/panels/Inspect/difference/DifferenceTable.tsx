import type { ModelDifference } from '../../../../contract/inside';
import { fixed, signed } from '../../../../contract/numbers';
import { TextTable } from '../../../primitives/TextTable';
import { tokenNames } from '../attention';
import { useUnit } from '../useUnit';
import type { WordChange } from './changes';

interface DifferenceTableProps {
  difference: ModelDifference;
  words: readonly WordChange[];
  caption: string;
}

/** Word, log p before, after and the difference, for whoever reads tables. */
export function DifferenceTable({ difference, words, caption }: DifferenceTableProps) {
  const names = tokenNames(difference.tokens);
  return (
    <TextTable
      caption={caption}
      head={[useUnit().unit, 'log p before', 'after', 'difference']}
      rows={words.map(({ token, before, after, ratio }) => [
        names[token] as string,
        fixed(before, 2),
        fixed(after, 2),
        signed(ratio),
      ])}
    />
  );
}
