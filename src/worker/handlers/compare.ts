import type { Vote } from '../../contract/domain';
import { LabError } from '../../contract/errors';
import type { Handlers } from '../../contract/protocol';
import { candidatePairs, simulateVotes, type Writer } from '../pairing';
import { count, parse, RaterSchema, SamplingSchema, SeedSchema, VetoedSchema, VotesSchema } from '../schemas';
import type { Session } from '../session';
import { describeTaste } from '../tasting';

type CompareHandlers = Pick<Handlers, 'compare/pairs' | 'compare/simulate' | 'taste/infer'>;

const MOST_PAIRS = 1000;
const MOST_VOTES = 10_000;

export const compareHandlers = (session: Session): CompareHandlers => {
  const { breathe } = session.surroundings;
  const writing = <T>(policyId: string, work: (writer: Writer) => Promise<T>): Promise<T> =>
    session.lend(policyId, ({ network, corpus }) => {
      if (!network.heads.language)
        throw new LabError('run/missingInput', 'A reward model writes no texts. Choose a base model or a policy.');
      return work({ policyId, network, corpus });
    });

  return {
    'compare/pairs': ({ policyId, count: wanted, seed, sampling }) =>
      writing(policyId, (writer) =>
        candidatePairs(writer, parse(count(0, MOST_PAIRS), wanted), parse(SeedSchema, seed), parse(SamplingSchema, sampling), breathe),
      ),

    'compare/simulate': ({ policyId, rater, count: wanted, noise, seed, sampling }) =>
      writing(policyId, (writer) =>
        simulateVotes(
          writer,
          {
            rater: parse(RaterSchema, rater) as typeof rater,
            count: parse(count(0, MOST_VOTES), wanted),
            noise: Math.min(1, Math.max(0, noise || 0)),
            seed: parse(SeedSchema, seed),
            sampling: parse(SamplingSchema, sampling),
          },
          breathe,
        ),
      ),

    'taste/infer': ({ votes, vetoed, policyId, seed }) =>
      writing(policyId, (writer) => {
        const opinion = { votes: parse(VotesSchema, votes) as Vote[], vetoed: parse(VetoedSchema, vetoed), seed: parse(SeedSchema, seed) };
        return describeTaste(writer, opinion, breathe);
      }),
  };
};
