import { beforeEach, describe, expect, it } from 'vitest';
import { CLASS_CHOICES, type ClassChoice } from '../../../src/contract/classroom';
import { choiceOf } from '../../../src/contract/preferences';
import { classTag } from '../../../src/formats/classCode';
import { encodeVoteCode } from '../../../src/formats/voteCode';
import { classroomOf } from '../../../src/store/classroom/classroom';
import { armsOf } from '../../../src/store/classroom/selection';
import { countedVotes } from '../../../src/store/classroom/taken';
import { classTrainingOf } from '../../../src/store/classroom/training';
import { FakeClient } from '../../helpers/fakeClient';
import { freshDisk, openPage, type Page, settle } from '../openLab';

const training = (page: Page) => classTrainingOf(page.lab).getState();
const teacherOf = (page: Page) => page.lab.getState().classroom.teacher!;

/** a class of twelve pairs with a code for each of these rows of digits, measured */
async function taught(...rows: string[]): Promise<Page> {
  const page = await openPage({
    connect: () => new FakeClient(),
    href: '?preset=tiny&seed=3&rewardSteps=4&dpoSteps=4',
  });
  const room = () => classroomOf(page.lab).getState();
  await room().open(12, 30);
  const { code, set } = teacherOf(page);
  for (const [i, digits] of rows.entries()) {
    const choices = [...digits.repeat(12).slice(0, 12)].map((digit): ClassChoice => CLASS_CHOICES[Number(digit)]!);
    room().takeIn(encodeVoteCode({ choices, number: i + 1 }, classTag(code, set)));
  }
  await room().measure();
  return page;
}
const arms = (page: Page, selection: Parameters<typeof armsOf>[0]) => {
  const camps = classroomOf(page.lab).getState().standing!.report.camps;
  const origin = { teacher: teacherOf(page), policyId: 'tiny', at: 7 };
  return armsOf(selection, countedVotes(teacherOf(page)), camps, origin);
};

/** lets the scripted runs move until nothing is trained any more */
async function finish(page: Page): Promise<void> {
  for (let turn = 0; turn < 300 && (turn < 3 || training(page).live !== null); turn++) {
    page.client.advance(1);
    await settle(10);
  }
  expect(training(page).live).toBeNull();
}

beforeEach(freshDisk);

describe('whose votes are learned from', () => {
  it('all: every vote but what was skipped, in the stored order, by whose code it is', async () => {
    const page = await taught('12', '3401');
    const [arm, ...others] = arms(page, { who: 'all' });
    expect(others).toEqual([]);
    expect(arm!.votes).toHaveLength(12 + 9);
    const { pairs } = teacherOf(page).set;
    expect(arm!.votes[1]).toMatchObject({ ...pairs[1], source: 'imported', policyId: 'tiny', at: 7 });
    expect(arm!.votes.slice(0, 2).map(choiceOf)).toEqual(['a', 'b']);
    expect(arm!.votes.slice(12, 15).map(choiceOf)).toEqual(['tie', 'bothBad', 'a']);
    expect(new Set(arm!.votes.map(({ rankingId }) => rankingId)).size).toBe(21);
  });

  it('the majority: one vote for each pair on which more chose one side', async () => {
    const page = await taught('1', '1', '222222111111', '3');
    const [arm] = arms(page, { who: 'majority' });
    expect(arm!.votes.map(choiceOf)).toEqual(new Array(12).fill('a'));
    freshDisk(); // another class: one that a teacher holds is not replaced
    const split = await taught('1', '2');
    expect(arms(split, { who: 'majority' })[0]!.votes).toEqual([]);
  });

  it('one student, or two camps that share nobody', async () => {
    const page = await taught('12', '12', '12', '21', '21');
    const { code } = countedVotes(teacherOf(page))[3]!;
    expect(arms(page, { who: 'student', code })[0]).toMatchObject({ name: expect.stringMatching(/, number 4$/) });
    const camps = arms(page, { who: 'camps' });
    expect(camps.map(({ votes }) => votes.length)).toEqual([36, 24]);
    expect(arms(page, { who: 'student', code: 'nobody' })).toEqual([]);
  });
});

describe('training on a class', () => {
  it('makes a reward model and a policy, puts both in Checkpoints by name, and changes nothing of the visitor’s', async () => {
    const page = await taught('12', '12', '21');
    const before = page.lab.getState();
    void training(page).train({ who: 'all' });
    await settle();
    expect(training(page).live).toMatchObject({ what: 'reward model' });
    expect(page.lab.getState().session.beside, 'no reload comes under it').toBe(1);
    await finish(page);
    expect(training(page).trouble).toBeNull();
    const [arm] = training(page).trained;
    expect(arm).toMatchObject({ votes: 36, texts: expect.any(Array) });
    expect(arm!.heldOut).toEqual({ accuracy: expect.any(Number), pairs: expect.any(Number) });
    expect(arm!.texts).toHaveLength(training(page).prompts.length);
    const specs = page.client.calls.flatMap((call) => (call.kind === 'run/create' ? [call.params.spec] : []));
    expect(specs.map(({ kind }) => kind)).toEqual(['reward', 'dpo']);
    expect(specs[1]).toMatchObject({ rewardId: arm!.rewardId });
    const after = page.lab.getState();
    expect(after.opinions.all).toEqual(before.opinions.all);
    expect(after.shelf.slots).toEqual(before.shelf.slots);
    expect(after.runs.reward.runId).toBeNull();
    const names = after.shelf.checkpoints.map(({ name }) => name);
    expect(names.filter((name) => /^Class .*, all 3: (reward model|policy)$/.test(name))).toHaveLength(2);
    expect(page.client.calls.filter(({ kind }) => kind === 'run/dispose')).toHaveLength(2);
  });

  it('can be cancelled, and then says nothing of trouble; what fails is said in words', async () => {
    const page = await taught('12', '21');
    void training(page).train({ who: 'all' });
    await settle();
    const cancelled = training(page).cancel();
    page.client.advance(1);
    await cancelled;
    expect(training(page)).toMatchObject({ live: null, trouble: null, trained: [] });
    page.client.fail('run/create', new Error('the thread has no room'));
    await training(page).train({ who: 'majority' });
    expect(training(page)).toMatchObject({ live: null, trained: [] });
    expect(page.lab.getState().session.beside).toBe(0);
    expect(training(page).trouble).toMatch(/no room/);
  });
});
