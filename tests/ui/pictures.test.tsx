/** One list of all views with pictures: what is drawn is also said, and stands in a table. */
import { act, screen, waitFor } from '@testing-library/react';
import type { ReactElement } from 'react';
import { describe, expect, it } from 'vitest';
import type { RunKind } from '../../src/contract/domain';
import { memoryAddress } from '../../src/store/address/url';
import type { InspectTab } from '../../src/store/models/inspectPlace';
import { App } from '../../src/ui/App';
import '../../src/ui/panels/GridWorld/GridWorld'; // loaded beforehand, so that the lazy pages are there at once
import '../../src/ui/panels/Inspect/Inspect';
import '../../src/ui/panels/Optimise/Optimise';
import '../../src/ui/panels/Translate/Translate';
import { Sweep } from '../../src/lessons/sweep/Sweep';
import { GRID_PARTS } from '../../src/store/gridworld/gridState';
import { FineTune } from '../../src/ui/panels/FineTune/FineTune';
import { PART_NAMES } from '../../src/ui/panels/GridWorld/words';
import { Inspect } from '../../src/ui/panels/Inspect/Inspect';
import { Optimise } from '../../src/ui/panels/Optimise/Optimise';
import { Pretrain } from '../../src/ui/panels/Pretrain/Pretrain';
import { Reward } from '../../src/ui/panels/Reward/Reward';
import { Translate } from '../../src/ui/panels/Translate/Translate';
import { type Rendered, renderLab } from './renderLab';

/** live miniatures: buttons and checkboxes that name what they choose, small beside the large picture of the same */
const MINIATURES =
  'fieldset[aria-label="Heads"], ol[aria-label="Steps"], [role=slider], nav, button:not(:has(canvas)), label';
/** what is a table itself, or stands in one */
const TABLES = 'table, [role=grid]';
/** so wide a drawing is a sign beside a word */
const SIGN = 24;

const isSign = (one: Element): boolean =>
  one.matches('svg') && Number(one.getAttribute('viewBox')?.split(' ')[2] ?? SIGN) <= SIGN && !one.closest('figure');

/** the outermost of what draws: a figure, a canvas, a drawing that is announced or large */
function picturesOf(page: Element): Element[] {
  const all = [...page.querySelectorAll('figure, canvas, svg, [role=img]')];
  return all.filter(
    (one) =>
      !isSign(one) &&
      !one.closest(MINIATURES) &&
      !one.closest(TABLES) &&
      !all.some((other) => other !== one && other.contains(one)),
  );
}

/** the control, or the list, that a drawing lies in speaks for it */
const speaker = (picture: Element): Element => picture.closest('button, dl[aria-details]') ?? picture;

const nameOf = (picture: Element): string =>
  speaker(picture).getAttribute('aria-label') ?? picture.querySelector('figcaption')?.textContent ?? '';

function tableOf(picture: Element): Element | null {
  const own = picture.querySelector(TABLES);
  const id = speaker(picture).getAttribute('aria-details');
  return own ?? (id === null ? null : document.getElementById(id));
}

function faultsOf(page: Element): string[] {
  return picturesOf(page).flatMap((picture) => {
    const name = nameOf(picture);
    const about = name || picture.outerHTML.slice(0, 120);
    const table = tableOf(picture);
    const said = table?.querySelector('caption')?.textContent || table?.getAttribute('aria-label');
    const rows = table?.querySelectorAll('tr').length ?? 0;
    return [
      ...(name === '' ? [`no name: ${about}`] : []),
      ...(table === null ? [`no table: ${about}`] : []),
      ...(table && !said && !picture.querySelector('figcaption') ? [`no sentence: ${about}`] : []),
      ...(table && rows < 2 ? [`an empty table: ${about}`] : []),
    ];
  });
}

interface View {
  name: string;
  /** pictures that the view has at least */
  pictures: number;
  open: () => Promise<Rendered>;
}

const TEXT = 'the fox found a warm lamp . it was sad .';
const inspect = (tab: InspectTab, then?: (page: Rendered) => Promise<void>) => async () => {
  const page = await renderLab(<Inspect />, {
    prepare: async (lab) => {
      await lab.getState().shelf.loadShipped('tiny');
      lab.getState().inspect.show(TEXT);
      lab.getState().inspect.setTab(tab);
    },
  });
  await then?.(page);
  return page;
};

const sublayer = (name: string) =>
  inspect('arithmetic', async ({ user }) => {
    await user.click(await screen.findByRole('button', { name: 'Other sublayers' }));
    await user.click(screen.getByRole('radio', { name }));
  });

const step = (at: number) =>
  inspect('arithmetic', async ({ lab }) => {
    act(() => lab.getState().inspect.setStep(at));
    await screen.findByRole('figure', { name: new RegExp(`^Step ${at}`) });
  });

const grid = (part: (typeof GRID_PARTS)[number]) => async () => {
  const page = await renderLab(<App />, { address: memoryAddress('#/primer') });
  await screen.findByText(/21 states, 4 actions/);
  await page.user.click(screen.getByRole('button', { name: PART_NAMES[part] }));
  if (part === 'learning') {
    await page.user.click(screen.getByRole('button', { name: /^Step/ }));
    await screen.findByRole('figure', { name: 'Ratio against the clip band' });
  }
  return page;
};

const translate = (tab?: string) => async () => {
  const page = await renderLab(<Translate />);
  await screen.findByRole('grid', { name: /^Cross-attention/ });
  await page.user.click(screen.getByRole('button', { name: /^Train/ }));
  await waitFor(() => expect(screen.getByRole('toolbar', { name: 'Transport' }).textContent).toContain('step 500 of'));
  if (tab) await page.user.click(screen.getByRole('tab', { name: tab }));
  return page;
};

/** a stage of the pipeline after a run */
const afterRun =
  (stage: ReactElement, kind: RunKind, tab?: string): View['open'] =>
  async () => {
    const page = await renderLab(stage, {
      prepare: async (lab, client) => {
        const { shelf, opinions, runs } = lab.getState();
        await shelf.loadShipped('tiny');
        await opinions.simulate(40);
        await lab.getState().demonstrations.addWished(20);
        const judged = kind === 'pretrain' || kind === 'finetune' ? [] : (['reward'] as const);
        for (const run of new Set<RunKind>([...judged, kind])) {
          await runs.play(run);
          client.advance(5000);
          await waitFor(() => expect(lab.getState().runs[run].history.length).toBeGreaterThan(0));
          await waitFor(() => expect(lab.getState().runs[run].state?.status).toBe('done'));
        }
      },
    });
    if (tab) await page.user.click(screen.getByRole('tab', { name: tab }));
    return page;
  };

const VIEWS: readonly View[] = [
  { name: 'Pretrain', pictures: 2, open: afterRun(<Pretrain />, 'pretrain') },
  { name: 'Fine-tune', pictures: 1, open: afterRun(<FineTune />, 'finetune') },
  { name: 'Reward model', pictures: 3, open: afterRun(<Reward />, 'reward') },
  { name: 'Optimise, PPO', pictures: 5, open: afterRun(<Optimise />, 'ppo') },
  { name: 'Optimise, DPO', pictures: 5, open: afterRun(<Optimise />, 'dpo', 'DPO') },
  { name: 'Optimise, Best of N', pictures: 3, open: afterRun(<Optimise />, 'bestOf', 'Best of N') },
  { name: 'Inspect, Attention', pictures: 1, open: inspect('attention') },
  ...[1, 2, 3, 4, 5].map((at) => ({ name: `Inspect, Arithmetic, step ${at}`, pictures: 1, open: step(at) })),
  ...['LayerNorm', 'MLP', 'Add & Norm'].map((name) => ({
    name: `Inspect, Arithmetic, ${name}`,
    pictures: 1,
    open: sublayer(name),
  })),
  { name: 'Inspect, Arithmetic, positions', pictures: 3, open: sublayer('Positions') },
  { name: 'Inspect, Layers', pictures: 0, open: inspect('layers') },
  { name: 'Inspect, Words', pictures: 1, open: inspect('words') },
  {
    name: 'Inspect, Before and after',
    pictures: 1,
    open: inspect('before-after', async ({ lab, client }) => {
      await act(async () => lab.getState().runs.play('pretrain'));
      await act(async () => client.advance(3));
      const { runs, shelf, difference } = lab.getState();
      await act(async () => difference.compare(shelf.checkpoints[0]!.checkpointId, `live:${runs.pretrain.runId}`));
    }),
  },
  { name: 'Translate', pictures: 3, open: translate() },
  { name: 'Translate, a decoder alone', pictures: 1, open: translate('What a decoder alone leaves out') },
  ...GRID_PARTS.map((part) => ({
    name: `Grid world, ${PART_NAMES[part]}`,
    pictures: part === 'learning' ? 2 : 0,
    open: grid(part),
  })),
  {
    name: 'PPO in numbers',
    pictures: 1,
    async open() {
      const page = await renderLab(<Optimise />, {
        prepare: async (lab) => {
          await lab.getState().shelf.loadShipped('tiny');
          lab.getState().config.change('ppo', { rewardFrom: 'rule' });
        },
      });
      await act(async () => page.lab.getState().runs.play('ppo'));
      await act(async () => page.client.advance(2));
      await page.user.click(screen.getByRole('button', { name: 'In numbers' }));
      await screen.findByRole('dialog', { name: 'PPO in numbers' });
      await screen.findByRole('figure', { name: /^Ratio against advantage/ });
      return page;
    },
  },
  {
    name: 'Sweep',
    pictures: 3,
    async open() {
      const page = await renderLab(<Sweep />, {
        prepare: async (lab) => {
          await lab.getState().shelf.loadShipped('tiny');
          lab.getState().config.change('ppo', { iterations: 2, rewardFrom: 'rule' });
        },
      });
      await page.user.click(screen.getByRole('button', { name: 'Sweep' }));
      const over = () => page.lab.getState().sweep.live === null;
      for (let turn = 0; turn < 300 && !(turn > 5 && over()); turn++)
        await act(async () => {
          page.client.advance(1);
          await new Promise((resolve) => setTimeout(resolve, 0));
        });
      return page;
    },
  },
];

/** an open drawer or dialog covers the rest */
const pageShown = (): Element => document.querySelector('[role=dialog]') ?? document.body;

describe('each picture has a name, a sentence and a table that it leads to', () => {
  it.each(VIEWS.map((view) => [view.name, view] as const))('%s', async (_, { open, pictures }) => {
    await open();
    await waitFor(() => expect(picturesOf(pageShown()).length).toBeGreaterThanOrEqual(pictures));
    await waitFor(() => expect(faultsOf(pageShown())).toEqual([])); // curves are drawn at most four times a second
  });

  it('is what fails for a picture that has none', () => {
    const page = document.createElement('div');
    page.innerHTML = '<figure aria-label="Curve"><svg viewBox="0 0 300 100"></svg></figure><canvas></canvas>';
    expect(faultsOf(page)).toEqual(['no table: Curve', 'no name: <canvas></canvas>', 'no table: <canvas></canvas>']);
  });
});
