/**
 * What the page has is written to an empty disk, and that is cut after each of its writes: by a kill, or because the
 * storage is lost once more.
 */
import { deleteDB } from 'idb';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { RunKind } from '../../../src/contract/domain';
import { votesIn } from '../../../src/contract/preferences';
import { idbStorage } from '../../../src/store/persistence/idbStorage';
import type { LabState } from '../../../src/store/state';
import { freshDisk, openPage, openVoting, type Page, settle, vote } from '../openLab';

const HREF = '?preset=tiny&seed=3&steps=60&rewardSteps=20&dpoSteps=30&evalEvery=5';
const KINDS: RunKind[] = ['pretrain', 'reward', 'dpo'];
const codes = ({ lab }: Page) => lab.getState().notices.notices.map(({ code }) => code);

/** From now on so many changes reach the disk. @returns how many were asked for */
function endAfter(changes: number, why: string): () => number {
  let asked = 0;
  const { transaction } = IDBDatabase.prototype;
  vi.spyOn(IDBDatabase.prototype, 'transaction').mockImplementation(function (this: IDBDatabase, ...wanted) {
    if (wanted[1] === 'readwrite' && asked++ >= changes) throw new DOMException('No more.', why);
    return transaction.apply(this, wanted);
  });
  return () => asked;
}

/** votes, a run that is done, one that is paused, one that plays, and something set; the disk is emptied under it */
async function fullPage(later: (task: () => void) => void): Promise<Page> {
  const page = await openVoting({ href: HREF, later });
  const { runs, opinions, view } = page.lab.getState();
  await vote(page);
  await opinions.simulate(20);
  await runs.play('reward');
  page.client.advance(99);
  await settle(20);
  await runs.play('pretrain');
  page.client.advance(20);
  await runs.pause('pretrain');
  await runs.play('dpo');
  page.client.advance(7);
  view.setTheme('dark');
  await settle();
  await deleteDB('rlhf-lab');
  return page;
}

function shown({ runs, shelf, opinions, view, corpus }: LabState) {
  const of = ({ runId, history, state }: LabState['runs'][RunKind]) => ({ runId, history, step: state?.step });
  return {
    votes: votesIn(opinions.all).length,
    models: shelf.checkpoints.map(({ checkpointId }) => checkpointId).sort(),
    slots: shelf.slots,
    theme: view.theme,
    origin: corpus.origin,
    runs: KINDS.map((kind) => of(runs[kind])),
  };
}

beforeEach(freshDisk);
afterEach(() => vi.restoreAllMocks());

describe('what the page has, written again', () => {
  it('leaves a lab that opens, with no name of anything that is not there, after whichever write it is killed', async () => {
    const fill = async (changes: number) => {
      freshDisk();
      const page = await fullPage(() => {});
      const whole = shown(page.lab.getState());
      const asked = endAfter(changes, 'QuotaExceededError');
      await vi.waitFor(() => expect(codes(page)).toContain('storage/emptied'), 10_000);
      await settle();
      const written = asked();
      page.kill();
      vi.restoreAllMocks();
      return { whole, written };
    };
    const { written } = await fill(Number.POSITIVE_INFINITY);
    expect(written).toBeGreaterThan(20);
    for (let changes = 1; changes <= written; changes++) {
      const { whole } = await fill(changes);
      const again = await openPage();
      const state = again.lab.getState();
      const now = shown(state);
      expect(codes(again), `after ${changes}`).toEqual([]);
      for (const id of Object.values(now.slots).filter((one) => one !== null)) expect(now.models).toContain(id);
      for (const [i, { runId, history, step }] of now.runs.entries()) {
        if (runId === null) continue;
        expect([changes, runId, history.length]).toEqual([changes, whole.runs[i]!.runId, step ?? 0]);
        expect(state.runs[KINDS[i]!].state?.status).not.toBe('stopped');
      }
      if (changes === written) expect({ ...now, runs: whole.runs }).toEqual(whole);
      again.kill();
    }
  }, 120_000);

  it('is whole once the storage that was lost on the way is there again', async () => {
    for (let changes = 0; ; changes += 3) {
      freshDisk();
      const waiting: (() => void)[] = [];
      const page = await fullPage((task) => waiting.push(task));
      const whole = shown(page.lab.getState());
      const asked = endAfter(changes, 'InvalidStateError');
      await vi.waitFor(() => expect(codes(page)).toContain('storage/emptied'), 10_000);
      await settle();
      const wasCut = asked() > changes;
      vi.restoreAllMocks();
      for (const task of waiting.splice(0)) task();
      await settle();
      expect(codes(page).filter((code) => code === 'storage/lost')).toEqual([]);
      const { votes, models, slots, runs } = whole;
      const stored = await idbStorage().load();
      expect([changes, votesIn(stored.opinions).length, stored.checkpointIds.sort()]).toEqual([changes, votes, models]);
      expect(stored.settings).toMatchObject({ slots, view: { theme: 'dark' } });
      for (const { runId, history } of runs) expect(await idbStorage().points(runId!)).toEqual(history);
      for (const { runId } of runs.slice(0, 1)) expect(await idbStorage().snapshots(runId!)).not.toEqual([]);
      page.kill();
      if (!wasCut) break;
    }
  }, 120_000);
});
