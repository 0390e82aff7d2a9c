import { useState } from 'react';
import { countOf, fixed, plural } from '../../../contract/numbers';
import type { Disagreement, RewardReview } from '../../../contract/observations';
import { isVote, type Ranking } from '../../../contract/preferences';
import { useLab } from '../../../store/lab';
import { raterLabel } from '../../../store/opinions/raterLabel';
import { wholeText } from '../../../store/text/wholeText';
import { Button } from '../../primitives/Button';
import { Card } from '../../primitives/Card';
import { formatSigned } from '../../primitives/format';
import { StoryText } from '../../primitives/StoryText';
import { ScrollBox } from '../ScrollBox';
import styles from './Disagreements.module.css';
import { whoseVotes } from './whoseVotes';

interface DisagreementsProps {
  items: readonly Disagreement[];
  /** null before the first one */
  review: RewardReview | null;
  verbatim: boolean;
}

/** "the one pair", "all 24 pairs" */
const allOf = (count: number, one: string, many: string): string =>
  count === 1 ? `the one ${one}` : `all ${countOf(count, one, many)}`;

/** counts what is searched for disagreements: what somebody chose, not what a rule labelled */
function noneWords({ pairs: { human, simulated, imported, rule } }: RewardReview): string {
  const cast = human + simulated + imported;
  if (cast === 0)
    return `None of yours: ${allOf(rule, 'pair was', 'pairs were')} labelled by your rule, and ${plural(rule, 'that is', 'those are')} nobody’s choice.`;
  const beside =
    rule > 0
      ? ` The ${countOf(rule, 'pair')} that your rule labelled ${plural(rule, 'does', 'do')} not count here.`
      : '';
  return `None: it sides with ${allOf(cast, 'pair', 'pairs')} that votes and rankings chose.${beside}`;
}

/** The votes it would have cast the other way, worst first: a mistake of the model, or of the voter. */
export function Disagreements({ items, review, verbatim }: DisagreementsProps) {
  const [open, setOpen] = useState<string | null>(null);
  return (
    <Card
      title={`Where it disagrees with ${whoseVotes(review)}`}
      note={items.length > 0 ? 'click to look again' : undefined}
      className={styles.card}
    >
      {items.length === 0 ? (
        <p className={styles.none}>
          {review
            ? noneWords(review)
            : 'The votes that it would have cast the other way will stand here, the worst first.'}
        </p>
      ) : (
        <ScrollBox label="Votes it disagrees with">
          <ul className={styles.list}>
            {items.map((item) => {
              const key = `${item.prompt}\n${item.chosen}\n${item.rejected}`;
              return (
                <Row
                  key={key}
                  item={item}
                  verbatim={verbatim}
                  open={open === key}
                  toggle={() => setOpen(open === key ? null : key)}
                />
              );
            })}
          </ul>
        </ScrollBox>
      )}
    </Card>
  );
}

interface RowProps {
  item: Disagreement;
  verbatim: boolean;
  open: boolean;
  toggle: () => void;
}

function Row({ item, verbatim, open, toggle }: RowProps) {
  return (
    <li className={styles.row}>
      <button type="button" className={styles.pair} aria-expanded={open} onClick={toggle}>
        <span className={styles.texts}>
          <StoryText size="small" tone="chosen" mark="✓ " text={item.chosen} verbatim={verbatim} />
          <StoryText size="small" tone="ink-2" text={item.rejected} verbatim={verbatim} />
        </span>
        <b className={styles.margin} title="r(chosen) − r(rejected)">
          {formatSigned(item.margin)}
        </b>
      </button>
      {open && <LookAgain item={item} verbatim={verbatim} />}
    </li>
  );
}

/** whether somebody put the one text above the other */
const prefers = ({ prompt, completions, ranks }: Ranking, item: Disagreement): boolean => {
  const rankOf = (completion: string) => ranks[completions.indexOf(completion)] ?? Number.NaN;
  return prompt === item.prompt && rankOf(item.chosen) < rankOf(item.rejected);
};

/**
 * @returns whose choice it was, half a sentence: of several the first vote, else the first ranking; what is gone from
 * Compare is said so
 */
function chosenBy(opinions: readonly Ranking[], item: Disagreement): string {
  const those = opinions.filter((one) => prefers(one, item));
  const said = those.find(isVote) ?? those[0];
  if (!said) return 'Chosen by a vote or a ranking that is not here any more';
  const what = isVote(said) ? 'vote' : `ranking of ${said.completions.length}`;
  if (said.source === 'human') return `Your ${what}, after ${fixed(said.seconds, 1)} s`;
  const from = isVote(said) ? '' : ` ${what}`;
  return said.rater ? `Simulated${from}: ${raterLabel(said.rater)}` : `Imported${from}`;
}

/** The pair once more, with its prompt, who voted, and both texts one click from being scored word by word. */
function LookAgain({ item, verbatim }: { item: Disagreement; verbatim: boolean }) {
  const setText = useLab((state) => state.scoring.setText);
  const whose = useLab((state) => chosenBy(state.opinions.all, item));
  const ofPrompt = (completion: string) =>
    setText(wholeText(verbatim ? 'text' : 'stories', { prompt: item.prompt, completion }));
  return (
    <div className={styles.again}>
      <p>
        After: <StoryText size="small" text={item.prompt} verbatim={verbatim} />
      </p>
      <p>{`${whose}. ${item.heldOut ? 'It never saw this pair.' : 'It even trained on this pair.'} Was it a slip, or does the model miss something?`}</p>
      <p className={styles.answers}>
        <Button kind="link" onClick={() => ofPrompt(item.chosen)}>
          Score the chosen one
        </Button>
        <Button kind="link" onClick={() => ofPrompt(item.rejected)}>
          Score the other one
        </Button>
      </p>
    </div>
  );
}
