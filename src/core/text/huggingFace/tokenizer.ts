/**
 * A tokenizer that another program saved: Hugging Face's library with what it leaves out put around it. The same
 * numbers as `tokenizers` 0.23 gives, or the file is refused.
 */
import { Tokenizer } from '@huggingface/tokenizers';
import { LabError } from '../../../contract/errors';
import { append } from '../../../contract/many';
import { type AddedToken, AddedTokens, addedTokensOf, type Section } from './addedTokens';
import { bySign, type Cut, checkEnds, cutOf, through } from './cutting';
import { decoderOf } from './decoding';
import {
  BYTES,
  inOrder,
  isBySign,
  isPart,
  NOTHING_ELSE,
  normalizerOf,
  type Part,
  preTokenizerOf,
  quoted,
  refuse,
} from './kinds';
import { islandsIn, knownSigns, modelOf } from './model';
import { type Around, aroundOf } from './special';

/** most tokens of a text, special ones among them */
function mostOf(truncation: unknown): { most: number; left: boolean } | null {
  if (truncation === undefined || truncation === null) return null;
  const { max_length: most, direction } = isPart(truncation) ? truncation : ({} as Part);
  return Number.isSafeInteger(most) && (most as number) > 0
    ? { most: most as number, left: direction === 'Left' }
    : refuse(`truncation is ${quoted(truncation)}`);
}

/** what is put in the place of matches is searched by the language alone */
function checkReplaced(part: unknown, name: string): void {
  for (const { type, pattern } of inOrder(part, name))
    if (type === 'Replace' && isPart(pattern) && typeof pattern.Regex === 'string') checkEnds(pattern.Regex);
}

/** bytes as the letters that stand for them, by the library's own table */
function spelled(): (piece: string) => string {
  const { pre_tokenizer: part } = new Tokenizer({ ...NOTHING_ELSE, pre_tokenizer: BYTES }, {});
  return (piece) => part!.pre_tokenize(piece).join('');
}

export class ForeignTokenizer {
  private readonly pipeline: Tokenizer;
  private readonly raw: AddedTokens;
  private readonly normalised: AddedTokens;
  private readonly contents: ReadonlyMap<number, string>;
  /** how they read: those that are looked for in the normalised text, as they are found there */
  private readonly shown: ReadonlyMap<number, string>;
  private readonly special: ReadonlySet<number>;
  /** pieces of a normalised text, and islands of long ones */
  private readonly cuts: readonly Cut[];
  private readonly islands: (piece: string) => Iterable<string>;

  private constructor(
    parts: Part,
    added: readonly AddedToken[],
    cuts: readonly Cut[],
    private readonly around: Around,
    private readonly prefix: boolean,
    private readonly truncation: ReturnType<typeof mostOf>,
    private readonly textOf: (tokens: readonly string[]) => string,
    /** whether parts of a text that begin with white space have the numbers that they have in all of it */
    readonly inParts: boolean,
  ) {
    const { unk_token } = parts.model as Part;
    this.pipeline = new Tokenizer({ ...parts, added_tokens: [] }, { unk_token, clean_up_tokenization_spaces: false });
    this.cuts = [...cuts, bySign(knownSigns(parts.model as Part))];
    this.islands = islandsIn(parts.model as Part);
    this.raw = new AddedTokens(added.filter(({ normalized }) => !normalized));
    this.normalised = new AddedTokens(
      added.filter(({ normalized }) => normalized),
      ({ content }) => this.normalise(content),
    );
    this.contents = new Map(added.map(({ id, content }) => [id, content]));
    this.shown = new Map(
      added.map(({ id, content, normalized }) => [id, normalized ? this.normalise(content) : content]),
    );
    this.special = new Set(added.filter(({ special }) => special).map(({ id }) => id));
  }

  /**
   * @param json of a `tokenizer.json`, not yet looked at
   * @throws LabError('file/checkpoint') that names what cannot be computed
   */
  static from(json: Part): ForeignTokenizer {
    if (json.version !== undefined && json.version !== '1.0')
      refuse(`its version is ${quoted(json.version)}, and the lab reads 1.0`);
    try {
      return ForeignTokenizer.made(json);
    } catch (error) {
      if (error instanceof LabError) throw error;
      return refuse((error as Error).message); // a pattern that JavaScript does not have
    }
  }

  private static made(json: Part): ForeignTokenizer {
    const model = modelOf(json.model);
    const added = addedTokensOf(json.added_tokens, new Map(Object.entries(model.vocab as Record<string, number>)));
    const { parts: cutting, prefix, inParts } = preTokenizerOf(json.pre_tokenizer);
    if (isPart(json.padding) && json.padding.strategy !== 'BatchLongest') refuse('padding to a fixed length is set');
    const normalizer = normalizerOf(json.normalizer);
    checkReplaced(json.normalizer, 'normalizers');
    checkReplaced(json.decoder, 'decoders');
    const parts = { model, normalizer, pre_tokenizer: null, post_processor: null, decoder: null };
    const [around, truncation] = [aroundOf(json.post_processor), mostOf(json.truncation)];
    const isWhole = added.some(({ content, rstrip }) => rstrip || /\s/.test(content));
    const mayPart = inParts && !isWhole && isBySign(json.normalizer);
    const cuts = cutting.map((one) => (one === 'bytes' ? bySign(spelled()) : cutOf(one)));
    return new ForeignTokenizer(parts, added, cuts, around, prefix, truncation, decoderOf(json.decoder), mayPart);
  }

  /** one more than the largest number of a token */
  get vocabSize(): number {
    let most = this.pipeline.model!.vocab.length;
    for (const id of this.contents.keys()) most = Math.max(most, id + 1);
    return most;
  }

  /** the one token that begins every text; null where there is none */
  get begin(): number | null {
    return this.around.before.length === 1 ? this.around.before[0]! : null;
  }

  /** @returns added tokens behind a vocabulary of so many, as they are written */
  beyond(vocabSize: number): string[] {
    return [...this.contents].flatMap(([id, content]) => (id >= vocabSize ? [content] : []));
  }

  isSpecial(id: number): boolean {
    return this.special.has(id);
  }

  /** @returns numbers of tokens, with the special ones that belong to every text */
  encode(text: string): number[] {
    const { before, after } = this.around;
    return [...before, ...this.shortened(this.encodeBare(text)), ...after];
  }

  /** @returns numbers of tokens, without special ones that the text does not hold itself */
  encodeBare(text: string): number[] {
    const ids: number[] = [];
    for (const step of this.encodeInSteps(text)) append(ids, step.ids);
    return ids;
  }

  /** the same, some at a time, with the share of the text that they are of, from 0 to 1 */
  *encodeInSteps(text: string): Generator<{ ids: readonly number[]; share: number }> {
    let before = 0;
    for (const section of this.raw.cut(text)) {
      if ('id' in section) {
        yield { ids: [section.id], share: before };
        continue;
      }
      const own = section.text.length / text.length;
      const whole = this.normalise(section.text);
      let read = 0;
      for (const inner of this.normalised.cut(whole)) {
        for (const ids of this.numbersOf(inner)) yield { ids, share: before + own * Math.min(1, read / whole.length) };
        read += 'text' in inner ? inner.text.length : 0;
      }
      before += own;
    }
  }

  /** a number of no token reads as nothing */
  decode(ids: readonly number[]): string {
    const tokens = ids.map((id) => this.shown.get(id) ?? this.pipeline.model!.vocab[id]);
    return this.textOf(tokens.filter((token) => token !== undefined));
  }

  private normalise(text: string): string {
    return this.pipeline.normalizer ? this.pipeline.normalizer.normalize(text) : text;
  }

  private *numbersOf(section: Section): Generator<number[]> {
    if ('id' in section) return yield [section.id];
    const model = this.pipeline.model!;
    const text = this.prefix && !section.text.startsWith(' ') ? ` ${section.text}` : section.text;
    const numberOf = (token: string): number => {
      const id = model.tokens_to_ids.get(token) ?? model.unk_token_id;
      if (id !== undefined) return id;
      throw new LabError('run/missingInput', `${quoted(token)} is no token, and there is none for unknown words`);
    };
    for (const piece of through(this.cuts, text)) {
      if (piece === null) yield [];
      else {
        let last: number | undefined;
        for (const island of this.islands(piece)) {
          const ids = this.fused(model._call([island]).map(numberOf), last);
          last = ids.at(-1) ?? last;
          yield ids;
        }
      }
    }
  }

  /** @returns the numbers of a piece, unknown signs that stand side by side as one where the file says so */
  private fused(ids: number[], last: number | undefined): number[] {
    const { unk_token_id: unknown, fuse_unk: fuses } = this.pipeline.model!;
    return fuses === true ? ids.filter((id, i) => id !== unknown || (i === 0 ? last : ids[i - 1]) !== unknown) : ids;
  }

  private shortened(ids: number[]): number[] {
    if (!this.truncation) return ids;
    const { most, left } = this.truncation;
    const room = most - this.around.before.length - this.around.after.length;
    if (room < 0 || ids.length <= room) return ids; // less than the special tokens take is no limit to the original
    return left ? ids.slice(ids.length - room) : ids.slice(0, room);
  }
}
