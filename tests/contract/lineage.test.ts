import { describe, expect, it } from 'vitest';
import type { RunSpec } from '../../src/contract/domain';
import { lineageOf } from '../../src/contract/lineage';
import type { Ranking } from '../../src/contract/preferences';
import { plainVote } from '../helpers/plainVote';

const texts = { prompt: 'k', a: 'l', b: 'm' };

describe('what a model says that it learned from', () => {
  it('is the choices that teach: no tie, no hidden repeat, no ranking of equals', () => {
    const first = plainVote(0, texts);
    const tie = { ...plainVote(1, texts), ranks: [1, 1] as [number, number] };
    const repeat = { ...plainVote(2, texts), repeatOf: first.pairId };
    const group = (ranks: number[]): Ranking => {
      const { pairId: _, ...vote } = first;
      return { ...vote, completions: ['l', 'm', 'n'], ranks };
    };
    const opinions = [first, tie, repeat, group([1, 2, 3]), group([1, 1, 1])];
    const { sources, recipe } = lineageOf({ kind: 'reward', opinions } as unknown as RunSpec);
    expect(sources).toEqual({ [first.source]: 2 });
    expect(recipe).toMatchObject({ votes: 3, rankings: 2 });
  });

  it('counts every demonstration, which ranks nothing', () => {
    const demonstrations = [{ source: 'human' }, { source: 'grammar' }, { source: 'grammar' }];
    const { sources } = lineageOf({ kind: 'finetune', demonstrations } as unknown as RunSpec);
    expect(sources).toEqual({ human: 1, grammar: 2 });
  });
});
