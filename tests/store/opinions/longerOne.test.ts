import { describe, expect, it } from 'vitest';
import { votesIn } from '../../../src/contract/preferences';
import { habits } from '../../../src/store/opinions/habits';
import { longerOne } from '../../../src/store/opinions/longerOne';
import { longerAgainst, longerSentence } from '../../../src/ui/panels/Compare/longerWords';
import { plainVote } from '../../helpers/plainVote';

const vote = (i: number, a: string, b: string, changes = {}) => plainVote(i, { prompt: 'p', a, b, ...changes });
const SHORT = 'he ran .';
const LONG = 'he ran and ran .';

describe('what “the longer one” would have won', () => {
  it('counts own choices between texts of different length alone', () => {
    const [won, lost] = [vote(1, LONG, SHORT), vote(2, SHORT, LONG)];
    const equal = vote(3, SHORT, 'he sat .');
    const tie = { ...vote(4, LONG, SHORT), ranks: [1, 1] };
    const simulated = { ...vote(5, LONG, SHORT), source: 'simulated' as const };
    expect(longerOne([won, won, lost, equal, tie, simulated], 'word')).toMatchObject({ share: 2 / 3, count: 3 });
    expect(longerOne([equal, tie, simulated], 'word')).toMatchObject({ share: 0, count: 0 });
  });

  it('counts characters where tokens are no words: between them may be no space', () => {
    const own = [vote(1, '春天来了花都开了', '下雨'), vote(2, 'a b', 'a-very-long-word')];
    expect(longerOne(own, 'character')).toMatchObject({ share: 1 / 2, count: 2 });
    expect(longerOne(own, 'word')).toMatchObject({ share: 1, count: 1 });
  });

  it('takes a ranking as the pairs that it makes', () => {
    const { swapped: _, pairId: __, ...plain } = vote(1, SHORT, LONG) as ReturnType<typeof vote> & { pairId: string };
    const ranking = { ...plain, completions: ['a', 'a b', 'a b c'], ranks: [3, 1, 2] };
    expect(longerOne([ranking], 'word')).toMatchObject({ share: 2 / 3, count: 3 });
  });

  it('is the habit that Compare shows', () => {
    const votes = Array.from({ length: 12 }, (_, i) => (i % 3 === 0 ? vote(i, SHORT, LONG) : vote(i, LONG, SHORT)));
    expect(habits(votesIn(votes), 'word')!.longer).toEqual(longerOne(votes, 'word'));
    expect(longerOne(votes, 'word')).toMatchObject({ share: 8 / 12, count: 12 });
  });

  it('is said in a sentence, and held against the reward model', () => {
    const longer = longerOne([vote(1, LONG, SHORT), vote(2, LONG, SHORT), vote(3, SHORT, LONG)], 'word');
    expect(longerSentence(longer)).toBe(
      '“The longer one” would have won 2 of your 3 choices between texts of different length.',
    );
    expect(longerSentence({ ...longer, share: 1, count: 1 })).toBe(
      '“The longer one” would have won your one choice between texts of different length.',
    );
    expect(longerSentence({ ...longer, share: 0, count: 1 })).toMatch(/ would not have won your one choice /);
    const review = (accuracy: number, count = 12) => ({
      accuracy,
      heldOutPairs: 20,
      longer: { right: (2 / 3) * count, count },
    });
    expect(longerAgainst(longer, review(0.9))).toMatch(
      /Of 12 held-out pairs like that the rule is right in 0\.67, of all of them the model in 0\.90\.$/,
    );
    expect(longerAgainst(longer, review(0.6))).toMatch(/no better than “the longer one”\.$/);
    expect(longerAgainst(longer, { ...review(0.3333, 3), heldOutPairs: 3 }), 'shares of few are counts').toMatch(
      / Of 3 held-out pairs like that the rule is right in 2, of all 3 the model in 1: too few to tell which is better\.$/,
    );
    expect(longerAgainst(longer, { accuracy: 0.9, heldOutPairs: 20 }), 'a review of an older lab').toBe(
      longerSentence(longer),
    );
    expect(longerAgainst(longer, null)).toBe(longerSentence(longer));
    expect(longerAgainst(longerOne([], 'word'), null)).toBeNull();
  });
});
