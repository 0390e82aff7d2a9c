import type { Finding, Knob } from '../../../store/health';

/** A sentence instead of a gauge: what is going on, and what to do about it. */
export interface Verdict {
  tone: 'neutral' | 'good' | 'warn' | 'bad';
  /** a few words with their full stop */
  headline: string;
  text: string;
  knob: Knob | null;
}

export const saidOf = ({ tone, headline, text, advice, knob }: Finding): Verdict => ({
  tone,
  headline,
  text: `${text} ${advice}`,
  knob,
});

/** what a run that trains says of itself, and one that stands still does not */
export const WATCH = 'Nothing to do: watch.';

/** A run that stands still says so before anything else; nobody watches it. */
export function paused(verdict: Verdict, where: string): Verdict {
  const { tone, headline, text, knob } = verdict;
  return {
    tone: tone === 'good' ? 'neutral' : tone,
    headline: `Paused at ${where}.`,
    text: `Press Train to go on. ${headline} ${text.replace(WATCH, '')}`.trimEnd(),
    knob,
  };
}
