import { act, screen, waitFor, within } from '@testing-library/react';
import { describe, expect, it } from 'vitest';
import { LabError } from '../../src/contract/errors';
import { BreakIt } from '../../src/lessons/breakIt/BreakIt';
import { LESSONS } from '../../src/lessons/lessons';
import { Optimise } from '../../src/ui/panels/Optimise/Optimise';
import { StageExtras } from '../../src/ui/shell/StageExtra';
import { WAYS } from '../lessons/ways';
import { button, lesson, move, opened, progress } from './openedPage';
import { expectAccessible, type Rendered, renderLab } from './renderLab';

const doorway = () => screen.findByRole('region', { name: 'Break it' });
const record = ({ lab }: Rendered, id: string) => lab.getState().lesson.records[`rewardHacking/${id}`];
const finish = (page: Rendered) => move(page.client, () => page.lab.getState().lesson.live === null);

/** through the doorway to the question of a way */
async function enter(title: string) {
  const page = await opened('#/optimise');
  await page.user.click(within(await doorway()).getByRole('button', { name: title }));
  await lesson();
  return page;
}

/** its answer, and both runs */
async function begin(title: string, answer = '1') {
  const page = await enter(title);
  await page.user.keyboard(answer);
  await page.user.click(button('Run both'));
  await screen.findByRole('button', { name: 'Pause lesson' });
  return page;
}

describe('Break it, the doorway on Optimise', () => {
  it('has one button for each way that the lesson has', async () => {
    const page = await renderLab(
      <StageExtras value={LESSONS}>
        <Optimise />
      </StageExtras>,
    );
    const region = within(await screen.findByRole('region', { name: 'Optimise' }));
    const buttons = within(await region.findByRole('region', { name: 'Break it' })).getAllByRole('button');
    expect(buttons.map((one) => one.textContent)).toEqual(WAYS.map(({ title }) => title));
    await expectAccessible(page.container);
  });

  it.each(WAYS.map(({ id, title, heading }) => [title, id, heading] as const))(
    'leads to the question of its way: %s',
    async (title, id, heading) => {
      const page = await enter(title);
      expect(await screen.findByRole('heading', { level: 2, name: heading })).toBeTruthy();
      expect(page.address.read().hash).toBe('#/lesson/rewardHacking');
      expect(progress(page, 'rewardHacking')).toMatchObject({ at: id, isDone: false });
      expect(button('Run both').disabled, 'no answer, no run').toBe(true);
      expect(page.client.calls.map(({ kind }) => kind)).not.toContain('compare/simulate');
      await page.user.keyboard('{PageUp}');
      const before = progress(page, 'rewardHacking').at;
      expect(page.lab.getState().guide.asked).toBe('rewardHacking');
      expect(before).not.toBe(id);
    },
  );

  it('tells of each way that was taken what was said and what came, and keeps the sign after a reload', async () => {
    const page = await begin('Greedy from the start');
    await finish(page);
    await page.user.keyboard('{Escape}');
    act(() => page.lab.getState().view.go('optimise'));
    const region = within(await doorway());
    expect(region.getByRole('button', { name: /^Greedy from the start/ }).textContent).toContain('✓');
    const [told] = within(region.getByRole('list', { name: 'What came' })).getAllByRole('listitem');
    expect(told!.textContent).toMatch(
      /^Greedy from the start: you said “The greedy one: nothing holds it back”(, it came “|, and so)/,
    );
    await expectAccessible(page.container);
  });

  it('says why it needs the stories to whoever has a text of their own open', async () => {
    const page = await renderLab(<BreakIt />, {
      prepare: (lab) => lab.getState().corpus.useText(new TextEncoder().encode('to be or not to be'), 'hamlet.txt'),
    });
    expect((await doorway()).textContent).toMatch(/lessons need the stories of the grammar/);
    await expectAccessible(page.container);
  });
});

describe('a way to break it, beside its twin', () => {
  it('shows what is being prepared, then both runs with proxy and gold, marks the turning point, and can be paused', async () => {
    const page = await begin('Greedy from the start', '3');
    const live = () => page.lab.getState().lesson.live;
    expect(screen.getByRole('region', { name: 'The run and its twin' }).getAttribute('aria-busy')).toBe('true');
    expect(screen.getAllByRole('progressbar').map((bar) => bar.getAttribute('aria-label'))).toEqual([
      '300 simulated votes',
      'Reward model (sum) from 300 votes',
      'Healthy run',
      'Broken run',
    ]);
    await move(page.client, () => (live()?.arms.broken.history.length ?? 0) > 3);
    const corner = (name: string) =>
      page.container.querySelector(`[data-lesson="${name}"] [data-metric="gold/score"]`)?.getAttribute('data-value');
    for (const name of ['healthy', 'broken'] as const) {
      const newest = () => (live()?.arms[name].history ?? []).slice(-3).map(({ values }) => values['gold/score']!);
      await waitFor(() =>
        expect(Number(corner(name))).toBeCloseTo(newest().reduce((sum, gold) => sum + gold, 0) / 3, 9),
      );
    }
    expect(screen.getByRole('figure', { name: 'Greedy: β 0, reward model and gold' })).toBeTruthy();
    await page.user.click(button('Pause lesson'));
    await screen.findByRole('button', { name: 'Resume lesson' });
    expect(screen.getAllByRole('status').some(({ textContent }) => textContent.startsWith('Paused'))).toBe(true);
    await expectAccessible(page.container);
    await page.user.click(button('Resume lesson'));
    await finish(page);
    expect(await screen.findByText(/Turning point: iteration \d+\. Gold fell by/)).toBeTruthy();
    await expectAccessible(page.container);
  });

  it('reads the same mean in the corner, in the sentence and in the table, and begins DPO at distance 0', async () => {
    const page = await begin('DPO overdose');
    await finish(page);
    const sentence = await screen.findByText(/^(As you said|Not as you said)\./);
    const row = (name: string) =>
      within(screen.getByRole('row', { name: new RegExp(`^${name}`) }))
        .getAllByRole('cell')
        .map(({ textContent }) => textContent);
    const corner = page.container.querySelector('[data-lesson="broken"] [data-metric="gold/score"]')!;
    const [, , broken] = row('Gold');
    expect(corner.textContent).toBe(broken);
    expect(sentence.closest('[data-tone], p, div')!.parentElement!.textContent).toContain(broken!);
    expect(row('Distance')[0]).toBe('0.00');
  });

  it('shows texts of both runs to the same prompts, and says honestly that gold did not turn', async () => {
    const page = await begin('Shortest joy');
    await finish(page);
    expect(await screen.findByText(/^No turning point in the broken run/)).toBeTruthy();
    const { before, after, prompt } = record(page, 'shortestJoy')!.arms.broken.rows[0]!;
    const samples = screen.getByRole('region', { name: 'Samples of both runs' });
    const normal = (text: string) => text.toLowerCase().replace(/[^a-z]/g, '');
    for (const text of [before, after, prompt]) expect(normal(samples.textContent)).toContain(normal(text));
  });

  it('gives everything back on cancel and asks again', async () => {
    const page = await begin('DPO overdose');
    for (let turn = 0; turn < 3; turn++) await act(async () => page.client.advance(2));
    await page.user.click(button('Cancel lesson'));
    await screen.findByRole('button', { name: 'Run both' });
    expect([...page.client.lab.runs.keys()]).toEqual([]);
    expect(page.lab.getState().lesson.records).toEqual({});
  });

  it('tells what went wrong and can be run again', async () => {
    const page = await enter('Leash off');
    page.client.fail('compare/simulate', new LabError('engine/outOfMemory', 'No room for 300 votes.'));
    await page.user.keyboard('1');
    await page.user.click(button('Run both'));
    await screen.findByText('It did not come to its end.');
    expect(screen.getAllByText(/No room for 300 votes\./).length).toBeGreaterThan(0);
    expect(button('Run both').disabled).toBe(false);
    await expectAccessible(page.container);
  });

  it('says that it was cut short when the page was closed within it', async () => {
    const { plan } = WAYS.find(({ id }) => id === 'dpoOverdose')!;
    const page = await opened('#/optimise', {
      prepare: async (lab, client) => {
        const done = lab.getState().lesson.start(plan(1), 'worse');
        await waitFor(() => expect(record({ lab } as Rendered, 'dpoOverdose')?.status).toBe('cut'));
        const { records } = lab.getState().lesson;
        client.crash();
        await done;
        lab.setState((state) => ({ lesson: { ...state.lesson, records } }));
      },
    });
    await page.user.click(within(await doorway()).getByRole('button', { name: 'DPO overdose' }));
    await screen.findByText('Cut short.');
    expect(screen.getByRole('group')).toBeTruthy();
  });
});
