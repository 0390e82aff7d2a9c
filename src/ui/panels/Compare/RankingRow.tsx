import { LIMITS, shortened } from '../../../contract/limits';
import { type Ranking, roundOf } from '../../../contract/preferences';
import { useLab } from '../../../store/lab';
import { checkpointById } from '../../../store/models/inUse';
import { arrangementOf } from '../../../store/opinions/arrangement';
import { comparisonWords, pairsIn } from '../../../store/opinions/counts';
import { roundNumber } from '../../../store/rounds/rounds';
import { StoryText } from '../../primitives/StoryText';
import { sourceWords, strengthWords } from './opinionWords';
import styles from './VoteHistory.module.css';

/**
 * One ranking after the fact: the places from the best down, who decided, what it gave, and which model wrote the
 * texts.
 */
export function RankingRow({ ranking, verbatim }: { ranking: Ranking; verbatim: boolean }) {
  const writer = useLab((state) => checkpointById(state, ranking.policyId)?.name ?? null);
  const rounds = useLab((state) => roundNumber(state) > 1) || roundOf(ranking) > 1;
  const { tiers, strengths } = arrangementOf(ranking.ranks, ranking.strengths);
  const said = strengths.flatMap((strength, gap) =>
    strength > 0 ? [`${gap + 1} over ${gap + 2}: ${strengthWords(strength)}`] : [],
  );
  return (
    <li className={styles.vote}>
      <span className={styles.sign} title="Ranking">
        <span aria-hidden="true">≡</span>
        <span className="visually-hidden">Ranking: </span>
      </span>
      <span className={styles.texts}>
        <StoryText size="small" tone="ink-3" text={shortened(ranking.prompt, LIMITS.listedText)} verbatim={verbatim} />
        {tiers.map((members, tier) =>
          members.map((item) => (
            <StoryText
              key={item}
              size="small"
              tone={tier === 0 ? 'chosen' : tier === tiers.length - 1 ? 'rejected' : 'ink-2'}
              mark={`${tier + 1}${members.length > 1 ? '=' : ''} `}
              text={shortened(ranking.completions[item] ?? '', LIMITS.listedText)}
              verbatim={verbatim}
            />
          )),
        )}
      </span>
      <span className={styles.facts}>
        <span>{sourceWords(ranking)}</span>
        <span>{comparisonWords(pairsIn(ranking))}</span>
        {said.map((words) => (
          <span key={words}>{words}</span>
        ))}
        {rounds && <span>round {roundOf(ranking)}</span>}
        {writer && <span>{writer}</span>}
      </span>
    </li>
  );
}
