import fc from 'fast-check';
import type { ReactNode } from 'react';
import { describe, it } from 'vitest';
import { presetConfig } from '../../src/contract/config';
import type { GridSolution } from '../../src/contract/gridworld';
import type { LayersView } from '../../src/contract/inside';
import type { PpoBatch } from '../../src/contract/ppoBatch';
import { createLab, LabContext } from '../../src/store/lab';
import { memoryStorage } from '../../src/store/persistence/memoryStorage';
import { ClipPicture } from '../../src/ui/panels/GridWorld/ClipPicture';
import { GaeChain } from '../../src/ui/panels/InNumbers/GaeChain';
import { KlCard } from '../../src/ui/panels/InNumbers/KlCard';
import { KlPlaces } from '../../src/ui/panels/InNumbers/KlPlaces';
import { NumberTable } from '../../src/ui/panels/InNumbers/NumberTable';
import { RatioScatter } from '../../src/ui/panels/InNumbers/RatioScatter';
import { dotsOf, epochSentence, lossSentence, verdictOf } from '../../src/ui/panels/InNumbers/silenced';
import { tokenLines } from '../../src/ui/panels/InNumbers/tokenLines';
import { Strip } from '../../src/ui/panels/Inspect/arithmetic/Strip';
import { CellsPicture } from '../../src/ui/panels/Inspect/CellsPicture';
import { ChangeBars } from '../../src/ui/panels/Inspect/ChangeBars';
import { WordBars } from '../../src/ui/panels/Inspect/difference/WordBars';
import { Lens } from '../../src/ui/panels/Inspect/layers/Lens';
import { StreamLength } from '../../src/ui/panels/Inspect/layers/StreamLength';
import { AttentionGrid } from '../../src/ui/panels/Translate/AttentionGrid';
import { AttentionThumb } from '../../src/ui/panels/Translate/AttentionThumb';
import { Ribbons } from '../../src/ui/panels/Translate/Ribbons';
import type { AttentionView } from '../../src/ui/panels/Translate/words';
import { TokenStrip } from '../../src/ui/primitives/TokenStrip';
import { ppoBatch } from '../helpers/fake/ppoBatch';
import { FakeClient } from '../helpers/fakeClient';
import { expectSound } from './soundDrawing';

/** what a model may compute whose training has broken, or that was opened from a file */
const odd = fc.oneof(
  fc.constantFrom(0, -0, 1, 5e-324, 1e-30, 1e30, -1e30, 1e300, Number.NaN, Infinity, -Infinity),
  fc.double(),
);
const some = (length: number) => fc.array(odd, { minLength: length, maxLength: length });
const PPO = presetConfig('tiny').ppo;

/** a batch all of whose tables hold odd numbers */
function spoilt(values: readonly number[], share: boolean): PpoBatch {
  const batch = ppoBatch({ ...PPO, clipRange: share ? 0 : 0.2 });
  const at = (i: number) => values[i % values.length] as number;
  const table = (of: Float32Array, from: number) => of.map((_, i) => at(i + from));
  return {
    ...batch,
    rollouts: batch.rollouts.map((one, i) => ({ ...one, score: at(i) })),
    tokens: Object.fromEntries(
      Object.entries(batch.tokens).map(([name, of], from) => [name, table(of, from)]),
    ) as unknown as PpoBatch['tokens'],
    epochs: batch.epochs.map((epoch, from) => ({
      newLogprobs: table(epoch.newLogprobs, from),
      ratio: table(epoch.ratio, from + 1),
      unclipped: table(epoch.unclipped, from + 2),
      clipped: table(epoch.clipped, from + 3),
      loss: table(epoch.loss, from + 4),
      updates: [{ loss: at(from), gradNorm: at(from + 1) }],
    })),
  };
}

const inTable = (row: ReactNode) => (
  <table>
    <tbody>{row}</tbody>
  </table>
);

describe('a drawing of any numbers writes no wrong coordinate, and says no “NaN”:', () => {
  const holds = (drawing: (values: readonly number[], flag: boolean) => ReactNode, length = 12) =>
    fc.assert(
      fc.property(some(length), fc.boolean(), (values, flag) => expectSound(drawing(values, flag))),
      {
        numRuns: 40,
        examples: [
          [new Array(length).fill(0), true],
          [new Array(length).fill(Number.NaN), false],
          [new Array(length).fill(Infinity), false],
        ],
      },
    );

  it('ratio against advantage', () =>
    holds((values, flag) => {
      const batch = spoilt(values, flag);
      return (
        <RatioScatter batch={batch} at={{ row: 0, token: 1, epoch: 1 }} dots={dotsOf(batch, 1)} onChoose={() => {}} />
      );
    }));

  it('the chain of GAE, four ways to tell a distance, and the lines of a token', () =>
    holds((values, flag) => {
      const batch = spoilt(values, flag);
      const at = { row: 0, token: 0, epoch: 1 };
      const dots = dotsOf(batch, 1);
      return (
        <>
          {inTable(<GaeChain batch={batch} at={at} />)}
          <KlCard batch={batch} row={0} />
          <KlPlaces batch={batch} at={at} />
          <NumberTable caption="lines" lines={tokenLines(batch, at)} phase={1} />
          <p>{[verdictOf(batch, at, dots).words, epochSentence(batch, 1, dots), lossSentence(batch, 1)].join(' ')}</p>
        </>
      );
    }));

  it('attention of a translator', () =>
    holds((values) => {
      const view: AttentionView = {
        kind: 'cross',
        rows: ['ko', 'vulto', '.'],
        columns: ['the', 'fox', 'sat', '.'],
        weights: Float32Array.from(values),
        partner: [0, null, 3],
        causal: false,
      };
      const written = view.rows.map((word, i) => ({
        word,
        wordClass: 'noun' as const,
        partner: view.partner[i] ?? null,
      }));
      return (
        <>
          <Ribbons tableId="t" view={view} written={written} label="read" />
          <AttentionGrid view={view} label="Cross" />
          <AttentionThumb view={view} title="Cross" note="sees" onEnlarge={() => {}} />
        </>
      );
    }));

  it('a vector, a causal matrix, probabilities before and after, and words that changed', () =>
    holds((values, flag) => {
      const [most = 0] = values;
      const changes = values
        .slice(0, 4)
        .map((before, i) => ({ text: `w${i}`, before, after: values[i + 1] as number }));
      return (
        <>
          <TokenStrip tokens={values.map((value, i) => ({ text: `w${i}`, value }))} meaning="advantage" />
          <Strip values={Float32Array.from(values)} most={flag ? 1 : most} />
          <CellsPicture values={values} count={3} most={flag ? 0 : most} />
          <ChangeBars label="next" changes={changes} before="old" after="new" />
          <WordBars
            tokens={['a', 'b']}
            words={[{ token: 1, before: 0, after: 0, ratio: most }]}
            chosen={null}
            onChoose={() => {}}
          />
        </>
      );
    }));

  it('what each block says, and how long its stream is', () => {
    const lab = createLab(new FakeClient(), memoryStorage());
    holds((values) => {
      const saidAt = (from: number) => [0, 1].map((i) => ({ text: `w${i}`, probability: values[from + i] as number }));
      const view: Pick<LayersView, 'lens' | 'lengths' | 'written' | 'model' | 'tokens' | 'position'> = {
        lens: [saidAt(0), saidAt(2)],
        lengths: values.slice(0, 3),
        written: values.slice(3, 5).map((attention, i) => ({ attention, mlp: values[6 + i] as number })),
        model: { ...presetConfig('tiny').model, vocabSize: 4 },
        tokens: ['a'],
        position: 0,
      };
      return (
        <LabContext value={lab}>
          <Lens view={view as LayersView} />
          <StreamLength view={view as LayersView} />
        </LabContext>
      );
    });
  });

  it('the clip of the grid world, whose policies are never broken, however far they went', () =>
    fc.assert(
      fc.property(
        fc.double({ min: -1e6, max: 1e6, noNaN: true }),
        fc.double({ min: 0, max: 1e9, noNaN: true }),
        (advantage, ratio) => {
          const solution = { cells: [{ row: 0, column: 0 }] } as GridSolution;
          const samples = [{ state: 0, action: 1, advantage, ratio, silenced: false }];
          const point = { update: 1, value: advantage, silenced: 0, outside: 0, length: 1 };
          expectSound(<ClipPicture solution={solution} widest={{ point, samples }} range={0.2} />);
        },
      ),
      { numRuns: 40 },
    ));
});
