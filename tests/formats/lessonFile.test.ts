import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LESSON_PLACES } from '../../src/contract/lesson';
import { readLesson, readTranslation } from '../../src/formats/lessonFile';
import { nearestWord } from '../../src/formats/nearestWord';

/** the example of the format, its dots in place of words */
const EXAMPLE = `{ "format": 1, "id": "rewardHacking", "language": "en", "minutes": 15, "seed": 1,
  "settings": { "preset": "tiny", "pooling": "sum" },
  "steps": [ { "id": "leashOff", "minutes": 2, "place": "optimise/ppo",
    "show": ["knob:klCoef", "chart:iterations", "health", "beforeAfter"], "mark": "klCoef",
    "text": { "heading": "Let go of the leash", "body": "Set {mark} to 0.", "why": "The judge never saw such texts." },
    "ask": { "text": "What will the gold score do?", "order": ["rises", "stays", "falls"],
      "answers": { "rises": "It goes on rising", "stays": "It stays", "falls": "It falls" } },
    "run": { "forkAt": 12, "set": { "klCoef": 0 }, "control": { "klCoef": 0.1 }, "until": 40 },
    "done": { "metric": "iteration", "atLeast": 40 },
    "came": [ { "answer": "falls", "change": "gold/score", "from": "fork", "below": -0.25 },
              { "answer": "rises", "change": "gold/score", "from": "fork", "above": 0.25 },
              { "answer": "stays" } ],
    "say": "Gold went from {gold.fork} to {gold.end}; the twin ended at {control.gold.end}.",
    "keep": ["gold.fork", "gold.end", "control.gold.end"],
    "note": "Ask one who said it stays." },
  { "id": "end", "place": "optimise/ppo", "text": { "heading": "What came", "body": "All of it." } } ] }`;

const bytes = (text: string) => new TextEncoder().encode(text);
const read = (text: string) => {
  const reading = readLesson(bytes(text));
  if (reading.kind === 'refused') throw new Error(JSON.stringify(reading.troubles));
  return reading.value;
};
/** "8: there is no …" for each thing that is wrong */
const troubles = (text: string): string[] => {
  const reading = readLesson(bytes(text));
  return reading.kind === 'read' ? [] : reading.troubles.map(({ line, why }) => `${line}: ${why}`);
};
/** the example with one thing otherwise */
const broken = (from: string, to: string) => {
  expect(EXAMPLE).toContain(from);
  return troubles(EXAMPLE.replace(from, to));
};

describe('a lesson file', () => {
  it('is read as the example of the format has it, with defaults where it is silent', () => {
    const lesson = read(EXAMPLE);
    expect(lesson).toMatchObject({ id: 'rewardHacking', title: 'rewardHacking', minutes: 15, seed: 1 });
    expect(lesson.steps[0]).toMatchObject({
      run: { votes: 300, rater: 'happy', noise: 0, forkAt: 12, until: 40 },
      came: [
        { answer: 'falls', when: { change: 'gold/score', from: 'fork', below: -0.25 } },
        {},
        { answer: 'stays', when: null },
      ],
      done: { metric: 'iteration', atLeast: 40 },
      next: null,
    });
    expect(lesson.steps[1]).toMatchObject({
      show: null,
      mark: null,
      ask: null,
      run: null,
      done: null,
      came: [],
      keep: [],
      minutes: 1,
    });
  });

  it('names what is wrong by its line, with the nearest right word', () => {
    expect(broken('"mark": "klCoef"', '"mark": "klCoeff"')).toEqual([
      '4: there is no control “klCoeff”. Did you mean klCoef?',
    ]);
    expect(broken('"knob:klCoef"', '"knob:klceof"')).toEqual(['4: there is no control “klceof”. Did you mean klCoef?']);
    expect(broken('"health"', '"helth"')).toEqual(['4: there is nothing “helth” to show. Did you mean health?']);
    expect(broken('"optimise/ppo",', '"optimize/ppo",')).toEqual([
      `3: there is no place “optimize/ppo”. Did you mean optimise/ppo? Places are ${LESSON_PLACES.join(', ')}`,
    ]);
    expect(broken('"came": [', '"comes": [')[0]).toBe('10: “comes” is no part of a step. Did you mean came?');
    expect(broken('"falls", "change"', '"fals", "change"')).toEqual([
      '10: there is no answer “fals”. Did you mean falls?',
    ]);
    expect(broken('"gold/score", "from": "fork", "below"', '"gold/scores", "from": "fork", "below"')).toEqual([
      '10: there is no metric “gold/scores”. Did you mean gold/score?',
    ]);
    expect(broken('{gold.end}', '{gold.ends}')).toEqual(['13: there is no number “gold.ends”. Did you mean gold.end?']);
    expect(broken('["gold.fork",', '["gold.frok",')).toEqual([
      '14: there is no number “gold.frok”. Did you mean gold.fork?',
    ]);
    expect(broken('"klCoef": 0 }', '"klCoef": -1 }')).toEqual(['8: “klCoef” cannot be -1: at least 0']);
    expect(broken('"pooling": "sum"', '"pooling": "summ"')[0]).toMatch(/^2: “pooling” is one of .*Did you mean sum\?$/);
    expect(broken('"Let go of the leash"', '" "')).toEqual(['5: the text is empty']);
    expect(broken('"minutes": 15', '"minutes": "15"')).toEqual(['1: a number of minutes belongs here']);
    expect(broken('"heading": "What came", ', '')).toEqual(['16: the text lacks heading']);
  });

  it('says everything that is wrong at once, in the order of the lines', () => {
    const all = troubles(
      EXAMPLE.replace('"klCoef",\n', '"klCoefs",\n')
        .replace('"tiny"', '"tinny"')
        .replace('"falls", "change"', '"falls", "chance"'),
    );
    expect(all.map((trouble) => trouble.split(':')[0])).toEqual(['2', '4', '10']);
  });

  it('refuses a way that leads back, and one that leads nowhere', () => {
    const step = (id: string, next?: string) =>
      `{ "id": "${id}", "place": "start", "text": { "heading": "h", "body": "b" }${next ? `, "next": "${next}"` : ''} }`;
    const lesson = (...steps: string[]) =>
      `{ "format": 1, "id": "way", "language": "en", "minutes": 1, "steps": [\n${steps.join(',\n')}\n] }`;
    expect(troubles(lesson(step('a', 'c'), step('b'), step('c')))).toEqual([]);
    expect(troubles(lesson(step('a'), step('b', 'a')))).toEqual([
      '3: step 2 leads back to step 1: this lesson would never end',
    ]);
    expect(troubles(lesson(step('a', 'a')))).toEqual(['2: step 1 leads back to step 1: this lesson would never end']);
    expect(troubles(lesson(step('first'), step('b', 'fist')))).toEqual([
      '3: there is no step “fist”. Did you mean first?',
    ]);
    expect(troubles(lesson(step('a'), step('a')))).toEqual(['3: two steps are called “a”']);
  });

  it('lets a condition be about one thing, and one that can be', () => {
    expect(broken('"metric": "iteration", "atLeast": 40', '"atLeast": 40')[0]).toMatch(
      /^9: a condition is about one of metric, /,
    );
    expect(broken('"metric": "iteration", "atLeast": 40', '"metric": "iteration", "votes": 3')[0]).toMatch(
      /not of metric and votes at once$/,
    );
    expect(broken('"metric": "iteration", "atLeast": 40', '"metric": "iteration"')).toEqual([
      '9: “metric” needs one of atLeast, atMost, above, below',
    ]);
    expect(broken('"atLeast": 40', '"atLeast": 40, "below": 40')).toEqual(['9: no number can be that']);
    expect(broken('"from": "fork", "below"', '"below"')).toEqual([
      '10: “change” needs “from”: one of start, fork, control',
    ]);
    expect(broken('{ "metric": "iteration", "atLeast": 40 }', '{ "answered": "end" }')).toEqual([
      '9: “answered” names “end”, which is no question up to here',
    ]);
    expect(broken('{ "metric": "iteration", "atLeast": 40 }', '{ "pressed": "trian" }')).toEqual([
      '9: there is no control “trian”. Did you mean train?',
    ]);
    expect(broken('{ "answer": "stays" } ]', '{ "answer": "stays" }, { "answer": "falls", "votes": 1 } ]')).toEqual([
      '12: an outcome without a condition always holds: it stands last',
    ]);
  });

  it('asks a run for two arms that differ and go together, and a fork for an end after it', () => {
    expect(broken('"control": { "klCoef": 0.1 }', '"control": { "klCoef": 0 }')).toEqual([
      '8: the run and its twin are set to the same',
    ]);
    expect(broken('"forkAt": 12', '"forkAt": 40')).toEqual(['8: the fork at 40 comes after the end at 40']);
    expect(broken('"set": { "klCoef": 0 }', '"set": { "klCoef": 0, "minibatches": 64 }')).toEqual([
      '8: “minibatches” cannot be turned in the middle of a run: leave “forkAt” out, or set it in the lesson’s settings',
      '8: these settings do not go together: 64 minibatches of 32 rollouts',
    ]);
    expect(broken('"forkAt": 12, ', '')).toEqual([
      '10: “fork” needs a “run” with “forkAt”',
      '11: “fork” needs a “run” with “forkAt”',
      '13: “gold.fork” is taken at the fork, and the step has no “forkAt”',
      '14: “gold.fork” is taken at the fork, and the step has no “forkAt”',
    ]);
    expect(broken('"keep": ["gold.fork",', '"keep": ["gold.low",')).toEqual([
      '14: “gold.low” is an end of an interval, and the cases of “gold” are not counted',
    ]);
    expect(broken('"place": "optimise/ppo",\n', '"place": "compare",\n')).toEqual([
      '8: a run belongs to optimise/ppo or optimise/dpo, and the step stands at compare',
    ]);
  });

  it('fills in only what is there: the marked control in its step, numbers in what is said afterwards', () => {
    expect(broken('"All of it."', '"Set {mark}."')).toEqual([
      '16: “{mark}” speaks of a control, and the step has no “mark”',
    ]);
    expect(broken('Set {mark} to 0.', 'Gold is {gold.end}.')).toEqual([
      '5: “{gold.end}” is known only after the run: it may stand in “say” alone',
    ]);
    expect(broken('Set {mark} to 0.', 'Set {mark to 0.')).toEqual(['5: a brace is opened or closed alone']);
  });

  it('says what it is where it is no lesson at all', () => {
    expect(troubles('')).toEqual(['1: the file ends too early']);
    expect(troubles('[]')).toEqual(['1: a lesson belongs here, in braces']);
    expect(troubles('{\n"format": 2}')).toEqual(['2: made for format 2, this page reads 1']);
    expect(readLesson(new Uint8Array([0xff, 0xfe]))).toMatchObject({ kind: 'refused' });
    expect(troubles(EXAMPLE.slice(0, 700))).toHaveLength(1);
  });

  it('never breaks: whatever is cut, doubled or changed is read or refused by lines that there are', () => {
    const isLine = (text: string) => {
      for (const trouble of troubles(text)) {
        const [, line, why] = /^(\d+): (.+)$/s.exec(trouble)!;
        expect(Number(line)).toBeGreaterThanOrEqual(1);
        expect(Number(line)).toBeLessThanOrEqual(text.split('\n').length);
        expect(why).not.toMatch(/undefined|Invalid type|\[object/);
      }
    };
    const at = fc.integer({ min: 0, max: EXAMPLE.length });
    fc.assert(
      fc.property(at, at, fc.constantFrom('', '0', '"', '{', ']', 'null', '-1', ', '), (from, length, put) => {
        isLine(EXAMPLE.slice(0, from) + put + EXAMPLE.slice(from + (length % 12)));
      }),
      { numRuns: 2000 },
    );
  });

  it('never breaks on values of any kind in any place', () => {
    const whole = JSON.parse(EXAMPLE) as Record<string, unknown>;
    const paths: (string | number)[][] = [];
    const walk = (value: unknown, path: (string | number)[]) => {
      if (path.length > 0) paths.push(path);
      if (typeof value === 'object' && value !== null)
        for (const [key, inner] of Object.entries(value)) walk(inner, [...path, key]);
    };
    walk(whole, []);
    fc.assert(
      fc.property(fc.constantFrom(...paths), fc.jsonValue({ maxDepth: 2 }), (path, value) => {
        const copy = structuredClone(whole);
        const holder = path.slice(0, -1).reduce<unknown>((tree, key) => (tree as Record<string, unknown>)[key], copy);
        (holder as Record<string, unknown>)[path.at(-1)!] = value;
        for (const trouble of troubles(JSON.stringify(copy, null, 1)))
          expect(trouble).not.toMatch(/undefined|Invalid type|\[object/);
      }),
      { numRuns: 2000 },
    );
  });
});

describe('a translation', () => {
  const german = (texts: Record<string, string>, more: object = {}) =>
    readTranslation(
      bytes(JSON.stringify({ of: 'rewardHacking', language: 'de', texts, ...more }, null, 1)),
      read(EXAMPLE),
    );

  it('replaces texts by key; what is missing stays in the first language and is named', () => {
    const found = german({
      'leashOff.heading': 'Die Leine los',
      'leashOff.ask.answers.falls': 'Er fällt',
      title: 'Belohnung gehackt',
    });
    if (found.kind === 'refused') throw new Error(JSON.stringify(found.troubles));
    const { lesson, missing } = found.value;
    expect(lesson).toMatchObject({ language: 'de', title: 'Belohnung gehackt' });
    expect(lesson.steps[0]).toMatchObject({
      text: { heading: 'Die Leine los', body: 'Set {mark} to 0.' },
      ask: { answers: { falls: 'Er fällt', stays: 'It stays' } },
    });
    expect(missing).toContain('leashOff.body');
    expect(missing).toContain('end.heading');
    expect(missing).not.toContain('leashOff.heading');
    expect(missing).not.toContain('about');
  });

  it('is refused by line where it loses what is filled in, or translates what is not there', () => {
    const found = german({
      'leashOff.heading': 'Los',
      'leashOff.say': 'Gold fiel auf {gold.end}.',
      'leashOf.body': 'x',
      'end.body': '{mark}',
    });
    expect(found).toEqual({
      kind: 'refused',
      troubles: [
        { line: 6, why: '{gold.fork} and {control.gold.end} of the original are missing' },
        { line: 7, why: 'there is no text “leashOf.body”. Did you mean leashOff.body?' },
        { line: 8, why: '{mark} is not in the original' },
      ],
    });
  });

  it('is refused for another lesson, and for no language', () => {
    expect(german({}, { of: 'words' })).toEqual({
      kind: 'refused',
      troubles: [{ line: 2, why: 'a translation of “words”, and the lesson is “rewardHacking”' }],
    });
    expect(german({}, { language: 'German' })).toEqual({
      kind: 'refused',
      troubles: [{ line: 3, why: '“German” is no language, as “en” or “pt-BR”' }],
    });
  });
});

describe('the nearest word', () => {
  it('forgives letters that are missing, wrong or swapped, and no other word', () => {
    expect(nearestWord('klceof', ['klCoef', 'lam'])).toBe('klCoef');
    expect(nearestWord('hlth', ['health', 'health2'])).toBe('health');
    expect(nearestWord('zebra', ['klCoef', 'lam'])).toBeNull();
    expect(nearestWord('a'.repeat(1e6), ['klCoef'])).toBeNull();
  });

  it('is the word itself for every known word', () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(fc.string({ minLength: 1, maxLength: 12 }), {
          minLength: 1,
          maxLength: 8,
          selector: (word) => word.toLowerCase(),
        }),
        (words) => {
          for (const word of words) expect(nearestWord(word, words)).toBe(word);
        },
      ),
    );
  });
});
