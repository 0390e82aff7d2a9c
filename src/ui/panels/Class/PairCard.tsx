import { useEffect, useState } from 'react';
import type { Camps } from '../../../contract/agreement';
import type { ClassPair } from '../../../contract/classroom';
import { countOf } from '../../../contract/numbers';
import { type LengthUnit, lengthIn, lengthUnit } from '../../../contract/wordCount';
import { favourite, type Split } from '../../../store/classroom/splits';
import type { CountedVotes } from '../../../store/classroom/taken';
import { useLab } from '../../../store/lab';
import { Button } from '../../primitives/Button';
import { Card } from '../../primitives/Card';
import { StoryText } from '../../primitives/StoryText';
import styles from './PairCard.module.css';

interface PairCardProps {
  pairs: readonly ClassPair[];
  splits: readonly Split[];
  counted: readonly CountedVotes[];
  camps: Camps | null;
  /** places of the pairs that divide the class most */
  divided: readonly number[];
  chosen: number;
  choose: (pair: number) => void;
}

const SIDES = ['first', 'second'] as const;
type Side = (typeof SIDES)[number];

/** "Left: 9 words longer. One found both bad." */
function facts({ completions }: ClassPair, { tie, bothBad }: Split, unit: LengthUnit): string {
  const [left, right] = completions.map((text) => lengthIn(unit, text)) as [number, number];
  const longer = Math.abs(left - right);
  return [
    longer > 0 ? `${left > right ? 'Left' : 'Right'}: ${countOf(longer, unit)} longer.` : 'Both are as long.',
    tie > 0 ? `${tie} called it a tie.` : '',
    bothBad > 0 ? `${bothBad} found both bad.` : '',
  ]
    .filter(Boolean)
    .join(' ');
}

function campWords({ of }: Camps, counted: readonly CountedVotes[], pair: number, side: Side): string {
  const chose = ([0, 1] as const).map(
    (camp) => counted.filter(({ choices }, i) => of[i] === camp && choices[pair] === side).length,
  );
  return `camp 1: ${chose[0]}, camp 2: ${chose[1]}`;
}

function SideText({ text, side, shown, props }: { text: string; side: Side; shown: boolean; props: PairCardProps }) {
  const { splits, chosen, camps, counted } = props;
  const split = splits[chosen]!;
  const role = favourite(split) === side ? styles.more : styles.fewer;
  return (
    <div className={shown ? role : ''}>
      <StoryText text={text} className={styles.text} />
      {shown && (
        <p className={styles.count}>
          <b>{split[side]}</b> chose this
          {camps && <span>{campWords(camps, counted, chosen, side)}</span>}
        </p>
      )}
    </div>
  );
}

/** One pair, seen without its votes first, so that the class can be asked. */
export function PairCard(props: PairCardProps) {
  const { pairs, splits, divided, chosen, choose } = props;
  const [shown, show] = useState(false);
  // biome-ignore lint/correctness/useExhaustiveDependencies: another pair is seen blind again
  useEffect(() => show(false), [chosen]);
  const { prompt, completions } = pairs[chosen]!;
  const unit = useLab(({ corpus }) => lengthUnit(corpus.summary));
  return (
    <Card className={styles.card} title={divided.length > 0 ? 'Pairs that divide you' : `Pair ${chosen + 1}`}>
      {divided.length > 0 && (
        // biome-ignore lint/a11y/useSemanticElements: no form
        <div className={styles.divided} role="group" aria-label="Pairs that divide you">
          {divided.map((pair) => (
            <Button key={pair} aria-pressed={pair === chosen} onClick={() => choose(pair)}>
              {pair + 1}
            </Button>
          ))}
          {!divided.includes(chosen) && <span className={styles.note}>Pair {chosen + 1}, of the list</span>}
        </div>
      )}
      <StoryText text={prompt} className={styles.prompt} />
      <div className={styles.sides}>
        {SIDES.map((side, i) => (
          <SideText key={side} text={completions[i]!} side={side} shown={shown} props={props} />
        ))}
      </div>
      <p className={styles.note} role="status">
        {shown && facts(pairs[chosen]!, splits[chosen]!, unit)}
      </p>
      <Button aria-expanded={shown} onClick={() => show(!shown)}>
        {shown ? 'Hide the votes' : 'Show the votes'}
      </Button>
    </Card>
  );
}
