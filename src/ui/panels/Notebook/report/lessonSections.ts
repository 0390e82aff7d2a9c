/** What a report says of lessons: the run beside its twin, and what was answered to each question. */
import type { MetricId, MetricValues } from '../../../../contract/labels';
import type { Lesson } from '../../../../contract/lesson';
import { fixed } from '../../../../contract/numbers';
import { lessonsIn } from '../../../../store/guide/library';
import { NOTHING_CAME } from '../../../../store/guide/progress';
import { seriesOf, thin } from '../../../../store/persistence/thin';
import type { LabState, LessonArm, LessonRecord } from '../../../../store/state';
import { formatShare } from '../../../primitives/format';
import { measuredWords } from '../../measuredWords';
import type { Block, Dash, Ink, ReportLine, ReportSection } from './blocks';

const MOST_POINTS = 300;
/** more do not fit on a sheet */
const TWINS_SHOWN = 2;

const two = (value: number): string => fixed(value, 2);
const COMPARED: readonly (readonly [MetricId, name: string, write: (value: number) => string])[] = [
  ['objective/scores', 'Score', two],
  ['gold/score', 'Gold', two],
  ['axis/kl', 'Distance, nats', two],
  ['completion/grammatical', 'Grammatical', formatShare],
];

const lineOf = ({ history }: LessonArm, id: MetricId, label: string, ink: Ink, dash: Dash): ReportLine[] => {
  const series = seriesOf(history, id);
  return series.length > 0 ? [{ label, ink, dash, points: thin(series, MOST_POINTS) }] : [];
};
const lastOf = ({ history }: LessonArm, id: MetricId): MetricValues | undefined =>
  history.findLast(({ values }) => values[id] !== undefined)?.values;

function twinSection({ lessonId, seed, forkAt, arms: { healthy, broken } }: LessonRecord): ReportSection {
  const chart: Block = {
    kind: 'chart',
    axis: `step, seed ${seed}`,
    lines: [
      ...lineOf(broken, 'objective/scores', 'score', 'reward', 'solid'),
      ...lineOf(broken, 'gold/score', 'gold', 'gold', 'dashed'),
      ...lineOf(healthy, 'gold/score', 'gold of the twin', 'gold', 'dotted'),
    ],
    marks: forkAt === null ? [] : [{ step: forkAt, label: 'from here they differ' }],
  };
  const rows = COMPARED.flatMap(([id, name, write]) => {
    const ends = [lastOf(broken, id), lastOf(healthy, id)];
    return ends.every((end) => end === undefined)
      ? []
      : [[name, ...ends.map((end) => measuredWords(id, end ?? {}, (_, value) => write(value)))]];
  });
  const table: Block = { kind: 'table', head: ['', 'this run', 'its twin'], rows };
  return { heading: `${lessonId}: the run and its twin`, wide: true, blocks: [chart, table] };
}

/** what was said before anything moved, and what came then */
function answers({ guide }: LabState, texts: readonly Lesson[]): string[][] {
  const lessons = lessonsIn(texts, guide);
  return Object.values(guide.progress).flatMap(({ lessonId, guesses, came }) =>
    Object.entries(guesses).map(([step, guess]) => {
      const of = lessons.find(({ id }) => id === lessonId);
      const ask = of?.steps.find(({ id }) => id === step)?.ask;
      const word = (answer: string | undefined): string =>
        answer === undefined || answer === NOTHING_CAME ? '–' : (ask?.answers[answer] ?? answer);
      return [of && ask ? `${of.title}: ${ask.text}` : `${lessonId}, ${step}`, word(guess), word(came[step])];
    }),
  );
}

/** @param texts of the lessons; what is asked in none of them is named by its id */
export function lessonSections(state: LabState, texts: readonly Lesson[] = []): ReportSection[] {
  const twins = Object.values(state.lesson.records).filter(({ arms }) => arms.broken.history.length > 0);
  const head = ['question', 'said', 'came'];
  return [
    ...twins.slice(-TWINS_SHOWN).map(twinSection),
    { heading: 'Questions and answers', wide: true, blocks: [{ kind: 'table', head, rows: answers(state, texts) }] },
  ];
}
