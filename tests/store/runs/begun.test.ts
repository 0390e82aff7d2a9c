import { beforeEach, describe, expect, it } from 'vitest';
import type { RunKind } from '../../../src/contract/domain';
import { stageOf, stageStatus } from '../../../src/store/page/stageStatus';
import { isBegunOnOther } from '../../../src/store/runs/inputs';
import { freshDisk, openPage, type Page, settle, vote } from '../openLab';

const status = ({ lab }: Page, kind: RunKind) => stageStatus(lab.getState(), stageOf(kind));
const useText = ({ lab }: Page, text: string) =>
  lab.getState().corpus.useText(new TextEncoder().encode(text), 'pasted text');
const HREF = '?preset=tiny&seed=1&steps=20&rewardSteps=20&iterations=20&dpoSteps=20&tuneEpochs=20&bestOfPrompts=20';

/** runs of every kind can be begun: a model, votes, a judge, demonstrations */
async function openReady(): Promise<Page> {
  const page = await openPage({ href: HREF });
  const { lab, client } = page;
  await lab.getState().shelf.startTrained('tiny');
  await lab.getState().opinions.simulate(24);
  await lab.getState().runs.play('reward');
  client.advance(1000);
  await settle();
  await lab.getState().runs.reset('reward');
  await lab.getState().demonstrations.addWished(20);
  return page;
}

async function begin(page: Page, kind: RunKind): Promise<void> {
  await page.lab.getState().runs.play(kind);
  page.client.advance(3);
  await page.lab.getState().runs.pause(kind);
  await settle();
  expect(page.lab.getState().runs[kind].state, kind).toMatchObject({ status: 'paused' });
}

const anotherVote = async (page: Page) => {
  await page.lab.getState().pairs.prepare();
  await vote(page);
};
const anotherBase = (page: Page) => page.lab.getState().shelf.loadShipped('small');
const anotherDemonstration = async ({ lab }: Page) => {
  lab.getState().demonstrations.remove(lab.getState().demonstrations.all[0]!.demonstrationId);
};

/** what each kind is made from, and a change of it */
const CHANGES: readonly [RunKind, string, (page: Page) => unknown][] = [
  ['pretrain', 'another text', (page) => useText(page, 'Etwas anderes steht hier. '.repeat(200))],
  ['finetune', 'other demonstrations', anotherDemonstration],
  ['finetune', 'another base model', anotherBase],
  ['reward', 'another vote', anotherVote],
  ['reward', 'another base model', anotherBase],
  ['ppo', 'another base model', anotherBase],
  ['dpo', 'another vote', anotherVote],
  ['dpo', 'another base model', anotherBase],
  ['bestOf', 'another base model', anotherBase],
];

describe('a run that was begun and left', () => {
  beforeEach(freshDisk);

  it.each(CHANGES)(
    '%s is stale once there is %s, goes on as it was begun, and Reset takes what is new',
    async (kind, _what, change) => {
      const page = await openReady();
      await begin(page, kind);
      const { runId, state } = page.lab.getState().runs[kind];
      expect(isBegunOnOther(page.lab.getState(), kind)).toBe(false);
      await change(page);
      await settle();
      expect(status(page, kind)).toBe('stale');
      await page.lab.getState().runs.play(kind);
      page.client.advance(2);
      await settle();
      expect(page.lab.getState().runs[kind].runId).toBe(runId);
      expect(page.lab.getState().runs[kind].state!.step).toBeGreaterThan(state!.step);
      expect(status(page, kind)).toBe('running');
      await page.lab.getState().runs.pause(kind);
      await page.lab.getState().runs.reset(kind);
      expect(isBegunOnOther(page.lab.getState(), kind)).toBe(false);
      page.kill();
    },
  );

  it('is stale after a reload, too, and not while it is brought back', async () => {
    const page = await openPage({ href: HREF });
    await useText(page, 'One text is here. '.repeat(200));
    await begin(page, 'pretrain');
    await page.lab.getState().session.saveNow();
    page.kill();
    const same = await openPage({ href: HREF });
    await settle();
    expect(status(same, 'pretrain')).toBe('running');
    await useText(same, 'Another text is here. '.repeat(200));
    await settle();
    same.kill();
    const again = await openPage({ href: HREF, boot: false });
    const seen = new Set<string>();
    again.lab.subscribe((state) => {
      if (state.runs.pretrain.busy === 'restoring') seen.add(stageStatus(state, 'pretrain'));
    });
    await again.lab.getState().session.boot();
    await settle();
    expect([...seen]).toEqual(['running']);
    expect(status(again, 'pretrain')).toBe('stale');
    again.kill();
  });

  it('is not stale when the same text is used again', async () => {
    const page = await openPage({ href: HREF });
    await useText(page, 'One text is here. '.repeat(200));
    await begin(page, 'pretrain');
    await useText(page, 'One text is here. '.repeat(200));
    expect(status(page, 'pretrain')).toBe('running');
    page.kill();
  });

  it('is begun anew by Train where it had not taken a step: nothing of it is lost', async () => {
    const page = await openPage({ href: HREF });
    await useText(page, 'One text is here. '.repeat(200));
    await page.lab.getState().runs.play('pretrain');
    await page.lab.getState().runs.pause('pretrain');
    const { runId } = page.lab.getState().runs.pretrain;
    await useText(page, 'Another text is here. '.repeat(200));
    await page.lab.getState().runs.play('pretrain');
    expect(page.lab.getState().runs.pretrain.runId).not.toBe(runId);
    page.kill();
  });
});
