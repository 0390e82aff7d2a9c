import { beforeEach, describe, expect, it } from 'vitest';
import { CLASS_CHOICES, type ClassChoice } from '../../../src/contract/classroom';
import { LIMITS } from '../../../src/contract/limits';
import { classTag, codeOf, readClassCode } from '../../../src/formats/classCode';
import { encodeVoteCode, readVoteCode } from '../../../src/formats/voteCode';
import { classroomOf } from '../../../src/store/classroom/classroom';
import { nextPair, pairAt, pressedChoice, voteCodeOf } from '../../../src/store/classroom/student';
import { countedVotes } from '../../../src/store/classroom/taken';
import { FakeClient } from '../../helpers/fakeClient';
import { freshDisk, openPage, type Page, settle } from '../openLab';

/** threads that were asked for beside the lab's own */
let beside: FakeClient[] = [];
const open = () =>
  openPage({
    connect: () => {
      const thread = new FakeClient();
      beside.push(thread);
      return thread;
    },
  });
const room = (page: Page) => classroomOf(page.lab).getState();
const kept = (page: Page) => page.lab.getState().classroom;
const teacher = (page: Page) => kept(page).teacher!;
const student = (page: Page) => kept(page).student!;

async function openClass(size: 12 | 24 = 12): Promise<Page> {
  const page = await open();
  await room(page).open(size, 34);
  return page;
}
/** the code of a student of this class who pressed these digits */
const codeFrom = (page: Page, number: number, digits: string): string => {
  const { code, set } = teacher(page);
  const choices = [...digits.padEnd(set.pairs.length, '1')].map((digit): ClassChoice => CLASS_CHOICES[Number(digit)]!);
  return encodeVoteCode({ choices, number }, classTag(code, set));
};

beforeEach(() => {
  freshDisk();
  beside = [];
});

describe('opening and joining a class', () => {
  it('writes the pairs in a thread of its own, on WebAssembly with its default arithmetic, and gives it back', async () => {
    const page = await openClass(24);
    expect(teacher(page)).toMatchObject({ students: 34, taken: [], code: codeOf(teacher(page).set) });
    expect(beside).toHaveLength(1);
    const [started, written] = beside[0]!.calls;
    expect(started).toEqual({ kind: 'engine/start', params: { backend: 'wasm', executor: 'fused' } });
    expect(written).toMatchObject({ kind: 'class/write', params: { size: 24 } });
    await expect(beside[0]!.call('shelf/list', {})).rejects.toThrow();
    expect(page.client.calls.map(({ kind }) => kind)).not.toContain('class/write');
  });

  it('gives a laptop that types the code the same pairs, and a number or none', async () => {
    const [teachers, students] = [await openClass(), await open()];
    await room(students).join(` ${teacher(teachers).code.toLowerCase()} `, 23);
    expect(student(students)).toMatchObject({ code: teacher(teachers).code, set: teacher(teachers).set, number: 23 });
    expect(student(students).choices).toEqual(new Array(12).fill(null));
  });

  it('says what is wrong with a code, and asks no thread', async () => {
    const page = await open();
    for (const [typed, why] of [
      ['C45YKO', 'There is no O in a code.'],
      ['C45YK', '5 signs, 6 are needed.'],
      ['C45YVK', 'A sign is wrong: compare it with the one shown.'],
    ] as const) {
      await room(page).join(typed, 0);
      expect(room(page).trouble).toBe(why);
    }
    expect(beside).toEqual([]);
    expect(kept(page).student).toBeNull();
  });

  it('refuses a laptop that writes other texts, in words, and takes the pairs from a file of that class alone', async () => {
    const page = await openClass();
    const { code } = teacher(page);
    room(page).savePairs();
    const file = new TextEncoder().encode(page.files[0]!.content as string);
    expect(page.files[0]!.fileName).toBe(`class-pairs-${code}.json`);

    const other = await open();
    const { seed, size, model } = (readClassCode(code) as { value: { seed: number; size: 12; model: number } }).value;
    const { encodeClassCode } = await import('../../../src/formats/classCode');
    const foreign = encodeClassCode({ seed, size, model: model ^ 1 });
    await room(other).join(foreign, 5);
    expect(room(other).trouble).toMatch(
      /^This laptop wrote other pairs than the class has \(here [0-9a-f]{3}, there [0-9a-f]{3}\)/,
    );
    expect(room(other)).toMatchObject({ awaited: foreign, busy: null });
    room(other).openFile(file, 5);
    expect(room(other).trouble).toBe(`That file is of the class ${code}, and ${foreign} was typed.`);
    expect(kept(other).student).toBeNull();

    const third = await open();
    room(third).openFile(file, 6);
    expect(student(third)).toMatchObject({ code, number: 6, set: teacher(page).set });
    room(third).openFile(file.slice(0, 200), 6);
    expect(room(third).trouble).toBe('That file cannot be read: it is no file of a class.');
  });

  it('never takes the place of a class that a teacher holds', async () => {
    const [other, page] = [await openClass(), await openClass()];
    room(other).saveClass();
    const file = new TextEncoder().encode(other.files[0]!.content as string);
    room(page).takeIn(codeFrom(page, 3, '1111'));
    const held = teacher(page);
    const { code } = held;
    room(page).openFile(file, 0);
    expect(room(page).trouble).toBe(
      `This laptop holds the class ${code.slice(0, 3)} ${code.slice(3)} already, with 1 code. Save it and delete it first.`,
    );
    await room(page).open(12, 5); // as when the stored class comes back while another one is made
    expect(kept(page)).toMatchObject({ teacher: held, student: null });
    room(page).deleteClass();
    room(page).openFile(file, 0);
    expect(teacher(page).code).toBe(teacher(other).code);
  });

  it('is told where WebAssembly cannot write them, and can be cancelled', async () => {
    const page = await openPage();
    await room(page).join('C45YKV', 0);
    expect(room(page)).toMatchObject({ trouble: 'No second thread can be had here.', awaited: 'C45YKV', busy: null });

    const held = await openPage({
      connect: () => {
        const thread = new FakeClient();
        thread.hold('class/write');
        return thread;
      },
    });
    const opening = room(held).open(12, 5);
    await settle(20);
    expect(room(held).busy).toBe('opening');
    room(held).cancel();
    await opening;
    expect(room(held)).toMatchObject({ busy: null, trouble: null });
    expect(kept(held).teacher).toBeNull();
  });
});

describe('a student', () => {
  async function joined(): Promise<Page> {
    const page = await openClass();
    await room(page).join(teacher(page).code, 23);
    return page;
  }

  it('votes in the stored order whatever the sides are, skips, and takes back', async () => {
    const page = await joined();
    const pressed: ClassChoice[] = [];
    for (let i = 0; i < 12; i++) {
      const pair = nextPair(student(page))!;
      expect(pair.index).toBe(i);
      const isFirstLeft = pair.a === student(page).set.pairs[i]!.completions[0];
      if (i === 3) room(page).skip();
      else room(page).vote(i === 4 ? 'tie' : i === 5 ? 'bothBad' : 'a');
      pressed.push(i === 3 ? 'none' : i === 4 ? 'tie' : i === 5 ? 'bothBad' : isFirstLeft ? 'first' : 'second');
      if (i === 7) {
        room(page).undo();
        expect(nextPair(student(page))!.index).toBe(7);
        room(page).vote('a');
      }
    }
    expect(new Set(pressed).size).toBe(5);
    const { code, set } = student(page);
    expect(readVoteCode(voteCodeOf(student(page)), { size: 12, tag: classTag(code, set), students: 34 })).toEqual({
      kind: 'read',
      value: { choices: pressed, number: 23 },
    });
    expect(pairAt(student(page), 0).prompt).toBe(set.pairs[0]!.prompt);
    expect(pressedChoice(student(page), 0)).toBe('a');
    expect(pressedChoice(student(page), 3)).toBeNull();
  });

  it('goes on after a reload where the votes were, with the same sides', async () => {
    const page = await joined();
    room(page).vote('a');
    room(page).vote('b');
    const before = student(page);
    await settle();
    page.kill();
    const again = await openPage();
    expect(student(again)).toEqual(before);
    expect(nextPair(student(again))).toEqual(nextPair(before));
  });

  it('who changes a vote gets a new code, and the old one is remembered as shown', async () => {
    const page = await joined();
    for (let i = 0; i < 12; i++) room(page).vote('a');
    const [first] = student(page).shown;
    expect(first).toBe(voteCodeOf(student(page)));
    room(page).change(4, 'a');
    expect(student(page).shown).toEqual([first]);
    room(page).change(4, 'b');
    expect(student(page).shown).toEqual([first, voteCodeOf(student(page))]);
    expect(pressedChoice(student(page), 4)).toBe('b');
    room(page).saveCode();
    expect(page.files.at(-1)).toEqual({
      fileName: `class-${student(page).code}-23.txt`,
      content: `RLHFLAB ${student(page).code} ${voteCodeOf(student(page))}\n`,
    });
  });

  it('touches none of the visitor’s own votes, and leaves without a trace', async () => {
    const page = await joined();
    const { opinions } = page.lab.getState();
    room(page).vote('a');
    expect(page.lab.getState().opinions).toBe(opinions);
    room(page).leave();
    await settle();
    page.kill();
    expect(kept(await openPage()).student).toBeNull();
  });
});

describe('a teacher', () => {
  it('takes in a whole chat, and is told what came of each', async () => {
    const page = await openClass();
    const [three, four] = [codeFrom(page, 3, '12'), codeFrom(page, 4, '21')];
    room(page).takeIn(`Anna: ${three}\nBen: hi, ${four.toLowerCase()} and again ${three}`);
    expect(room(page).outcomes.map((outcome) => [outcome.kind, 'number' in outcome && outcome.number])).toEqual([
      ['again', 3],
      ['new', 4],
      ['new', 3],
    ]);
    expect(countedVotes(teacher(page)).map(({ number }) => number)).toEqual([3, 4]);
    room(page).takeIn(three.slice(0, -1));
    expect(room(page).outcomes[0]).toMatchObject({ kind: 'refused', why: '11 signs, 12 are needed' });
    room(page).takeIn(`${three.slice(0, -1)}O`);
    expect(room(page).outcomes[0]).toMatchObject({ kind: 'refused', why: 'there is no O in a code' });
    room(page).takeIn('nothing in here at all');
    expect(room(page).outcomes[0]).toMatchObject({ kind: 'refused', code: '' });
    expect(teacher(page).taken).toHaveLength(2);
  });

  it('takes in a chat from a file in any encoding that the lab reads, and says of one that it cannot', async () => {
    const page = await openClass();
    const chat = `Anna: ${codeFrom(page, 3, '12')}\r\n`;
    room(page).takeInFile(new Uint8Array([0xff, 0xfe, ...Buffer.from(chat, 'utf16le')]));
    expect(room(page).outcomes[0]).toMatchObject({ kind: 'new', number: 3 });
    room(page).takeInFile(new Uint8Array([0x41, 0xff, 0x42]));
    expect(room(page).outcomes[0]).toMatchObject({ kind: 'refused', why: expect.stringMatching(/^a file\. Byte 1 /) });
    expect(teacher(page).taken).toHaveLength(1);
  });

  it('says of a chat that is too long that its end was left out', async () => {
    const page = await openClass();
    const [first, last] = [codeFrom(page, 3, '12'), codeFrom(page, 4, '21')];
    room(page).takeIn(`${first} ${'so it goes '.repeat(LIMITS.chat / 11)} ${last}`);
    expect(room(page).outcomes.map(({ kind }) => kind)).toEqual(['refused', 'new']);
    expect(room(page).outcomes[0]).toMatchObject({ why: expect.stringMatching(/first 200,000 characters/) });
  });

  it('counts of two codes with one number the later, or both when they are two students', async () => {
    const page = await openClass();
    const [before, after] = [codeFrom(page, 7, '1111'), codeFrom(page, 7, '2222')];
    room(page).takeIn(before);
    room(page).takeIn(after);
    expect(room(page).outcomes[0]).toEqual({ kind: 'other', code: after, number: 7, before });
    expect(countedVotes(teacher(page)).map(({ code }) => code)).toEqual([after]);
    room(page).keepBoth(before);
    expect(countedVotes(teacher(page)).map(({ code }) => code)).toEqual([before, after]);
    expect(room(page).outcomes[0]).toMatchObject({ kind: 'new', number: 7 });
  });

  it('counts each code without a number as a student, and refuses one of another class and one beyond the list', async () => {
    const page = await openClass();
    room(page).takeIn(`${codeFrom(page, 0, '11')} ${codeFrom(page, 0, '22')} ${codeFrom(page, 0, '22')}`);
    expect(countedVotes(teacher(page))).toHaveLength(2);
    room(page).takeIn(codeFrom(page, 40, '1'));
    expect(room(page).outcomes[0]).toMatchObject({ kind: 'refused', why: 'number 40 is not on a list of 34' });
    const { code, set } = teacher(page);
    const foreign = encodeVoteCode({ choices: set.pairs.map(() => 'first'), number: 1 }, classTag(code, set) ^ 1);
    room(page).takeIn(foreign);
    expect(room(page).outcomes[0]).toMatchObject({ kind: 'refused', why: 'from another class' });
  });

  it('finds the class after a reload, saves and opens it whole, and deletes it', async () => {
    const page = await openClass();
    room(page).takeIn(`${codeFrom(page, 3, '12')} ${codeFrom(page, 4, '21')}`);
    const before = teacher(page);
    room(page).saveClass();
    const file = new TextEncoder().encode(page.files[0]!.content as string);
    await settle();
    page.kill();
    const again = await open();
    expect(teacher(again)).toEqual(before);
    room(again).deleteClass();
    await settle();
    again.kill();
    const third = await open();
    expect(kept(third).teacher).toBeNull();
    room(third).openFile(file, 0);
    expect(teacher(third)).toEqual(before);
    expect(kept(third).student).toBeNull();
  });

  it('has it measured: agreement and a taste for each', async () => {
    const page = await openClass();
    room(page).takeIn(`${codeFrom(page, 1, '121212121212')} ${codeFrom(page, 2, '121212121211')}`);
    await room(page).measure();
    const { report, tastes } = room(page).standing!;
    expect(report.percent).toBeCloseTo(11 / 12, 12);
    expect(report.kappa).toBeCloseTo((11 / 12 - 0.5) / 0.5, 12);
    expect(tastes).toHaveLength(2);
  });
});

describe('stored classes', () => {
  it('that another version wrote, or a hand, are left alone', async () => {
    const page = await openClass();
    await settle();
    page.kill();
    const { idbStorage } = await import('../../../src/store/persistence/idbStorage');
    const storage = idbStorage();
    await storage.putSetting('classroom', { student: { code: 'X' }, teacher: null } as never);
    storage.close();
    expect(kept(await openPage())).toMatchObject({ student: null, teacher: null });
  });
});
