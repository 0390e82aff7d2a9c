import { act, fireEvent, screen, waitFor, within } from '@testing-library/react';
import { describe, expect, it } from 'vitest';
import { groupsIn, votesIn } from '../../src/contract/preferences';
import { Compare } from '../../src/ui/panels/Compare/Compare';
import { Reward } from '../../src/ui/panels/Reward/Reward';
import { type OpenStage, openStage } from './compareHelpers';
import { expectAccessible } from './renderLab';

const rankings = ({ lab }: OpenStage) => groupsIn(lab.getState().opinions.all);
const tiers = ({ lab }: OpenStage) =>
  lab.getState().groups.arrangement?.tiers.map((members) => members.map((item) => 'ABCDEFGHI'[item]).join(''));
const rows = () =>
  screen
    .getAllByRole('listitem')
    .flatMap((row) => within(row).queryAllByRole('article', { name: /^Completion [A-I]$/ }));
const inOrder = () => rows().map((article) => article.getAttribute('aria-label')?.at(-1));
const handle = (letter: string) => screen.getByRole('button', { name: new RegExp(`^Completion ${letter},`) });
const button = (name: string) => screen.getByRole('button', { name }) as HTMLButtonElement;
const said = () => screen.getAllByRole('status').map((region) => region.textContent);

async function openRanking(size = 4): Promise<OpenStage> {
  return openStage(<Compare />, {
    before: async (lab) => lab.getState().config.change('compare', { task: 'rankings', rankingSize: size }),
  });
}

describe('choosing what to judge', () => {
  it('keeps pairs as they are until rankings are chosen, and goes back', async () => {
    const stage = await openStage(<Compare />);
    expect(button('A is better')).toBeTruthy();
    screen.getByRole('radio', { name: 'Pairs' }).focus();
    await stage.user.keyboard('{ArrowRight}');
    expect(stage.lab.getState().config.value.compare.task).toBe('rankings');
    expect(votesIn(stage.lab.getState().opinions.all), 'the arrow moved the switch and did not vote').toEqual([]);
    await waitFor(() => expect(inOrder()).toEqual(['A', 'B', 'C', 'D']));
    expect(screen.queryByRole('button', { name: 'A is better' })).toBeNull();
    await stage.user.click(screen.getByRole('radio', { name: 'Pairs' }));
    expect(button('A is better')).toBeTruthy();
  });

  it.each([2, 9])('asks for %i completions', async (size) => {
    const stage = await openRanking();
    const field = screen.getByRole('spinbutton', { name: 'Completions' });
    await stage.user.clear(field);
    await stage.user.type(field, String(size));
    await waitFor(() => expect(rows()).toHaveLength(size));
    expect(
      screen.getByText(new RegExp(`these ${size} give ${size === 2 ? '1 comparison' : '36 comparisons'}`)),
    ).toBeTruthy();
  });

  it('sends how strongly with the next vote for a side, and with that one only', async () => {
    const stage = await openStage(<Compare />);
    await stage.user.selectOptions(screen.getByRole('combobox', { name: 'How strongly' }), 'much');
    stage.wait();
    await act(() => stage.lab.getState().pairs.vote('a'));
    stage.wait();
    await act(() => stage.lab.getState().pairs.vote('b'));
    expect(votesIn(stage.lab.getState().opinions.all).map(({ strengths }) => strengths)).toEqual([[1], null]);
    expect(
      (screen.getByRole('combobox', { name: 'How strongly' }) as HTMLSelectElement).selectedOptions[0]?.textContent,
    ).toBe('not said');
  });
});

describe('a group to rank', () => {
  it('shows one prompt and its completions, and can be read by everyone', async () => {
    const stage = await openRanking();
    const { set } = stage.lab.getState().groups.shown!;
    expect(
      rows().map((article) => article.querySelector('span:not([aria-hidden])')?.textContent?.toLowerCase()),
    ).toEqual(set.completions.map((text) => expect.stringContaining(text.split(' ')[1]!)));
    expect(said().some((text) => text?.startsWith(`Group 1. ${set.prompt} A: ${set.completions[0]}`))).toBe(true);
    await expectAccessible(stage.container);
  });

  it('cannot be saved while all tie, and says why', async () => {
    const stage = await openRanking();
    expect(button('Save ranking').disabled).toBe(true);
    expect(screen.getByText(/^All tie: nothing to learn yet\. In order, these 4 give 6 comparisons\./)).toBeTruthy();
    stage.wait();
    await stage.user.keyboard('r');
    expect(rankings(stage)).toEqual([]);
  });

  it('is put in order by the buttons of its rows, and the focus stays on them', async () => {
    const stage = await openRanking();
    await stage.user.click(button('Move C up'));
    expect(tiers(stage)).toEqual(['C', 'ABD']);
    expect(inOrder()).toEqual(['C', 'A', 'B', 'D']);
    expect(document.activeElement).toBe(button('Move C up'));
    await stage.user.click(button('Move B down'));
    await stage.user.click(button('Tie B with the one above'));
    expect(tiers(stage)).toEqual(['C', 'ABD']);
    await stage.user.click(button('Tie B with the one above'));
    expect(tiers(stage)).toEqual(['C', 'AD', 'B']);
    expect(button('Tie A with the one above').getAttribute('aria-pressed')).toBe('true');
    expect(button('Tie B with the one above').getAttribute('aria-pressed')).toBe('false');
    expect(handle('A').getAttribute('aria-label')).toBe('Completion A, place 2 of 3, tied with D');
    expect(screen.getByText(/^Gives 5 comparisons of 6: what ties is not compared/)).toBeTruthy();
    await expectAccessible(stage.container);
  });

  it('is put in order by digits, arrows and T, wherever the focus was', async () => {
    const stage = await openRanking();
    await stage.user.keyboard('{ArrowDown}');
    expect(document.activeElement).toBe(handle('A'));
    await stage.user.keyboard('{ArrowDown}{ArrowDown}1');
    expect(tiers(stage)).toEqual(['C', 'ABD']);
    expect(document.activeElement).toBe(handle('C'));
    await stage.user.keyboard('{ArrowDown}{ArrowDown}2');
    expect(tiers(stage)).toEqual(['C', 'B', 'AD']);
    await stage.user.keyboard('{Shift>}{ArrowUp}{/Shift}');
    expect(tiers(stage)).toEqual(['B', 'C', 'AD']);
    await stage.user.keyboard('{ArrowDown}t');
    expect(tiers(stage)).toEqual(['BC', 'AD']);
    await stage.user.keyboard('7');
    expect(tiers(stage), 'there is no place 7 among four').toEqual(['BC', 'AD']);
    expect(said()).toContain('C: place 1 of 2, tied with B.');
  });

  it('is put in order by picking up and putting down; Escape puts it back', async () => {
    const stage = await openRanking();
    handle('D').focus();
    await stage.user.keyboard(' ');
    expect(handle('D').getAttribute('aria-pressed')).toBe('true');
    expect(said().some((text) => text?.startsWith('D picked up.'))).toBe(true);
    await stage.user.keyboard('{ArrowUp}');
    expect(tiers(stage)).toEqual(['D', 'ABC']);
    await stage.user.keyboard('{Escape}');
    expect(tiers(stage)).toEqual(['ABCD']);
    expect(handle('D').getAttribute('aria-pressed')).toBe('false');
    await stage.user.keyboard(' {ArrowDown} ');
    expect(tiers(stage)).toEqual(['ABC', 'D']);
    expect(said()).toContain('D put down.');
    await stage.user.keyboard('{ArrowUp}');
    expect(document.activeElement, 'arrows go between rows again').toBe(handle('C'));
  });

  it('leaves digits and letters to its fields', async () => {
    const stage = await openRanking();
    await stage.user.click(button('Move C up'));
    stage.wait();
    await stage.user.click(screen.getByRole('spinbutton', { name: 'Rankings' }));
    await stage.user.keyboard('1r');
    expect(rankings(stage)).toEqual([]);
    expect(tiers(stage)).toEqual(['C', 'ABD']);
  });

  it('tells its keys on the screen, and to who cannot see them', async () => {
    await openRanking();
    const help = document.getElementById(handle('A').getAttribute('aria-describedby') ?? '');
    expect(help?.textContent).toMatch(/choose a row.*move it.*put it at that place.*tie/);
  });
});

/** four rows of 100 px, one under the other */
function laidOut(): HTMLElement {
  const list = screen.getByRole('list', { name: /^Completions in order/ });
  for (const [i, row] of [...list.children].entries())
    row.getBoundingClientRect = () =>
      ({ top: 100 * i, bottom: 100 * i + 100, height: 100, left: 0, right: 300, width: 300 }) as DOMRect;
  return list;
}
const drag = (from: Element, path: number[], pointerType = 'mouse') => {
  fireEvent.pointerDown(from, { clientX: 50, clientY: path[0], pointerId: 1, pointerType, button: 0 });
  for (const clientY of path.slice(1)) fireEvent.pointerMove(from, { clientX: 50, clientY, pointerId: 1, pointerType });
};
const drop = (from: Element) => fireEvent.pointerUp(from, { pointerId: 1 });

describe('dragging', () => {
  it('puts a row before, after or on another, and shows where it would fall', async () => {
    const stage = await openRanking();
    laidOut();
    drag(rows()[3]!, [350, 200, 5]);
    drop(rows()[3]!);
    expect(tiers(stage)).toEqual(['D', 'ABC']);
    laidOut();
    drag(rows()[1]!, [150, 395]);
    drop(rows()[1]!);
    expect(tiers(stage)).toEqual(['D', 'BC', 'A']);
    const list = laidOut();
    drag(rows()[3]!, [350, 50]);
    expect(list.children[0]?.className).toContain('tie');
    drop(rows()[3]!);
    expect(tiers(stage)).toEqual(['AD', 'BC']);
    expect(said()).toContain('A: place 1 of 2, tied with D.');
  });

  it('takes a finger by the handle only: elsewhere it scrolls', async () => {
    const stage = await openRanking();
    laidOut();
    drag(rows()[2]!, [250, 5], 'touch');
    drop(rows()[2]!);
    expect(tiers(stage)).toEqual(['ABCD']);
    drag(handle('C'), [250, 5], 'touch');
    drop(handle('C'));
    expect(tiers(stage)).toEqual(['C', 'ABD']);
  });

  it('does nothing for a press that hardly moves, within its own tie, or when it is given up', async () => {
    const stage = await openRanking();
    laidOut();
    drag(rows()[0]!, [50, 53]);
    drop(rows()[0]!);
    drag(rows()[0]!, [50, 150]); // the middle of a row it ties with
    drop(rows()[0]!);
    drag(rows()[2]!, [250, 5]);
    await stage.user.keyboard('{Escape}');
    drop(rows()[2]!);
    drag(rows()[2]!, [250, 5]);
    fireEvent.pointerCancel(rows()[2]!, { pointerId: 1 });
    drop(rows()[2]!);
    drag(button('Move B up'), [150, 5]);
    drop(button('Move B up'));
    expect(tiers(stage)).toEqual(['ABCD']);
  });
});

describe('a ranking', () => {
  const rankFirst = async (stage: OpenStage) => {
    await stage.user.keyboard('{ArrowDown}1');
    stage.wait();
    await stage.user.keyboard('r');
  };

  it('is stored by key and by button, says what it gave, and the next group stands there', async () => {
    const stage = await openRanking();
    const first = stage.lab.getState().groups.shown!.set;
    await rankFirst(stage);
    expect(rankings(stage)).toMatchObject([
      { prompt: first.prompt, ranks: [1, 2, 2, 2], strengths: null, source: 'human', seconds: 1 },
    ]);
    expect(stage.lab.getState().notices.toasts.at(-1)?.text).toMatch(
      /^Ranking (stored|kept until this window closes): 3 comparisons\.$/,
    );
    expect(stage.lab.getState().groups.shown?.set.setId).not.toBe(first.setId);
    expect(tiers(stage)).toEqual(['ABCD']);
    await stage.user.click(button('Move B up'));
    stage.wait();
    await stage.user.click(button('Save ranking'));
    expect(rankings(stage)).toHaveLength(2);
    expect(screen.getAllByText(/2 rankings, yours: 6 comparisons/).length).toBeGreaterThan(0);
  });

  it('carries how strongly, asked between the places', async () => {
    const stage = await openRanking(3);
    await stage.user.keyboard('{ArrowDown}1{ArrowDown}2');
    await stage.user.click(screen.getByRole('checkbox', { name: 'Say how strongly' }));
    await stage.user.selectOptions(screen.getByRole('combobox', { name: 'Place 1 over place 2' }), 'much');
    expect(screen.getByRole('combobox', { name: 'Place 2 over place 3' })).toBeTruthy();
    await expectAccessible(stage.container);
    stage.wait();
    await stage.user.click(button('Save ranking'));
    expect(rankings(stage)).toMatchObject([{ ranks: [1, 2, 3], strengths: [1, 0] }]);
    expect(within(screen.getByRole('region', { name: 'All votes' })).getByText('1 over 2: much')).toBeTruthy();
  });

  it('is taken back by key and by button, and stands as it was put', async () => {
    const stage = await openRanking();
    expect(button('Undo').disabled).toBe(true);
    await rankFirst(stage);
    await stage.user.keyboard('u');
    expect(rankings(stage)).toEqual([]);
    expect(tiers(stage)).toEqual(['A', 'BCD']);
    stage.wait();
    await stage.user.keyboard('r');
    await stage.user.click(button('Take the last one back'));
    expect(rankings(stage)).toEqual([]);
  });

  it('is followed by a group that begins at its first row, which has the focus', async () => {
    const stage = await openRanking();
    handle('C').focus();
    stage.wait();
    await stage.user.keyboard('2{ArrowDown}');
    await stage.user.keyboard('1r');
    expect(rankings(stage)).toHaveLength(1);
    expect(document.activeElement).toBe(handle('A'));
    expect(handle('C').tabIndex).toBe(-1);
  });

  it('is left out by Skip', async () => {
    const stage = await openRanking();
    const first = stage.lab.getState().groups.shown!.set.setId;
    await stage.user.keyboard('s');
    expect(stage.lab.getState().groups.shown?.set.setId).not.toBe(first);
    expect(rankings(stage)).toEqual([]);
  });

  it('stands in the list with its places and who wrote it, goes out as a file, and is cleared with the votes of its source', async () => {
    const stage = await openRanking();
    await rankFirst(stage);
    await stage.user.click(screen.getByRole('radio', { name: 'Pairs' }));
    stage.wait();
    await stage.user.keyboard('1');
    const list = within(screen.getByRole('region', { name: 'All votes' }));
    const items = list.getAllByRole('listitem');
    expect(items.map((item) => item.querySelector('.visually-hidden')?.textContent)).toEqual([
      'A is better: ',
      'Ranking: ',
    ]);
    expect(items[1]?.textContent).toMatch(/1 .*2= .*2= .*2= .*yours · 1\.0 s3 comparisons.*shipped/i);
    await stage.user.click(button('Export rankings'));
    await waitFor(() => expect(stage.files).toHaveLength(1));
    expect(JSON.parse(String(stage.files[0]?.content))).toMatchObject({
      ranks: [1, 2, 2, 2],
      completions: expect.any(Array),
    });
    await stage.user.click(button('Clear votes…'));
    await stage.user.click(button('Remove 1 and 1 ranking of yours'));
    await waitFor(() => expect(rankings(stage)).toEqual([]));
    expect(votesIn(stage.lab.getState().opinions.all)).toEqual([]);
  });

  it('comes from the simulated rater too, counted apart', async () => {
    const stage = await openRanking();
    const field = screen.getByRole('spinbutton', { name: 'Rankings' });
    await stage.user.clear(field);
    await stage.user.type(field, '12');
    await stage.user.click(button('Add simulated rankings'));
    await waitFor(() => expect(rankings(stage)).toHaveLength(12));
    expect(stage.client.calls.findLast(({ kind }) => kind === 'compare/rank')?.params).toMatchObject({
      count: 12,
      size: 4,
    });
    expect(screen.getAllByText(/^12 rankings, simulated: \d+ comparisons$/).length).toBeGreaterThan(0);
    expect(button('Go to Reward model')).toBeTruthy();
  });
});

describe('rankings elsewhere', () => {
  it('are enough for a taste and a reward model, without a single vote', async () => {
    const stage = await openStage(<Reward />, {
      before: async (lab, wait) => {
        lab.getState().config.change('compare', { task: 'rankings' });
        for (let i = 0; i < 2; i++) {
          await lab.getState().groups.prepare();
          lab.getState().groups.arrange({ tiers: [[3], [1], [0], [2]], strengths: [0, 0, 0] });
          wait();
          await lab.getState().groups.rank();
        }
        await lab.getState().taste.infer();
      },
    });
    expect(stage.lab.getState().taste.result).toMatchObject({ kind: 'rule', rule: { usableVotes: 12 } });
    expect(screen.getByText(/It will learn from 12 yours/)).toBeTruthy();
    await act(async () => {
      await stage.lab.getState().runs.play('reward');
      stage.client.advance(10_000);
    });
    await waitFor(() => expect(screen.getByText(/^Learned from 12 yours/)).toBeTruthy());
    const best = rankings(stage)[1]?.completions[3] as string;
    await stage.user.click(button('Try the text you chose last'));
    expect((screen.getByRole('textbox', { name: 'Score a text' }) as HTMLTextAreaElement).value).toContain(best);
  });
});

describe('nothing to rank', () => {
  it('keeps its place while a group is being written', async () => {
    const stage = await openStage(<Compare />, {
      before: async (lab, _wait, client) => {
        client.hold('compare/candidates');
        lab.getState().config.change('compare', { task: 'rankings' });
      },
    });
    expect(said()).toContain('The next group is being written.');
    expect(button('Save ranking').disabled).toBe(true);
    await expectAccessible(stage.container);
  });

  it('says why no group could be written and tries again', async () => {
    let broken = true;
    const stage = await openStage(<Compare />, {
      before: async (lab, _wait, client) => {
        const call = client.call.bind(client);
        client.call = (kind, params) =>
          broken && kind === 'compare/candidates'
            ? Promise.reject(new Error('It writes one text only.'))
            : call(kind, params);
        lab.getState().config.change('compare', { task: 'rankings' });
      },
    });
    await waitFor(() => expect(screen.getByText('It writes one text only.')).toBeTruthy());
    await expectAccessible(stage.container);
    broken = false;
    await stage.user.click(button('Try again'));
    await waitFor(() => expect(rows()).toHaveLength(4));
  });
});
