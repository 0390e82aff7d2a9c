import { describe, expect, it } from 'vitest';
import { type Duel, MOST_MODELS } from '../../src/contract/arena';
import { choiceOf, ranksOfChoice, type VoteChoice } from '../../src/contract/preferences';
import { finish } from '../../src/contract/steps';
import { duelsToJsonl, readDuels } from '../../src/formats/duels';
import { plainVote } from '../helpers/plainVote';

const duel = (number: number, choice: VoteChoice, swapped = false): Duel => ({
  ...plainVote(number),
  ...ranksOfChoice(choice),
  rankingId: `duel-${number}`,
  policyId: 'base-1',
  againstId: 'policy-1',
  swapped,
  seconds: number,
});
const NAMES: Record<string, string> = { 'base-1': 'Base', 'policy-1': 'PPO, round 2' };
const nameOf = (id: string) => NAMES[id] ?? id;
let made = 0;
const read = (text: string, here: Duel[] = []) => finish(readDuels(text, here, () => `new-${++made}`));
const ALL = [duel(1, 'a'), duel(2, 'b', true), duel(3, 'tie'), duel(4, 'bothBad', true)];
const line = (changes: object) => JSON.stringify({ ...JSON.parse(duelsToJsonl([duel(1, 'a')], nameOf)), ...changes });

describe('a file of duels', () => {
  it('brings back what was saved: sides, outcomes, who wrote what and how they are called', () => {
    const { good, badLines } = read(duelsToJsonl(ALL, nameOf));
    expect(badLines).toEqual([]);
    expect(good.map((one) => one.duel)).toEqual(ALL.map((one) => ({ ...one, source: 'imported' })));
    for (const { names } of good) expect(names).toEqual(NAMES);
  });

  it('names the models in the order of the texts', () => {
    const [, second] = duelsToJsonl(ALL, nameOf).split('\n');
    expect(JSON.parse(second!)).toMatchObject({
      models: ['policy-1', 'base-1'],
      names: ['PPO, round 2', 'Base'],
      completions: ALL[1]!.completions,
      choice: 'b',
      chosen: ALL[1]!.completions[1],
    });
  });

  it('may leave out names, and then has ids for them', () => {
    const [one] = read(line({ names: undefined })).good;
    expect(one?.names).toEqual({ 'base-1': 'base-1', 'policy-1': 'policy-1' });
  });

  it('refuses a line that stands twice and says no id of its own', () => {
    const plain = line({ voteId: undefined });
    const { good, badLines } = read(
      `${plain}\n${plain}\n${line({ voteId: 'a' })}\n${line({ voteId: undefined, choice: 'tie', chosen: undefined, rejected: undefined })}`,
    );
    expect(good).toHaveLength(2);
    expect(badLines.map(({ reason }) => reason)).toEqual(['the same duel as line 1', 'the same duel as line 1']);
    const apart = read(`${line({ voteId: 'a' })}\n${line({ voteId: 'b' })}`);
    expect(apart.badLines).toEqual([]);
  });

  it('keeps simulated votes apart from imported ones, and takes nobody’s word for votes by hand', () => {
    const sources = read(`${line({ source: 'simulated', voteId: 'x' })}\n${line({ source: 'human' })}`).good;
    expect(sources.map((one) => one.duel.source)).toEqual(['simulated', 'imported']);
  });

  it.each([
    ['no models', { models: undefined }, '"models" is missing'],
    ['one model twice', { models: ['base-1', 'base-1'] }, 'a model against itself'],
    ['three models', { models: ['a', 'b', 'c'] }, /^"models/],
    ['an outcome that is none', { choice: 'c' }, '"choice" is none of a, b, tie, bothBad'],
    ['a winner that the outcome denies', { choice: 'b' }, '"choice" is "b", and "chosen" says otherwise'],
    ['one text twice', { completions: ['same .', 'same .'] }, /same/],
    ['a name without end', { names: ['x'.repeat(100), 'y'] }, /^"names/],
  ])('refuses %s, by line', (_, changes, reason) => {
    const { good, badLines } = read(`\n${line(changes)}`);
    expect(good).toEqual([]);
    expect(badLines).toEqual([{ line: 2, reason: expect.stringMatching(reason) }]);
  });

  it('refuses what is here already, whatever id it goes by, and one id twice', () => {
    const saved = duelsToJsonl(ALL, nameOf);
    expect(read(saved, ALL).badLines.map(({ reason }) => reason)).toEqual(
      ALL.map(() => 'the same duel as one that is here'),
    );
    expect(read(line({ voteId: 'forged' }), ALL).badLines).toEqual([
      { line: 1, reason: 'the same duel as one that is here' },
    ]);
    expect(read(`${line({})}\n${line({ seconds: 3 })}`).badLines).toEqual([
      { line: 2, reason: 'the same duel as line 1' },
    ]);
  });

  it('refuses more models than the board has room for, and keeps the rest', () => {
    const lines = Array.from({ length: MOST_MODELS }, (_, i) => line({ voteId: `v${i}`, models: ['base-1', `m${i}`] }));
    const { good, badLines } = read([...lines, line({ voteId: 'last', models: ['base-1', 'm0'] })].join('\n'));
    expect(badLines).toEqual([{ line: MOST_MODELS, reason: `more than ${MOST_MODELS} models` }]);
    expect(good).toHaveLength(MOST_MODELS);
    expect(choiceOf(good[0]!.duel)).toBe('a');
  });

  it('says that a file of votes holds no duels', () => {
    const votes = '{"prompt":"p","chosen":"a","rejected":"b"}';
    expect(read(votes).badLines).toEqual([{ line: 1, reason: '"models" is missing' }]);
  });
});
