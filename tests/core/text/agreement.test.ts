import { describe, expect, it } from 'vitest';
import { presetConfig } from '../../../src/contract/config';
import type { Rater } from '../../../src/contract/preferences';
import { countingAgreement, goldSides } from '../../../src/core/text/agreement';
import type { PreferencePair } from '../../../src/core/text/pairs';
import { finish } from '../../../src/core/text/steps';
import { createStoryCorpus } from '../../../src/core/text/storyCorpus';

const corpus = createStoryCorpus({ ...presetConfig('tiny').stories, stories: 40 }, 1);
const PROMPT = 'the shy owl found a kite .';
const [GLAD, SAD] = ['then she was glad .', 'then she was sad .'];
const pair = (chosen: string, rejected: string): PreferencePair => ({
  prompt: PROMPT,
  chosen,
  rejected,
  source: 'human',
});
const agreement = (rater: Rater, pairs: PreferencePair[]) => finish(countingAgreement(corpus, rater, pairs));

describe('the agreement of a rater with choices', () => {
  it('counts the choices that its gold would have made too', () => {
    const sadder = [...new Array<PreferencePair>(3).fill(pair(SAD, GLAD)), pair(GLAD, SAD)];
    expect(agreement({ name: 'happy' }, sadder)).toEqual({ agree: 1, of: 4 });
    expect(agreement({ name: 'sad' }, sadder)).toEqual({ agree: 3, of: 4 });
  });

  it('leaves out what ties for the rater, and words that the stories lack', () => {
    expect(goldSides(corpus, { name: 'polite' }, pair(SAD, GLAD))).toBeNull();
    expect(agreement({ name: 'polite' }, [pair(SAD, GLAD)])).toEqual({ agree: 0, of: 0 });
    expect(agreement({ name: 'happy' }, [pair('then she was glad of a zeppelin .', SAD)])).toEqual({ agree: 0, of: 0 });
  });

  it('counts none without choices, and stops now and then over many', () => {
    expect(agreement({ name: 'happy' }, [])).toEqual({ agree: 0, of: 0 });
    const steps = [...countingAgreement(corpus, { name: 'happy' }, new Array(1200).fill(pair(GLAD, SAD)))];
    expect(steps.map(({ done }) => done)).toEqual([500, 1000]);
  });
});
