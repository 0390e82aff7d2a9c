import { fixed } from '../../../../contract/numbers';
import { TextTable } from '../../../primitives/TextTable';
import { scoresOf, type View, weightsOf } from './view';

/** Token, score, masked score, exp and weight: the first three steps for whoever reads tables. */
export function NumbersTable({ id, view, caption }: { id: string; view: View; caption: string }) {
  const { options, row } = view;
  const [scores, weights] = [scoresOf(view), weightsOf(view)];
  const max = scores.subarray(0, row + 1).reduce((m, score) => Math.max(m, score), Number.NEGATIVE_INFINITY);
  return (
    <TextTable
      id={id}
      caption={caption}
      head={['token', 'score', 'masked', 'exp', 'weight']}
      rows={options.map((name, j) => [
        name,
        fixed(scores[j] as number, 2),
        j > row ? '−∞' : fixed(scores[j] as number, 2),
        j > row ? '0' : fixed(Math.exp((scores[j] as number) - max), 3),
        j > row ? '0' : fixed(weights[j] as number, 3),
      ])}
    />
  );
}
