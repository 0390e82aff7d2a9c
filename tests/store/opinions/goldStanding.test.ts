/** Whose taste gold is: counted by the thread, judged by Wilson's interval, and never claimed before it is known. */
import { beforeEach, describe, expect, it } from 'vitest';
import type { Rater, Vote } from '../../../src/contract/preferences';
import type { SaidVote } from '../../../src/formats/earlier';
import { goldStanding, heldAgainst, isAgreementDue, standingOf } from '../../../src/store/opinions/goldStanding';
import type { LabState } from '../../../src/store/state';
import { plainVote } from '../../helpers/plainVote';
import { freshDisk, openPage, type Page } from '../openLab';

const HAPPY: Rater = { name: 'happy' };
const SHORT: Rater = { name: 'short' };
const many = (count: number, change: Partial<SaidVote> = {}) =>
  Array.from({ length: count }, (_, i) => plainVote(i, change));

describe('the standing of gold', () => {
  it('is read off the whole interval: 3 of 24 is another taste, 21 of 24 theirs, one half between is not known', () => {
    expect(standingOf({ agree: 3, of: 24 })).toBe('anothers');
    expect(standingOf({ agree: 21, of: 24 })).toBe('theirs');
    expect(standingOf({ agree: 12, of: 24 })).toBe('unknown');
    expect([3, 4].map((all) => standingOf({ agree: all, of: all }))).toEqual(['unknown', 'theirs']);
    expect([3, 4].map((all) => standingOf({ agree: 0, of: all }))).toEqual(['unknown', 'anothers']);
    expect(standingOf({ agree: 0, of: 0 })).toBe('unknown');
  });

  describe('in a lab', () => {
    let page: Page;
    const state = () => page.lab.getState();
    const cast = (all: Vote[]) => page.lab.setState({ opinions: { ...state().opinions, all } });
    const weigh = async (rater: Rater) => {
      await state().gold.weigh(rater);
      return goldStanding(state(), rater);
    };

    beforeEach(async () => {
      freshDisk();
      page = await openPage();
      await state().shelf.startTrained('tiny');
    });

    it('is nobody’s trouble without votes, and with simulated ones of the same rater', async () => {
      expect(await weigh(HAPPY)).toMatchObject({ standing: 'theirs', whose: null });
      cast(many(30, { source: 'simulated', rater: HAPPY }));
      expect(await weigh(HAPPY)).toMatchObject({ standing: 'theirs', whose: null });
      expect(page.client.calls.filter(({ kind }) => kind === 'taste/agreement')).toEqual([]);
    });

    it('is unknown until it is counted, and then by the visitor’s own choices alone', async () => {
      cast([...many(24), ...many(300, { source: 'simulated', rater: HAPPY, choice: 'b' })]);
      expect(goldStanding(state(), HAPPY)).toMatchObject({ standing: 'unknown', agree: null, whose: 'visitor' });
      expect(await weigh(HAPPY)).toMatchObject({ standing: 'anothers', agree: 0, of: 24 });
      expect(await weigh({ name: 'sad' })).toMatchObject({ standing: 'theirs', agree: 24, of: 24 });
    });

    it('is counted again once there are more votes, and not for nothing', async () => {
      cast(many(24));
      await weigh(HAPPY);
      expect(isAgreementDue(state(), HAPPY)).toBe(false);
      cast([...many(24), ...many(30, { choice: 'b' }).map((one) => ({ ...one, rankingId: `w${one.rankingId}` }))]);
      expect(isAgreementDue(state(), HAPPY)).toBe(true);
      expect(await weigh(HAPPY)).toMatchObject({ standing: 'unknown', agree: 30, of: 54 });
    });

    it('counts votes for a side and rankings, not ties, both bad or hidden repeats', () => {
      cast([
        plainVote(0),
        plainVote(1, { choice: 'tie' }),
        plainVote(2, { choice: 'bothBad' }),
        plainVote(3, { repeatOf: 'v0' }),
        plainVote(4, { source: 'imported' }),
      ]);
      const held = heldAgainst(state(), HAPPY);
      expect(held?.map(({ rankingId }) => rankingId)).toEqual(['v0', 'v4']);
      expect(goldStanding(state(), HAPPY).whose).toBe('both');
    });

    it('is held against simulated votes of another rater where nobody else voted', async () => {
      cast(many(24, { source: 'simulated', rater: SHORT }));
      expect(await weigh(HAPPY)).toMatchObject({ standing: 'anothers', whose: 'simulated', of: 24 });
      expect(goldStanding(state(), SHORT)).toMatchObject({ standing: 'theirs', whose: null });
    });

    it('is not asked for on a text of the visitor’s own, which has no gold', async () => {
      cast(many(24));
      const corpus = { ...state().corpus, summary: { ...state().corpus.summary!, kind: 'text' } } as LabState['corpus'];
      page.lab.setState({ corpus });
      expect(isAgreementDue(state(), HAPPY)).toBe(false);
      expect(goldStanding(state(), HAPPY)).toMatchObject({ standing: 'theirs', whose: null });
    });
  });
});
