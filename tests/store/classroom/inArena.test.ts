import { beforeEach, describe, expect, it } from 'vitest';
import { CLASS_CHOICES, type ClassChoice, isArenaSeed } from '../../../src/contract/classroom';
import { choiceOf } from '../../../src/contract/preferences';
import { classTag } from '../../../src/formats/classCode';
import { encodeVoteCode } from '../../../src/formats/voteCode';
import { gameOf } from '../../../src/store/arena/game';
import { isOfClass, writersOfSides } from '../../../src/store/arena/rated';
import { classroomOf } from '../../../src/store/classroom/classroom';
import { bringUpToDate } from '../../../src/store/classroom/inArena';
import { writeNewPairs } from '../../../src/store/classroom/writePairs';
import { FakeClient } from '../../helpers/fakeClient';
import { freshDisk, openPage, type Page, settle } from '../openLab';

const room = (page: Page) => classroomOf(page.lab).getState();
const teacher = (page: Page) => page.lab.getState().classroom.teacher!;
const duels = (page: Page) => page.lab.getState().arena.duels;

async function openClass(): Promise<Page> {
  const page = await openPage({ connect: () => new FakeClient() });
  await page.lab.getState().shelf.bring('tiny');
  await page.lab.getState().shelf.bring('small');
  await room(page).open(12, 30, true);
  return page;
}
const codeFrom = (page: Page, number: number, digits: string): string => {
  const { code, set } = teacher(page);
  const choices = [...digits.padEnd(set.pairs.length, '0')].map((digit): ClassChoice => CLASS_CHOICES[Number(digit)]!);
  return encodeVoteCode({ choices, number }, classTag(code, set));
};
/** what was begun by a code is done */
const upToDate = async (page: Page): Promise<void> => {
  await settle();
  await bringUpToDate(page.lab);
};

describe('a class that votes in the arena', () => {
  beforeEach(freshDisk);

  it('gets pairs of two models each, and neither the file of the pairs nor its code tells who wrote them', async () => {
    const page = await openClass();
    const { set, writers } = teacher(page);
    expect(set.pairs).toHaveLength(12);
    expect(writers).toEqual(set.pairs.map(() => ['shipped-small', 'shipped-tiny']));
    room(page).savePairs();
    const text = page.files[0]!.content as string;
    expect(text).not.toMatch(/shipped|writers|arena/);
    const student = await openPage({ connect: () => new FakeClient() });
    room(student).openFile(new TextEncoder().encode(text), 7);
    expect(student.lab.getState().classroom.student).toMatchObject({ code: teacher(page).code, number: 7 });
  });

  it('is known by its code: who types it is told at once, before any pair is written, and takes the file', async () => {
    const teaching = await openClass();
    const { code, set } = teacher(teaching);
    expect(isArenaSeed(set.seed)).toBe(true);
    freshDisk(); // another laptop
    let threads = 0;
    const student = await openPage({
      connect: () => {
        threads++;
        return new FakeClient();
      },
    });
    const before = threads;
    await room(student).join(code.toLowerCase(), 4);
    expect(room(student)).toMatchObject({ busy: null, awaited: code });
    expect(room(student).trouble).toMatch(/texts of models in an arena.*take the pairs from a file/);
    expect(threads).toBe(before);
    room(teaching).savePairs();
    room(student).openFile(new TextEncoder().encode(teaching.files[0]!.content as string), 4);
    expect(student.lab.getState().classroom.student).toMatchObject({ code, number: 4 });
  });

  it('has a seed that no class of the shipped model has, whichever is drawn', async () => {
    const page = await openPage({ connect: () => new FakeClient() });
    for (const draw of [(below: number) => below - 1, () => 0]) {
      const set = await writeNewPairs(page.lab, 12, draw, {});
      expect(isArenaSeed(set.seed)).toBe(false);
    }
  });

  it('makes each vote a duel between those who wrote the two texts, without the number of the student', async () => {
    const page = await openClass();
    room(page).takeIn(codeFrom(page, 23, '1234'));
    await upToDate(page);
    expect(duels(page).map(choiceOf)).toEqual(['a', 'b', 'tie', 'bothBad']);
    for (const [i, duel] of duels(page).entries()) {
      expect(duel.completions).toEqual(teacher(page).set.pairs[i]!.completions);
      expect(writersOfSides(duel)).toEqual(teacher(page).writers![i]);
      expect(duel.rankingId).toBe(`class/${teacher(page).code}/${i}/0`);
      expect(isOfClass(duel)).toBe(true);
    }
    await gameOf(page.lab).getState().rate();
    const { board, models } = gameOf(page.lab).getState().ratings!;
    expect(board).toMatchObject({ counted: 3, ties: 1, bothBad: 1 });
    expect(board.rows[models.indexOf('shipped-small')]).toMatchObject({ won: 1, lost: 1, tied: 1 });
  });

  it('follows a code that takes the place of an earlier one, and one that is somebody else’s', async () => {
    const page = await openClass();
    const first = codeFrom(page, 5, '11');
    room(page).takeIn(first);
    room(page).takeIn(codeFrom(page, 5, '222'));
    await upToDate(page);
    expect(duels(page).map(choiceOf)).toEqual(['b', 'b', 'b']);
    room(page).keepBoth(first);
    await upToDate(page);
    expect(duels(page)).toHaveLength(5);
    await upToDate(page);
    expect(new Set(duels(page).map(({ rankingId }) => rankingId)).size).toBe(5);
  });

  it('is taken out of the arena and put back, beside duels by hand that stay', async () => {
    const page = await openClass();
    await gameOf(page.lab).getState().open();
    page.wait(1000);
    await gameOf(page.lab).getState().vote('a');
    room(page).takeIn(codeFrom(page, 1, '111'));
    await upToDate(page);
    expect(duels(page)).toHaveLength(4);
    room(page).setInArena(false);
    await upToDate(page);
    expect(duels(page).map(({ source }) => source)).toEqual(['human']);
    room(page).setInArena(true);
    await upToDate(page);
    expect(duels(page)).toHaveLength(4);
  });

  it('comes back from its file on another machine with its duels and what the models are called', async () => {
    const page = await openClass();
    room(page).takeIn(codeFrom(page, 1, '12'));
    room(page).saveClass();
    const file = new TextEncoder().encode(page.files[0]!.content as string);
    freshDisk();
    const other = await openPage({ connect: () => new FakeClient() });
    room(other).openFile(file, 0);
    await upToDate(other);
    expect(duels(other).map(choiceOf)).toEqual(['a', 'b']);
    const named = ({ lab }: Page) => gameOf(lab) && lab.getState().arena.names['shipped-small'];
    expect(named(other)).toBe(
      page.lab.getState().shelf.checkpoints.find((one) => one.checkpointId === 'shipped-small')?.name,
    );
  });

  it('outlives a reload, and leaves its duels when it is deleted', async () => {
    const page = await openClass();
    room(page).takeIn(codeFrom(page, 1, '12'));
    await upToDate(page);
    await settle();
    page.kill();
    const again = await openPage({ connect: () => new FakeClient() });
    expect(teacher(again).writers).toHaveLength(12);
    expect(duels(again)).toHaveLength(2);
    room(again).deleteClass();
    await upToDate(again);
    expect(duels(again)).toHaveLength(2);
  });

  it('says that a duel needs two', async () => {
    const page = await openPage({ connect: () => new FakeClient() });
    await page.lab.getState().shelf.bring('tiny');
    await room(page).open(12, 30, true);
    expect(room(page).trouble).toMatch(/^A duel needs two/);
    expect(page.lab.getState().classroom.teacher).toBeNull();
  });
});
