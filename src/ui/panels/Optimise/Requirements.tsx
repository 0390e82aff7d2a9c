import type { ReactNode } from 'react';
import { useShallow } from 'zustand/react/shallow';
import { asksModel, asksRule, type RewardChoice, ruleName } from '../../../contract/settings/whichReward';
import { useLab } from '../../../store/lab';
import { checkpointById, rolesOf } from '../../../store/models/inUse';
import { hasGold } from '../../../store/opinions/raterInUse';
import { areFew, casesAmong } from '../../../store/runs/cases';
import { Button } from '../../primitives/Button';
import { EmptyState } from '../../primitives/EmptyState';
import { formatCounted, formatShare } from '../../primitives/format';
import { glued } from '../../primitives/glued';
import { ComesBack, useComesBack } from '../ComesBack';
import { useInLesson } from '../LessonView';
import styles from './Requirements.module.css';

/** What PPO is made from. */
export function useRequirements() {
  return useLab(
    useShallow((lab) => ({
      base: checkpointById(lab, rolesOf(lab).policy),
      reference: checkpointById(lab, rolesOf(lab).reference),
      reward: checkpointById(lab, lab.shelf.slots.rewardId),
    })),
  );
}

/** What a run of this method is paid by, or the next one where there is none. */
export function usePayment(kind: 'ppo' | 'bestOf'): RewardChoice {
  return useLab((lab) => {
    const { spec } = lab.runs[kind];
    return spec?.kind === 'ppo' || spec?.kind === 'bestOf' ? spec.config : lab.config.value[kind];
  });
}

/**
 * How often the judge of a run, or the one that would judge the next, was right about pairs it never saw; null when
 * that was not measured, or on too few of them to hold it against the judge, or where a rule alone pays.
 */
export function useRewardAccuracy(kind: 'ppo' | 'bestOf'): number | null {
  const isAsked = asksModel(usePayment(kind));
  return useLab((lab) => {
    if (!isAsked) return null;
    const { spec } = lab.runs[kind];
    const rewardId = spec && 'rewardId' in spec ? spec.rewardId : lab.shelf.slots.rewardId;
    const metrics = checkpointById(lab, rewardId)?.metrics ?? {};
    return areFew(casesAmong(metrics, 'reward/accuracy')) ? null : (metrics['reward/accuracy'] ?? null);
  });
}

const onUnseen = (accuracy: number, count: number | null): string =>
  count === null ? `${formatShare(accuracy)} of unseen pairs` : formatCounted(accuracy, count, 'unseen pairs');

const SOURCES = { pretrain: 'Pretrain', reward: 'Reward model' } as const;

interface RequirementProps {
  what: string;
  /** where to get it */
  from?: keyof typeof SOURCES;
  /** what is there; null where it is missing */
  children: ReactNode;
}

function Requirement({ what, from = 'pretrain', children }: RequirementProps) {
  const go = useLab((lab) => lab.view.go);
  const inLesson = useInLesson();
  const way = (
    <Button kind="link" onClick={() => go(from)}>
      {SOURCES[from]}
    </Button>
  );
  return (
    <li>
      <span aria-hidden="true">{children ? '✓' : '○'}</span> {what}: {children ?? (inLesson ? 'not yet' : way)}
    </li>
  );
}

const LEADS = {
  ppo: 'Reward goes up, distance to the right: each iteration of PPO adds a point.',
  bestOf: 'Of N texts the best one is taken: reward goes up with N, and no weight changes.',
} as const;

/** Before the first iteration: what a run of this method starts from, or where to get it. */
export function Requirements({ kind }: { kind: 'ppo' | 'bestOf' }) {
  const { base, reference, reward } = useRequirements();
  const choice = useLab((lab) => lab.config.value[kind]);
  const needsModel = asksModel(choice);
  const climbs = needsModel ? 'the reward model climbs' : 'the reward climbs';
  const fooled = kind === 'ppo' ? 'the policy has begun to cheat' : 'the judge is being fooled';
  const gold = useLab(hasGold);
  const metrics = reward?.metrics ?? {};
  const accuracy = metrics['reward/accuracy'];
  if (useComesBack()) return <ComesBack />;
  return (
    <EmptyState
      title={
        base && (reward || !needsModel)
          ? 'Ready to optimise'
          : needsModel
            ? 'Two models come first'
            : 'A model that writes comes first'
      }
    >
      <p className={styles.text}>
        {LEADS[kind]}{' '}
        {gold
          ? `Where gold turns down while ${climbs}, ${fooled}, if the gold rater votes as you do.`
          : `Read the texts too: where they get worse while ${climbs}, ${fooled}.`}
      </p>
      <ul className={styles.list}>
        <Requirement what="A model that writes">
          {base && (
            <>
              <b>{base.name}</b>
              {reference && reference !== base && `, kept near ${reference.name}`}
            </>
          )}
        </Requirement>
        {asksRule(choice) && (
          <Requirement what="A rule that pays">
            <b>{ruleName(choice)}</b>
          </Requirement>
        )}
        {needsModel && (
          <Requirement what="A model that judges" from="reward">
            {reward && (
              <b>
                {reward.name}
                {accuracy !== undefined &&
                  glued(`, right about ${onUnseen(accuracy, casesAmong(metrics, 'reward/accuracy'))}`)}
              </b>
            )}
          </Requirement>
        )}
      </ul>
    </EmptyState>
  );
}
