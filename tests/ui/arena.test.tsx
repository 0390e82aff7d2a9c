import { act, screen, waitFor, within } from '@testing-library/react';
import { describe, expect, it } from 'vitest';
import type { Duel } from '../../src/contract/arena';
import { ranksOfChoice, type VoteChoice } from '../../src/contract/preferences';
import { gameOf } from '../../src/store/arena/game';
import { classroomOf } from '../../src/store/classroom/classroom';
import type { Lab } from '../../src/store/lab';
import { Arena } from '../../src/ui/panels/Arena/Arena';
import { cellWords, lastWords, longerWords, placeWords } from '../../src/ui/panels/Arena/words';
import { plainVote } from '../helpers/plainVote';
import { expectAccessible, renderLab } from './renderLab';

const duel = (number: number, policyId: string, againstId: string, choice: VoteChoice = 'a'): Duel => ({
  ...plainVote(number),
  ...ranksOfChoice(choice),
  rankingId: `duel-${number}`,
  policyId,
  againstId,
});
/** so many wins of one against the other */
const wins = (from: number, count: number, winner: string, loser: string): Duel[] =>
  Array.from({ length: count }, (_, i) => duel(from + i, winner, loser));

async function bringBoth({ getState }: Lab): Promise<void> {
  await getState().shelf.bring('tiny');
  await getState().shelf.bring('small');
}
/** the clock of the page stands unless it is moved: a pair has to have stood for a moment */
let clock = 0;
const opened = (prepare = bringBoth) => renderLab(<Arena />, { prepare, now: () => clock });
const side = (name: 'A' | 'B') => screen.findByRole('article', { name: `Completion ${name}` });
const pairStands = async () => {
  await waitFor(async () => expect((await side('A')).textContent).not.toBe('Completion A'));
  clock += 1000;
};

describe('the arena', () => {
  it('asks for two where nobody is in the ring', async () => {
    await opened(async () => {});
    expect(screen.getByText('A duel needs two. Put two in the ring.')).toBeTruthy();
  });

  it('needs two, and brings in what comes with the page', async () => {
    const { user, container } = await opened(async ({ getState }) => void (await getState().shelf.bring('tiny')));
    expect(screen.getByText('A duel needs two. Put another in the ring.')).toBeTruthy();
    await expectAccessible(container);
    await user.click(screen.getByRole('button', { name: 'Bring in Small, trained' }));
    expect(await side('A')).toBeTruthy();
  });

  it('is voted in by the keys of Compare, and tells nobody’s name before the vote', async () => {
    const { user, lab, container } = await opened();
    const names = lab.getState().shelf.checkpoints.map(({ name }) => name);
    await pairStands();
    const pane = container.querySelector<HTMLElement>('[role=tabpanel]')!;
    const question = pane.querySelector<HTMLElement>('[aria-busy]')!;
    for (const name of names) expect(question.outerHTML).not.toContain(name);
    for (const id of ['shipped-tiny', 'shipped-small']) expect(pane.outerHTML).not.toContain(id);
    await user.keyboard('1');
    await waitFor(() => expect(lab.getState().arena.duels).toHaveLength(1));
    expect(await within(pane).findByText(/^Last vote: A, by /)).toBeTruthy();
    await pairStands();
    await user.keyboard('t');
    await waitFor(() => expect(lab.getState().arena.duels).toHaveLength(2));
    expect(await within(pane).findByText(/^Last vote: A tie of /)).toBeTruthy();
    await user.keyboard('u');
    await waitFor(() => expect(lab.getState().arena.duels).toHaveLength(1));
    expect(await within(pane).findByText(/^Taken back: A tie of /)).toBeTruthy();
  });

  it('takes models out of the ring and puts them back', async () => {
    const { user, lab } = await opened();
    await user.click(screen.getByText('In the ring: 2 models'));
    const [first] = lab.getState().shelf.checkpoints;
    await user.click(screen.getByRole('checkbox', { name: first!.name }));
    expect(await screen.findByText('A duel needs two. Put another in the ring.')).toBeTruthy();
    await user.click(screen.getByRole('checkbox', { name: first!.name }));
    expect(await side('B')).toBeTruthy();
  });
});

describe('the board', () => {
  const BEST = { base: 'Base', ppo: 'PPO', dpo: 'DPO', new: 'New', lone: 'Lone' };
  const withDuels = (duels: Duel[]) => opened(({ getState }) => getState().arena.add(duels, BEST));
  const table = () => screen.findByRole('table', { name: 'Ratings' });
  const rowOf = async (name: string) => (await within(await table()).findByRole('rowheader', { name })).closest('tr')!;
  const clear = [...wins(0, 40, 'ppo', 'base'), ...wins(50, 6, 'base', 'ppo')];

  it('puts the place first, and says in words who has no number and why', async () => {
    const { container } = await withDuels([...clear, ...wins(100, 2, 'new', 'ppo'), ...wins(110, 3, 'base', 'lone')]);
    const cells = async (name: string) => [...(await rowOf(name)).cells].map(({ textContent }) => textContent);
    expect((await cells('PPO'))[0]).toBe('1');
    expect((await cells('Base'))[0]).toBe('2');
    expect((await cells('New'))[2]).toBe(
      'no bound above: it won 2 of 2; one loss or tie is needed before it has a number',
    );
    expect((await cells('Lone'))[2]).toBe(
      'no bound below: it lost 3 of 3; one win or tie is needed before it has a number',
    );
    expect(screen.getByText('PPO is the best of those that can be compared.')).toBeTruthy();
    await expectAccessible(container);
  });

  it('counts no duels without a colon that nothing follows', async () => {
    await opened();
    expect(await screen.findByText('0 duels')).toBeTruthy();
  });

  it('lets those share a place that cannot be told apart, and says how many votes would', async () => {
    await withDuels([...wins(0, 6, 'ppo', 'base'), ...wins(10, 4, 'base', 'ppo')]);
    expect((await rowOf('PPO')).cells[0]!.textContent).toBe('1–2');
    expect((await rowOf('Base')).cells[0]!.textContent).toBe('1–2');
    const needed = document.querySelector('[data-metric="arena/votesNeeded"]')!;
    expect(Number(needed.getAttribute('data-value'))).toBe(88);
    expect(needed.parentElement!.textContent).toBe(
      'about 88more votes of PPO against Base would tell them apart, if the gap of 70 is real.',
    );
  });

  it('says where Elo disagrees, shuffles it, and changes nothing else by that', async () => {
    const { user, lab } = await withDuels([...wins(0, 12, 'ppo', 'base'), ...wins(20, 9, 'base', 'ppo')]);
    expect(await screen.findByText(/puts Base before PPO, Bradley–Terry the other way/)).toBeTruthy();
    const rating = (await rowOf('PPO')).querySelector('[data-metric]')!.getAttribute('data-value');
    await user.click(screen.getByRole('button', { name: 'Shuffle' }));
    expect(await screen.findByText(/order 1 of the same duels/)).toBeTruthy();
    await waitFor(() => expect(gameOf(lab).getState().options.shuffle).toBe(1));
    expect((await rowOf('PPO')).querySelector('[data-metric]')!.getAttribute('data-value')).toBe(rating);
    await user.click(screen.getByRole('button', { name: 'As voted' }));
    expect(await screen.findByText(/puts Base before PPO/)).toBeTruthy();
  });

  it('says of two with the same rating nothing that Elo could contradict', async () => {
    await withDuels([...wins(0, 6, 'ppo', 'base'), ...wins(20, 6, 'base', 'ppo')]);
    await rowOf('PPO');
    expect(await screen.findByText(/agrees with Bradley–Terry about who is before whom/)).toBeTruthy();
  });

  it('has a matrix that arrow keys walk, whose cell is spoken', async () => {
    const { user } = await withDuels([...clear, duel(200, 'ppo', 'dpo', 'tie')]);
    const grid = await screen.findByRole('grid', { name: 'Who beats whom' });
    act(() => grid.focus());
    const spoken = () =>
      document.getElementById(grid.getAttribute('aria-activedescendant')!)!.getAttribute('aria-label');
    const said = new Set<string | null>([spoken()]);
    for (const key of ['{ArrowRight}', '{ArrowDown}', '{ArrowDown}', '{ArrowLeft}', '{ArrowLeft}', '{ArrowUp}']) {
      await user.keyboard(key);
      said.add(spoken());
    }
    expect([...said].filter((one) => one?.startsWith('Base loses to PPO, 6 of 46'))).toHaveLength(1);
    expect([...said]).toContain('Base and DPO have not met; foretold 13 %');
  });

  it('says few duels as counts, and a share of many', async () => {
    await withDuels([...wins(0, 3, 'ppo', 'base'), duel(200, 'ppo', 'base', 'tie'), ...wins(20, 12, 'dpo', 'base')]);
    const grid = await screen.findByRole('grid', { name: 'Who beats whom' });
    const cells = [...grid.querySelectorAll('td b')].map((cell) => cell.textContent);
    expect(cells).toContain('3.5/4');
    expect(cells).toContain('0.5/4');
    expect(cells).toContain('100');
  });

  it('reads ties by each rule, and holds length equal', async () => {
    const { user, lab } = await withDuels([
      ...clear,
      ...wins(60, 3, 'ppo', 'base').map((one) => ({ ...one, ...ranksOfChoice('tie') })),
    ]);
    await rowOf('PPO');
    await user.selectOptions(screen.getByRole('combobox', { name: 'Ties' }), 'Davidson');
    await waitFor(() => expect(gameOf(lab).getState().options.ties).toBe('davidson'));
    await user.click(screen.getByRole('radio', { name: 'length held equal' }));
    expect(await screen.findByText(/^What length is worth cannot be told from these duels/)).toBeTruthy();
    expect(screen.getByRole('combobox', { name: 'Ties' }).hasAttribute('disabled')).toBe(true);
  });

  it('gives whoever never lost a number under a prior, whose width can be typed', async () => {
    const { user, lab } = await withDuels(wins(1, 5, 'ppo', 'base'));
    const row = await rowOf('PPO');
    expect(row.textContent).toMatch(/no bound above/);
    await user.selectOptions(screen.getByRole('combobox', { name: 'Prior' }), 'Gaussian');
    await waitFor(async () => expect((await rowOf('PPO')).querySelector('[data-metric]')).toBeTruthy());
    const ratingOf = async () =>
      Number((await rowOf('PPO')).querySelector('[data-metric]')!.getAttribute('data-value'));
    const first = await ratingOf();
    expect(first).toBeGreaterThan(1000);
    const width = screen.getByRole('spinbutton', { name: 'Its width, in points' });
    await user.clear(width);
    await user.type(width, '50');
    await waitFor(async () => expect(await ratingOf()).toBeLessThan(first));
    expect(screen.getByText(/it hangs on the prior\.$/)).toBeTruthy();
    expect(gameOf(lab).getState().options.prior).toBe(50);
  });

  it('counts both bad as a tie when that is asked for', async () => {
    const both = duel(90, 'ppo', 'base', 'bothBad');
    const { user } = await withDuels([...wins(1, 5, 'ppo', 'base'), both]);
    await rowOf('PPO');
    expect(screen.getByText(/1 both bad$/)).toBeTruthy();
    await user.click(screen.getByRole('checkbox', { name: 'Both bad is a tie' }));
    await waitFor(async () => expect((await rowOf('PPO')).querySelector('[data-metric]')).toBeTruthy());
  });
});

describe('the class in the arena', () => {
  it('leads to a class that votes on these models, and says how many of the duels are its', async () => {
    const { user, lab } = await opened();
    await user.click(await screen.findByRole('button', { name: 'Let a class vote' }));
    expect(lab.getState().view.stage).toBe('class');
    expect(classroomOf(lab).getState().wantsArena).toBe(true);
  });
});

describe('many duels', () => {
  it('come of a simulated rater, and all can be deleted after asking', async () => {
    const { user, lab, container } = await opened();
    await user.click(await screen.findByText('Simulated raters'));
    const votes = screen.getByRole('spinbutton', { name: 'Votes' });
    await user.clear(votes);
    await user.type(votes, '6');
    await user.selectOptions(screen.getByRole('combobox', { name: 'Rater' }), 'short');
    await user.click(screen.getByRole('button', { name: 'Add simulated votes' }));
    expect(await screen.findByText('6 simulated votes, counted apart from yours.')).toBeTruthy();
    expect(lab.getState().arena.duels.every(({ rater }) => rater?.name === 'short')).toBe(true);
    await expectAccessible(container);
    await user.click(screen.getByRole('button', { name: 'Clear duels…' }));
    await user.click(await screen.findByRole('button', { name: 'Delete' }));
    expect(await screen.findByText('All duels are gone.')).toBeTruthy();
  });

  it('of a file with a bad line wait for a word', async () => {
    const { user, lab } = await opened();
    const good = { prompt: 'p .', completions: ['a .', 'b .'], choice: 'a', models: ['x', 'y'], names: ['X', 'Y'] };
    const file = new File([`${JSON.stringify(good)}\n{"choice":"a"}`], 'class.jsonl');
    await user.upload(screen.getByLabelText('Import duels, file'), file);
    const alert = await screen.findByText('class.jsonl: line 2 ("models" is missing). 1 line is good. Keep it?');
    expect(alert).toBeTruthy();
    await user.click(screen.getByRole('button', { name: 'Keep 1 good line' }));
    await waitFor(() => expect(lab.getState().arena.duels).toHaveLength(1));
    const table = await screen.findByRole('table', { name: 'Ratings' });
    expect(await within(table).findByRole('rowheader', { name: 'X' })).toBeTruthy();
  });
});

describe('the words of the arena', () => {
  it('are plain', () => {
    expect(cellWords('DPO', 'Base', 10, 12)).toBe('DPO beats Base, 10 of 12');
    expect(cellWords('Base', 'DPO', 2.5, 12)).toBe('Base loses to DPO, 2.5 of 12');
    expect(cellWords('Base', 'DPO', 1, 2)).toBe('Base is even with DPO, 1 of 2');
    expect(placeWords({ best: 1, worst: 3 })).toBe('1–3');
    expect(longerWords({ won: 0, of: 0 })).toBe('');
    expect(longerWords({ won: 1, of: 1 })).toBe(' The longer text won 1 of 1 decided duel (21–100 %).');
    expect(longerWords({ won: 45, of: 60 })).toBe(' The longer text won 75 % of 60 decided duels (63–84 %).');
    const one = { ...duel(1, 'x', 'y', 'b'), swapped: true };
    expect(lastWords(one, (id) => id)).toBe('B, by x, beat A, by y.');
  });
});
