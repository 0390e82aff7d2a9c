/** A lab saved half-way through a run, opened in a browser that has never seen it. */
import { readFileSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Block, Report } from '../../src/ui/panels/Notebook/report/blocks';
import { reportMarkup } from '../../src/ui/panels/Notebook/report/markup';
import { accessibleInBothThemes, downloaded, MINIATURE, numbers, openStage, progress, trainUntil, useLab } from './lab';

const SETTINGS = `?backend=wasm&executor=fused&seed=5&${MINIATURE}&stories=400&steps=60&evalEvery=20`;

describe('a notebook', () => {
  const { visit } = useLab();
  let folder = '';
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'rlhf-lab-notebook-'));
  });
  afterAll(() => rm(folder, { recursive: true }));

  const generated = async (): Promise<Page> => {
    const { page } = await visit(`${SETTINGS}#/data`);
    await page.getByRole('button', { name: 'Generate' }).click();
    await page.getByText(/different tokens/).waitFor();
    await openStage(page, 'Pretrain');
    return page;
  };
  const openFile = async (page: Page, path: string): Promise<void> => {
    const [chooser] = await Promise.all([
      page.waitForEvent('filechooser'),
      page.getByRole('button', { name: 'Open notebook', exact: true }).click(),
    ]);
    await chooser.setFiles(path);
  };
  const openNotebookPage = async (page: Page): Promise<void> => {
    await page.getByRole('button', { name: 'Teach' }).click();
    await page.getByRole('menuitem', { name: 'Notebook' }).click();
    await page.getByRole('heading', { level: 1, name: 'Notebook' }).waitFor();
  };

  it('goes on in another browser to the same numbers as a run that was never cut', { timeout: 300_000 }, async () => {
    const whole = await generated();
    await trainUntil(whole, /step 60 of 60/);
    const uncut = await numbers(whole);
    expect(uncut).toHaveLength(60);

    const first = await generated();
    const cut = 3;
    for (let step = 1; step <= cut; step++) {
      await first.getByRole('button', { name: 'Step', exact: true, disabled: false }).click();
      await progress(first, `step ${step} of 60`).waitFor({ timeout: 60_000 });
    }
    await openNotebookPage(first);
    const path = join(folder, 'lab.rlhflab');
    writeFileSync(path, await downloaded(first, first.getByRole('button', { name: 'Save notebook' })));

    const { page: other } = await visit('?backend=wasm&executor=fused#/notebook');
    await openFile(other, path);
    await other.getByText('Opened:').waitFor({ timeout: 60_000 });
    await other.getByText(`Pretraining, step ${cut} of 60`).waitFor();
    expect(await other.getByRole('region', { name: 'Left out' }).count()).toBe(0);
    await accessibleInBothThemes(other, 'Notebook');
    await openStage(other, 'Pretrain');
    await trainUntil(other, /step 60 of 60/);
    expect(await numbers(other)).toEqual(uncut);
  });

  it('that is cut, foreign or made to do harm is refused in a sentence, and nothing is changed', async () => {
    const { page } = await visit('?backend=wasm#/notebook');
    const refused = async (name: string, bytes: Uint8Array, words: RegExp) => {
      const path = join(folder, name);
      writeFileSync(path, bytes);
      await openFile(page, path);
      await page.getByText(words).first().waitFor();
      expect(await page.getByText('Opened:').count()).toBe(0);
    };
    await refused('noise.rlhflab', new Uint8Array(5000).fill(7), /noise\.rlhflab: .*\./);
    const path = join(folder, 'lab.rlhflab');
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('button', { name: 'Save notebook' }).click(),
    ]);
    await download.saveAs(path);
    const whole = readFileSync(path);
    await refused('half.rlhflab', whole.subarray(0, whole.length / 2), /half\.rlhflab: .*\./);
    await refused('empty.rlhflab', new Uint8Array(), /empty\.rlhflab/);
  });
});

const curve = (from: number, to: number) =>
  Array.from({ length: 41 }, (_, step) => ({ step, value: from + ((to - from) * step) / 40 }));
const chart = (small?: true): Block => ({
  kind: 'chart',
  ...(small && { small }),
  axis: 'iteration of PPO, Tiny, seed 1',
  lines: [
    { label: 'score', ink: 'reward', dash: 'solid', points: curve(-0.1, 3.4) },
    { label: 'gold', ink: 'gold', dash: 'dashed', points: curve(-0.1, -0.8) },
  ],
  marks: [{ step: 12, label: 'β 0.1 → 0' }],
});
const table = (rows: number, head: string[] | null = ['name', 'first', 'last']): Block => ({
  kind: 'table',
  head,
  rows: Array.from({ length: rows }, (_, i) => [`row ${i + 1} of a table`, '−0.10', '+3.37']),
});
/** what a lab has after votes, a reward model, PPO, a lesson and an arena */
const WHOLE: Report = {
  title: 'What my model learned',
  by: '30 November 2026 · class C45 YKV',
  link: 'https://lab.example/?preset=tiny&seed=1',
  lead: 'In 40 iterations of PPO the score went from −0.10 to +3.40, and gold from −0.10 to −0.80.',
  sections: [
    {
      heading: 'PPO, 40 of 40',
      wide: true,
      blocks: [chart(), { kind: 'words', text: 'Set otherwise than shipped: β 0.' }],
    },
    {
      heading: 'Before and after',
      blocks: [
        table(5),
        {
          kind: 'texts',
          labels: ['before', 'after'],
          texts: Array.from({ length: 3 }, () => ({
            prompt: 'Once a brave robin made a shiny key.',
            before: 'He took it home and was very sad about the rain.',
            after: 'Joyful and laughed adored gift merry danced joyful.',
          })),
        },
      ],
    },
    { heading: 'Pretrain, 600 of 600', blocks: [chart(true)] },
    { heading: 'Reward model, 100 of 100', blocks: [chart(true)] },
    { heading: 'What the models learned from', blocks: [table(3, null)] },
    { heading: 'Arena, 60 duels', blocks: [table(4)] },
    { heading: 'Questions and answers', wide: true, blocks: [table(4, ['question', 'said', 'came'])] },
    { heading: 'Models', wide: true, blocks: [table(5)] },
  ],
  again: ['preset tiny', 'seed 1', 'wasm, fused, 2 threads'],
};

describe('a report', () => {
  const { visit } = useLab();
  const sheetsOf = (pdf: Buffer): number => pdf.toString('latin1').match(/\/Type\s*\/Page\b(?!s)/g)?.length ?? 0;
  /** a page of its own, without the lab: the file is opened from a disk */
  const opened = async (report: Report): Promise<Page> => {
    const { context } = await visit('?backend=wasm');
    const page = await context.newPage();
    await page.setContent(reportMarkup(report));
    return page;
  };

  it('of a run of PPO with all that belongs to it prints on two sheets of A4 at most', async () => {
    const page = await opened(WHOLE);
    expect(sheetsOf(await page.pdf({ preferCSSPageSize: true, printBackground: true }))).toBeLessThanOrEqual(2);
    await page.emulateMedia({ media: 'print' });
    for (const part of ['tr', 'section > svg', 'footer']) {
      const breaks = await page
        .locator(part)
        .first()
        .evaluate((one) => getComputedStyle(one).breakInside);
      expect(breaks, part).toBe('avoid');
    }
  });

  it('of a run of PPO, its judge and what they learned from prints on one', async () => {
    const others = /^(Pretrain|Arena|Questions)/;
    const page = await opened({ ...WHOLE, sections: WHOLE.sections.filter(({ heading }) => !others.test(heading)) });
    expect(sheetsOf(await page.pdf({ preferCSSPageSize: true, printBackground: true }))).toBe(1);
  });

  it('of a pretraining alone prints on one', async () => {
    const page = await opened({ ...WHOLE, sections: WHOLE.sections.filter(({ wide }) => !wide).slice(1) });
    expect(sheetsOf(await page.pdf({ preferCSSPageSize: true }))).toBe(1);
  });
});

describe('the storage of this browser', () => {
  const { visit } = useLab();

  it('is shown by kind, freed after a question, and taken back', async () => {
    const { page } = await visit('?backend=wasm#/arena');
    const bring = page.getByRole('button', { name: 'Bring in Tiny, trained', disabled: false });
    await bring.click();
    await bring.waitFor({ state: 'detached' });
    await page.evaluate(() => location.assign('#/notebook'));
    const table = page.getByRole('table', { name: 'What is stored' });
    await expect
      .poll(async () => (await table.getByRole('row', { name: /^models/ }).textContent()) ?? '')
      .toMatch(/^models1/);
    await page.getByText(/that the browser would give\.$/).waitFor();
    await accessibleInBothThemes(page, 'Notebook with its storage');
    await table.getByRole('button', { name: 'Free models' }).press('Enter');
    await page.getByRole('alertdialog').getByRole('button', { name: 'Delete' }).press('Enter');
    await page.getByText('They can be put back for 20 seconds.').waitFor();
    await expect
      .poll(async () => (await table.getByRole('row', { name: /^models/ }).textContent()) ?? '')
      .toMatch(/^models[01]/);
  });
});
