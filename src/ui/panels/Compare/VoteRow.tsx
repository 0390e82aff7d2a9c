import { LIMITS, shortened } from '../../../contract/limits';
import { choiceOf, roundOf, type Vote, type VoteChoice } from '../../../contract/preferences';
import { useLab } from '../../../store/lab';
import { checkpointById } from '../../../store/models/inUse';
import { isDecided } from '../../../store/opinions/counts';
import { roundNumber } from '../../../store/rounds/rounds';
import type { LabState } from '../../../store/state';
import { StoryText } from '../../primitives/StoryText';
import { sourceWords, strengthWords } from './opinionWords';
import styles from './VoteHistory.module.css';

const SIGNS: Record<VoteChoice, { sign: string; word: string }> = {
  a: { sign: '←', word: 'A is better' },
  b: { sign: '→', word: 'B is better' },
  tie: { sign: '=', word: 'Tie' },
  bothBad: { sign: '✗', word: 'Both bad' },
};

const MARKS = { chosen: '✓ ', rejected: '✗ ' } as const;

/** One of the two texts; `verdict` is null where neither was chosen. */
function Side({ text, verdict, verbatim }: { text: string; verdict: keyof typeof MARKS | null; verbatim: boolean }) {
  return (
    <StoryText
      size="small"
      tone={verdict ?? 'ink-2'}
      mark={verdict ? MARKS[verdict] : ''}
      text={shortened(text, LIMITS.listedText)}
      verbatim={verbatim}
    />
  );
}

/**
 * One vote after the fact: chosen over rejected, who decided, how fast, and, now that it cannot sway anyone, which
 * model wrote both.
 */
export function VoteRow({ vote, verbatim }: { vote: Vote; verbatim: boolean }) {
  const writer = useLab((state) => writersOf(state, vote));
  const rounds = useLab((state) => roundNumber(state) > 1) || roundOf(vote) > 1;
  const choice = choiceOf(vote);
  const { sign, word } = SIGNS[choice];
  const [left, right] = vote.completions;
  const [upper, lower] = choice === 'b' ? [right, left] : [left, right];
  const decided = isDecided(vote);
  const strength = vote.strengths?.[0] ?? 0;
  return (
    <li className={styles.vote}>
      <span className={styles.sign} title={word}>
        <span aria-hidden="true">{sign}</span>
        <span className="visually-hidden">{word}: </span>
      </span>
      <span className={styles.texts}>
        <StoryText size="small" tone="ink-3" text={shortened(vote.prompt, LIMITS.listedText)} verbatim={verbatim} />
        <Side text={upper} verdict={decided ? 'chosen' : null} verbatim={verbatim} />
        <Side text={lower} verdict={decided ? 'rejected' : null} verbatim={verbatim} />
      </span>
      <span className={styles.facts}>
        <span>{sourceWords(vote)}</span>
        {strength > 0 && <span>{strengthWords(strength)}</span>}
        {vote.repeatOf !== null && <span>hidden repeat</span>}
        {rounds && <span>round {roundOf(vote)}</span>}
        {writer && <span>{writer}</span>}
      </span>
    </li>
  );
}

/** Which model wrote both, or whose text won over whose. */
function writersOf(state: LabState, vote: Vote): string | null {
  const { policyId, againstId, swapped } = vote;
  const nameOf = (id: string) => checkpointById(state, id)?.name ?? null;
  if (againstId === undefined) return nameOf(policyId);
  const [newer, older] = [policyId, againstId].map((id) => nameOf(id) ?? 'a model that is gone');
  if (!isDecided(vote)) return `${newer} against ${older}`;
  return (choiceOf(vote) === 'a') !== swapped ? `${newer} over ${older}` : `${older} over ${newer}`;
}
