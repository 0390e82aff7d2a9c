import { type Ref, useMemo } from 'react';
import { evidenceOf } from '../../../contract/evidence';
import type { Ranking, TasteRule, TasteWeight } from '../../../contract/preferences';
import { useLab } from '../../../store/lab';
import { isTasteOutdated } from '../../../store/opinions/tasteDue';
import { Button } from '../../primitives/Button';
import { Card } from '../../primitives/Card';
import { Checkbox } from '../../primitives/Checkbox';
import { Explain } from '../../primitives/Explain';
import { formatShare, formatSigned } from '../../primitives/format';
import { Say } from '../../primitives/Say';
import { StoryText } from '../../primitives/StoryText';
import { fromWhom, pairCounts, pairsSentence } from './pairCounts';
import { ruleWords } from './ruleWords';
import styles from './TasteReview.module.css';
import { byStrength, WeightBars } from './WeightBars';

interface TasteReviewProps {
  rule: TasteRule;
  opinions: readonly Ranking[];
  ref?: Ref<HTMLDivElement>;
}

/**
 * The whole rule: every weight with its interval, five pairs it would label, and a veto for each part and for all of
 * it.
 */
export function TasteReview({ rule, opinions, ref }: TasteReviewProps) {
  const { result, useRule, answered, busy, toggleVeto, setUseRule, infer } = useLab((state) => state.taste);
  const outdated = useLab(isTasteOutdated);
  const evidence = evidenceOf(result);
  const ruleLabels = useLab((state) => state.config.value.reward.ruleLabels);
  const pairs = useMemo(() => pairCounts(opinions, useRule ? ruleLabels : 0), [opinions, useRule, ruleLabels]);
  const veto = (weight: TasteWeight) => (
    <Checkbox
      label={weight.label}
      checked={!weight.vetoed}
      disabled={busy}
      onChange={() => void toggleVeto(weight.attribute)}
    />
  );
  return (
    <Card
      title={pairs.imported > 0 ? 'The rule behind these votes' : 'The rule behind your votes'}
      note={`fits ${formatShare(rule.agreement)} of ${rule.usableVotes} votes${pairs.imported > 0 && !outdated ? `, ${fromWhom(pairs)}` : ''}`}
      actions={<WhatItIs />}
    >
      <div ref={ref} tabIndex={-1} className={styles.review} aria-busy={busy}>
        <div className={styles.column}>
          <h3 className={styles.heading}>Untick what you do not mean</h3>
          <WeightBars weights={byStrength(rule.weights)} label={veto} />
          {outdated && (
            <Button kind="link" className={styles.refit} disabled={busy} onClick={() => void infer()}>
              You have voted since: fit it again
            </Button>
          )}
          <div className={styles.verdict}>
            <Checkbox
              toggle
              label={`The rule labels ${ruleLabels} more pairs`}
              checked={useRule}
              onChange={setUseRule}
            />
            <Say
              tone={useRule ? (evidence === 'clear' ? 'good' : 'warn') : 'neutral'}
              lead={`${pairsSentence(pairs)}.`}
            >
              {`${ruleWords({ evidence, useRule, answered, ruleLabels })} ${consequence(useRule)}`}
            </Say>
          </div>
        </div>
        <div className={styles.column}>
          <h3 className={styles.heading}>
            {useRule
              ? 'Five pairs it would label this way'
              : 'Off: it labels none of these. Switched on, it would choose so'}
          </h3>
          <ol className={styles.examples}>
            {rule.examples.map((example) => (
              <Example key={`${example.prompt} ${example.chosen} ${example.rejected}`} {...example} />
            ))}
          </ol>
        </div>
      </div>
    </Card>
  );
}

function WhatItIs() {
  return (
    <Explain title="The rule behind your votes" formula="taste">
      <p>
        A few dozen votes are too few for a network, but enough for a ridge-logistic regression on a handful of
        attributes. It then labels many more pairs the way you seem to vote. Bars: weight per standard deviation; thin
        line: 95&nbsp;% interval.
      </p>
    </Explain>
  );
}

/** A pair that the rule would label, and how clearly. */
function Example({ prompt, chosen, rejected, difference }: TasteRule['examples'][number]) {
  return (
    <li>
      <StoryText size="small" tone="ink-2" text={prompt} />
      <StoryText size="small" tone="chosen" mark={<Mark sign="✓" word="preferred: " />} text={chosen} />
      <StoryText size="small" tone="rejected" mark={<Mark sign="✗" word="over: " />} text={rejected} />
      <span className={styles.by}>{formatSigned(difference)}</span>
    </li>
  );
}

const consequence = (useRule: boolean): string =>
  useRule
    ? 'Labels by the rule are yours only as far as the rule is: veto what you do not mean, or switch it off.'
    : 'The reward model learns from the votes alone, which takes many more of them.';

function Mark({ sign, word }: { sign: string; word: string }) {
  return (
    <>
      <span aria-hidden="true">{sign} </span>
      <span className="visually-hidden">{word}</span>
    </>
  );
}
