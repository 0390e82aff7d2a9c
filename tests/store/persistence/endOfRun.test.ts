/**
 * A tab that is killed around the end of a run: what is found afterwards is the run before its end, or the finished run
 * with all it left.
 */
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { RunKind } from '../../../src/contract/domain';
import { SLOT_OF } from '../../../src/store/models/slots';
import { RESULT_OF } from '../../../src/store/runs/runEvents';
import type { LabState } from '../../../src/store/state';
import { freshDisk, openPage, openVoting, type Page, settle } from '../openLab';

const STEPS = 8;
/** the run is paused there, so that there is something to go on from */
const PAUSED = 3;
const HREF =
  `?preset=tiny&seed=3&steps=${STEPS}&rewardSteps=${STEPS}&iterations=${STEPS}&dpoSteps=${STEPS}&bestOfPrompts=${STEPS}` +
  `&tuneEpochs=${STEPS}&tuneBatch=64&evalEvery=2`;

const BEGINNINGS: Record<RunKind, (page: Page) => Promise<void>> = {
  pretrain: async () => undefined,
  finetune: async ({ lab }) => {
    await lab.getState().demonstrations.addWished(20);
  },
  reward: async ({ lab }) => void (await lab.getState().opinions.simulate(20)),
  ppo: judged,
  dpo: async ({ lab }) => void (await lab.getState().opinions.simulate(20)),
  bestOf: judged,
};

async function judged(page: Page): Promise<void> {
  await page.lab.getState().opinions.simulate(20);
  await page.lab.getState().runs.play('reward');
  page.client.advance(STEPS);
}

/** From now on so many changes reach the disk, and no more. @returns how many were asked for */
function killAfter(changes: number): () => number {
  let asked = 0;
  const { transaction } = IDBDatabase.prototype;
  vi.spyOn(IDBDatabase.prototype, 'transaction').mockImplementation(function (this: IDBDatabase, ...wanted) {
    if (wanted[1] === 'readwrite' && asked++ >= changes)
      throw new DOMException('The tab is dead.', 'QuotaExceededError');
    return transaction.apply(this, wanted);
  });
  return () => asked;
}

/** what a run left, as a visitor would find it */
function left({ runs, shelf }: LabState, kind: RunKind) {
  const { runId, history, state, samples, review, rollouts, beforeAfter, bestOf, madeFrom } = runs[kind];
  const made = state?.checkpointId ?? null;
  const { [made ?? '']: provenance = null } = shelf.provenance;
  const shown = { history, samples, review, rollouts, beforeAfter, bestOf, madeFrom };
  const models = shelf.checkpoints.map(({ checkpointId }) => checkpointId).sort();
  return { isThere: runId !== null, ...shown, made, provenance, models, slots: shelf.slots };
}

/** a lab just before a run of this kind; then its whole life, paused once, of which so many changes are stored */
async function live(kind: RunKind, changes: number) {
  freshDisk();
  const page = await openVoting({ href: HREF });
  await BEGINNINGS[kind](page);
  await settle();
  const before = left(page.lab.getState(), kind);
  const asked = killAfter(changes);
  await page.lab.getState().runs.play(kind);
  page.client.advance(PAUSED);
  await page.lab.getState().runs.pause(kind);
  await settle(20);
  await page.lab.getState().runs.play(kind);
  page.client.advance(STEPS);
  await settle(20);
  const whole = left(page.lab.getState(), kind);
  page.kill();
  vi.restoreAllMocks();
  return { before, whole, asked: asked() };
}

describe.each(Object.keys(BEGINNINGS) as RunKind[])('a tab that is killed around the end of a run: %s', (kind) => {
  beforeEach(freshDisk);
  afterEach(() => vi.restoreAllMocks());

  it('finds the run before its end, with its curve, or the finished one whole, after whichever change it was killed', async () => {
    const { asked } = await live(kind, Number.POSITIVE_INFINITY);
    const found: string[] = [];
    for (let changes = 0; changes <= asked; changes++) {
      const { before, whole } = await live(kind, changes);
      const again = await openPage();
      const { runs } = again.lab.getState();
      const { state } = runs[kind];
      const now = left(again.lab.getState(), kind);
      found.push(`${state?.status ?? 'none'} ${state?.step ?? ''}`.trim());
      if (state?.status === 'done') expect(now, `after ${changes} changes`).toEqual(whole);
      else {
        expect({ slots: now.slots, models: now.models }, `after ${changes} changes`).toEqual({
          slots: before.slots,
          models: before.models,
        });
        expect(now.history, `after ${changes} changes`).toEqual(whole.history.slice(0, state?.step ?? 0));
      }
      again.kill();
    }
    expect([...new Set(found)]).toEqual(['none', 'idle 0', `paused ${PAUSED}`, `done ${STEPS}`]);
  });

  it('has its result in use once it is done', async () => {
    const { whole } = await live(kind, Number.POSITIVE_INFINITY);
    if (kind === 'bestOf') return expect(whole.made).toBeNull();
    expect(whole.slots[SLOT_OF[RESULT_OF[kind]]]).toBe(whole.made);
    expect(whole.models).toContain(whole.made);
  });
});

describe('a run that ends while it is being stored, before the page has drawn it', () => {
  it('is stored as ended, wherever in storing it that happens', async () => {
    const found: (string | undefined)[] = [];
    for (let turns = 0; turns < 24; turns++) {
      freshDisk();
      let isStill = false;
      const schedule = (commit: () => void) => void (isStill || queueMicrotask(commit));
      const page = await openVoting({ href: HREF, schedule });
      await page.lab.getState().runs.play('pretrain');
      page.client.advance(PAUSED);
      await settle();
      isStill = true;
      const saving = page.lab.getState().session.saveNow();
      await settle(turns);
      page.client.advance(STEPS);
      await saving;
      await settle(20);
      page.kill();
      const again = await openPage();
      found.push(again.lab.getState().runs.pretrain.state?.status);
      again.kill();
    }
    expect([...new Set(found)]).toEqual(['done']);
  });
});
