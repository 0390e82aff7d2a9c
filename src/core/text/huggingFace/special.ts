/** Tokens that a post-processor puts around every text. */
import { append } from '../../../contract/many';
import { isPart, type Part, quoted, refuse } from './kinds';

/** Numbers of the tokens in front of a text and behind it. */
export interface Around {
  before: number[];
  after: number[];
}

function idsOf(table: unknown, name: unknown): number[] {
  const entry = isPart(table) && typeof name === 'string' ? table[name] : undefined;
  const ids = isPart(entry) ? entry.ids : undefined;
  return Array.isArray(ids) && ids.every(Number.isSafeInteger)
    ? (ids as number[])
    : refuse(`the post-processor has no ids for ${quoted(name)}`);
}

function template({ single, special_tokens: table }: Part): Around {
  if (!Array.isArray(single)) return refuse('the post-processor has no template for one text');
  const around: Around = { before: [], after: [] };
  let texts = 0;
  for (const item of single) {
    if (!isPart(item)) refuse(`${quoted(item)} is no part of a template`);
    else if (isPart(item.Sequence)) texts++;
    else if (isPart(item.SpecialToken))
      append(around[texts === 0 ? 'before' : 'after'], idsOf(table, item.SpecialToken.id));
    else refuse(`${quoted(item)} is no part of a template`);
  }
  return texts === 1 ? around : refuse('the post-processor’s template holds the text more than once, or not at all');
}

const tokenNumber = (value: unknown): number =>
  Array.isArray(value) && Number.isSafeInteger(value[1])
    ? (value[1] as number)
    : refuse(`${quoted(value)} is no token`);

const ofBert = ({ cls, sep }: Part): Around => ({ before: [tokenNumber(cls)], after: [tokenNumber(sep)] });

const KINDS: Readonly<Record<string, (part: Part) => Around>> = {
  TemplateProcessing: template,
  BertProcessing: ofBert,
  RobertaProcessing: ofBert,
  ByteLevel: () => ({ before: [], after: [] }), // trims offsets alone
  Sequence: ({ processors }) => {
    if (!Array.isArray(processors)) return refuse('a Sequence without its parts');
    const all = processors.map(aroundOf);
    return { before: all.flatMap(({ before }) => before), after: all.flatMap(({ after }) => after) };
  },
};

export function aroundOf(part: unknown): Around {
  if (part === undefined || part === null) return { before: [], after: [] };
  if (!isPart(part)) return refuse(`${quoted(part)} is no part of a tokenizer`);
  const read = typeof part.type === 'string' && Object.hasOwn(KINDS, part.type) ? KINDS[part.type] : undefined;
  return read ? read(part) : refuse(`the post-processor ${quoted(part.type)} is not among those that the lab computes`);
}
