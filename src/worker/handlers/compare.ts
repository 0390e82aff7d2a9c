import { LabError } from '../../contract/errors';
import type { Handlers } from '../../contract/protocol';
import { count } from '../../formats/schemas';
import { candidatePairs, type SimulateOptions, simulateVotes, type Writer } from '../pairing';
import { candidateSets, simulateRankings } from '../ranking';
import { readRater } from '../raters';
import { sameTokens } from '../sameTokens';
import { parse, RankingSizeSchema, SamplingSchema, SeedSchema } from '../schemas';
import type { Session } from '../session';

type CompareHandlers = Pick<Handlers, 'compare/pairs' | 'compare/simulate' | 'compare/candidates' | 'compare/rank'>;

const MOST_PAIRS = 1000;
const MOST_VOTES = 10_000;
const MOST_RANKINGS = 2000;

/** what was asked of a simulated rater, checked */
const simulation = (
  { rater, count: wanted, noise, seed, sampling }: SimulateOptions,
  most: number,
): SimulateOptions => ({
  rater: readRater(rater),
  count: parse(count(0, most), wanted),
  noise: Math.min(1, Math.max(0, noise || 0)),
  seed: parse(SeedSchema, seed),
  sampling: parse(SamplingSchema, sampling),
});

/** lends a model that writes */
export const writingIn =
  (session: Session) =>
  <T>(policyId: string, work: (writer: Writer) => Promise<T>): Promise<T> =>
    session.lend(policyId, ({ network, corpus }) => {
      if (!network.heads.language)
        throw new LabError('run/missingInput', 'A reward model writes no texts. Choose a base model or a policy.');
      return work({ policyId, network, corpus });
    });

/** two models write against one another, or one alone */
const versusIn =
  (session: Session) =>
  <T>(policyId: string, againstId: string | undefined, work: (writer: Writer) => Promise<T>): Promise<T> => {
    const writing = writingIn(session);
    return writing(policyId, (writer) => {
      if (againstId === undefined) return work(writer);
      return writing(againstId, ({ network, corpus }) => {
        if (!sameTokens(corpus.tokenizer.save(), writer.corpus.tokenizer.save()))
          throw new LabError(
            'run/missingInput',
            'These two models write in different tokens, so their texts make no pair.',
          );
        return work({ ...writer, against: { policyId: againstId, network } });
      });
    });
  };

export const compareHandlers = (session: Session): CompareHandlers => {
  const writing = writingIn(session);
  const versus = versusIn(session);

  return {
    'compare/pairs': ({ policyId, againstId, count: wanted, seed, sampling }, { breathe, tell }) =>
      versus(policyId, againstId, (writer) =>
        candidatePairs(
          writer,
          parse(count(0, MOST_PAIRS), wanted),
          parse(SeedSchema, seed),
          parse(SamplingSchema, sampling),
          breathe,
          tell,
        ),
      ),

    'compare/simulate': ({ policyId, againstId, ...asked }, course) =>
      versus(policyId, againstId, (writer) =>
        simulateVotes(writer, simulation(asked, MOST_VOTES), course.breathe, course.tell),
      ),

    'compare/candidates': ({ policyId, count: wanted, size, seed, sampling }, { breathe, tell }) =>
      writing(policyId, (writer) =>
        candidateSets(
          writer,
          parse(count(0, MOST_PAIRS), wanted),
          parse(RankingSizeSchema, size),
          parse(SeedSchema, seed),
          parse(SamplingSchema, sampling),
          breathe,
          tell,
        ),
      ),

    'compare/rank': ({ policyId, size, ...asked }, course) =>
      writing(policyId, (writer) =>
        simulateRankings(
          writer,
          parse(RankingSizeSchema, size),
          simulation(asked, MOST_RANKINGS),
          course.breathe,
          course.tell,
        ),
      ),
  };
};
