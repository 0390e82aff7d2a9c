import { act, screen, waitFor, within } from '@testing-library/react';
import { describe, expect, it } from 'vitest';
import { CLASS_CHOICES } from '../../src/contract/classroom';
import { classTag } from '../../src/formats/classCode';
import { encodeVoteCode } from '../../src/formats/voteCode';
import { classroomOf } from '../../src/store/classroom/classroom';
import type { Lab } from '../../src/store/lab';
import { Class } from '../../src/ui/panels/Class/Class';
import { reportOf } from '../../src/ui/panels/Notebook/report/reportOf';
import { FakeClient } from '../helpers/fakeClient';
import { expectAccessible, renderLab } from './renderLab';

const connect = () => new FakeClient();
const button = (name: string | RegExp) => screen.getByRole('button', { name });
const opened = () => renderLab(<Class />, { connect, prepare: (lab) => classroomOf(lab).getState().open(12, 4) });
const joined = () =>
  renderLab(<Class />, {
    connect,
    prepare: async (lab) => {
      await classroomOf(lab).getState().open(12, 34);
      await classroomOf(lab).getState().join(lab.getState().classroom.teacher!.code, 23);
      lab.getState().classroom.put({ teacher: null });
    },
  });

describe('the door of a class', () => {
  it('is opened by a teacher, who gets six signs in two groups and their QR code', async () => {
    const { user, lab, container } = await renderLab(<Class />, { connect });
    await expectAccessible(container);
    await user.selectOptions(screen.getByRole('combobox', { name: 'Pairs' }), '16');
    await user.click(button('Open a class'));
    const { teacher } = await waitFor(() => {
      expect(lab.getState().classroom.teacher).not.toBeNull();
      return lab.getState().classroom;
    });
    expect(teacher!.set.pairs).toHaveLength(16);
    const shown = `${teacher!.code.slice(0, 3)} ${teacher!.code.slice(3)}`;
    expect(await screen.findByText(shown)).toBeTruthy();
    expect(screen.getByRole('img', { name: `QR code of the class ${shown}`, hidden: true })).toBeTruthy();
    await expectAccessible(container);
  });

  it('opens once the page knows whether a class is stored here', async () => {
    const { lab } = await renderLab(<Class />, {
      connect,
      prepare: (one) => one.setState((state) => ({ session: { ...state.session, tab: 'starting' } })),
    });
    expect(screen.getByText('Looking for a class in this browser…')).toBeTruthy();
    expect(screen.queryAllByRole('button')).toEqual([]);
    await act(async () => lab.setState((state) => ({ session: { ...state.session, tab: 'live' } })));
    expect(button('Open a class')).toBeTruthy();
  });

  it('is joined by code and number; a slip is said, and Enter joins', async () => {
    const other = await opened();
    const { code } = other.lab.getState().classroom.teacher!;
    document.body.replaceChildren();
    const { user, lab } = await renderLab(<Class />, { connect });
    expect(button('Join').hasAttribute('disabled')).toBe(true);
    await user.type(screen.getByRole('textbox', { name: 'Class code' }), 'C45YKO{Enter}');
    expect((await screen.findByRole('alert')).textContent).toBe('There is no O in a code.');
    await user.type(screen.getByRole('textbox', { name: 'Number on the list' }), '64');
    expect(screen.getByText('A number from 1 to 63, or none.')).toBeTruthy();
    await user.clear(screen.getByRole('textbox', { name: 'Number on the list' }));
    await user.type(screen.getByRole('textbox', { name: 'Number on the list' }), '23');
    await user.clear(screen.getByRole('textbox', { name: 'Class code' }));
    await user.type(screen.getByRole('textbox', { name: 'Class code' }), `${code.toLowerCase()}{Enter}`);
    expect(await screen.findByText(/^Pair 1 of 12/)).toBeTruthy();
    expect(lab.getState().classroom.student).toMatchObject({ code, number: 23 });
  });
});

describe('a student', () => {
  it('votes by the keys of Compare, and at the end shows a code in groups and as QR, black on white', async () => {
    const { user, lab, container } = await joined();
    expect(screen.getByRole('article', { name: 'Completion A' })).toBeTruthy();
    await expectAccessible(container);
    await user.keyboard('1');
    await user.keyboard('{ArrowRight}');
    await user.keyboard('u');
    expect(screen.getByText(/^Pair 2 of 12/)).toBeTruthy();
    await user.keyboard('2tbs');
    for (let i = 0; i < 7; i++) await user.keyboard('1');
    expect(await screen.findByText(/All 12 pairs are done, number 23\./)).toBeTruthy();
    const groups = within(screen.getByRole('group', { name: 'Vote code' }));
    const code = lab.getState().classroom.student!.shown[0]!;
    expect(groups.getByText(new RegExp(code.slice(0, 4)))).toBeTruthy();
    const qr = screen.getByRole('img', { name: /^QR code of/ });
    expect(Number(qr.getAttribute('width'))).toBeGreaterThanOrEqual(240);
    // version 2 has 25 modules a side, and 4 of quiet stand around them
    expect(qr.getAttribute('viewBox')).toBe('0 0 33 33');
    expect(qr.querySelector('rect')!.getAttribute('fill')).toBe('#fff');
    expect(qr.querySelector('path')!.getAttribute('fill')).toBe('#000');
    await expectAccessible(container);
  });

  it('looks at what the votes say, changes one and is told that the code is new, and leaves', async () => {
    const { user, lab } = await joined();
    for (let i = 0; i < 12; i++) await user.keyboard('1');
    await user.click(await screen.findByRole('button', { name: 'What do I seem to like?' }));
    expect(await screen.findByText(/^You seem to like happy ending, and to dislike longer\. A guess/)).toBeTruthy();
    await user.click(button('Look through my 12 votes'));
    await user.selectOptions(screen.getByRole('combobox', { name: 'Answer to pair 4' }), 'Tie');
    expect(screen.getByText(/You changed a vote, so this is a new code\./)).toBeTruthy();
    expect(lab.getState().classroom.student!.shown).toHaveLength(2);
    await user.click(button('Leave the class'));
    await user.click(button('Leave'));
    expect(await screen.findByRole('button', { name: 'Open a class' })).toBeTruthy();
  });
});

/** a class of twelve pairs with a code for each of these rows of digits */
const taught = (...rows: string[]) =>
  renderLab(<Class />, {
    connect,
    prepare: async (lab) => {
      const room = () => classroomOf(lab).getState();
      await room().open(12, 30);
      const { code, set } = lab.getState().classroom.teacher!;
      for (const [i, digits] of rows.entries()) {
        const choices = [...digits.repeat(12).slice(0, 12)].map((digit) => CLASS_CHOICES[Number(digit)]!);
        room().takeIn(encodeVoteCode({ choices, number: i + 1 }, classTag(code, set)));
      }
    },
  });
/** what a report says of a class that agrees so far */
const reported = (lab: Lab, percent: number): string | undefined => {
  const agreement = { percent, percentInterval: { low: 0.4, high: 0.6 }, kappa: null, alpha: null };
  const measured = { agreement: { ...agreement, alphaInterval: null, units: [], camps: null }, ratings: null };
  const blocks = reportOf(lab.getState(), measured, 'Report', 0, '').sections.flatMap((section) => section.blocks);
  return blocks.flatMap((block) => (block.kind === 'table' ? block.rows : [])).find(([name]) => name === 'Alike')?.[1];
};
const shown = (id: string) => document.querySelector(`[data-metric="${id}"]`);

describe('a class in the arena', () => {
  it('is opened on the models of the ring, is blind, and tells how many of its votes are duels', async () => {
    const { user, lab, container } = await renderLab(<Class />, {
      connect,
      prepare: async ({ getState }) => {
        await getState().shelf.bring('tiny');
        await getState().shelf.bring('small');
      },
    });
    await user.selectOptions(screen.getByRole('combobox', { name: 'Texts of' }), 'the arena, 2 models');
    await user.selectOptions(screen.getByRole('combobox', { name: 'Pairs' }), '12');
    await user.click(button('Open a class'));
    await screen.findByText(/^12 pairs of 2 models in the arena\./);
    const { code, set } = lab.getState().classroom.teacher!;
    const choices = set.pairs.map(() => 'first' as const);
    await user.type(
      screen.getByRole('textbox', { name: 'Codes' }),
      encodeVoteCode({ choices, number: 3 }, classTag(code, set)),
    );
    await user.click(button('Take in'));
    expect(await screen.findByText('12 votes of this class are duels there.')).toBeTruthy();
    await expectAccessible(container);
    await user.click(screen.getByRole('checkbox', { name: 'The votes count in the arena' }));
    expect(await screen.findByText('0 votes of this class are duels there.')).toBeTruthy();
    await user.click(button('Open the arena'));
    expect(lab.getState().view.stage).toBe('arena');
  });

  it('has no choice of texts where fewer than two could meet', async () => {
    await renderLab(<Class />, { connect });
    expect(screen.queryByRole('combobox', { name: 'Texts of' })).toBeNull();
  });
});

describe('what a class says', () => {
  it('begins with the second code, by κ for two and by α with its interval for more', async () => {
    await taught('1');
    expect(await screen.findByText('One more code, then agreement can be told.')).toBeTruthy();
    expect(screen.getByText(/A guess from 12 votes\.$/)).toBeTruthy();
    document.body.replaceChildren();

    await taught('12', '121211');
    await waitFor(() => expect(Number(shown('class/percent')?.getAttribute('data-value'))).toBeCloseTo(10 / 12, 12));
    expect(Number(shown('class/kappa')!.getAttribute('data-value'))).toBeCloseTo(2 / 3, 12);
    expect(shown('class/alpha')).toBeNull();
    document.body.replaceChildren();

    const { container } = await taught('12', '121211', '122', '1234', '0');
    await waitFor(() => expect(shown('class/alpha')).not.toBeNull());
    expect(shown('class/kappa')).toBeNull();
    expect(screen.getByText(/^\(.* to .*\) Krippendorff/)).toBeTruthy();
    expect(screen.getByText(/^5 students, 48 votes, 12 skipped$/)).toBeTruthy();
    await expectAccessible(container);
  });

  it('is not defined where all say the same, with the reason', async () => {
    await taught('1', '1', '1');
    await waitFor(() => expect(shown('class/alpha')?.textContent).toBe('α not defined'));
    expect(shown('class/alpha')!.getAttribute('data-value')).toBeNull();
    expect(screen.getByText(/all votes that can be compared are the same/)).toBeTruthy();
    expect(shown('class/percent')!.textContent).toBe('100 %');
  });

  it('is a count where few votes can be compared', async () => {
    const { lab } = await taught('120000', '110000');
    await waitFor(() => expect(shown('class/percent')?.textContent).toBe('2 of 4 pairs of votes'));
    const alike = screen.getAllByRole('row', { hidden: true }).map((row) => row.lastElementChild?.textContent);
    expect(alike.slice(1, 4).sort()).toEqual(['0 of 1', '1 of 1', '1 of 1'].sort());
    expect(reported(lab, 0.5)).toBe('2 of 4 pairs of votes');
    document.body.replaceChildren();
    expect(reported((await taught('12', '12', '11')).lab, 0.5)).toBe('50 % of the time (95 %: 40 % to 60 %)');
  });

  it('is read row by row with arrow keys, and a pair is seen before its votes', async () => {
    const { user } = await taught('1', '1', '12', '112', '1112');
    const list = within(await screen.findByRole('list', { name: 'Pairs, those you agree on first' }));
    await waitFor(() => expect(list.getAllByRole('button')[0]!.getAttribute('aria-label')).toMatch(/100 % alike$/));
    const rows = list.getAllByRole('button');
    expect(rows).toHaveLength(12);
    const first = screen.getByRole('group', { name: 'Pairs that divide you' });
    expect(within(first).getAllByRole('button')).toHaveLength(5);
    rows[0]!.focus();
    await user.keyboard('{End}');
    expect(document.activeElement).toBe(rows[11]);
    await user.keyboard('{ArrowUp}{ArrowDown}');
    expect(rows[11]!.getAttribute('aria-pressed')).toBe('true');
    expect(screen.queryByText(/^chose this/)).toBeNull();
    await user.click(button('Show the votes'));
    expect(screen.getAllByText(/^chose this/).length).toBeGreaterThan(1);
    rows[0]!.focus();
    await user.keyboard('{Home}');
    expect(button('Show the votes')).toBeTruthy();
    const table = screen.getByRole('table', { name: 'How you voted, pair by pair', hidden: true });
    expect(within(table).getAllByRole('row', { hidden: true })).toHaveLength(13);
  });

  it('shows a figure for each student, in two camps where there are some, with no number when they are hidden', async () => {
    const { user } = await taught('12', '12', '12', '21', '21');
    expect(await screen.findByText(/^Camp 1 · 3$/)).toBeTruthy();
    expect(screen.getByText(/^Camp 2 · 2$/)).toBeTruthy();
    expect(screen.getByText(/^Between the camps: 0 %\./)).toBeTruthy();
    expect(screen.getByRole('listitem', { name: /^4: happy ending \+1\.10/ })).toBeTruthy();
    await user.click(button('Hide numbers'));
    expect(screen.queryByRole('listitem', { name: /^4: / })).toBeNull();
  });
});

describe('a teacher', () => {
  it('types codes, sees who is in, and hides the numbers', async () => {
    const { user, lab } = await opened();
    const { code } = lab.getState().classroom.teacher!;
    await classroomOf(lab).getState().join(code, 2);
    for (let i = 0; i < 12; i++) classroomOf(lab).getState().vote('a');
    const vote = lab.getState().classroom.student!.shown[0]!;
    await screen.findByText(/All 12 pairs are done/);
    await user.click(screen.getByRole('radio', { name: 'Teach' }));
    const box = () => screen.getByRole('textbox', { name: 'Codes' });
    await user.type(box(), `Ben: ${vote.toLowerCase()}`);
    await user.click(button('Take in'));
    const log = within(screen.getByRole('list', { name: 'What came of the codes' }));
    expect(log.getByText('2')).toBeTruthy();
    const stillOut = () => screen.getByText(/Still out: 1, 3, 4/).className;
    expect(stillOut()).not.toBe('visually-hidden');
    act(() => classroomOf(lab).getState().setStudents(40));
    expect(stillOut(), 'a list in sight would push the codes away').toBe('visually-hidden');
    expect(screen.getByText('39 are still out.')).toBeTruthy();
    await user.type(box(), `${vote.slice(0, -1)}`);
    await user.click(button('Take in'));
    expect(log.getByText(/not counted: 11 signs, 12 are needed/)).toBeTruthy();
    await user.click(button('Hide numbers'));
    expect(screen.queryByText(/Still out/)).toBeNull();
    expect(log.queryByText('2')).toBeNull();
  });

  it('deletes the class only after being asked', async () => {
    const { user, lab } = await opened();
    await user.click(button('Delete the class'));
    await user.click(button('Cancel'));
    expect(lab.getState().classroom.teacher).not.toBeNull();
    await user.click(button('Delete the class'));
    await user.click(button('Delete'));
    expect(lab.getState().classroom.teacher).toBeNull();
    expect(await screen.findByRole('button', { name: 'Open a class' })).toBeTruthy();
  });
});
