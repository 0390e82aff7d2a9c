/** Whoever deals pairs or groups: the next one at once where one is waiting, and the queue filled behind it. */
import type { SamplingConfig } from '../../contract/config';
import type { CandidateSet, Ranking } from '../../contract/preferences';
import type { OpinionKind } from '../../formats/opinions';
import { attempt, type Context, derivedSeed } from '../context';
import { longWork } from '../page/longWork';
import { outlivesWindow } from '../page/ready';
import { roundStamp } from '../rounds/rounds';
import type { Dealt, NoticeAction } from '../state';
import { areShort, hasPlace } from './room';

/** A key that is still held from the last one must not decide this one. */
const GUARD_MS = 300;
/** batches asked for before it is given up that one holds anything that can be judged */
const TRIES = 4;
export const OPEN_PRETRAIN: NoticeAction[] = [{ kind: 'stage', stage: 'pretrain', label: 'Open Pretrain' }];

/** What is dealt, and how the next one comes to the screen. */
export interface Deck {
  name: 'pairs' | 'groups';
  opinions: Extract<OpinionKind, 'votes' | 'rankings'>;
  /** asked for at a time; batch number b is the same for the same seed, so a reload shows what it would have shown */
  batch: number;
  /** fewer waiting than this and more are written */
  low: number;
  slice(): Dealt & { shown: { shownAt: number } | null };
  patch(fields: Partial<Dealt>): void;
  /** of those who write now: what comes after it has changed is not wanted any more */
  key(): string;
  /** @throws LabError run/missingInput while there is no model */
  write(
    call: Context['call'],
    batch: { count: number; seed: number; sampling: SamplingConfig },
  ): Promise<CandidateSet[]>;
  /** puts the next one on the screen. @returns false while none is waiting */
  deal(): boolean;
  /** the screen is empty until something is written */
  wait(): void;
  /** what was said so far of the one on the screen is not said of the next */
  forget(): void;
}

export interface Dealer {
  prepare(): Promise<void>;
  /**
   * stores an opinion on what is shown, tells it, and goes on; nothing too soon after the last one, or while something
   * is being stored
   */
  decide(given: Ranking, told: (kept: string) => { text: string; action: NoticeAction }): Promise<void>;
  /** the next one, without an opinion on this */
  skip(): Promise<void>;
  /** takes the visitor's newest opinion of this kind back. @returns whether it is gone */
  takeBack(last: Ranking | undefined): Promise<boolean>;
}

/** whether anybody could say which is better */
export const canBeJudged = ({ prompt, completions }: CandidateSet): boolean =>
  new Set(completions).size === completions.length && areShort([prompt, ...completions]);

/** @returns what fills the queue; asked while it does, it is the same work */
function queueFiller(context: Context, deck: Deck): () => Promise<void> {
  const { slice, patch } = deck;
  let filling: Promise<void> | null = null;

  const draw = async (call: Context['call']) => {
    const state = context.get();
    const [{ seed, sampling }, { drawn }, key] = [state.config.value, slice(), deck.key()];
    const into = drawn % deck.batch;
    const batch = { count: deck.batch, seed: derivedSeed(seed, deck.name, Math.floor(drawn / deck.batch)), sampling };
    const items = await deck.write(call, batch);
    if (deck.key() !== key) return;
    const fresh = items.slice(into).filter(canBeJudged);
    const ofRound = fresh.map((item) => ({ ...item, ...roundStamp(state) }));
    patch({ queue: [...slice().queue, ...ofRound], drawn: drawn - into + deck.batch });
  };

  return () => {
    filling ??= longWork(context, deck.name, async ({ context: { call } }) => {
      for (let tries = 0; slice().queue.length < deck.low && tries < TRIES; tries++) await draw(call);
    }).finally(() => {
      filling = null;
    });
    return filling;
  };
}

export function dealer(context: Context, deck: Deck): Dealer {
  const { slice, patch } = deck;
  const fill = queueFiller(context, deck);
  let storing = false;

  const advance = async () => {
    if (!deck.deal()) deck.wait();
    if (slice().queue.length >= deck.low) return;
    const error = await attempt(context, fill, OPEN_PRETRAIN);
    patch({ error, loading: false });
    if (slice().shown === null && slice().queue.length > 0) deck.deal();
  };

  /** one at a time: what is pressed meanwhile is ignored */
  const whileStoring = async (work: () => Promise<void>) => {
    storing = true;
    try {
      await work();
    } finally {
      storing = false;
    }
  };

  return {
    async prepare() {
      await context.settled();
      if (slice().shown === null && !slice().loading) await advance();
    },

    async decide(given, told) {
      const { shown } = slice();
      if (!shown || storing || context.now() - shown.shownAt < GUARD_MS) return;
      if (!hasPlace(context, deck.opinions)) return;
      await whileStoring(() => context.get().opinions.add([given]));
      deck.forget();
      const { text, action } = told(outlivesWindow(context.get()) ? 'stored' : 'kept until this window closes');
      context.get().notices.toast(text, action);
      await advance();
    },

    async skip() {
      if (slice().shown === null || storing) return;
      deck.forget();
      await advance();
    },

    async takeBack(last) {
      if (!last || storing) return false;
      await whileStoring(() => context.get().opinions.remove([last.rankingId]));
      return true;
    },
  };
}
