/** The corpora of this thread: one is current, and every checkpoint finds its own again. */
import type { StoryConfig, TextConfig } from '../contract/config';
import { LabError } from '../contract/errors';
import { type Corpus, promptIdsOf, type Tokenizer, type TokenizerData } from '../core/text/corpus';
import { starterCorpus } from '../core/text/starterCorpus';
import { finishTelling, type OnProgress } from '../core/text/steps';
import {
  createStoryCorpus,
  STORY_COMPLETION_TOKENS,
  STORY_PROMPT_TOKENS,
  storyCorpusInSteps,
} from '../core/text/storyCorpus';
import { restoreForeign, restoreTokenizer } from '../core/text/textTokenizers';
import { sameTokens } from './sameTokens';

/** What a corpus is made from. Own text stays in the page's storage; its tokens tell whether the right one is open. */
export type CorpusOrigin =
  | { kind: 'stories'; config: StoryConfig; seed: number }
  | { kind: 'text'; config: TextConfig; seed: number };

/** What a checkpoint or a run remembers about the texts it was made with. */
export interface CorpusMemory {
  origin: CorpusOrigin;
  tokenizer: TokenizerData;
}

/** made again in less than a second, so few are kept */
const KEPT_STORIES = 3;

const keyOf = (config: StoryConfig, seed: number): string => JSON.stringify([config, seed]);

export class Corpora {
  private readonly stories = new Map<string, Corpus>();
  /** those of them that are not written yet */
  private readonly onDemand = new Set<string>();
  private text: { corpus: Corpus; memory: CorpusMemory } | null = null;
  /** of the model of another program that was asked for last */
  private starter: { corpus: Corpus; tokenizer: TokenizerData; window: number } | null = null;
  private active: { corpus: Corpus; origin: CorpusOrigin } | null = null;

  /** @throws LabError('run/missingInput') before there is any */
  get current(): Corpus {
    return this.need().corpus;
  }

  get memory(): CorpusMemory {
    const { corpus, origin } = this.need();
    return { origin, tokenizer: corpus.tokenizer.save() };
  }

  /** tokens of the longest row a model is trained on; stories before there is any corpus */
  get rowLength(): number {
    if (this.active?.corpus.kind === 'text') return Number.POSITIVE_INFINITY;
    return STORY_PROMPT_TOKENS + STORY_COMPLETION_TOKENS;
  }

  /** whether these stories were written already */
  knows(config: StoryConfig, seed: number): boolean {
    return this.stories.has(keyOf(config, seed));
  }

  takeStories(config: StoryConfig, seed: number, create = createStoryCorpus): Corpus {
    const corpus = this.story(config, seed, create);
    this.active = { corpus, origin: { kind: 'stories', config, seed } };
    return corpus;
  }

  /** @param corpus made from the visitor's own text; replaces an earlier one */
  takeText(corpus: Corpus, config: TextConfig, seed: number): Corpus {
    const origin = { kind: 'text', config, seed } as const;
    this.text = { corpus, memory: { origin, tokenizer: corpus.tokenizer.save() } };
    this.active = { corpus, origin };
    return corpus;
  }

  /** the corpus of a checkpoint becomes current */
  take(memory: CorpusMemory): Corpus {
    const corpus = this.whole(memory);
    this.active = { corpus, origin: memory.origin };
    return corpus;
  }

  /**
   * The corpus with its texts, for training and for prompts.
   * @throws LabError('run/missingInput') when it was the visitor's own text and another one, or none, is open
   */
  whole(memory: CorpusMemory): Corpus {
    const { origin, tokenizer } = memory;
    if (origin.kind === 'text') {
      if (this.text && sameTokens(this.text.memory.tokenizer, tokenizer)) return this.text.corpus;
      if (tokenizer.kind === 'foreign') return this.starterOf(tokenizer, origin.config.textWindow);
      throw new LabError(
        'run/missingInput',
        'This model was trained on a text that is not open here. Open that text on the Data page.',
      );
    }
    const corpus = this.story(origin.config, origin.seed, (config, seed) => {
      if (config.stories <= WRITTEN_AT_ONCE) return createStoryCorpus(config, seed);
      this.onDemand.add(keyOf(config, seed));
      return storiesOnDemand(config, seed);
    });
    if (sameTokens(corpus.tokenizer.save(), tokenizer)) return corpus;
    throw new LabError(
      'run/missingInput',
      'This model knows other words than the stories of this lab, so it cannot be trained on here.',
    );
  }

  /** enough to encode, decode and write; the texts themselves may be missing */
  readable(memory: CorpusMemory): Corpus {
    try {
      return this.whole(memory);
    } catch (error) {
      if (!(error instanceof LabError)) throw error;
      return withoutTexts(restoreTokenizer(memory.tokenizer), memory);
    }
  }

  /**
   * the stories of a checkpoint in steps, before someone trains on them: on demand they would hold up the thread for
   * seconds
   */
  async writeStories({ origin }: CorpusMemory, onProgress: OnProgress): Promise<void> {
    if (origin.kind !== 'stories') return;
    const key = keyOf(origin.config, origin.seed);
    if (this.stories.has(key) && !this.onDemand.has(key)) return;
    const corpus = await finishTelling(storyCorpusInSteps(origin.config, origin.seed), onProgress);
    this.onDemand.delete(key);
    this.stories.delete(key);
    this.story(origin.config, origin.seed, () => corpus);
  }

  private starterOf(tokenizer: TokenizerData, window: number): Corpus {
    if (!this.starter || this.starter.window !== window || !sameTokens(this.starter.tokenizer, tokenizer))
      this.starter = { corpus: starterCorpus(restoreForeign(tokenizer), window), tokenizer, window };
    return this.starter.corpus;
  }

  private need(): { corpus: Corpus; origin: CorpusOrigin } {
    if (!this.active)
      throw new LabError('run/missingInput', 'There is no text yet. Generate stories or open a text on the Data page.');
    return this.active;
  }

  private story(config: StoryConfig, seed: number, create = createStoryCorpus): Corpus {
    const key = keyOf(config, seed);
    const corpus = this.stories.get(key) ?? create(config, seed);
    this.stories.delete(key);
    this.stories.set(key, corpus); // youngest last
    const [oldest] = this.stories.keys();
    if (this.stories.size > KEPT_STORIES && oldest !== undefined) {
      this.stories.delete(oldest);
      this.onDemand.delete(oldest);
    }
    return corpus;
  }
}

/**
 * Stories of a checkpoint that take less than a tenth of a second: they are written, so that their tokens are counted as
 * they were before. Those of a model that ships with the page are more, and the first pair would wait for them.
 */
const WRITTEN_AT_ONCE = 4000;

/** one story in ten, as core/text splits them */
const HELD_OUT_SHARE = 0.1;

/**
 * The corpus of a checkpoint, whose many stories take up to seconds to write: prompts and samples come from the
 * grammar at once, the stories when someone trains on them. Until then their tokens are counted by expectation, within
 * a percent of the truth.
 */
function storiesOnDemand(config: StoryConfig, seed: number): Corpus {
  const few = createStoryCorpus({ ...config, stories: 1 }, seed);
  let written: Corpus | null = null;
  const all = (): Corpus => {
    written ??= createStoryCorpus(config, seed);
    return written;
  };
  const { entropy } = few.summary;
  const tokens = entropy ? (config.stories * entropy.natsPerStory) / entropy.natsPerToken : 0;
  const heldOutTokens = Math.round(tokens * HELD_OUT_SHARE);
  return {
    ...few,
    summary: {
      ...few.summary,
      config,
      size: config.stories,
      trainTokens: Math.round(tokens) - heldOutTokens,
      heldOutTokens,
      tokensExpected: true,
    },
    trainRows: (...draw) => all().trainRows(...draw),
    heldOutRows: (...draw) => all().heldOutRows(...draw),
  };
}

/** A corpus of which only the tokenizer is left: its models can be looked at and can write, but not be trained. */
function withoutTexts(tokenizer: Tokenizer, { origin }: CorpusMemory): Corpus {
  const missing = (): never => {
    throw new LabError('run/missingInput', 'The text of this model is not open here. Open it on the Data page.');
  };
  return {
    kind: origin.kind,
    tokenizer,
    summary: {
      kind: origin.kind,
      config: origin.config,
      vocabSize: tokenizer.vocabSize,
      trainTokens: 0,
      heldOutTokens: 0,
      entropy: null,
      size: 0,
      samples: [],
      animals: [],
    },
    promptLength: 16,
    completionLength: 32,
    trainRows: missing,
    heldOutRows: missing,
    unseenRows: missing,
    prompts: missing,
    encodePrompt: (prompt) => promptIdsOf(tokenizer, prompt),
    samples: missing,
    shown: missing,
    attributes: () => null,
    gold: () => null,
  };
}
