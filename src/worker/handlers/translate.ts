import * as v from 'valibot';
import { LIMITS } from '../../contract/limits';
import type { CallKind, Handlers } from '../../contract/protocol';
import { text } from '../../formats/opinionSchemas';
import { count } from '../../formats/schemas';
import { parse, SeedSchema } from '../schemas';
import type { Session } from '../session';

type TranslateHandlers = Pick<Handlers, Extract<CallKind, `translate/${string}`>>;

const SentenceSchema = text(LIMITS.sentence);
const StepsSchema = count(1, 1000);
const DecodingSchema = v.picklist(['greedy', 'beam']);

export const translateHandlers = ({ translating }: Session): TranslateHandlers => ({
  'translate/create': ({ runId, seed, saved }) => translating.create(runId, parse(SeedSchema, seed), saved),

  'translate/advance': ({ runId, steps }, { breathe }) =>
    translating.advance(runId, parse(StepsSchema, steps), breathe),

  'translate/save': ({ runId }) => translating.file(runId),

  'translate/read': async ({ runId, sentence, decoding, cut }) =>
    translating.read(runId, parse(SentenceSchema, sentence), parse(DecodingSchema, decoding), cut === true),
});
