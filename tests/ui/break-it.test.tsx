import { act, screen, waitFor, within } from '@testing-library/react';
import { describe, expect, it } from 'vitest';
import { LabError } from '../../src/contract/errors';
import { BreakIt } from '../../src/lessons/breakIt/BreakIt';
import { SCENARIOS } from '../../src/lessons/breakIt/scenarios';
import { LESSONS } from '../../src/lessons/lessons';
import { Optimise } from '../../src/ui/panels/Optimise/Optimise';
import { StageExtras } from '../../src/ui/shell/StageExtra';
import type { FakeClient } from '../helpers/fakeClient';
import { expectAccessible, type Rendered, renderLab } from './renderLab';

const TITLES = ['Leash off', 'Greedy from the start', 'Shortest joy', 'DPO overdose', 'Too few votes'];
const region = () => screen.getByRole('region', { name: 'Break it' });
const lesson = ({ lab }: Rendered) => lab.getState().lesson;
const press = (page: Rendered, name: string | RegExp) => page.user.click(screen.getByRole('button', { name }));

async function begin(page: Rendered, title: string, answer = 0): Promise<void> {
  await press(page, title);
  await page.user.click(screen.getAllByRole('radio')[answer]!);
  await press(page, 'Run both');
  await screen.findByRole('button', { name: 'Pause lesson' });
}

/** lets the scripted runs move */
async function move(client: FakeClient, turns: number, over: () => boolean = () => false): Promise<void> {
  for (let turn = 0; turn < turns && !over(); turn++)
    await act(async () => {
      client.advance(2);
      await new Promise((resolve) => setTimeout(resolve, 0));
    });
}
const finish = (page: Rendered) => move(page.client, 1000, () => lesson(page).live === null);

describe('Break it', () => {
  it('stands below Optimise with one button for each way', async () => {
    const page = await renderLab(
      <StageExtras value={LESSONS}>
        <Optimise />
      </StageExtras>,
    );
    const buttons = within(await screen.findByRole('region', { name: 'Break it' })).getAllByRole('button');
    expect(buttons.map((button) => button.textContent)).toEqual(TITLES);
    expect(
      within(screen.getByRole('region', { name: 'Optimise' })).getByRole('region', { name: 'Break it' }),
    ).toBeTruthy();
    await expectAccessible(page.container);
  });

  it('asks before it runs: no answer, no run', async () => {
    const page = await renderLab(<BreakIt />);
    for (const { title, question, answers } of SCENARIOS) {
      await press(page, title);
      const group = screen.getByRole('group', { name: question });
      expect(within(group).getAllByRole('radio')).toHaveLength(answers.length);
      expect(screen.getByRole<HTMLButtonElement>('button', { name: 'Run both' }).disabled).toBe(true);
      expect(document.activeElement?.textContent, 'focus goes to what was opened').toBe(title);
    }
    await expectAccessible(page.container);
    expect(page.client.calls.map(({ kind }) => kind)).not.toContain('compare/simulate');
    await press(page, 'Too few votes');
    expect(screen.queryByRole('group')).toBeNull();
  });

  it('is walked by the keyboard alone from the button to the end', async () => {
    const page = await renderLab(<BreakIt />);
    await page.user.tab();
    expect(document.activeElement).toBe(screen.getByRole('button', { name: 'Leash off' }));
    await page.user.keyboard('{Enter}');
    await page.user.tab();
    expect((document.activeElement as HTMLInputElement).type).toBe('radio');
    await page.user.keyboard(' ');
    await page.user.tab();
    expect(document.activeElement).toBe(screen.getByRole('button', { name: 'Run both' }));
    await page.user.keyboard('{Enter}');
    await screen.findByRole('button', { name: 'Pause lesson' });
    expect(document.activeElement, 'the button is gone, the focus is not').toBe(
      screen.getByRole('heading', { name: 'Leash off' }),
    );
    await page.user.tab();
    expect(document.activeElement).toBe(screen.getByRole('button', { name: 'Pause lesson' }));
    await finish(page);
    expect(await screen.findByRole('heading', { name: 'What happened' })).toBeTruthy();
    expect(document.activeElement).toBe(screen.getByRole('heading', { name: 'Leash off' }));
  });

  it('shows what is being prepared, then both runs with proxy and gold, marks the turning point, and can be paused', async () => {
    const page = await renderLab(<BreakIt />);
    await begin(page, 'Greedy from the start', 2);
    expect(region().getAttribute('aria-busy')).toBe('true');
    expect(screen.getAllByRole('progressbar').map((bar) => bar.getAttribute('aria-label'))).toEqual([
      '300 simulated votes',
      'Reward model (sum) from 300 votes',
      'Healthy run',
      'Broken run',
    ]);
    await move(page.client, 100, () => (lesson(page).live?.arms.broken.history.length ?? 0) > 3);
    const corner = (name: string) =>
      page.container.querySelector(`[data-lesson="${name}"] [data-metric="gold/score"]`)?.getAttribute('data-value');
    for (const name of ['healthy', 'broken'] as const) {
      const newest = () =>
        (lesson(page).live?.arms[name].history ?? []).slice(-3).map(({ values }) => values['gold/score']!);
      await waitFor(() =>
        expect(Number(corner(name))).toBeCloseTo(newest().reduce((sum, gold) => sum + gold, 0) / 3, 9),
      );
    }
    expect(screen.getByRole('figure', { name: 'Greedy: β 0, reward model and gold' })).toBeTruthy();
    await press(page, 'Pause lesson');
    await screen.findByRole('button', { name: 'Resume lesson' });
    expect(screen.getByRole('status').textContent).toMatch(/^Paused/);
    await expectAccessible(page.container);
    await press(page, 'Resume lesson');
    await finish(page);
    await screen.findByRole('heading', { name: 'What happened' });
    expect(region().getAttribute('aria-busy')).toBe('false');
    expect(region().textContent).toMatch(/Turning point: iteration \d+\. Gold fell by/);
    await expectAccessible(page.container);
  });

  it('holds the answer against what happened, with the numbers of these two runs', async () => {
    const page = await renderLab(<BreakIt />);
    await begin(page, 'Greedy from the start', 0);
    await finish(page);
    await screen.findByText('Not as you expected.');
    const record = lesson(page).records.greedy!;
    expect(record).toMatchObject({ answer: 'better', status: 'done' });
    const { before, after, prompt } = record.arms.broken.rows[0]!;
    const samples = screen.getByRole('region', { name: 'Samples of both runs' });
    const normal = (text: string) => text.toLowerCase().replace(/[^a-z]/g, '');
    for (const text of [before, after, prompt]) expect(normal(samples.textContent)).toContain(normal(text));
    const table = screen.getByRole('table', { name: 'Means of the last three measurements' });
    expect(
      within(table)
        .getAllByRole('columnheader')
        .map(({ textContent }) => textContent),
    ).toEqual(['Before', 'Healthy', 'Broken']);
    await press(page, 'Ask me again');
    await page.user.click(screen.getAllByRole('radio')[2]!);
    await press(page, 'Run both');
    await screen.findByRole('button', { name: 'Pause lesson' });
    await finish(page);
    await screen.findByText('As you expected.');
  });

  it('reads the same mean in the corner, in the sentence and in the table, and begins DPO at distance 0', async () => {
    const page = await renderLab(<BreakIt />);
    await begin(page, 'DPO overdose');
    await finish(page);
    await screen.findByRole('heading', { name: 'What happened' });
    const corner = page.container.querySelector('[data-lesson="broken"] [data-metric="gold/score"]')!;
    const row = (name: string) =>
      within(screen.getByRole('row', { name: new RegExp(`^${name}`) }))
        .getAllByRole('cell')
        .map(({ textContent }) => textContent);
    const [, , broken] = row('Gold');
    expect(corner.textContent).toBe(broken);
    const heading = screen.getByRole('heading', { name: 'What happened' });
    expect(heading.closest('section')!.textContent).toContain(broken!);
    expect(row('Distance')[0]).toBe('0.00');
  });

  it('says honestly that gold did not turn', async () => {
    const page = await renderLab(<BreakIt />);
    await begin(page, 'Shortest joy');
    await finish(page);
    await screen.findByRole('heading', { name: 'What happened' });
    expect(region().textContent).toContain('No turning point in the broken run');
  });

  it('gives everything back on cancel and asks again', async () => {
    const page = await renderLab(<BreakIt />);
    await begin(page, 'DPO overdose');
    await move(page.client, 3);
    await press(page, 'Cancel lesson');
    await screen.findByRole('group');
    expect([...page.client.lab.runs.keys()]).toEqual([]);
    expect(lesson(page).records).toEqual({});
  });

  it('runs one lesson at a time and says which', async () => {
    const page = await renderLab(<BreakIt />);
    await begin(page, 'DPO overdose');
    await press(page, 'Leash off');
    await page.user.click(screen.getAllByRole('radio')[0]!);
    expect(screen.getByRole<HTMLButtonElement>('button', { name: 'Run both' }).disabled).toBe(true);
    expect(region().textContent).toContain('“DPO overdose” is under way');
    await press(page, 'DPO overdose');
    expect(screen.getByRole('button', { name: 'Pause lesson' })).toBeTruthy();
  });

  it('tells what went wrong and offers the question again', async () => {
    const page = await renderLab(<BreakIt />);
    page.client.fail('compare/simulate', new LabError('engine/outOfMemory', 'No room for 300 votes.'));
    await press(page, 'Leash off');
    await page.user.click(screen.getAllByRole('radio')[0]!);
    await press(page, 'Run both');
    await screen.findByText('It did not come to its end.');
    expect(region().textContent).toContain('No room for 300 votes.');
    expect(screen.getByRole('group')).toBeTruthy();
    await expectAccessible(page.container);
  });

  it('says why it needs the stories to whoever has a text of their own open', async () => {
    const page = await renderLab(<BreakIt />, {
      prepare: (lab) => lab.getState().corpus.useText(new TextEncoder().encode('to be or not to be'), 'hamlet.txt'),
    });
    expect(region().textContent).toMatch(/lessons need the stories of the grammar/);
    await expectAccessible(page.container);
  });

  it('says that a lesson was cut short when the page was closed within it', async () => {
    const page = await renderLab(<BreakIt />, {
      prepare: async (lab, client) => {
        const scenario = SCENARIOS[3]!;
        const done = lab.getState().lesson.start(scenario.plan(1), 'worse');
        await waitFor(() => expect(lab.getState().lesson.records.dpoOverdose?.status).toBe('cut'));
        const { records } = lab.getState().lesson;
        client.crash();
        await done;
        lab.setState((state) => ({ lesson: { ...state.lesson, records } }));
      },
    });
    await act(async () => lesson(page).show('dpoOverdose'));
    await screen.findByText('Cut short.');
    expect(screen.getByRole('group')).toBeTruthy();
  });
});
