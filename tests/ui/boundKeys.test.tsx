/** What listens to keys on each page, held against the table that the help shows. */
import { act, screen, waitFor } from '@testing-library/react';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import type { InspectTab } from '../../src/store/models/inspectPlace';
import { PAGES } from '../../src/store/page/stages';
import { App } from '../../src/ui/App';
import { Checkpoints } from '../../src/ui/panels/Checkpoints/Checkpoints';
import { Compare } from '../../src/ui/panels/Compare/Compare';
import { FineTune } from '../../src/ui/panels/FineTune/FineTune';
import { GridWorld } from '../../src/ui/panels/GridWorld/GridWorld';
import { Inspect } from '../../src/ui/panels/Inspect/Inspect';
import { Optimise } from '../../src/ui/panels/Optimise/Optimise';
import { Pretrain } from '../../src/ui/panels/Pretrain/Pretrain';
import { Reward } from '../../src/ui/panels/Reward/Reward';
import { Translate } from '../../src/ui/panels/Translate/Translate';
import { Header } from '../../src/ui/shell/Header';
import { KEYS } from '../../src/ui/shell/keys';
import { openStage } from './compareHelpers';
import { renderLab } from './renderLab';

/** codes that are listened to now, each as often as it is */
const bound = vi.hoisted(() => new Map<object, string[]>());
vi.mock('tinykeys', () => ({
  tinykeys(_: Window, bindings: Record<string, unknown>) {
    const mine = {};
    bound.set(mine, Object.keys(bindings));
    return () => bound.delete(mine);
  },
}));
const heard = () => [...bound.values()].flat().sort();

const groupNamed = (where: string) => {
  const found = KEYS.find((group) => group.where === where);
  if (!found) throw new Error(`no keys of ${where}`);
  return found;
};
/** codes of a group and of all that hold at the same time, but for those of the header */
function codesOf(where: string): string[] {
  const { keys, beside } = groupNamed(where);
  const others = beside === undefined || beside === 'Everywhere' ? [] : codesOf(beside);
  return [...keys.flatMap(({ codes }) => codes), ...others].sort();
}

beforeEach(() => bound.clear());

describe('the keys that are listened to are those of the table', () => {
  it('in the header', async () => {
    await renderLab(<Header />);
    expect(heard()).toEqual(codesOf('Everywhere'));
  });

  it.each(PAGES)('on %s: I is heard once, where the lab is the visitor’s own', async (stage) => {
    const { lab } = await renderLab(<App />);
    act(() => lab.getState().view.go(stage));
    const others = ['lesson', 'recorded']; // labs of their own
    await waitFor(() => expect(heard().filter((code) => code === 'i')).toHaveLength(others.includes(stage) ? 0 : 1));
  });

  it.each([
    ['Pretrain', <Pretrain key="pretrain" />],
    ['Fine-tune', <FineTune key="finetune" />],
    ['Reward model', <Reward key="reward" />],
    ['Optimise', <Optimise key="optimise" />],
  ])('on %s', async (_, panel) => {
    await renderLab(panel);
    await waitFor(() => expect(heard()).toEqual([...codesOf('Training stages'), 'i'].sort()));
  });

  it('on Translate', async () => {
    await renderLab(<Translate />);
    await waitFor(() => expect(heard()).toEqual(codesOf('Translate')));
  });

  it('on Grid world, where something plays and cells are edited', async () => {
    const { user } = await renderLab(<GridWorld />);
    await user.click(screen.getByRole('button', { name: 'Sweeps' }));
    await user.click(screen.getByRole('button', { name: /^Edit cells/ }));
    await waitFor(() => expect(heard()).toEqual(codesOf('Grid world')));
  });

  it('on Compare, for pairs and for rankings', async () => {
    const { lab } = await openStage(<Compare />);
    expect(heard()).toEqual(codesOf('Compare'));
    act(() => lab.getState().config.change('compare', { task: 'rankings' }));
    await waitFor(() => expect(heard()).toEqual(codesOf('Compare, rankings')));
  });

  it.each<[string, InspectTab]>([
    ['Inspect', 'attention'],
    ['Inspect, Arithmetic', 'arithmetic'],
    ['Inspect, Layers', 'layers'],
    ['Inspect, Words', 'words'],
    ['Inspect, Before and after', 'before-after'],
  ])('in %s', async (where, tab) => {
    const { lab } = await renderLab(<Inspect />, {
      prepare: async (lab) => {
        await lab.getState().shelf.loadShipped('tiny');
        await lab.getState().shelf.loadShipped('small');
        lab.getState().inspect.show('the fox found a warm lamp .');
        lab.getState().inspect.setTab(tab);
      },
    });
    act(() => lab.getState().heads.toggle({ layer: 0, head: 0 }));
    /** Escape lets go of a number that is held, and closes the drawer otherwise: that is the dialog's */
    await waitFor(() => expect(heard()).toEqual(codesOf(where).filter((code) => code !== 'Escape')));
  });

  it('in the drawer Checkpoints: nothing beside its own', async () => {
    await renderLab(<Checkpoints />, { prepare: (lab) => lab.getState().shelf.show() });
    expect(heard()).toEqual([]);
  });
});
