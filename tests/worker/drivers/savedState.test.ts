import { describe, expect, it } from 'vitest';
import { LIVE_KNOBS } from '../../../src/contract/config';
import { PPO } from '../../../src/contract/settings/ppo';
import { readState } from '../../../src/worker/drivers/savedState';

const knobs: Record<string, number> = Object.fromEntries(LIVE_KNOBS.map((knob, at) => [knob, at + 1]));
const read = (state: Record<string, number>) =>
  readState('ppo', { tensors: {}, state: { iteration: 3, ...state } }).state;

describe('a stored run of PPO', () => {
  it('remembers every knob that acts while it goes on', () => {
    expect(read(knobs)).toEqual({ iteration: 3, ...knobs });
    expect(() => read({ ...knobs, klCoef: Number.NaN })).toThrow(/state\.klCoef/);
  });

  it.each(LIVE_KNOBS)('that knows nothing of %s is older than that knob, or damaged', (knob) => {
    const { [knob]: _, ...others } = knobs;
    const { live }: { live: { mark: string; since?: string } } = PPO[knob];
    if (live.since) expect(read(others)).toEqual({ iteration: 3, ...others });
    else expect(() => read(others)).toThrow(new RegExp(`state\\.${knob}`));
  });
});
