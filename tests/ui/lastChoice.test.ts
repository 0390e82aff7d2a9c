import { describe, expect, it } from 'vitest';
import type { Ranking, VoteChoice } from '../../src/contract/preferences';
import { ofLastChoice } from '../../src/ui/panels/Reward/lastChoice';
import { plainVote } from '../helpers/plainVote';

const vote = (choice: VoteChoice, a: string, b: string) => plainVote(1, { prompt: 'once', a, b, choice });
const ranking = { prompt: 'once', completions: ['middle', 'worst', 'best'], ranks: [2, 3, 1] } as unknown as Ranking;
const texts = (...opinions: Ranking[]) => ofLastChoice(opinions, 'stories').map(({ text }) => text.split(' ').at(-1));

describe('the texts that the score card offers', () => {
  it('are the sides of the newest choice, the better one first', () => {
    expect(texts(vote('b', 'left', 'chosen'), vote('a', 'older', 'old'))).toEqual(['chosen', 'left']);
    expect(texts(vote('a', 'chosen', 'left'))).toEqual(['chosen', 'left']);
  });

  it('are the best and the worst of a ranking', () => {
    expect(texts(ranking, vote('a', 'x', 'y'))).toEqual(['best', 'worst']);
  });

  it('come from no tie and from no pair of which both are bad', () => {
    expect(texts(vote('tie', 'x', 'y'), vote('bothBad', 'x', 'y'), vote('a', 'chosen', 'left'))).toEqual([
      'chosen',
      'left',
    ]);
    expect(ofLastChoice([vote('tie', 'x', 'y')], 'text')).toEqual([]);
  });
});
