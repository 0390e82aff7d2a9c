import { beforeEach, describe, expect, it, vi } from 'vitest';
import { LabError } from '../../../src/contract/errors';
import { LIMITS } from '../../../src/contract/limits';
import type { Demonstration } from '../../../src/contract/preferences';
import { demonstrationCounts, wishWords } from '../../../src/store/opinions/demonstrations';
import { stageStatus } from '../../../src/store/page/stageStatus';
import { writerId } from '../../../src/store/rounds/rounds';
import { FakeClient } from '../../helpers/fakeClient';
import { freshDisk, openPage, openVoting, type Page, settle } from '../openLab';

const bytes = (text: string) => new TextEncoder().encode(text);
const line = (prompt: string, completion: string) => JSON.stringify({ prompt, completion });
const PROMPT = 'at noon the fox found a warm lamp .';
const collected = ({ lab }: Page) => lab.getState().demonstrations.all;
const state = ({ lab }: Page) => lab.getState().demonstrations;
const status = ({ lab }: Page) => stageStatus(lab.getState(), 'finetune');

async function tune(page: Page): Promise<void> {
  await page.lab.getState().runs.play('finetune');
  page.client.advance(1000);
  await settle();
}

describe('demonstrations', () => {
  beforeEach(freshDisk);

  it('come from the stories by a wish, each as wished, and never the same one twice', async () => {
    const page = await openVoting();
    page.lab.getState().demonstrations.setWish({ polite: true, short: false, happy: true });
    await state(page).addWished(10);
    await state(page).addWished(5);
    const texts = collected(page).map(({ prompt, completion }) => `${prompt} ${completion}`);
    expect(texts).toHaveLength(15);
    expect(new Set(texts).size).toBe(15);
    for (const text of texts) expect(text).toMatch(/thank you/);
    expect(new Set(collected(page).map(({ demonstrationId }) => demonstrationId)).size).toBe(15);
  });

  it('are not gone through when something beside them changes: there may be 20,000', async () => {
    const page = await openVoting();
    let reads = 0;
    const one: Demonstration = {
      demonstrationId: 'd',
      prompt: PROMPT,
      source: 'human',
      get completion() {
        reads++;
        return 'it was glad .';
      },
    };
    page.lab.setState(({ demonstrations }) => ({ demonstrations: { ...demonstrations, all: [one] } }));
    await settle();
    reads = 0;
    page.lab.setState(({ opinions }) => ({ opinions: { ...opinions, all: [] } }));
    expect(reads).toBe(0);
    page.lab.setState(({ demonstrations }) => ({
      demonstrations: { ...demonstrations, all: [one, { ...one, demonstrationId: 'e' }] },
    }));
    expect(reads, 'what is new is stored').toBeGreaterThan(0);
  });

  it('say when a wish is too rare for as many as were asked for', async () => {
    const page = await openVoting();
    page.lab.getState().demonstrations.setWish({ polite: true, short: true, happy: true, animal: 'owl' });
    await state(page).addWished(500);
    expect(collected(page).length).toBeLessThan(500);
    expect(page.lab.getState().notices.toasts.at(-1)?.text).toMatch(
      /^Only \d+ more like that \(polite, short, happy, about the owl\)/,
    );
  });

  it('are looked for beyond all that are here, however many that is: fewer than asked means that the wish is rare', async () => {
    const page = await openVoting();
    const many = Array.from(
      { length: LIMITS.demonstrations - 10 },
      (_, i): Demonstration => ({
        ...{ demonstrationId: `d${i}`, prompt: PROMPT, completion: `${i}`, source: 'imported' },
      }),
    );
    page.lab.setState(({ demonstrations }) => ({ demonstrations: { ...demonstrations, all: many } }));
    const call = vi.spyOn(page.client, 'call');
    await state(page).addWished(8);
    expect(call).toHaveBeenCalledWith(
      'finetune/demonstrations',
      expect.objectContaining({ count: LIMITS.demonstrations - 2 }),
      expect.anything(),
    );
    expect(page.lab.getState().notices.toasts.at(-1)?.text).toMatch(/^8 demonstrations added/);
  });

  it('typed by the visitor are checked first: nothing wrong is added, and the reason comes back', async () => {
    const page = await openVoting();
    expect(await state(page).addTyped(PROMPT, 'it was glad in a spaceship .')).toBe(
      'the model does not know “spaceship”',
    );
    expect(await state(page).addTyped('  ', 'it was glad .')).toBe('the prompt is empty');
    expect(await state(page).addTyped(PROMPT, ' ')).toBe('the completion is empty');
    expect(collected(page)).toEqual([]);
    expect(await state(page).addTyped(PROMPT, ' it was glad and sang all day . ')).toBeNull();
    expect(await state(page).addTyped(PROMPT, 'it was glad and sang all day .')).toBe(
      'the same demonstration is here already',
    );
    expect(collected(page)).toMatchObject([
      { prompt: PROMPT, completion: 'it was glad and sang all day .', source: 'human' },
    ]);
  });

  it('keep their spaces on the visitor’s own text, where a completion goes on in the midst of it', async () => {
    const page = await openVoting();
    await page.lab.getState().corpus.useText(bytes('the fox went home . '.repeat(40)), 'mine.txt');
    expect(await state(page).addTyped('the fox', ' went home .')).toBeNull();
    expect(collected(page)).toMatchObject([{ prompt: 'the fox', completion: ' went home .' }]);
  });

  it('from a file wait for the visitor when a line is bad, each bad line by its number', async () => {
    const page = await openVoting();
    await state(page).addTyped(PROMPT, 'it went home .');
    const file = [
      line(PROMPT, 'it was sad and cried .'),
      'nonsense',
      '',
      line('at noon the dragon found a warm lamp .', 'it went home .'),
      line(PROMPT, 'it went home .'),
      '{"prompt":"at noon"}',
      line(PROMPT, '   '),
    ];
    await state(page).importFile(bytes(file.join('\n')), 'mine.jsonl');
    expect(collected(page)).toHaveLength(1);
    expect(state(page).pendingImport).toMatchObject({
      name: 'mine.jsonl',
      badLines: [
        { line: 2, reason: 'not JSON' },
        { line: 4, reason: 'the model does not know “dragon”' },
        { line: 5, reason: 'the same as one that is here' },
        { line: 6, reason: '"completion" is missing' },
        { line: 7, reason: '"completion" is empty' },
      ],
    });
    state(page).keepGoodLines();
    expect(demonstrationCounts(collected(page))).toEqual({ grammar: 0, human: 1, imported: 1 });
    expect(state(page).pendingImport).toBeNull();
  });

  it('from files are as many as the lab keeps, and how many came is said', async () => {
    const page = await openVoting();
    const full = (count: number): Demonstration[] =>
      Array.from({ length: count }, (_, i) => ({
        demonstrationId: `d${i}`,
        prompt: PROMPT,
        completion: `${i}`,
        source: 'human',
      }));
    page.lab.setState(({ demonstrations }) => ({ demonstrations: { ...demonstrations, all: full(19_998) } }));
    const came = Array.from({ length: 5 }, (_, i) => line(PROMPT, `it was ${'glad '.repeat(i + 1)}.`));
    await state(page).importFile(bytes(came.join('\n')), 'mine.jsonl');
    expect(collected(page)).toHaveLength(20_000);
    expect(page.lab.getState().notices.notices[0]).toMatchObject({
      code: 'opinions/full',
      message: '5 demonstrations came, and 19,998 are here. The lab keeps 20,000: the first 2 were taken.',
    });
    expect(await state(page).addTyped(PROMPT, 'it was sad .')).toBe(
      'the lab keeps 20,000 demonstrations, and they are all here',
    );
    await state(page).addWished(3);
    expect(page.lab.getState().notices.notices[0]?.message).toBe(
      'The lab keeps 20,000 demonstrations, and they are all here.',
    );
  });

  it('leaves everything as it was when a file is refused or turned down', async () => {
    const page = await openVoting();
    await state(page).addWished(4);
    const before = collected(page);
    await state(page).importFile(new Uint8Array([0xff, 0xfe, 0xff]), 'odd.bin');
    expect(state(page).error).toMatchObject({ code: 'file/noDemonstrations', message: 'odd.bin is not UTF-8 text.' });
    await state(page).importFile(bytes('\n\n'), 'empty.jsonl');
    expect(state(page).error?.message).toBe('empty.jsonl holds no demonstrations.');
    await state(page).importFile(bytes(`nonsense\n${line(PROMPT, 'it went home .')}`), 'half.jsonl');
    state(page).cancelImport();
    expect(collected(page)).toBe(before);
    expect(state(page)).toMatchObject({ pendingImport: null, busy: null });
  });

  it('come back from their own export, marked as imported', async () => {
    const page = await openVoting();
    await state(page).addWished(6);
    await state(page).addTyped(PROMPT, 'it went home .');
    await state(page).exportFile();
    const [file] = page.files;
    expect(file?.fileName).toBe('demonstrations.jsonl');
    const before = collected(page);
    state(page).clear();
    await state(page).importFile(bytes(file?.content as string), 'demonstrations.jsonl');
    expect(collected(page).map(({ prompt, completion }) => ({ prompt, completion }))).toEqual(
      before.map(({ prompt, completion }) => ({ prompt, completion })),
    );
    expect(demonstrationCounts(collected(page)).imported).toBe(7);
  });

  it('can be taken out, by source too, and put back', async () => {
    const page = await openVoting();
    await state(page).addWished(3);
    await state(page).addTyped(PROMPT, 'it went home .');
    state(page).remove(collected(page)[0]!.demonstrationId);
    expect(collected(page)).toHaveLength(3);
    state(page).putBack();
    expect(collected(page)).toHaveLength(4);
    state(page).clear('grammar');
    expect(demonstrationCounts(collected(page))).toEqual({ grammar: 0, human: 1, imported: 0 });
    state(page).putBack();
    expect(demonstrationCounts(collected(page))).toEqual({ grammar: 3, human: 1, imported: 0 });
  });

  it('need a base model, and say so', async () => {
    const page = await openPage();
    await state(page).addWished(5);
    expect(page.lab.getState().notices.notices.at(-1)).toMatchObject({
      code: 'run/missingInput',
      actions: [{ stage: 'pretrain' }],
    });
    expect(await state(page).addTyped(PROMPT, 'it went home .')).toBe('it could not be checked');
  });

  it('say a wish in words', () => {
    expect(wishWords({ polite: true, short: true, happy: false, animal: null })).toBe('polite, short');
    expect(wishWords({ polite: false, short: false, happy: false, animal: null })).toBe('any story');
  });
});

describe('fine-tuning, as the page holds it', () => {
  beforeEach(freshDisk);

  it('waits with the comparison after a reload until both models are back', async () => {
    const page = await openVoting();
    await state(page).addWished(8);
    await tune(page);
    page.kill();
    const again = await openPage({ boot: false });
    let asked: Promise<void> | null = null;
    again.lab.subscribe(({ shelf }) => {
      if (shelf.slots.fineTunedId !== null) asked ??= state(again).compare();
    });
    await again.lab.getState().session.boot();
    await asked;
    expect(state(again)).toMatchObject({ error: null, comparison: { rows: expect.any(Array) } });
  });

  it('is optional: without it the base model writes the pairs', async () => {
    const page = await openVoting();
    expect(status(page)).toBe('empty');
    expect(writerId(page.lab.getState())).toBe('shipped-tiny');
  });

  it('puts its model in the place that the next stages begin from, and goes stale with its demonstrations', async () => {
    const page = await openVoting();
    await state(page).addWished(12);
    await page.lab.getState().runs.step('finetune');
    expect(status(page)).toBe('running');
    await tune(page);
    expect(status(page)).toBe('done');
    const { fineTunedId } = page.lab.getState().shelf.slots;
    expect(fineTunedId).not.toBeNull();
    expect(writerId(page.lab.getState())).toBe(fineTunedId);
    await settle();
    expect(page.lab.getState().pairs.queue.every(({ policyId }) => policyId === fineTunedId)).toBe(true);
    state(page).remove(collected(page)[0]!.demonstrationId);
    expect(status(page)).toBe('stale');
    state(page).putBack();
    await page.lab.getState().shelf.setSlot('fineTunedId', null);
    expect(writerId(page.lab.getState())).toBe('shipped-tiny');
  });

  it('holds base and fine-tuned model against the wish, on the same prompts with the same seed, once', async () => {
    const page = await openVoting();
    await state(page).compare();
    expect(state(page).comparison).toBeNull();
    await state(page).addWished(12);
    await tune(page);
    await state(page).compare();
    await state(page).compare();
    const { comparison } = state(page);
    expect(comparison?.rows).toHaveLength(64);
    expect(comparison?.after?.share).toBeGreaterThan(comparison!.before!.share + 0.3);
    expect(comparison?.after?.share).toBe(comparison!.rows.filter(({ afterGranted }) => afterGranted).length / 64);
    const asked = page.client.calls.flatMap((call) => (call.kind === 'inspect/complete' ? [call.params] : []));
    expect(asked).toHaveLength(1);
    expect(asked[0]?.checkpointIds).toEqual(['shipped-tiny', page.lab.getState().shelf.slots.fineTunedId]);
  });

  it('counts by no wish what nobody wished for in words, and shows the texts all the same', async () => {
    const page = await openVoting();
    for (const end of ['went home', 'was glad', 'sang all day', 'was glad and sang'])
      expect(await state(page).addTyped(PROMPT, `it ${end} .`)).toBeNull();
    await tune(page);
    await state(page).compare();
    expect(state(page).comparison).toMatchObject({ before: null, after: null, rows: { length: 64 } });
    expect(page.client.calls.map(({ kind }) => kind)).not.toContain('finetune/granted');
  });

  it('shows a demonstration as the row it is trained on, to both models', async () => {
    const page = await openVoting();
    await state(page).addWished(12);
    const { demonstrationId } = collected(page)[3]!;
    await state(page).showRow(demonstrationId);
    expect(state(page).row).toMatchObject({ demonstrationId, tuned: null });
    await tune(page);
    await state(page).showRow(demonstrationId);
    expect(state(page).row?.tuned).not.toBeNull();
    state(page).remove(demonstrationId);
    expect(state(page).row).toBeNull();
  });

  it('says what went wrong and lets the visitor try again', async () => {
    const page = await openVoting();
    await state(page).addWished(12);
    await tune(page);
    page.client.fail('inspect/complete', new LabError('engine/outOfMemory', 'No room for two models.'));
    await state(page).compare();
    expect(state(page)).toMatchObject({
      comparing: false,
      comparison: null,
      error: { message: 'No room for two models.' },
    });
    await state(page).compare();
    expect(state(page)).toMatchObject({ error: null, comparison: { rows: { length: 64 } } });
  });

  it('survives a reload: demonstrations, wish, run, curve, model and its place', async () => {
    const page = await openVoting();
    page.lab.getState().demonstrations.setWish({ happy: true, short: false });
    await state(page).addWished(12);
    await state(page).addTyped(PROMPT, 'it went home .');
    await tune(page);
    await settle();
    const { demonstrations, shelf, runs } = page.lab.getState();
    page.kill();
    const again = await openPage();
    const back = again.lab.getState();
    expect(back.demonstrations.all).toEqual(demonstrations.all);
    expect(back.demonstrations.wish).toEqual(demonstrations.wish);
    expect(back.shelf.slots.fineTunedId).toBe(shelf.slots.fineTunedId);
    expect(back.runs.finetune.history).toEqual(runs.finetune.history);
    expect(back.runs.finetune.beforeAfter).toEqual(runs.finetune.beforeAfter);
    expect(status(again)).toBe('done');
  });

  it('goes on after a reload in the middle of a run', async () => {
    const page = await openVoting();
    await state(page).addWished(12);
    page.lab.getState().config.change('finetune', { epochs: 40 });
    await page.lab.getState().runs.play('finetune');
    page.client.advance(5);
    await page.lab.getState().runs.pause('finetune');
    await settle();
    page.kill();
    const again = await openPage();
    expect(again.lab.getState().runs.finetune.state).toMatchObject({ status: 'paused', step: 5 });
    expect(status(again)).toBe('running');
    await tune(again);
    expect(again.lab.getState().runs.finetune.history).toHaveLength(40);
  });

  it('keeps what was collected in a window that could not store, when it takes the lab over', async () => {
    const page = await openVoting();
    await state(page).addWished(4);
    await settle();
    page.kill();
    const client = new FakeClient();
    const lock = { acquire: async () => false, takeOver: async () => {}, release: () => {} };
    const second = await openPage({ client, lock });
    await second.lab.getState().shelf.startTrained('tiny');
    await state(second).addTyped(PROMPT, 'it went home .');
    await second.lab.getState().session.takeOver();
    expect(demonstrationCounts(collected(second))).toEqual({ grammar: 4, human: 1, imported: 0 });
  });

  it('forgets everything when everything is cleared', async () => {
    const page = await openVoting();
    await state(page).addWished(12);
    await tune(page);
    await state(page).compare();
    await page.lab.getState().session.clearAll();
    expect(collected(page)).toEqual([]);
    expect(state(page)).toMatchObject({ comparison: null, row: null, removed: [] });
    expect(status(page)).toBe('empty');
  });
});
