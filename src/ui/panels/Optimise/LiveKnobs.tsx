import { PPO } from '../../../contract/settings/ppo';
import { useLab } from '../../../store/lab';
import { Explain } from '../../primitives/Explain';
import { formatRate } from '../../primitives/format';
import { Slider } from '../../primitives/Slider';
import { Control } from '../Control';
import { frameOf } from '../settings/fields';
import { useDebounced } from '../useDebounced';

/**
 * The two knobs that act while PPO runs: the leash and the speed. A drag counts once, where it ends, so that the charts
 * get one mark; whoever presses Train right after it trains with what the slider says.
 */
export function LiveKnobs() {
  const ppo = useLab((state) => state.config.value.ppo);
  const adjust = useLab((state) => state.runs.adjust);
  const [klCoef, setKlCoef, restKlCoef] = useDebounced(ppo.klCoef, (value) => adjust({ klCoef: value }));
  const [learningRate, setLearningRate, restLearningRate] = useDebounced(ppo.learningRate, (value) =>
    adjust({ learningRate: value }),
  );
  return (
    <>
      <Control id="ppo/klCoef">
        <Slider
          {...frameOf(PPO.klCoef)}
          {...PPO.klCoef.slider}
          explain={<Explain metric="objective/kl_coef" />}
          value={klCoef}
          format={(value) => String(Number(value.toPrecision(3)))}
          onChange={setKlCoef}
          onRest={restKlCoef}
        />
      </Control>
      <Control id="ppo/learningRate">
        <Slider
          {...frameOf(PPO.learningRate)}
          {...PPO.learningRate.slider}
          value={learningRate}
          format={formatRate}
          onChange={setLearningRate}
          onRest={restLearningRate}
        />
      </Control>
    </>
  );
}
