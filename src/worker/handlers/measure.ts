import { LabError } from '../../contract/errors';
import type { CallKind, Handlers } from '../../contract/protocol';
import { axisDraw, type MeasureInputs, measurePolicy } from '../../core/train/measure';
import { readRater } from '../raters';
import { sameTokens } from '../sameTokens';
import { MeasureSchema, parse } from '../schemas';
import type { Model, Session } from '../session';
import { fitted } from '../writing';

type MeasureHandlers = Pick<Handlers, Extract<CallKind, `measure/${string}`>>;

/** texts that are shown beside the numbers */
const SHOWN = 12;

function needSameTokens(models: readonly Model[]): void {
  const [first, ...others] = models.map(({ corpus }) => corpus.tokenizer.save());
  if (others.some((other) => !sameTokens(first!, other)))
    throw new LabError(
      'run/missingInput',
      'These models read different tokens, so they cannot be held against each other.',
    );
}

function needWriter({ network }: Model): void {
  if (!network.heads.language)
    throw new LabError(
      'run/missingInput',
      'A reward model writes no texts. Choose a base model or a policy to measure.',
    );
}

export const measureHandlers = (session: Session): MeasureHandlers => {
  type Judge = MeasureInputs['rewardModel'];
  /** lends the judge, or nobody */
  const judging = <T>(rewardId: string | null, work: (judge: Judge, models: Model[]) => Promise<T>): Promise<T> =>
    rewardId === null
      ? work(null, [])
      : session.lend(rewardId, (model, info) => {
          if (!info?.pooling) throw new LabError('run/missingInput', 'The model that should judge is no reward model.');
          return work({ network: model.network, pooling: info.pooling }, [model]);
        });

  return {
    'measure/policy': async (params, { breathe }) => {
      const { policyId, referenceId, rewardId, rater, temperature, seed, texts: count } = parse(MeasureSchema, params);
      return session.lend(policyId, (own) =>
        session.lend(referenceId, (theirs) =>
          judging(rewardId, async (rewardModel, judges) => {
            needSameTokens([own, theirs, ...judges]);
            needWriter(own);
            needWriter(theirs);
            const [policy, reference] = [own.network, theirs.network];
            const corpus = fitted(own.corpus, policy.config);
            const judged = { rewardModel, rater: rater && readRater(rater) };
            const { measurement, texts } = await measurePolicy({
              policy,
              reference,
              ...judged,
              corpus,
              temperature,
              breathe,
              ...axisDraw(corpus, seed, count),
            });
            return {
              measurement,
              samples: texts.slice(0, SHOWN).map(({ prompt, completion }) => ({ prompt, completion })),
            };
          }),
        ),
      );
    },
  };
};
