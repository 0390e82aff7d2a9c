import { useMemo } from 'react';
import { votesIn } from '../../../contract/preferences';
import { useLab } from '../../../store/lab';
import { checkpointById } from '../../../store/models/inUse';
import {
  duelOf,
  hasOpinions,
  newestId,
  nextWriterId,
  ofRound,
  olderId,
  roundNumber,
} from '../../../store/rounds/rounds';
import type { Pairing } from '../../../store/state';
import { Button } from '../../primitives/Button';
import { Card } from '../../primitives/Card';
import buttons from '../choiceButtons.module.css';
import { NextRound } from '../rounds/NextRound';
import rounds from '../rounds/rounds.module.css';
import { duelWords } from '../rounds/roundWords';
import { Measure } from './Measure';
import styles from './side.module.css';

const PAIRINGS: readonly { value: Pairing; label: string }[] = [
  { value: 'newest', label: 'Newest policy' },
  { value: 'versus', label: 'Old against new' },
];

/**
 * Which round it is, whose texts are voted on, and how the newer model fares; nothing in a first round without a
 * policy.
 */
export function RoundCard() {
  const round = useLab(roundNumber);
  const canGoOn = useLab((state) => nextWriterId(state) !== null);
  if (round === 1 && !canGoOn) return null;
  return (
    <Card title={`Round ${round}`}>
      {round > 1 && <ThisRound round={round} />}
      <NextRound />
    </Card>
  );
}

function ThisRound({ round }: { round: number }) {
  const newest = useLab((state) => checkpointById(state, newestId(state))?.name ?? '');
  const older = useLab((state) => checkpointById(state, olderId(state))?.name ?? null);
  const { pairing, setPairing, back } = useLab((state) => state.rounds);
  const asksPairs = useLab((state) => state.config.value.compare.task === 'pairs');
  const canGoBack = useLab((state) => !hasOpinions(state));
  return (
    <>
      {older !== null && asksPairs && (
        <fieldset className={`${buttons.choices} ${rounds.switch}`} aria-label="Pairs">
          {PAIRINGS.map(({ value, label }) => (
            <Button key={value} aria-pressed={pairing === value} onClick={() => setPairing(value)}>
              {label}
            </Button>
          ))}
        </fieldset>
      )}
      <p className={styles.hint}>
        {pairing === 'versus' && older !== null && asksPairs ? (
          <>
            One text is by <b>{newest}</b>, one by <b>{older}</b>: which is which is told after the vote.
          </>
        ) : (
          <>
            {asksPairs ? 'Both texts' : 'All completions'} are by <b>{newest}</b>.
          </>
        )}
      </p>
      <WinRate round={round} />
      {canGoBack && (
        <Button kind="link" onClick={back}>
          Back to round {round - 1}
        </Button>
      )}
    </>
  );
}

/** Of the newer model against the older one, by the visitor's own votes. */
function WinRate({ round }: { round: number }) {
  const opinions = useLab((state) => state.opinions.all);
  const duel = useMemo(
    () => duelOf(ofRound(votesIn(opinions), round).filter(({ source }) => source === 'human')),
    [opinions, round],
  );
  if (!duel) return null;
  return (
    <p className={styles.hint}>
      New won{' '}
      <Measure id="votes/newWinRate" value={duel.won.count > 0 ? duel.won.share : null}>
        {duelWords(duel)}
      </Measure>{' '}
      of your votes.
    </p>
  );
}
