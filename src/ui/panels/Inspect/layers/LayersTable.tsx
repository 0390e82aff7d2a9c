import type { LayersView } from '../../../../contract/inside';
import { fixed } from '../../../../contract/numbers';
import { useLab } from '../../../../store/lab';
import { TextTable } from '../../../primitives/TextTable';
import { headName, tokenName } from '../attention';
import { useUnit } from '../useUnit';
import { depthName } from './words';

/** The same for whoever reads tables: what it says after each block, and what each head is worth. */
export function LayersTable({ view }: { view: LayersView }) {
  const ranking = useLab((lab) => lab.heads.ranking);
  const { units } = useUnit();
  const word = tokenName(view.tokens[view.position] as string);
  return (
    <>
      <TextTable
        caption={`After “${word}”: what it would say, and the length of the residual stream`}
        head={['place', `likeliest ${units}`, 'length', 'attention', 'MLP']}
        rows={view.lens.map((said, depth) => {
          const own = view.written[depth - 1];
          return [
            depthName(depth),
            said.map(({ text, probability }) => `${tokenName(text)} ${fixed(probability, 3)}`).join(', '),
            fixed(view.lengths[depth] as number, 1),
            own ? fixed(own.attention, 1) : '–',
            own ? fixed(own.mlp, 1) : '–',
          ];
        })}
      />
      {ranking && (
        <TextTable
          caption="Held-out loss with one head off"
          head={['head', 'loss off', 'difference']}
          rows={ranking.heads.map(({ before, after, clear, ...at }) => [
            headName(at),
            fixed(after, 3),
            clear ? fixed(after - before, 3) : 'no difference',
          ])}
        />
      )}
    </>
  );
}
