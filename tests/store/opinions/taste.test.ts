import { beforeEach, describe, expect, it } from 'vitest';
import { isTasteOutdated } from '../../../src/store/opinions/tasteDue';
import { freshDisk, openVoting, type Page, settle, vote } from '../openLab';

beforeEach(freshDisk);

/** what the page has put off, and what does it now */
function patience() {
  let tasks: (() => void)[] = [];
  const pass = async () => {
    const due = tasks;
    tasks = [];
    for (const task of due) task();
    await settle();
  };
  return { options: { later: (task: () => void, ms: number) => void (ms < 1000 && tasks.push(task)) }, pass };
}

const fits = ({ client }: Page): number => client.calls.filter(({ kind }) => kind === 'taste/infer').length;

/** a page whose taste is fitted to all of its votes */
async function openFitted() {
  const { options, pass } = patience();
  const page = await openVoting(options);
  for (let i = 0; i < 16; i++) await vote(page);
  await pass();
  expect(isTasteOutdated(page.lab.getState())).toBe(false);
  return { page, pass };
}

describe('the taste', () => {
  it('is fitted again when the voter pauses, once for all votes since', async () => {
    const { page, pass } = await openFitted();
    const before = fits(page);
    await vote(page);
    await vote(page);
    await settle();
    expect(fits(page)).toBe(before);
    await pass();
    expect(fits(page)).toBe(before + 1);
    expect(isTasteOutdated(page.lab.getState())).toBe(false);
  });

  it('is not fitted while nobody looks at it, but as soon as somebody does', async () => {
    const { page, pass } = await openFitted();
    const before = fits(page);
    page.lab.getState().view.go('pretrain');
    await page.lab.getState().opinions.simulate(1);
    await pass();
    expect([fits(page), isTasteOutdated(page.lab.getState())]).toEqual([before, true]);
    page.lab.getState().view.go('reward');
    await settle();
    expect([fits(page), isTasteOutdated(page.lab.getState())]).toEqual([before + 1, false]);
  });

  it('that went wrong is asked for again after the next vote, not by itself', async () => {
    const { page, pass } = await openFitted();
    const call = page.client.call.bind(page.client);
    page.client.call = async (kind, params) => {
      if (kind === 'taste/infer') throw new Error('no fit');
      return call(kind, params);
    };
    await vote(page);
    await pass();
    expect(page.lab.getState().taste.error?.message).toBe('no fit');
    page.client.call = call;
    const before = fits(page);
    await pass();
    expect(fits(page)).toBe(before);
    await vote(page);
    await pass();
    expect(fits(page)).toBe(before + 1);
  });

  it('waits for nothing once it was fitted meanwhile', async () => {
    const { page, pass } = await openFitted();
    await vote(page);
    await page.lab.getState().taste.infer();
    const before = fits(page);
    await pass();
    expect(fits(page)).toBe(before);
  });
});
