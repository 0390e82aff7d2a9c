import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { levelsOf, RULE_FROM, VOTES_NEEDED } from '../../src/contract/enough';
import type { RewardReview } from '../../src/contract/observations';
import { wilsonInterval } from '../../src/contract/shares';
import { assessHealth } from '../../src/store/health';
import { missingTaste } from '../../src/ui/panels/Compare/missingTaste';
import { progressSentence } from '../../src/ui/panels/Compare/progress';
import { bestOfSentence } from '../../src/ui/panels/Optimise/bestOfSentence';
import { whyNoRule } from '../../src/ui/panels/Optimise/DpoKnobs';
import { dpoBlocked } from '../../src/ui/panels/Optimise/dpoVotes';
import { ppoSentence } from '../../src/ui/panels/Optimise/ppoSentence';
import { blockedBy } from '../../src/ui/panels/Reward/blocked';
import { readiness } from '../../src/ui/panels/Reward/readiness';
import { chooseSentence } from '../../src/ui/panels/Start/Loop';

interface Page {
  ownText: boolean;
  /** whether texts can be measured, so that there may be a rule */
  measured: boolean;
  /** the visitor has not switched the rule off */
  ruleOn: boolean;
}
const PAGES: Record<string, Page> = {
  'stories, the rule on': { ownText: false, measured: true, ruleOn: true },
  'stories, the rule switched off': { ownText: false, measured: true, ruleOn: false },
  'own text': { ownText: true, measured: false, ruleOn: false },
  'own text with an own rater, the rule on': { ownText: true, measured: true, ruleOn: true },
  'own text with an own rater, the rule off': { ownText: true, measured: true, ruleOn: false },
};
const VOTES = Array.from({ length: 401 }, (_, n) => n);
const NO_RANKINGS = { rankings: 0, comparisons: 0 };

const hasRule = ({ measured, ruleOn }: Page): boolean => measured && ruleOn;
const canVeto = ({ measured }: Page, n: number): boolean => measured && n >= RULE_FROM;
const ruleRests = (page: Page, n: number): boolean => canVeto(page, n) && !page.ruleOn;

/**
 * a reward model from n votes that is right about this share of those it held out; most pairs are the rule's where
 * there is one
 */
function reviewOf(n: number, page: Page, accuracy: number): RewardReview {
  const rule = hasRule(page) && n >= RULE_FROM ? 600 : 0;
  const heldOutPairs = Math.max(1, Math.round(0.2 * (n + rule)));
  const right = Math.round(accuracy * heldOutPairs);
  return {
    margins: [1],
    heldOutMargins: [1],
    accuracy: right / heldOutPairs,
    ...wilsonInterval(right, heldOutPairs),
    heldOutPairs,
    pairs: { human: n, simulated: 0, imported: 0, rule },
    disagreements: [],
    lengthShare: 0,
    example: null,
  };
}

/** everything that the stages say to somebody with n votes */
function saidAt(n: number, page: Page): string[] {
  const counts = {
    human: n,
    simulated: 0,
    imported: 0,
    usable: n,
    ranked: { human: NO_RANKINGS, simulated: NO_RANKINGS, imported: NO_RANKINGS },
  };
  const always = [
    progressSentence(n, { ownText: page.ownText, hasRule: hasRule(page) }),
    missingTaste(n, page.measured),
    ...(n === 0 ? [chooseSentence(hasRule(page))] : []), // Start, before anything else
    blockedBy(true, counts),
    dpoBlocked(true, n),
    !page.measured || (page.ruleOn && n >= RULE_FROM) ? null : whyNoRule(n),
  ];
  if (n < VOTES_NEEDED) return always.filter((sentence) => sentence !== null);
  const judged = [0.4, 0.55, 0.7, 0.8, 0.95].map((accuracy) => {
    const { lead, text } = readiness(
      reviewOf(n, page, accuracy),
      { ownText: !page.measured, canVeto: canVeto(page, n) },
      null,
    );
    return `${lead} ${text}`;
  });
  const weak = { rewardAccuracy: 0.6, ruleRests: ruleRests(page, n) };
  const points = [{ step: 1, elapsedMs: 0, values: {} }];
  const rest = { status: 'done' as const, totalSteps: 1, message: '', error: null };
  const best = { n: 1, kl: 0, score: { value: 0, error: 0 }, gold: null, winRate: null, grammatical: null };
  const spread = { length: 9, finished: null, distinct: 1, distinct2: 1, duplicates: 0 };
  const optimised = [
    ppoSentence({ ready: true, points, ...rest, ...weak }).text,
    bestOfSentence({
      blocked: null,
      prompts: 32,
      totalPrompts: 32,
      points: [{ ...best, ...spread }],
      n: 1,
      ...rest,
      ...weak,
    }).text,
    ...assessHealth({ points, kind: 'reward', ...weak }).map(({ text, advice }) => `${text} ${advice}`),
  ];
  return [...always, ...judged, ...optimised].filter((sentence) => sentence !== null);
}

describe.each(Object.entries(PAGES))('advice on %s', (_name, page) => {
  const { start, plenty } = levelsOf(hasRule(page));

  it('names one number of votes for a good start, and never one that is there already', () => {
    for (const n of VOTES)
      for (const sentence of saidAt(n, page)) {
        const named = [...sentence.matchAll(/(\d+) (?:are a good start|votes|make it worth)/g)].map((match) =>
          Number(match[1]),
        );
        for (const level of named)
          expect([VOTES_NEEDED, RULE_FROM, start, plenty], `${n}: ${sentence}`).toContain(level);
        if (/a good start/.test(sentence) && !/Enough/.test(sentence)) expect(n, sentence).toBeLessThan(start);
        if (/Enough for a good start/.test(sentence)) expect(n, sentence).toBeGreaterThanOrEqual(start);
      }
  });

  it('asks for no more votes before training where simulated ones are enough', () => {
    const said = (n: number) => progressSentence(n, { ownText: page.ownText, hasRule: hasRule(page), canTrain: true });
    for (let n = 0; n < VOTES_NEEDED; n++) expect(said(n)).toMatch(/^The simulated ones are enough to train on/);
    expect(said(VOTES_NEEDED)).toMatch(/^You can train now/);
  });

  it('counts what is missing up to one of its levels', () => {
    for (const n of VOTES)
      for (const sentence of saidAt(n, page))
        for (const [, more] of sentence.matchAll(/(\d+) more/g))
          expect([VOTES_NEEDED, RULE_FROM, start], `${n}: ${sentence}`).toContain(n + Number(more));
  });

  it('goes from too few through a good start to plenty, and never back', () => {
    const levelAt = (n: number): number => {
      const said = progressSentence(n, { ownText: page.ownText, hasRule: hasRule(page) });
      return [/can train;/, /can train now/, /^Enough/, /plenty/].findIndex((pattern) =>
        pattern.test(said.replace(/on you can train.*/, 'can train;')),
      );
    };
    const levels = VOTES.map(levelAt);
    expect(levels).not.toContain(-1);
    expect(levels).toEqual([...levels].sort((a, b) => a - b));
    expect(levels[VOTES_NEEDED - 1]).toBe(0);
    expect(levels[VOTES_NEEDED]).toBe(1);
    expect(levels[start]).toBe(2);
    expect(levels[plenty]).toBe(3);
  });

  it('says that something is missing exactly where nothing can be trained', () => {
    for (const n of VOTES) {
      const isBlocked = saidAt(n, page).some((sentence) => /to learn anything/.test(sentence));
      expect(isBlocked, `${n} votes`).toBe(n < VOTES_NEEDED);
    }
  });

  it('sends nobody to a control that is not there', () => {
    for (const n of VOTES)
      for (const sentence of saidAt(n, page)) {
        if (/\bveto/i.test(sentence)) expect(canVeto(page, n), `${n}: ${sentence}`).toBe(true);
        if (/let your rule label/.test(sentence)) expect(ruleRests(page, n), `${n}: ${sentence}`).toBe(true);
        if (!page.measured) expect(sentence, `${n} votes`).not.toMatch(/simulated|ending|your rule|seem to like/);
      }
  });
});

describe('how many votes are enough', () => {
  const wordsIn = (folder: string): string[] =>
    readdirSync(folder, { recursive: true, encoding: 'utf8' })
      .filter((name) => /\.(tsx?|json)$/.test(name))
      .map((name) => readFileSync(join(folder, name), 'utf8'));

  it('is written from one place: no screen and no lesson has a number of its own', () => {
    for (const words of [...wordsIn('src/ui'), ...wordsIn('src/lessons')]) {
      expect(words).not.toMatch(/(?:after|from) (?:a|one|two) dozen(?: votes)?\b/i);
      expect(words).not.toMatch(/dozen votes are enough/i);
      for (const [, count] of words.matchAll(/[Ff]rom (\d+) votes the lab/g)) expect(Number(count)).toBe(RULE_FROM);
    }
  });
});
