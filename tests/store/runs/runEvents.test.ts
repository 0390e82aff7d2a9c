import { describe, expect, it } from 'vitest';
import { withSample } from '../../../src/store/runs/runEvents';
import type { SamplesAt } from '../../../src/store/state';

const look = (step: number): SamplesAt => ({ step, samples: [{ prompt: 'a', completion: `${step}` }] });

describe('the looks at a fixed prompt', () => {
  it('stay few however long a run is, the first and the newest among them, in order', () => {
    let kept: SamplesAt[] = [];
    let most = 0;
    for (let step = 1; step <= 5000; step++) {
      kept = withSample(kept, look(step));
      most = Math.max(most, kept.length);
    }
    expect(most).toBeLessThanOrEqual(200 + 1);
    expect([kept[0]?.step, kept.at(-1)?.step]).toEqual([1, 5000]);
    expect(kept.every(({ step }, i) => i === 0 || step > (kept[i - 1]?.step as number))).toBe(true);
  });

  it('of a run that went back are written again', () => {
    expect(withSample([look(1), look(2), look(3)], look(2)).map(({ step }) => step)).toEqual([1, 2]);
  });
});
