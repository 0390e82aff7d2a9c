import { Fragment, type ReactNode, useEffect, useRef, useState } from 'react';
import type { Arithmetic } from '../../../../contract/inside';
import { fixed } from '../../../../contract/numbers';
import { Segments } from '../../../primitives/Segments';
import parts from '../parts.module.css';
import { Positions } from './Positions';
import steps from './Steps.module.css';
import { largest, StripSlider } from './Strip';
import styles from './Sublayers.module.css';
import { SumCard } from './SumCard';
import { type Chosen, sumOf } from './sums';
import { ACTIVATION_NAMES, type View } from './view';

const KINDS = ['LayerNorm', 'MLP', 'Add & Norm', 'Positions'] as const;
type Kind = (typeof KINDS)[number];

type Numbers = Extract<
  Chosen,
  { of: 'norm1' | 'norm2' | 'inner' | 'active' | 'mlp' | 'sum1' | 'sum2' | 'attention' | 'before' }
>;

/** a vector of the row's token, whichever its length is */
function vectorOf({ arithmetic: { numbers, tokens }, row }: View, of: Numbers['of']): Float32Array {
  const all = of === 'norm1' || of === 'norm2' ? numbers[of].out : numbers[of];
  const size = all.length / tokens.length;
  return all.subarray(row * size, (row + 1) * size);
}

const LINES: Record<Exclude<Kind, 'Positions'>, readonly (readonly [Numbers['of'], string])[]> = {
  LayerNorm: [
    ['before', 'x'],
    ['norm1', 'scaled'],
  ],
  MLP: [
    ['norm2', 'reads'],
    ['inner', '× W + b'],
    ['active', 'activation'],
    ['mlp', '× W + b'],
  ],
  'Add & Norm': [
    ['before', 'x before'],
    ['attention', '+ attention'],
    ['sum1', '= after attention'],
    ['mlp', '+ MLP'],
    ['sum2', '= after MLP'],
  ],
};

const ADD_AND_NORM: Record<Arithmetic['model']['norm'], string> = {
  pre: 'This model, as GPT-2: x + sublayer(LayerNorm(x)). The model of 2017: LayerNorm(x + sublayer(x)), Add & Norm after each sublayer.',
  post: 'This model, as that of 2017: LayerNorm(x + sublayer(x)), Add & Norm after each sublayer. GPT-2 normalises before: x + sublayer(LayerNorm(x)).',
};

function words(view: View, kind: Exclude<Kind, 'Positions'>): string {
  const { model, numbers } = view.arithmetic;
  const { mean, scale } = numbers.norm1;
  const [m, s] = [mean[view.row] as number, 1 / (scale[view.row] as number)];
  if (kind === 'LayerNorm')
    return `Mean ${fixed(m, 2)} is taken off, spread ${fixed(s, 2)} is divided out, then each number has a gain and a bias of its own.`;
  if (kind === 'MLP')
    return `${view.width} numbers become ${view.inner}, go through ${ACTIVATION_NAMES[model.activation]}, and become ${view.width} again; each token for itself.`;
  return ADD_AND_NORM[model.norm];
}

/** Each vector of the sublayer as a strip whose numbers can be pointed at. */
function Vectors({ view, kind }: { view: View; kind: Exclude<Kind, 'Positions'> }) {
  const [held, setHeld] = useState<Numbers>({ of: LINES[kind][1]?.[0] ?? 'norm1', index: 0 });
  const [pointed, setPointed] = useState<Numbers | null>(null);
  const chosen = pointed ?? held;
  return (
    <div className={styles.sublayer}>
      <div className={styles.vectors}>
        {LINES[kind].map(([of, name]): ReactNode => {
          const values = vectorOf(view, of);
          const index = chosen.of === of ? Math.min(chosen.index, values.length - 1) : 0;
          return (
            <Fragment key={of}>
              <span className={steps.name}>{name}</span>
              <StripSlider
                label={name}
                values={values}
                most={largest([values])}
                index={index}
                text={`number ${index + 1}: ${fixed(values[index] as number, 2)}`}
                chosen={chosen.of === of ? index : null}
                onIndex={(at) => setHeld({ of, index: at })}
                onHold={(at) => setHeld({ of, index: at })}
                onPoint={(at) => setPointed(at === null ? null : { of, index: at })}
              />
            </Fragment>
          );
        })}
        <p className={parts.sentence}>{words(view, kind)}</p>
      </div>
      <SumCard sum={sumOf(view, chosen)} />
    </div>
  );
}

/** LayerNorm, MLP, the additions and the positions of the same token and layer. */
export function Sublayers({ view }: { view: View }) {
  const [kind, setKind] = useState<Kind>('LayerNorm');
  const section = useRef<HTMLElement>(null);
  useEffect(() => {
    // newer browsers return a promise here, which an effect must not
    void section.current?.scrollIntoView?.({ block: 'start' });
  }, []);
  return (
    <section ref={section} className={styles.others} aria-label="Other sublayers">
      <Segments
        label="Sublayer"
        options={KINDS.map((value) => ({ value, label: value }))}
        value={kind}
        onChange={setKind}
      />
      {kind === 'Positions' ? (
        <Positions arithmetic={view.arithmetic} />
      ) : (
        <Vectors key={kind} view={view} kind={kind} />
      )}
    </section>
  );
}
