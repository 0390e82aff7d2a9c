import { beforeEach, describe, expect, it } from 'vitest';
import type { CheckpointInfo } from '../../../src/contract/domain';
import { choiceOf } from '../../../src/contract/preferences';
import { gameOf } from '../../../src/store/arena/game';
import { nameOf, onBoard, ratedDuels, writersOfSides } from '../../../src/store/arena/rated';
import { leastMet, pairingsOf, ringOf } from '../../../src/store/arena/ring';
import { freshDisk, openPage, type Page, settle } from '../openLab';

async function openArena(): Promise<Page> {
  const page = await openPage();
  await page.lab.getState().shelf.bring('tiny');
  await page.lab.getState().shelf.bring('small');
  return page;
}
const game = ({ lab }: Page) => gameOf(lab).getState();
const duels = ({ lab }: Page) => lab.getState().arena.duels;
async function vote(page: Page, choice: 'a' | 'b' | 'tie' | 'bothBad' = 'a'): Promise<void> {
  page.wait(1000);
  await game(page).vote(choice);
}

describe('the ring', () => {
  beforeEach(freshDisk);

  it('has every model that writes; brought ones play no part of the pipeline', async () => {
    const page = await openArena();
    const state = page.lab.getState();
    expect(ringOf(state).map(({ name }) => name)).toEqual(state.shelf.checkpoints.map(({ name }) => name));
    expect(Object.values(state.shelf.slots)).toEqual(Object.values(state.shelf.slots).map(() => null));
    expect(state.view.stage).toBe('start');
    state.arena.setOut('shipped-small', true);
    expect(ringOf(page.lab.getState()).map(({ checkpointId }) => checkpointId)).toEqual(['shipped-tiny']);
  });

  it('lets a policy in as soon as it is on the shelf, and no reward model', async () => {
    const page = await openArena();
    const { checkpoints } = page.lab.getState().shelf;
    const made = (kind: CheckpointInfo['kind']) => ({ ...checkpoints[0]!, checkpointId: kind, name: kind, kind });
    const shelf = { ...page.lab.getState().shelf, checkpoints: [...checkpoints, made('policy'), made('reward')] };
    page.lab.setState({ shelf });
    expect(ringOf(page.lab.getState()).map(({ checkpointId }) => checkpointId)).toContain('policy');
    expect(ringOf(page.lab.getState()).map(({ checkpointId }) => checkpointId)).not.toContain('reward');
    expect(onBoard(page.lab.getState())).toContain('policy');
  });

  it('pairs models that read the same tokens, whoever met least first', async () => {
    const page = await openArena();
    const [one] = page.lab.getState().shelf.checkpoints;
    const named = (checkpointId: string, tokenizerKey = 'words') => ({ ...one!, checkpointId, tokenizerKey });
    const pairings = pairingsOf([named('a'), named('b'), named('c'), named('d', 'letters')]);
    expect(pairings).toEqual([
      ['a', 'b'],
      ['a', 'c'],
      ['b', 'c'],
    ]);
    await game(page).open();
    await vote(page);
    const [duel] = duels(page);
    const met = [
      { ...duel!, policyId: 'b', againstId: 'a' },
      { ...duel!, policyId: 'c', againstId: 'a' },
    ];
    for (let turn = 0; turn < 5; turn++) expect(leastMet(pairings, met, 1, turn)).toEqual(['b', 'c']);
    const first = [0, 1, 2, 3, 4, 5, 6, 7].map((turn) => leastMet(pairings, [], 1, turn)?.join());
    expect(new Set(first).size).toBeGreaterThan(1);
  });
});

describe('the game', () => {
  beforeEach(freshDisk);

  it('stores what was voted with both models, sides as they stood, and deals on', async () => {
    const page = await openArena();
    await game(page).open();
    const { shown } = game(page);
    await vote(page, 'b');
    const [duel] = duels(page);
    expect(duel).toMatchObject({
      source: 'human',
      completions: [shown!.left, shown!.right],
      swapped: shown!.swapped,
      seconds: 1,
    });
    expect(choiceOf(duel!)).toBe('b');
    expect([duel!.policyId, duel!.againstId].sort()).toEqual(['shipped-small', 'shipped-tiny']);
    expect(game(page).last).toEqual({ duel, takenBack: false });
    expect(game(page).shown).not.toEqual(shown);
    expect(nameOf(page.lab.getState(), duel!.policyId)).not.toBe('a model without a name');
  });

  it('puts either model on either side', async () => {
    const page = await openArena();
    await game(page).open();
    for (let i = 0; i < 12; i++) await vote(page, 'tie');
    expect(new Set(duels(page).map((duel) => writersOfSides(duel)[0])).size).toBe(2);
  });

  it('takes no vote within 300 ms, nor without a pair', async () => {
    const page = await openArena();
    await game(page).vote('a');
    await game(page).open();
    page.wait(299);
    await game(page).vote('a');
    expect(duels(page)).toEqual([]);
    page.wait(1);
    await game(page).vote('a');
    expect(duels(page)).toHaveLength(1);
  });

  it('undoes the last vote by hand, and does not ask a pair again whose writers were told', async () => {
    const page = await openArena();
    await game(page).open();
    const first = game(page).shown;
    await vote(page);
    const second = game(page).shown;
    await game(page).undo();
    expect(duels(page)).toEqual([]);
    expect(game(page).last?.takenBack).toBe(true);
    expect(game(page).shown).toEqual(second);
    await vote(page);
    expect(game(page).shown?.pair).not.toEqual(first?.pair);
    await game(page).undo();
    await game(page).undo();
    expect(duels(page)).toEqual([]);
  });

  it('shows the same pair after a reload that was not voted on', async () => {
    const page = await openArena();
    await game(page).open();
    await vote(page);
    const { shown } = game(page);
    await settle();
    page.kill();
    const again = await openPage();
    await game(again).open();
    expect(game(again).shown).toMatchObject({ pair: shown!.pair, swapped: shown!.swapped });
  });

  it('rates after each vote, keeping the board meanwhile, and shuffles for Elo alone', async () => {
    const page = await openArena();
    await game(page).open();
    for (const choice of ['a', 'b', 'a', 'a', 'tie'] as const) await vote(page, choice);
    await game(page).rate();
    const { ratings } = game(page);
    expect(ratings!.board.counted).toBe(5);
    expect(ratings!.models).toEqual(onBoard(page.lab.getState()));
    const rating = game(page).set({ shuffle: 3 });
    expect(game(page).ratings).toBe(ratings);
    await rating;
    const shuffled = game(page).ratings!.board;
    expect(shuffled.rows.map((row) => row.rating)).toEqual(ratings!.board.rows.map((row) => row.rating));
  });

  it('asks for one pair until chance decides again', async () => {
    const page = await openArena();
    await game(page).askFor(['shipped-small', 'shipped-tiny']);
    expect(game(page).shown?.pair).toMatchObject({ policyId: 'shipped-small', againstId: 'shipped-tiny' });
    await game(page).askFor(null);
    expect(game(page).wanted).toBeNull();
  });

  it('has no pair with one model, and deals when a second comes', async () => {
    const page = await openPage();
    await page.lab.getState().shelf.bring('tiny');
    await game(page).open();
    expect(game(page)).toMatchObject({ shown: null, loading: false, error: null });
    await page.lab.getState().shelf.bring('small');
    await game(page).open();
    expect(game(page).shown).not.toBeNull();
    page.lab.getState().arena.setOut('shipped-tiny', true);
    await game(page).open();
    expect(game(page).shown).toBeNull();
  });

  it('says why a pair could not be written, and goes on with another', async () => {
    const page = await openArena();
    const { call } = page.client;
    page.client.call = (kind, params, following) =>
      kind === 'compare/pairs'
        ? Promise.reject(new Error('This model writes the same text every time.'))
        : call.call(page.client, kind, params, following);
    await game(page).open();
    expect(game(page)).toMatchObject({
      shown: null,
      loading: false,
      error: 'This model writes the same text every time.',
    });
    page.client.call = call;
    await game(page).skip();
    expect(game(page)).toMatchObject({ error: null });
    expect(game(page).shown).not.toBeNull();
  });

  it('names models by who wrote the left and the right text', async () => {
    const page = await openArena();
    await game(page).open();
    for (let i = 0; i < 6; i++) await vote(page);
    const models = onBoard(page.lab.getState());
    for (const [i, { first, second, choice, lengths }] of ratedDuels(duels(page), models, 'word').entries()) {
      const duel = duels(page)[i]!;
      expect([models[first], models[second]]).toEqual(writersOfSides(duel));
      expect(choice).toBe('a');
      expect(lengths).toEqual(duel.completions.map((text) => text.split(' ').length));
    }
  });
});

describe('many duels at a time', () => {
  beforeEach(freshDisk);
  const bytes = (text: string) => new TextEncoder().encode(text);

  it('come of Compare’s rater, spread over the pairs of the ring, counted apart', async () => {
    const page = await openArena();
    page.lab.getState().opinions.setNoise(0.1);
    await game(page).simulate(12);
    expect(duels(page)).toHaveLength(12);
    expect(
      duels(page).every(({ source, rater, at }) => source === 'simulated' && rater?.name === 'happy' && at > 0),
    ).toBe(true);
    expect(new Set(duels(page).map(({ rankingId }) => rankingId)).size).toBe(12);
    expect(game(page)).toMatchObject({ simulating: null, outcome: '12 simulated votes, counted apart from yours.' });
    expect(page.lab.getState().opinions.all).toEqual([]);
    await game(page).undo();
    expect(duels(page)).toHaveLength(12); // none of them is the visitor's
  });

  it('change nothing when cancelled', async () => {
    const page = await openArena();
    const simulating = game(page).simulate(500);
    game(page).cancelSimulating();
    await simulating;
    expect(game(page)).toMatchObject({ simulating: null, outcome: 'Cancelled: nothing was changed.' });
    expect(duels(page)).toEqual([]);
  });

  it('go out as a file and come back in another lab, with the names of models that are not there', async () => {
    const page = await openArena();
    await game(page).open();
    for (const choice of ['a', 'tie', 'bothBad'] as const) await vote(page, choice);
    game(page).save();
    const [file] = page.files;
    expect(file?.fileName).toBe('duels.jsonl');
    const kept = duels(page);
    freshDisk();
    const other = await openPage();
    await game(other).openFile(bytes(file!.content as string), 'duels.jsonl');
    expect(duels(other)).toEqual(kept.map((duel) => ({ ...duel, source: 'imported' })));
    expect(nameOf(other.lab.getState(), 'shipped-tiny')).toBe(nameOf(page.lab.getState(), 'shipped-tiny'));
    expect(game(other).outcome).toBe('3 duels from duels.jsonl, counted apart from yours.');
    await game(other).openFile(bytes(file!.content as string), 'again.jsonl');
    expect(duels(other)).toHaveLength(3);
    expect(game(other).outcome).toMatch(/^again.jsonl: line 1 \(the same duel as one that is here\)/);
  });

  it('with bad lines wait until it is said what becomes of the good ones', async () => {
    const page = await openArena();
    await game(page).open();
    await vote(page);
    game(page).save();
    const good = JSON.parse(page.files[0]!.content as string);
    const text = `${JSON.stringify({ ...good, voteId: 'other', seconds: 7 })}\n{"prompt":"x"}`;
    await game(page).openFile(bytes(text), 'mixed.jsonl');
    expect(duels(page)).toHaveLength(1);
    expect(game(page).pending?.complaint).toBe('mixed.jsonl: line 2 ("models" is missing). 1 line is good. Keep it?');
    await game(page).decide(false);
    expect(duels(page)).toHaveLength(1);
    await game(page).openFile(bytes(text), 'mixed.jsonl');
    await game(page).decide(true);
    await game(page).decide(true);
    expect(duels(page)).toHaveLength(2);
  });

  it.each([
    ['nothing', '', 'x.jsonl holds no duels.'],
    [
      'a foreign form',
      '{"prompt":"p","chosen":"a","rejected":"b"}',
      'x.jsonl: line 1 ("models" is missing). No line is good.',
    ],
  ])('are not found in %s, which is said, and nothing is lost', async (_, text, sentence) => {
    const page = await openArena();
    await game(page).openFile(bytes(text), 'x.jsonl');
    expect(game(page)).toMatchObject({ pending: null, outcome: sentence });
    expect(duels(page)).toEqual([]);
  });

  it('are all gone when they are cleared', async () => {
    const page = await openArena();
    await game(page).simulate(4);
    await game(page).clear();
    expect(duels(page)).toEqual([]);
    expect(page.lab.getState().shelf.checkpoints).toHaveLength(2);
  });
});
