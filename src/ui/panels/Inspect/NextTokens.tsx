import type { SamplingConfig } from '../../../contract/config';
import { isGreedy } from '../../../contract/config';
import { fixed } from '../../../contract/numbers';
import type { NextToken } from '../../../contract/observations';
import { SAMPLING } from '../../../contract/settings/lab';
import { barLength, longest } from '../../primitives/bars';
import { Slider } from '../../primitives/Slider';
import { frameOf } from '../settings/fields';
import { tokenName } from './attention';
import styles from './NextTokens.module.css';
import outlined from './outlined.module.css';

interface NextTokensProps {
  next: readonly NextToken[];
  sampling: SamplingConfig;
  onSampling: (sampling: Partial<SamplingConfig>) => void;
}

const percent = (share: number) => (share > 0 && share < 0.005 ? '<1 %' : `${Math.round(100 * share)} %`);

function Bar({ token, max }: { token: NextToken; max: number }) {
  const cut = token.filtered === 0;
  return (
    <li className={`${styles.row} ${cut ? styles.cut : ''}`}>
      <span className={styles.token} title={tokenName(token.text)} data-shortened>
        {tokenName(token.text)}
      </span>
      <span className={styles.track} aria-hidden="true">
        <span className={outlined.filled} style={{ width: barLength(token.filtered, max) }} />
        <span className={outlined.outline} style={{ width: barLength(token.probability, max) }} />
      </span>
      <span className={styles.share}>
        <span className="visually-hidden">{`${percent(token.probability)} before the filter, `}</span>
        {cut ? 'cut' : percent(token.filtered)}
      </span>
    </li>
  );
}

/**
 * What may come next: the outline is what the model believes, the filled bar what is left after temperature, top-k and
 * top-p.
 */
export function NextTokens({ next, sampling, onSampling }: NextTokensProps) {
  const max = longest(
    next.flatMap((token) => [token.probability, token.filtered]),
    0.05,
  );
  return (
    <div className={styles.next}>
      <ol className={styles.bars} aria-label="Next token">
        {next.slice(0, 10).map((token) => (
          <Bar key={token.id} token={token} max={max} />
        ))}
      </ol>
      <div className={styles.knobs}>
        <Slider
          {...frameOf(SAMPLING.temperature)}
          {...SAMPLING.temperature.slider}
          value={sampling.temperature}
          format={(value) => `${value === 0 ? '0' : fixed(value, 2)}${isGreedy(value) ? ', greedy' : ''}`}
          onChange={(temperature) => onSampling({ temperature })}
        />
        <Slider
          {...frameOf(SAMPLING.topK)}
          {...SAMPLING.topK.slider}
          value={sampling.topK}
          format={(value) => (value === 0 ? 'off' : String(value))}
          onChange={(topK) => onSampling({ topK })}
        />
        <Slider
          {...frameOf(SAMPLING.topP)}
          {...SAMPLING.topP.slider}
          value={sampling.topP}
          format={(value) => (value >= 1 ? 'off' : fixed(value, 2))}
          onChange={(topP) => onSampling({ topP })}
        />
        <p className={styles.legend}>
          <span className={outlined.outlineKey} aria-hidden="true" /> believed{' '}
          <span className={outlined.filledKey} aria-hidden="true" /> after the sliders
        </p>
      </div>
    </div>
  );
}
