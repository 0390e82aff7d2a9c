/**
 * The translator that the page Translate trains: one at a time, pulled by the page itself. What is asked of it is done
 * one after the other, so that a sentence is read by one set of weights.
 */
import { LabError } from '../contract/errors';
import type { MetricPoint } from '../contract/observations';
import type { Calls } from '../contract/protocol';
import {
  type Decoding,
  MOST_SENTENCE_WORDS,
  type TranslateAnswer,
  type TranslateProgress,
} from '../contract/translate';
import { storyWords } from '../core/text/wordTokenizer';
import type { SavedRun } from '../core/train/snapshot';
import { translatorSize } from '../core/translate/layout';
import { classOf } from '../core/translate/lexicon';
import { readSentence } from '../core/translate/reading';
import { TranslatorRun } from '../core/translate/translatorRun';
import { settled } from './holding';
import { decodeTranslator, encodeTranslator, type StoredTranslator } from './storedTranslator';

/** how long the page waits for news */
const TELL_MS = 200;

interface Current {
  runId: string;
  run: TranslatorRun;
  /** as of the last look at held-out sentences; null before the first */
  saved: SavedRun<{ step: number }> | null;
  /** milliseconds of training */
  elapsedMs: number;
  /** of all its steps, from the first */
  points: MetricPoint[];
}

const begun = (seed: number) => ({ run: new TranslatorRun(seed), saved: null, elapsedMs: 0, points: [] });

/** @throws LabError('storage/corrupt') where its tensors are not those of a translator */
function restored({ seed, step, tensors, elapsedMs, points }: StoredTranslator): Omit<Current, 'runId'> {
  const run = new TranslatorRun(seed);
  const saved = { tensors, state: { step } };
  try {
    run.load(saved);
  } catch (error) {
    run.dispose();
    throw new LabError('storage/corrupt', `The stored translator cannot be read: ${(error as Error).message}`);
  }
  return { run, saved, elapsedMs, points };
}

export class Translating {
  private current: Current | null = null;
  private turn: Promise<void> = Promise.resolve();

  /** @param now milliseconds, steady */
  constructor(private readonly now: () => number) {}

  /** @throws LabError('storage/corrupt') when `saved` cannot be read; the one before is there still */
  create(runId: string, seed: number, saved?: Uint8Array): Promise<Calls['translate/create']['result']> {
    return this.inTurn(async () => {
      const made = saved ? restored(decodeTranslator(saved)) : begun(seed);
      this.current?.run.dispose();
      this.current = { runId, ...made };
      const { run, points } = this.current;
      const { sourceVocabSize, targetVocabSize, ...shape } = run.translator.config;
      const words = { sourceWords: sourceVocabSize, targetWords: targetVocabSize };
      const parameters = translatorSize(run.translator.config);
      return {
        ...this.progress(this.current, points),
        seed: run.seed,
        shape: { ...shape, ...words, parameters, heldOut: run.recipe.heldOut },
      };
    });
  }

  /** @throws LabError('run/nonFinite') when the loss is no number any more */
  advance(runId: string, steps: number, breathe: () => Promise<void>): Promise<TranslateProgress> {
    return this.inTurn(async () => {
      const current = this.find(runId);
      const { run } = current;
      const points: MetricPoint[] = [];
      const looked = () => points.at(-1)?.values['translator/exactMatch'] !== undefined;
      const until = Math.min(run.totalSteps, run.step + steps);
      const began = this.now();
      const { elapsedMs: before } = current;
      while (run.step < until && this.now() - began < TELL_MS && !looked()) {
        const values = await run.next();
        current.elapsedMs = before + this.now() - began;
        points.push({ step: run.step, elapsedMs: current.elapsedMs, values });
        current.points.push(points.at(-1) as MetricPoint);
        await breathe();
      }
      if (looked()) current.saved = await run.save();
      return this.progress(current, points);
    });
  }

  read(runId: string, sentence: string, decoding: Decoding, cut: boolean): Promise<TranslateAnswer> {
    return this.inTurn(async () => {
      const { run } = this.find(runId);
      const words = sentenceOf(sentence);
      if (words.length === 0) return { kind: 'empty' };
      if (words.length > MOST_SENTENCE_WORDS) return { kind: 'long', words: words.length };
      const unknown = words.filter((word) => classOf(word) === null);
      if (unknown.length > 0) return { kind: 'unknown', words: [...new Set(unknown)] };
      const reading = await readSentence(run.translator, words, { decoding, cut });
      return { kind: 'read', reading: { ...reading, step: run.step, strongest: await run.strongest() } };
    });
  }

  /** for storage: all that another thread needs to go on to the same numbers */
  file(runId: string): Promise<{ step: number; bytes: Uint8Array }> {
    return this.inTurn(async () => {
      const { run, elapsedMs, points } = this.find(runId);
      const { tensors, state } = await run.save();
      return { ...state, bytes: encodeTranslator({ seed: run.seed, ...state, elapsedMs, points, tensors }) };
    });
  }

  /** before the engine moves */
  async save(): Promise<void> {
    await this.inTurn(async () => {
      if (this.current) this.current.saved = await this.current.run.save();
    });
  }

  /** on another engine, where it was saved last; the tensors of the old one died with it */
  rebuild(): void {
    const { current } = this;
    this.turn = Promise.resolve(); // what waits for a dead device is not waited for
    if (!current) return;
    const run = new TranslatorRun(current.run.seed);
    if (current.saved) run.load(current.saved);
    this.current = { ...current, run, points: current.points.slice(0, run.step) };
    // on a device that is gone there is nothing left to free
    void (async () => current.run.dispose())().catch(() => undefined);
  }

  private find(runId: string): Current {
    if (this.current?.runId === runId) return this.current;
    throw new LabError('run/missingInput', 'This translator is gone: its thread was started anew.');
  }

  private progress({ run, elapsedMs }: Current, points: MetricPoint[]): TranslateProgress {
    return { step: run.step, totalSteps: run.totalSteps, elapsedMs, points };
  }

  private inTurn<T>(work: () => Promise<T>): Promise<T> {
    const done = this.turn.then(work);
    this.turn = settled(done);
    return done;
  }
}

/** a full stop may be left out, or be another mark that ends a sentence */
function sentenceOf(text: string): string[] {
  const words = storyWords(text.replace(/[.!?…]+/g, '.'));
  return words.length === 0 || words.at(-1) === '.' ? words : [...words, '.'];
}
