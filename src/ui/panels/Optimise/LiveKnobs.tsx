import { useLab } from '../../../store/lab';
import { Explain } from '../../primitives/Explain';
import { formatRate } from '../../primitives/format';
import { Slider } from '../../primitives/Slider';
import { Control } from '../Control';
import { useDebounced } from '../useDebounced';

/** The two knobs that act while PPO runs: the leash and the speed. A drag counts once, where it ends, so that the charts get one mark. */
export function LiveKnobs() {
  const ppo = useLab((state) => state.config.value.ppo);
  const adjust = useLab((state) => state.runs.adjust);
  const [klCoef, setKlCoef] = useDebounced(ppo.klCoef, (value) => adjust({ klCoef: value }));
  const [learningRate, setLearningRate] = useDebounced(ppo.learningRate, (value) => adjust({ learningRate: value }));
  return (
    <>
      <Control id="ppo/klCoef">
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
          onChange={setKlCoef}
        />
      </Control>
      <Control id="ppo/learningRate">
        <Slider
          label="Learning rate"
          live
          value={learningRate}
          min={1e-5}
          max={1e-2}
          step={0.05}
          scale="log"
          format={formatRate}
          onChange={setLearningRate}
        />
      </Control>
    </>
  );
}
