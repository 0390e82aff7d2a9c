import { screen, waitFor, within } from '@testing-library/react';
import { describe, expect, it } from 'vitest';
import { classroomOf } from '../../src/store/classroom/classroom';
import { Class } from '../../src/ui/panels/Class/Class';
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

describe('a teacher', () => {
  it('types codes, sees who is in, and hides the numbers', async () => {
    const { user, lab } = await opened();
    const { code } = lab.getState().classroom.teacher!;
    await classroomOf(lab).getState().join(code, 2);
    for (let i = 0; i < 12; i++) classroomOf(lab).getState().vote('a');
    const vote = lab.getState().classroom.student!.shown[0]!;
    await user.click(screen.getByRole('radio', { name: 'Teach' }));
    const box = () => screen.getByRole('textbox', { name: 'Codes' });
    await user.type(box(), `Ben: ${vote.toLowerCase()}`);
    await user.click(button('Take in'));
    const log = within(screen.getByRole('list', { name: 'What came of the codes' }));
    expect(log.getByText('2')).toBeTruthy();
    expect(screen.getByText(/Still out: 1, 3, 4/)).toBeTruthy();
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
