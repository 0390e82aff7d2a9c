/** What a model says: attention, next tokens, completions, pairs, scores; and what the votes say about taste. */

import { LabError } from '../../../src/contract/errors';
import { countOf } from '../../../src/contract/numbers';
import type { RowToken } from '../../../src/contract/observations';
import { ranksOfChoice, type TasteResult } from '../../../src/contract/preferences';
import type { CallKind, Handlers } from '../../../src/contract/protocol';
import type { LearnedTaste } from '../../../src/contract/taste';
import { type Choice, choicesIn } from './choices';
import * as curves from './curves';
import { type FakeLab, needCheckpoint } from './fakeLab';
import * as inside from './inside';
import * as stories from './stories';
import * as words from './words';

const NEEDED_VOTES = 8;

function taste(usable: readonly Choice[], vetoed: string[]): TasteResult {
  if (usable.length < NEEDED_VOTES) {
    const sentence = `${countOf(NEEDED_VOTES - usable.length, 'more vote that prefers one side is', 'more votes that prefer one side are')} needed.`;
    return { kind: 'missing', usableVotes: usable.length, needed: NEEDED_VOTES, sentence };
  }
  const mean = (of: (text: string) => number): number =>
    usable.reduce((sum, { chosen, rejected }) => sum + of(chosen) - of(rejected), 0) / usable.length;
  const row = (attribute: string, label: string, weight: number) => ({
    attribute,
    label,
    weight,
    low: weight - 0.4,
    high: weight + 0.4,
    vetoed: vetoed.includes(attribute),
  });
  const weights = [
    row(
      'endingMood',
      'happy ending',
      mean((text) => stories.attributes(text).endingMood),
    ),
    row(
      'middleMood',
      'happy middle',
      mean((text) => stories.attributes(text).middleMood),
    ),
    row(
      'politeWords',
      'polite words',
      mean((text) => stories.attributes(text).politeWords),
    ),
    row('length', 'longer text', mean((text) => stories.attributes(text).length) / 4),
  ];
  const examples = [0, 1, 2, 3, 4].map((i) => ({
    prompt: stories.prompt(`rule ${i}`),
    chosen: stories.completion(`rule ${i}`, 1),
    rejected: stories.completion(`rule ${i} other`, 0),
    difference: 1.2 - 0.1 * i,
  }));
  return { kind: 'rule', rule: { usableVotes: usable.length, weights, agreement: 0.9, examples } };
}

/** a judge of happy endings and, unasked, of length */
function learned(voted: TasteResult): LearnedTaste {
  const row = (attribute: string, label: string, weight: number) => ({
    attribute,
    label,
    weight,
    low: weight - 0.1,
    high: weight + 0.1,
  });
  const score = (completion: string) => stories.gold({ name: 'happy' }, completion);
  const ending = { attribute: 'endingMood', label: 'happy ending', prompt: 'once a fox found a kite .' };
  const contrast = (before: string, after: string) => ({
    ...ending,
    before,
    after,
    scores: { before: score(before), after: score(after) },
  });
  return {
    voted,
    texts: 192,
    weights: [row('endingMood', 'happy ending', 1.2), row('length', 'longer', 0.4), row('rudeWords', 'rudeness', 0.02)],
    contrasts: [
      contrast('he was very sad .', 'he was very happy .'),
      contrast('in the end the fox was sad .', 'in the end the fox was glad .'),
    ],
  };
}

const whatDoesNotFit = (prompt: string, completions: readonly string[]): string | null => {
  const unknown = [prompt, ...completions].flatMap((text) =>
    stories.words(text).filter((word) => stories.tokenId(word) < 0),
  );
  if (unknown.length > 0) return `the model does not know “${unknown[0]}”`;
  return completions.some((text) => text.trim() === '') ? 'the completion is empty' : null;
};

const unknownIn = (lab: FakeLab, text: string): string[] =>
  stories.words(text).filter((word) => lab.corpus.kind === 'stories' && stories.tokenId(word) < 0);

function nextTokens(text: string, topK: number, temperature: number) {
  const words = ['.', 'the', 'glad', 'sad', 'sang', 'home', 'owl', 'warm'];
  const raw = words.map((word) => Math.exp(4 * stories.unit(`${text} next ${word}`)));
  const sum = raw.reduce((a, b) => a + b, 0);
  const rows = words.map((word, i) => ({
    id: Math.max(0, stories.tokenId(word)),
    text: word,
    probability: (raw[i] ?? 0) / sum,
  }));
  rows.sort((a, b) => b.probability - a.probability);
  const kept = topK > 0 ? topK : temperature === 0 ? 1 : rows.length;
  const sharp = rows.map((row, i) => (i < kept ? row.probability ** (1 / Math.max(temperature, 0.01)) : 0));
  const total = sharp.reduce((a, b) => a + b, 0);
  return rows.map((row, i) => ({ ...row, filtered: (sharp[i] ?? 0) / total }));
}

const stepOf = (lab: FakeLab, id: string): number | null => lab.runs.get(id.replace('live:', ''))?.state.step ?? null;

/** mostly as it was shown, when it was shown anything */
const SHARE_LEARNED = 0.85;
function written(lab: FakeLab, id: string, purpose: string): string {
  const shown = lab.shown.get(id) ?? [];
  const learned = shown[stories.hash(`${id} ${purpose}`) % Math.max(1, shown.length)];
  return learned !== undefined && stories.unit(purpose) < SHARE_LEARNED
    ? learned
    : stories.completion(`${id} ${purpose}`);
}

type ModelCalls = Extract<
  CallKind,
  `inspect/${string}` | `compare/${string}` | `finetune/${string}` | 'texts/check' | `taste/${string}` | 'reward/score'
>;

export const modelAnswers = (lab: FakeLab): Pick<Handlers, ModelCalls> => ({
  'inspect/attention': async ({ checkpointId, text }) => {
    const { layers, heads } = needCheckpoint(lab, checkpointId).model;
    const unknownWords = unknownIn(lab, text);
    const step = stepOf(lab, checkpointId);
    return {
      ...curves.attention(text, layers, heads),
      ...(unknownWords.length > 0 && { unknownWords }),
      ...(step !== null && { step }),
    };
  },
  'inspect/next': async ({ checkpointId, text, sampling }) => {
    needCheckpoint(lab, checkpointId);
    return nextTokens(text, sampling.topK, sampling.temperature);
  },
  'inspect/arithmetic': async ({ checkpointId, text, layer }) => {
    const { model } = needCheckpoint(lab, checkpointId);
    return inside.arithmetic(checkpointId, model, text, layer, stepOf(lab, checkpointId));
  },
  'inspect/layers': async ({ checkpointId, text, position, off }) => {
    const { model } = needCheckpoint(lab, checkpointId);
    return inside.layers(checkpointId, model, text, position, off, stepOf(lab, checkpointId));
  },
  'inspect/heldOut': async ({ off }) => inside.heldOut(off),
  'inspect/heads': async ({ checkpointId }) => inside.headLosses(needCheckpoint(lab, checkpointId).model),
  'inspect/difference': async ({ beforeId, afterId, text }) => {
    const [before, after] = [needCheckpoint(lab, beforeId).model, needCheckpoint(lab, afterId).model];
    const step = stepOf(lab, afterId) ?? stepOf(lab, beforeId);
    return inside.difference(beforeId, afterId, [before, after], text, step);
  },
  'inspect/words': async ({ checkpointId, text, all, last }) => {
    const { model } = needCheckpoint(lab, checkpointId);
    return words.wordMap(checkpointId, model, { text, all, last }, stepOf(lab, checkpointId));
  },
  'inspect/wordSum': async ({ checkpointId, ...sum }) =>
    words.wordSum(checkpointId, needCheckpoint(lab, checkpointId).model, sum),
  'inspect/complete': async ({ checkpointIds, prompts, seed }) =>
    checkpointIds.map((id) =>
      prompts.map((prompt) => written(lab, needCheckpoint(lab, id).checkpointId, `${prompt} ${seed}`)),
    ),

  'compare/pairs': async ({ policyId, againstId, count, seed }) => {
    for (const id of [policyId, againstId ?? policyId]) needCheckpoint(lab, id);
    const against = againstId === undefined ? {} : { againstId };
    return Array.from({ length: count }, (_, i) => ({ ...stories.pair(policyId, seed, i), ...against }));
  },
  'compare/simulate': async ({ policyId, againstId, rater, count, noise, seed }) =>
    Array.from({ length: count }, (_, i) => {
      const { setId: pairId, prompt, completions } = stories.pair(policyId, seed, i);
      const [first, second] = completions;
      const prefersFirst =
        stories.gold(rater, first) >= stories.gold(rater, second) !== stories.unit(`noise ${seed} ${i}`) < noise;
      const said = {
        completions,
        ...ranksOfChoice(prefersFirst ? 'a' : 'b'),
        strengths: null,
      };
      const against = againstId === undefined ? {} : { againstId };
      const where = { rankingId: `simulated-${seed}-${i}`, pairId, prompt, ...said, policyId, ...against };
      return { ...where, source: 'simulated' as const, rater, swapped: false, repeatOf: null, seconds: 0, at: 0 };
    }),
  'compare/candidates': async ({ policyId, count, size, seed }) => {
    needCheckpoint(lab, policyId);
    return Array.from({ length: count }, (_, i) => stories.candidates(policyId, size, seed, i));
  },
  'compare/rank': async ({ policyId, rater, count, size, seed }) =>
    Array.from({ length: count }, (_, i) => {
      const { setId: rankingId, prompt, completions } = stories.candidates(policyId, size, seed, i);
      const gold = completions.map((text) => stories.gold(rater, text));
      const places = [...new Set(gold)].sort((a, b) => b - a);
      const ranks = gold.map((score) => 1 + places.indexOf(score));
      return {
        rankingId,
        prompt,
        completions,
        ranks,
        strengths: null,
        source: 'simulated',
        rater,
        policyId,
        seconds: 0,
        at: 0,
      } as const;
    }),
  'finetune/demonstrations': async ({ count, seed, wish }) =>
    stories
      .asWished(wish, seed, count)
      .map((story, i) => ({ demonstrationId: `wish-${seed}-${i}`, ...story, source: 'grammar' as const })),
  'finetune/granted': async ({ wish, texts }) => texts.map(({ completion }) => stories.grants(wish, completion)),
  'finetune/row': async ({ modelId, prompt, completion }) => {
    const { kind } = needCheckpoint(lab, modelId);
    const trouble = whatDoesNotFit(prompt, [completion]);
    if (trouble) throw new LabError('file/demonstrations', `Demonstration 1 of 1: ${trouble}.`);
    const row = (text: string, part: RowToken['part'], logprob: number | null = null): RowToken => ({
      text,
      part,
      logprob,
    });
    const surprise = kind === 'finetuned' ? 1 : 2;
    return [
      row('<pad>', 'padding'),
      ...['<bos>', ...stories.words(prompt)].map((word) => row(word, 'prompt')),
      ...[...stories.words(completion), '<eos>'].map((word) =>
        row(word, 'completion', -surprise * (0.1 + stories.unit(word))),
      ),
      row('<pad>', 'padding'),
    ];
  },
  'texts/check': async ({ texts }) => texts.map(({ prompt, completions }) => whatDoesNotFit(prompt, completions)),
  'taste/agreement': async ({ opinions, rater }) => {
    const margins = choicesIn(opinions).map(
      ({ chosen, rejected }) => stories.gold(rater, chosen) - stories.gold(rater, rejected),
    );
    const apart = margins.filter((margin) => margin !== 0);
    return { agree: apart.filter((margin) => margin > 0).length, of: apart.length };
  },
  'taste/own': async ({ taste: own, texts }) => ({
    trouble: null,
    tasted: texts.map(({ completion }) => {
      const found = stories.gold({ name: 'own', taste: own }, completion);
      return { score: found, parts: own.liked.length > 0 ? [{ part: 'liked' as const, found, points: found }] : [] };
    }),
  }),
  'taste/infer': async ({ opinions, vetoed }) => taste(choicesIn(opinions), vetoed),
  'taste/learned': async ({ opinions, rewardId }) => {
    needCheckpoint(lab, rewardId);
    return learned(taste(choicesIn(opinions), []));
  },

  'reward/score': async ({ checkpointId, text }) => {
    needCheckpoint(lab, checkpointId);
    const tokens = stories
      .words(text)
      .map((piece) => ({ text: piece, contribution: (stories.unit(`score ${piece}`) - 0.5) * 0.8 }));
    return {
      score: stories.gold({ name: 'happy' }, text),
      tokens,
      unknownWords: unknownIn(lab, text),
    };
  },
});
