import { act, screen, waitFor, within } from '@testing-library/react';
import { describe, expect, it } from 'vitest';
import type { Ancestor, CheckpointInfo, CheckpointKind, Lineage } from '../../src/contract/domain';
import type { Lab } from '../../src/store/lab';
import { App } from '../../src/ui/App';
import { keptUntil } from '../../src/ui/panels/Checkpoints/words';
import { measuredWords } from '../../src/ui/panels/measuredWords';
import { checkpoint, encode } from '../helpers/fake/fakeLab';
import { expectAccessible, type Rendered, renderLab } from './renderLab';

const ppo = (klCoef: number): Lineage => ({
  recipe: { kind: 'ppo', seed: 1, config: { klCoef, clipRange: 0.2 }, baseId: 'base', rewardId: 'judge' },
  sources: {},
});
const made = (id: string, kind: CheckpointKind, madeAt: number, more: Partial<CheckpointInfo> = {}): CheckpointInfo =>
  checkpoint(id, kind, { madeAt, ...more });

const ANCESTORS: Ancestor[] = [
  { checkpointId: 'base', name: 'Base', kind: 'base', parents: [] },
  { checkpointId: 'judge', name: 'My taste', kind: 'reward', parents: ['base'] },
];
const FAMILY = [
  made('base', 'base', 1, { name: 'Base' }),
  made('judge', 'reward', 2, {
    name: 'My taste',
    parents: ['base'],
    ancestors: ANCESTORS.slice(0, 1),
    lineage: { recipe: { kind: 'reward', seed: 1, votes: 24 }, sources: { human: 4, simulated: 20 } },
    metrics: { 'reward/accuracy': 0.83 },
  }),
  made('tight', 'policy', 3, {
    name: 'PPO β = 0.1',
    parents: ['base', 'judge'],
    ancestors: ANCESTORS,
    lineage: ppo(0.1),
  }),
  made('loose', 'policy', 4, {
    name: 'PPO β = 0.05',
    parents: ['base', 'judge'],
    ancestors: ANCESTORS,
    lineage: ppo(0.05),
  }),
];

async function put(lab: Lab, checkpoints: readonly CheckpointInfo[]): Promise<void> {
  for (const info of checkpoints)
    await lab.getState().shelf.importFile(encode(info), `${info.checkpointId}.safetensors`);
}

async function openDrawer(checkpoints: readonly CheckpointInfo[] = FAMILY): Promise<Rendered> {
  const page = await renderLab(<App />, { prepare: (lab) => put(lab, checkpoints), later: () => {} });
  await page.user.click(screen.getByRole('button', { name: 'Checkpoints' }));
  await screen.findByRole('dialog', { name: 'Checkpoints' });
  return page;
}

const item = (name: RegExp) => screen.getByRole('treeitem', { name });
const details = () => within(screen.getByRole('region', { name: 'The chosen checkpoint' }));
const shelf = ({ lab }: Rendered) => lab.getState().shelf;
const button = (name: string | RegExp) => screen.getByRole('button', { name });

it('says a share of few cases as a count with its interval, a share of many as it is, and no number as none', () => {
  const words = (heldOut: number) =>
    measuredWords('reward/accuracy', { 'reward/accuracy': 1, 'eval/heldOut': heldOut });
  expect(words(1)).toBe('1 of 1 (21–100 %)');
  expect(words(60)).toBe('1.00');
  expect(measuredWords('reward/accuracy', { 'reward/accuracy': 0.83 })).toBe('0.83');
  expect(measuredWords('reward/accuracy', {})).toBe('–');
});

describe('Checkpoints', () => {
  it('opens from every stage by button and by key, and says what to do while it is empty', async () => {
    const page = await openDrawer([]);
    expect(screen.getByText('No models yet')).toBeTruthy();
    expect(button('Open a checkpoint file')).toBeTruthy();
    await expectAccessible(document.body, 'part');
    await page.user.keyboard('{Escape}');
    expect(screen.queryByRole('dialog')).toBeNull();
    act(() => page.lab.getState().view.go('optimise'));
    await screen.findByRole('heading', { level: 1, name: 'Optimise' });
    await page.user.keyboard('m');
    expect(await screen.findByRole('dialog', { name: 'Checkpoints' })).toBeTruthy();
  });

  it('asks for the model file of a model whose weights lie there, as long as it is not here', async () => {
    const trunk = { checkpointId: 'gpt', name: 'GPT-2', hash: '0'.repeat(64) };
    const adapter = { changes: { 'transformer.h.0.attn.c_attn': { rank: 8, scaling: 2 } }, saved: [] };
    const page = await openDrawer([made('tuned', 'finetuned', 1, { name: 'Tuned', trunk, adapter, parents: ['gpt'] })]);
    expect(details().getByText(/and GPT-2 is not in this lab/)).toBeTruthy();
    expect(details().getByText(/its file has these alone, the rest is GPT-2/)).toBeTruthy();
    expect(details().getByRole('button', { name: 'Open the model file' })).toBeTruthy();
    await expectAccessible(document.body, 'part');
    await act(() => put(page.lab, [made('gpt', 'base', 0, { name: 'GPT-2' })]));
    act(() => shelf(page).select('tuned'));
    expect(details().queryByRole('button', { name: 'Open the model file' })).toBeNull();
  });

  it('asks for the file below a model that is adapters itself, which is kept as long as others rest on it', async () => {
    const adapter = { changes: { 'transformer.h.0.attn.c_attn': { rank: 8, scaling: 2 } }, saved: [] };
    const on = (checkpointId: string, name: string) => ({
      adapter,
      parents: [checkpointId],
      trunk: { checkpointId, name, hash: '0'.repeat(64) },
    });
    const page = await openDrawer([
      made('tuned', 'finetuned', 1, { name: 'Tuned', ...on('gpt', 'GPT-2') }),
      made('bent', 'policy', 2, { name: 'Bent', ...on('tuned', 'Tuned') }),
    ]);
    act(() => shelf(page).select('bent'));
    expect(details().getByText(/and GPT-2 is not in this lab/)).toBeTruthy();
    act(() => shelf(page).select('tuned'));
    expect(details().getByText('Not deleted before the models that learned on it are deleted.')).toBeTruthy();
    expect(details().getByRole<HTMLButtonElement>('button', { name: 'Delete' }).disabled).toBe(true);
  });

  it('draws the family as a tree, each with what it has different from its like', async () => {
    await openDrawer();
    const tree = screen.getByRole('tree', { name: 'Family of the checkpoints' });
    const rows = within(tree).getAllByRole('treeitem');
    expect(rows.map((row) => [row.getAttribute('aria-level'), row.querySelector('b')?.textContent])).toEqual([
      ['1', 'Base'],
      ['2', 'My taste'],
      ['3', 'PPO β = 0.1'],
      ['3', 'PPO β = 0.05'],
    ]);
    expect(rows[3]?.textContent).toContain('β 0.1 → 0.05; else the same');
    expect(rows.map((row) => row.getAttribute('aria-posinset'))).toEqual(['1', '1', '1', '2']);
    expect(rows[0]?.textContent).toContain('reference');
    expect(
      screen.getByText(
        /^4 models, .* The next run begins from Base, keeps near it, and is judged by My taste\. They go with this window/,
      ),
    ).toBeTruthy();
    await expectAccessible(document.body, 'part');
  });

  it('is walked through by arrow keys, and folds', async () => {
    const page = await openDrawer();
    await page.user.click(item(/^Base/));
    await page.user.keyboard('{ArrowDown}{ArrowRight}');
    expect(document.activeElement).toBe(item(/^PPO β = 0\.1 /));
    await page.user.keyboard('{ArrowLeft}');
    expect(document.activeElement).toBe(item(/^My taste/));
    await page.user.keyboard('{ArrowLeft}');
    expect(item(/^My taste/).getAttribute('aria-expanded')).toBe('false');
    expect(screen.queryByRole('treeitem', { name: /^PPO/ })).toBeNull();
    await page.user.keyboard('{ArrowRight}{End}');
    expect(document.activeElement).toBe(item(/^PPO β = 0\.05/));
    await page.user.keyboard('{Home}');
    expect(item(/^Base/).getAttribute('aria-selected')).toBe('true');
    expect(screen.getAllByRole('treeitem').filter((row) => row.tabIndex === 0)).toHaveLength(1);
  });

  it('describes one: how it was made, from whom, from which texts, and leads to its parents', async () => {
    const page = await openDrawer();
    await page.user.click(item(/^My taste/));
    expect(details().getByRole('heading', { name: 'My taste' })).toBeTruthy();
    expect(
      details().getByText('24 choices: 4 by you, 20 by a simulated rater, ties and repeats included'),
    ).toBeTruthy();
    expect(details().getByText(/a reward model, .*opened from judge\.safetensors/)).toBeTruthy();
    expect(details().getByText('0.83')).toBeTruthy();
    await page.user.click(details().getByRole('button', { name: 'Base' }));
    expect(document.activeElement).toBe(item(/^Base/));
    await page.user.click(item(/^PPO β = 0\.05/));
    expect(details().getByText(/Against/).textContent).toBe('Against PPO β = 0.1: β 0.1 → 0.05; else the same.');
  });

  it('renames by keyboard, and leaves the name when it is thought better of', async () => {
    const page = await openDrawer();
    await page.user.click(item(/^My taste/));
    await page.user.keyboard('{F2}');
    await page.user.keyboard('Short and polite{Enter}');
    await waitFor(() => expect(document.activeElement).toBe(item(/^Short and polite/)));
    await page.user.click(button('Rename'));
    await page.user.keyboard('Something else{Escape}');
    expect(screen.getByRole('dialog', { name: 'Checkpoints' }), 'Escape closes the field alone').toBeTruthy();
    expect(details().getByRole('heading', { name: 'Short and polite' })).toBeTruthy();
    expect(document.activeElement).toBe(item(/^Short and polite/));
  });

  it('deletes a parent and keeps the children, says who is missing, and takes it back', async () => {
    const page = await openDrawer();
    await page.user.click(item(/^My taste/));
    await page.user.keyboard('{Delete}');
    expect(screen.queryByRole('treeitem', { name: /^My taste/ })).toBeNull();
    expect(document.activeElement).toBe(item(/^PPO β = 0\.1 /));
    expect(item(/^PPO β = 0\.1 /).getAttribute('aria-level')).toBe('2');
    expect(details().getByText('My taste (not among these)')).toBeTruthy();
    await expectAccessible(document.body, 'part');
    await page.user.keyboard('{Control>}z{/Control}');
    expect(item(/^My taste/).getAttribute('aria-selected')).toBe('true');
    await page.user.click(button('Delete'));
    expect(document.activeElement).toBe(item(/^Base/));
    await page.user.click(button('Put it back'));
    expect(item(/^My taste/)).toBeTruthy();
    expect(page.client.calls.some(({ kind }) => kind === 'shelf/remove')).toBe(false);
  });

  it('says what has to end before a model may go', () => {
    expect(keptUntil(['DPO', 'Best of N'])).toBe('Not deleted before DPO and Best of N are over or reset.');
    expect(keptUntil(['PPO', 'DPO', 'Best of N'])).toBe('Not deleted before PPO, DPO and Best of N are over or reset.');
    expect(keptUntil(['The lesson'])).toBe('Not deleted before the lesson is over or cancelled.');
    expect(keptUntil(['PPO', 'The lesson'])).toBe(
      'Not deleted before PPO is over or reset and the lesson is over or cancelled.',
    );
  });

  it('says why a model is not deleted while a run still goes back to it', async () => {
    const page = await openDrawer();
    await act(async () => page.lab.getState().runs.step('ppo'));
    await page.user.click(item(/^My taste/));
    expect(details().getByText('Not deleted before PPO is over or reset.')).toBeTruthy();
    expect(screen.queryByRole('alert')).toBeNull();
    await page.user.keyboard('{Delete}');
    expect(screen.getByRole('alert').textContent).toBe('Not deleted before PPO is over or reset.');
    expect(details().getAllByText(/Not deleted|not over/)).toHaveLength(1);
    expect(page.lab.getState().notices.notices).toEqual([]); // it is told once
    expect(item(/^My taste/)).toBeTruthy();
    await act(async () => page.lab.getState().runs.reset('ppo'));
    await page.user.click(button('Delete'));
    expect(screen.queryByRole('treeitem', { name: /^My taste/ })).toBeNull();
  });

  it('keeps the keyboard somewhere when the last one is deleted', async () => {
    const page = await openDrawer(FAMILY.slice(0, 1));
    await page.user.click(button('Delete'));
    expect(screen.getByText('No models yet')).toBeTruthy();
    expect(document.activeElement).toBe(button('Put it back'));
  });

  it.each([
    ['the last one', 1, 'z'],
    ['the last one, with the shift lock on', 1, 'Z'],
    ['one of several', 4, 'z'],
  ])('takes the deletion of %s back by keys, wherever in the drawer they are pressed', async (_, count, key) => {
    const page = await openDrawer(FAMILY.slice(0, count));
    for (const place of [() => document.activeElement, () => button('Close Checkpoints')]) {
      const before = screen.getAllByRole('treeitem').length;
      await page.user.click(button('Delete'));
      expect(screen.queryAllByRole('treeitem')).toHaveLength(before - 1);
      (place() as HTMLElement).focus();
      await page.user.keyboard(`{Control>}${key}{/Control}`);
      expect(screen.getAllByRole('treeitem')).toHaveLength(before);
    }
    expect(page.client.calls.some(({ kind }) => kind === 'shelf/remove')).toBe(false);
  });

  it('leaves the undo of a name to its field', async () => {
    const page = await openDrawer();
    await page.user.click(item(/^My taste/));
    await page.user.keyboard('{Delete}{F2}');
    await page.user.keyboard('{Control>}z{/Control}');
    expect(screen.queryByRole('treeitem', { name: /^My taste/ })).toBeNull();
  });

  it('gives a model a part in the next run, or says why it cannot have it', async () => {
    const page = await openDrawer();
    await page.user.click(item(/^PPO β = 0\.05/));
    await page.user.click(button('Use as policy'));
    expect(shelf(page).slots.startId).toBe('loose');
    expect(details().getByText('Policy of the next run')).toBeTruthy();
    expect(document.activeElement).toBe(button('No longer the policy'));
    expect(item(/^PPO β = 0\.05/).textContent).toContain('policy');
    expect(details().getByText('Reward model: it writes texts and scores none.')).toBeTruthy();
    expect(screen.getByText(/begins from PPO β = 0\.05, keeps near Base/)).toBeTruthy();
    await page.user.click(button('No longer the policy'));
    expect(shelf(page).slots.startId).toBeNull();
    expect(document.activeElement).toBe(button('Use as policy'));
    await page.user.click(item(/^My taste/));
    expect(details().getByText('Policy: it scores texts and writes none.')).toBeTruthy();
    expect(details().getByText('Value model of the next run')).toBeTruthy();
    act(() => page.lab.getState().config.change('ppo', { valueModel: 'shared' }));
    expect(details().getByText('PPO is set to do without a separate critic now.')).toBeTruthy();
  });

  it('duplicates, saves and opens files, and looks inside', async () => {
    const saved: string[] = [];
    const page = await renderLab(<App />, {
      prepare: (lab) => put(lab, FAMILY),
      saveFile: (fileName) => saved.push(fileName),
    });
    await page.user.click(button('Checkpoints'));
    await page.user.click(await screen.findByRole('treeitem', { name: /^PPO β = 0\.05/ }));
    await page.user.click(button('Duplicate'));
    expect(await details().findByRole('heading', { name: 'PPO β = 0.05 copy' })).toBeTruthy();
    expect(document.activeElement).toBe(button('Duplicate'));
    await page.user.click(button('Save as a file'));
    await waitFor(() => expect(saved).toHaveLength(1));
    const file = new File(
      [encode(made('new', 'policy', 9, { name: 'From a friend', parents: ['unknown'] })) as BlobPart],
      'friend.safetensors',
    );
    await page.user.upload(screen.getByLabelText('Open a checkpoint file, file'), file);
    expect(await details().findByRole('heading', { name: 'From a friend' })).toBeTruthy();
    expect(details().getByText('a model that nobody knows (not among these)')).toBeTruthy();
    await page.user.click(button('Inspect'));
    expect(await screen.findByRole('dialog', { name: 'Inspect' })).toBeTruthy();
    expect(screen.queryByRole('dialog', { name: 'Checkpoints' })).toBeNull();
    expect(page.lab.getState().inspect.checkpointId).toBe('new');
  });

  it.each(['policy', 'reward'] as const)(
    'saves the adapter of a %s that learned by one, and merges it into a plain model',
    async (kind) => {
      const saved: string[] = [];
      const change = { rank: 8, scaling: 2 };
      const adapter = {
        changes: { 'transformer.h.0.attn.c_attn': change, 'transformer.h.0.mlp.c_fc': change },
        saved: [],
      };
      const learned = made('tuned', kind, 9, { name: 'Tuned', parents: ['base'], adapter });
      const page = await renderLab(<App />, {
        prepare: (lab) => put(lab, [...FAMILY, learned]),
        saveFile: (fileName) => saved.push(fileName),
      });
      await page.user.click(button('Checkpoints'));
      await page.user.click(await screen.findByRole('treeitem', { name: /^PPO β = 0\.05/ }));
      expect(screen.queryByRole('button', { name: 'Save adapter' })).toBeNull();
      expect(screen.queryByRole('button', { name: 'Merge' })).toBeNull();
      await page.user.click(screen.getByRole('treeitem', { name: /^Tuned/ }));
      expect(details().getByText('adapters of rank 8 beside 2 matrices; the model is both, merged')).toBeTruthy();
      await page.user.click(button('Save adapter'));
      await waitFor(() => expect(saved).toEqual(['Tuned-adapter.zip']));
      await page.user.click(button('Merge'));
      expect(await details().findByRole('heading', { name: 'Tuned merged' })).toBeTruthy();
      expect(screen.queryByRole('button', { name: 'Merge' })).toBeNull();
    },
  );

  it('draws of two hundred only those again that change', async () => {
    let reads = 0;
    const many = Array.from({ length: 200 }, (_, i) => {
      const info = made(`p${i}`, 'policy', i, { parents: i === 0 ? [] : [`p${Math.floor((i - 1) / 3)}`] });
      return Object.defineProperty(info, 'kind', {
        enumerable: true,
        get() {
          reads++;
          return 'policy';
        },
      });
    });
    const page = await renderLab(<App />, {
      prepare: (lab) => lab.setState({ shelf: { ...lab.getState().shelf, checkpoints: many } }),
    });
    await page.user.click(button('Checkpoints'));
    expect(await screen.findAllByRole('treeitem')).toHaveLength(200);
    const rendersOf = async (work: () => Promise<void>) => {
      const observed: Element[] = [];
      const observer = new MutationObserver((records) => {
        for (const { target } of records)
          if (target instanceof Element) observed.push(target.closest('[role=treeitem]') ?? target);
      });
      observer.observe(screen.getByRole('tree'), {
        subtree: true,
        attributes: true,
        childList: true,
        characterData: true,
      });
      await work();
      observer.disconnect();
      return new Set(observed).size;
    };
    await page.user.click(item(/^p7 /));
    expect(await rendersOf(() => page.user.keyboard('{ArrowDown}'))).toBeLessThanOrEqual(2);
    reads = 0;
    await act(async () => page.client.emit('engine/compiling', { done: 0.5 }));
    await act(async () => page.lab.getState().view.setSmoothing(0.4));
    expect(reads, 'what has nothing to do with the shelf does not go through it').toBeLessThan(50);
  });
});
