import { beforeEach, describe, expect, it } from 'vitest';
import type { CallKind } from '../../src/contract/protocol';
import type { LabState, WorkKind } from '../../src/store/state';
import { freshDisk, openPage, type Page } from './openLab';

beforeEach(freshDisk);

const bytes = (text: string) => new TextEncoder().encode(text);
const LINES = Array.from({ length: 30 }, (_, i) => `{"prompt": "the fox .", "completion": "it sang ${'. '.repeat(i)}"}`).join('\n');
const VOTES = LINES.replaceAll('"completion"', '"rejected": "it cried .", "chosen"');

/** what must be as it was, whatever was cancelled */
const kept = ({ corpus, votes, examples, placed, demonstrations }: LabState) => ({
  corpus: [corpus.summary, corpus.origin, corpus.busy],
  votes: [votes.votes, votes.simulating, votes.pendingImport],
  examples: [examples.rankings, examples.demonstrations],
  placed: [placed.models, placed.busy],
  demonstrations: [demonstrations.pendingImport, demonstrations.busy],
});

interface Case {
  kind: WorkKind;
  call: CallKind;
  start(page: Page): Promise<void>;
}
const CASES: Case[] = [
  { kind: 'corpus', call: 'corpus/stories', start: ({ lab }) => lab.getState().corpus.generate() },
  { kind: 'corpus', call: 'corpus/text', start: ({ lab }) => lab.getState().corpus.useText(bytes('A text. '.repeat(50)), 'a.txt') },
  { kind: 'votes', call: 'compare/simulate', start: ({ lab }) => lab.getState().votes.simulate(300) },
  { kind: 'rankings', call: 'compare/rank', start: ({ lab }) => lab.getState().rankings.simulate(50) },
  { kind: 'wishes', call: 'finetune/demonstrations', start: ({ lab }) => lab.getState().demonstrations.addWished(200) },
  { kind: 'voteFile', call: 'texts/check', start: ({ lab }) => lab.getState().votes.importFile(bytes(VOTES), 'votes.jsonl') },
  { kind: 'demonstrationFile', call: 'texts/check', start: ({ lab }) => lab.getState().demonstrations.importFile(bytes(LINES), 'd.jsonl') },
];

describe('long work', () => {
  it.each(CASES)('is under way, tells how far it is, and cancelled leaves all as it was: $kind, $call', async ({ kind, call, start }) => {
    const page = await openPage();
    const state = () => page.lab.getState();
    await state().shelf.loadShipped('tiny');
    await state().corpus.generate();
    const before = kept(state());
    const release = page.client.hold(call);
    const work = start(page);
    while (!page.client.calls.some(({ kind: asked }) => asked === call) || !state().work.underway[kind])
      await new Promise((next) => setTimeout(next));
    await new Promise((next) => setTimeout(next, 5));
    page.client.progress(call, { done: 3, total: 7, label: 'looking' });
    expect(state().work.underway[kind]).toEqual({ progress: { done: 3, total: 7, label: 'looking' }, cancelling: false });
    state().work.cancel(kind);
    await work;
    release();
    expect(state().work.underway).toEqual({});
    expect(kept(state())).toEqual(before);
    expect(state().notices.notices).toEqual([]);
    expect(state().notices.toasts.at(-1)?.text).toBe('Cancelled: nothing was changed.');
  });

  it('goes on to its end when nobody cancels it, and can be started again when somebody did', async () => {
    const page = await openPage();
    const state = () => page.lab.getState();
    await state().shelf.loadShipped('tiny');
    const release = page.client.hold('compare/simulate');
    const first = state().votes.simulate(20);
    await new Promise((next) => setTimeout(next, 5));
    state().work.cancel('votes');
    await first;
    release();
    state().work.cancel('votes'); // nothing is under way
    await state().votes.simulate(20);
    expect(state().votes.votes).toHaveLength(20);
    expect(state().work.underway).toEqual({});
  });
});
