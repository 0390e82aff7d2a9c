import type { RunStatus } from '../../../contract/domain';
import type { MetricPoint } from '../../../contract/observations';
import { assessHealth, type Judged, type Outcome, outcomeOf } from '../../../store/health';
import { type GoldStanding, TRUSTED } from '../../../store/opinions/goldStanding';
import { goldCaution } from '../goldWords';
import { saidOf, type Verdict, WATCH } from '../Health/verdict';

export interface AssessedRun {
  kind: Judged;
  points: readonly MetricPoint[];
  status: RunStatus;
  /** of the reward model that pays, on held-out pairs; null when unknown or not needed */
  rewardAccuracy: number | null;
  /** there is a rule that could label pairs for the reward model and is switched off */
  ruleRests?: boolean;
  /** that an adaptive β steers to; null or absent where β stays as it is set */
  targetKl?: number | null;
  /** a rule alone pays */
  byRule?: boolean;
  /** how far gold may speak for those who chose; as theirs when absent */
  gold?: GoldStanding;
  /** the numbers in words; may be empty. @param changes whether what they were at the start is told too */
  measured: (changes: boolean) => string;
  /** what to do after a run that was long enough and went well */
  next: (outcome: Outcome) => string;
  /** how the next run becomes long enough, the end of a sentence */
  longer: string;
}

/** the run as its sentences are made: numbers by gold are told together with whose taste it is */
type Told = Omit<AssessedRun, 'measured'> & { measured: string };

const sentences = (...parts: string[]): string => parts.filter((part) => part !== '').join(' ');

/** Whatever the rules say or do not say of it, they need more to go by. */
function tooShort({ status, measured, longer }: Told, { judgedFrom, troubles }: Outcome): Verdict {
  const isWrong = troubles.length > 0;
  const from = `Health is judged from ${judgedFrom}`;
  if (status !== 'done')
    return {
      tone: 'neutral',
      headline: 'Early.',
      text: sentences(measured, ...troubles, `${from}.`, isWrong ? '' : WATCH),
      knob: null,
    };
  const text = sentences(measured, ...troubles, `${from}: ${longer}`);
  return { tone: isWrong ? 'warn' : 'neutral', headline: 'Done, but too short to judge.', text, knob: null };
}

/** Long enough, and no rule spoke. */
function unspoken({ status, measured, next }: Told, outcome: Outcome): Verdict {
  const { troubles } = outcome;
  const done = status === 'done';
  if (troubles.length > 0) {
    const text = sentences(measured, ...troubles, 'Read before and after.');
    return { tone: 'warn', headline: done ? 'Done.' : 'Watch it.', text, knob: null };
  }
  const text = sentences(measured, done ? next(outcome) : WATCH);
  return { tone: 'good', headline: done ? 'Done, and healthy.' : 'Healthy.', text, knob: null };
}

/** @param changes unless the finding that follows tells them */
function inWords(run: AssessedRun, changes: boolean): Told {
  const measured = run.measured(changes);
  return { ...run, measured: measured === '' ? '' : sentences(measured, goldCaution(run.gold ?? TRUSTED)) };
}

/** How a run of PPO or DPO goes; the worst thing that is true comes first. */
export function assessRun(assessed: AssessedRun): Verdict {
  const { kind, points, status, rewardAccuracy, ruleRests = false, byRule = false, targetKl = null } = assessed;
  const { standing: gold } = assessed.gold ?? TRUSTED;
  const [worst] = assessHealth({ points, rewardAccuracy, kind, ruleRests, byRule, targetKl, gold });
  const run = inWords(assessed, worst?.rule !== 'goldBehind');
  const outcome = outcomeOf(kind, points, status === 'done', gold);
  if (!worst) return outcome.judged ? unspoken(run, outcome) : tooShort(run, outcome);
  const said = saidOf(worst);
  if (worst.tone !== 'neutral') return said;
  if (outcome.judged)
    return {
      ...said,
      headline: `${status === 'done' ? 'Done. ' : ''}${said.headline}`,
      text: sentences(run.measured, said.text),
    };
  return {
    ...tooShort(run, outcome),
    text: sentences(run.measured, ...outcome.troubles, said.headline, said.text),
    knob: said.knob,
  };
}
