import type { Rater } from '../../../contract/domain';
import { RATERS } from '../../../contract/domain';
import { useLab } from '../../../store/lab';
import { raterLabel } from '../../../store/selectors';
import { Explain } from '../../primitives/Explain';
import { formatRate } from '../../primitives/format';
import { Select } from '../../primitives/Select';
import { Slider } from '../../primitives/Slider';

/** The two knobs that act while PPO runs: the leash and the speed. */
export function LiveKnobs() {
  const { klCoef, learningRate } = useLab((state) => state.config.value.ppo);
  const adjust = useLab((state) => state.runs.adjust);
  return (
    <>
      <Slider
        label="KL coefficient"
        symbol="β"
        live
        explain={<Explain metric="objective/kl_coef" />}
        value={klCoef}
        min={0}
        max={0.5}
        step={0.01}
        format={(value) => String(Number(value.toPrecision(3)))}
        onChange={(value) => adjust({ klCoef: value })}
      />
      <Slider
        label="Learning rate"
        live
        value={learningRate}
        min={1e-5}
        max={1e-2}
        step={0.05}
        scale="log"
        format={formatRate}
        onChange={(value) => adjust({ learningRate: value })}
      />
    </>
  );
}

const ratersOf = (animals: readonly string[]): Rater[] =>
  RATERS.flatMap((name): Rater[] => (name === 'animal' ? animals.map((animal) => ({ name, animal })) : [{ name }]));
const keyOf = (rater: Rater): string => (rater.animal ? `${rater.name}:${rater.animal}` : rater.name);

/** Whose taste the gold score measures; only the grammar's own stories have one. */
export function GoldRater() {
  const rater = useLab((state) => state.votes.rater);
  const setRater = useLab((state) => state.votes.setRater);
  const summary = useLab((state) => state.corpus.summary);
  const locked = useLab((state) => (state.runs.ppo.state?.step ?? 0) > 0 && state.runs.ppo.state?.status !== 'done');
  if (summary && summary.kind !== 'stories') return null;
  const raters = ratersOf(summary?.animals ?? []);
  return (
    <Select
      label="Gold rater"
      explain={<Explain metric="gold/score" />}
      hint={locked ? 'acts from the next run on' : undefined}
      value={keyOf(rater)}
      options={raters.map((one) => ({ value: keyOf(one), label: raterLabel(one) }))}
      onChange={(key) => setRater(raters.find((one) => keyOf(one) === key) ?? rater)}
    />
  );
}
