import { act, screen } from '@testing-library/react';
import { describe, expect, it } from 'vitest';
import type { RunKind } from '../../src/contract/domain';
import type { Lab } from '../../src/store/lab';
import { BegunFrom } from '../../src/ui/panels/BegunFrom';
import { Pretrain } from '../../src/ui/panels/Pretrain/Pretrain';
import { Pipeline } from '../../src/ui/shell/Pipeline';
import { expectAccessible, type Rendered, renderLab } from './renderLab';

const useText = (lab: Lab, name: string) =>
  lab.getState().corpus.useText(new TextEncoder().encode(`${name} is a boat. `.repeat(300)), name);

async function begin({ lab, client }: Rendered, kind: RunKind): Promise<void> {
  await act(() => lab.getState().runs.play(kind));
  await act(async () => client.advance(2));
  await act(() => lab.getState().runs.pause(kind));
}

const stageOf = (name: string) => screen.getByRole('link', { name });

describe('a run that was begun on something else', () => {
  it('says on Pretrain which text it was begun on, and in the pipeline that it is out of date; Reset takes the new one', async () => {
    const page = await renderLab(
      <>
        <Pipeline />
        <Pretrain />
      </>,
      { prepare: (lab) => useText(lab, 'first.txt') },
    );
    await begin(page, 'pretrain');
    expect(page.container.textContent).not.toContain('Out of date');
    await act(() => useText(page.lab, 'second.txt'));
    expect(page.container.textContent).toContain(
      'Out of date: it was begun on “first.txt”. Train goes on with that; Reset takes what Data holds now.',
    );
    expect(stageOf('Pretrain').dataset.status).toBe('stale');
    expect(screen.getByText('Paused at step 2 of 1,000.')).toBeTruthy();
    await expectAccessible(page.container);
    await page.user.click(screen.getByRole('button', { name: 'Reset' }));
    expect(page.container.textContent).not.toContain('Out of date');
    expect(stageOf('Pretrain').dataset.status).toBe('empty');
  });

  it('tells two texts of one name apart, and stories from a text', async () => {
    const page = await renderLab(<BegunFrom kind="pretrain" />, { prepare: (lab) => lab.getState().corpus.generate() });
    await begin(page, 'pretrain');
    page.lab.getState().config.change('stories', { happyShare: 0.6 });
    await act(() => page.lab.getState().corpus.generate());
    expect(page.container.textContent).toContain('it was begun on other stories.');
    await act(() => useText(page.lab, 'boats.txt'));
    expect(page.container.textContent).toContain('it was begun on stories.');
  });

  it('draws no floor of other stories over its loss, and speaks of tokens: nothing is known of what it reads', async () => {
    const page = await renderLab(<Pretrain />, { prepare: (lab) => lab.getState().corpus.generate() });
    await begin(page, 'pretrain');
    expect(page.container.textContent).toContain('floor: the grammar');
    await act(() => useText(page.lab, 'boats.txt'));
    expect(page.container.textContent).not.toContain('floor: the grammar');
    expect(page.container.textContent).toContain('It learns which tokens are common.');
  });

  it('draws the floor of its own stories once it was measured, also when it is over and another text is in use', async () => {
    const page = await renderLab(<Pretrain />, { prepare: (lab) => lab.getState().corpus.generate() });
    const floor = page.lab.getState().corpus.summary!.entropy!.natsPerToken.toFixed(2);
    await act(() => page.lab.getState().runs.play('pretrain'));
    await act(async () => page.client.advance(1000));
    expect(page.lab.getState().runs.pretrain.state?.status).toBe('done');
    expect(page.container.textContent).toContain(`floor: the grammar's entropy, ${floor}`);
    await act(() => useText(page.lab, 'boats.txt'));
    expect(page.container.textContent).toContain(`floor: the grammar's entropy, ${floor}`);
  });

  it('draws no floor over the loss on an own text, also when it is over and stories are in use', async () => {
    const page = await renderLab(<Pretrain />, { prepare: (lab) => useText(lab, 'boats.txt') });
    await act(() => page.lab.getState().runs.play('pretrain'));
    await act(async () => page.client.advance(1000));
    expect(page.lab.getState().runs.pretrain.state?.status).toBe('done');
    await act(() => page.lab.getState().corpus.generate());
    expect(page.container.textContent).not.toContain('floor: the grammar');
  });

  it('names the model and the votes that a judge was begun from', async () => {
    const page = await renderLab(<BegunFrom kind="reward" />, {
      prepare: async (lab) => {
        await lab.getState().shelf.startTrained('tiny');
        await lab.getState().opinions.simulate(24);
      },
    });
    await begin(page, 'reward');
    expect(page.container.textContent).toBe('');
    await act(() => page.lab.getState().opinions.simulate(1));
    const name = page.lab.getState().shelf.checkpoints[0]!.name;
    expect(page.container.textContent).toContain(
      `Out of date: it was begun from “${name}” and 24 votes. Train goes on with that; Reset takes what is here now.`,
    );
  });
});
