import { LabError } from '../../contract/errors';
import type { Handlers } from '../../contract/protocol';
import type { CausalNetwork } from '../../core/model/causalNetwork';
import { Random } from '../../core/tensor/random';
import { attentionMaps, nextTokens } from '../looking';
import { parse, SamplingSchema, SeedSchema } from '../schemas';
import { scoreText } from '../scoring';
import type { Session } from '../session';
import { write } from '../writing';

type InspectHandlers = Pick<Handlers, 'inspect/attention' | 'inspect/next' | 'inspect/complete' | 'reward/score'>;

function needWriter(network: CausalNetwork): void {
  if (!network.heads.language)
    throw new LabError(
      'run/missingInput',
      'A reward model judges texts and writes none. Choose a base model or a policy.',
    );
}

function needJudge(network: CausalNetwork): void {
  if (!network.heads.scalar)
    throw new LabError('run/missingInput', 'This model writes texts and scores none. Train a reward model first.');
}

export const inspectHandlers = (session: Session): InspectHandlers => ({
  'inspect/attention': ({ checkpointId, text }, { breathe }) =>
    session.lend(checkpointId, async ({ network, corpus }) => {
      await breathe();
      return attentionMaps(network, corpus, text);
    }),

  'inspect/next': ({ checkpointId, text, sampling }, { breathe }) =>
    session.lend(checkpointId, async ({ network, corpus }) => {
      needWriter(network);
      await breathe();
      return nextTokens(network, corpus, text, parse(SamplingSchema, sampling));
    }),

  'inspect/complete': async ({ checkpointIds, prompts, sampling, seed }, { breathe }) => {
    const all: string[][] = [];
    for (const id of checkpointIds) {
      const texts = await session.lend(id, async ({ network, corpus }, info) => {
        needWriter(network);
        // the same stream for every model, so that what differs is the model
        const random = Random.fromSeed(parse(SeedSchema, seed)).fork('complete');
        // one that learns meanwhile writes in one piece, or its texts would be of several models
        const stays = info !== null;
        return write(network, corpus, prompts, parse(SamplingSchema, sampling), random, stays ? breathe : undefined);
      });
      all.push(texts.map(({ completion }) => completion));
    }
    return all;
  },

  'reward/score': ({ checkpointId, text }, course) =>
    session.lend(checkpointId, async ({ network, corpus }, info) => {
      needJudge(network);
      return scoreText(network, corpus, info?.pooling ?? 'last', text, course);
    }),
});
