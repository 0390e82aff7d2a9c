import type { Vote } from '../../../contract/domain';
import { useLab } from '../../../store/lab';
import { checkpointById, raterLabel } from '../../../store/selectors';
import { StoryText } from '../../primitives/StoryText';
import styles from './VoteHistory.module.css';

const SIGNS: Record<Vote['choice'], { sign: string; word: string }> = {
  a: { sign: '←', word: 'A is better' },
  b: { sign: '→', word: 'B is better' },
  tie: { sign: '=', word: 'Tie' },
  bothBad: { sign: '✗', word: 'Both bad' },
};

/** More than any model here writes; votes from files may be longer, and a list is for looking over. */
const MOST_SHOWN = 240;
const cut = (text: string): string => (text.length > MOST_SHOWN ? `${text.slice(0, MOST_SHOWN).trimEnd()}…` : text);

/** One vote after the fact: chosen over rejected, who decided, how fast, and, now that it cannot sway anyone, which model wrote both. */
export function VoteRow({ vote, verbatim }: { vote: Vote; verbatim: boolean }) {
  const writer = useLab((state) => checkpointById(state, vote.policyId)?.name ?? null);
  const { sign, word } = SIGNS[vote.choice];
  const [upper, lower] = vote.choice === 'b' ? [vote.b, vote.a] : [vote.a, vote.b];
  const decided = vote.choice === 'a' || vote.choice === 'b';
  return (
    <li className={styles.vote}>
      <span className={styles.sign} title={word}>
        <span aria-hidden="true">{sign}</span>
        <span className="visually-hidden">{word}: </span>
      </span>
      <span className={styles.texts}>
        <StoryText size="small" tone="ink-3" text={cut(vote.prompt)} verbatim={verbatim} />
        <StoryText size="small" tone={decided ? 'chosen' : 'ink-2'} mark={decided ? '✓ ' : ''} text={cut(upper)} verbatim={verbatim} />
        <StoryText size="small" tone={decided ? 'rejected' : 'ink-2'} mark={decided ? '✗ ' : ''} text={cut(lower)} verbatim={verbatim} />
      </span>
      <span className={styles.facts}>
        {source(vote)}
        {vote.repeatOf !== null && <span>hidden repeat</span>}
        {writer && <span>{writer}</span>}
      </span>
    </li>
  );
}

function source(vote: Vote) {
  if (vote.source === 'human') return <span>{`yours · ${vote.seconds.toFixed(1)} s`}</span>;
  return <span>{vote.rater ? `${vote.source} · ${raterLabel(vote.rater)}` : vote.source}</span>;
}
