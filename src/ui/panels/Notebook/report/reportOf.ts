/** The lab as a report. Parts of which nothing is here are left out. */
import type { AgreementReport, Interval } from '../../../../contract/agreement';
import { spacedClassCode } from '../../../../contract/classroom';
import type { Lesson } from '../../../../contract/lesson';
import { inWords } from '../../../../contract/limits';
import { countOf, fixed, plural } from '../../../../contract/numbers';
import { groupsIn, votesIn } from '../../../../contract/preferences';
import { writeSearch } from '../../../../store/address/url';
import type { Ratings } from '../../../../store/arena/gameState';
import { nameOf } from '../../../../store/arena/rated';
import { dividing, splitsOf, totalsOf, votePairsIn } from '../../../../store/classroom/splits';
import { countedVotes } from '../../../../store/classroom/taken';
import { votesHash } from '../../../../store/notebook/votesHash';
import { areFew } from '../../../../store/runs/cases';
import type { LabState } from '../../../../store/state';
import { formatPart, formatShare } from '../../../primitives/format';
import { placeWords, points } from '../../Arena/words';
import type { Report, ReportSection } from './blocks';
import { lessonSections } from './lessonSections';
import { allRuns, leadOf } from './runSections';

/** What the thread was asked for, where there was something to ask. */
export interface Measured {
  agreement: AgreementReport | null;
  ratings: Ratings | null;
  /** what lessons are called and what they ask */
  lessons?: readonly Lesson[];
}

const SPLITS_SHOWN = 4;

function votesSection({ opinions, demonstrations }: LabState): ReportSection {
  const votes = votesIn(opinions.all);
  const by = (source: string) => votes.filter((vote) => vote.source === source).length;
  const counted: [string, number][] = [
    ['Votes by hand', by('human')],
    ['Simulated votes', by('simulated')],
    ['Votes from files', by('imported')],
    ['Rankings', groupsIn(opinions.all).length],
    ['Demonstrations', demonstrations.all.length],
  ];
  const rows = counted.filter(([, count]) => count > 0).map(([name, count]) => [name, inWords(count)]);
  return { heading: 'What the models learned from', blocks: [{ kind: 'table', head: null, rows }] };
}

const within = (interval: Interval | null, write: (value: number) => string): string =>
  interval ? ` (95 %: ${write(interval.low)} to ${write(interval.high)})` : '';

const alikeWords = (share: number, interval: Interval | null, cases: number): string =>
  areFew(cases)
    ? `${formatPart(share, cases)} ${plural(cases, 'pair')} of votes`
    : `${formatShare(share)} of the time${within(interval, formatShare)}`;

function classSection({ classroom: { teacher } }: LabState, agreement: AgreementReport | null): ReportSection[] {
  if (!teacher) return [];
  const counted = countedVotes(teacher);
  if (counted.length === 0) return [];
  const splits = splitsOf(counted, teacher.set.pairs.length);
  const rows = [
    ['In', `${inWords(counted.length)} of ${inWords(teacher.students)}; ${countOf(totalsOf(splits).votes, 'vote')}`],
    ...(agreement && agreement.percent !== null
      ? [['Alike', alikeWords(agreement.percent, agreement.percentInterval, votePairsIn(splits))]]
      : []),
    ...(agreement && agreement.alpha !== null
      ? [
          [
            'Krippendorff’s α',
            `${fixed(agreement.alpha, 2)}${within(agreement.alphaInterval, (value) => fixed(value, 2))}`,
          ],
        ]
      : []),
  ];
  const divided = dividing(agreement?.units ?? [], SPLITS_SHOWN).map((i) => {
    const { first, second, tie } = splits[i]!;
    return { label: `Pair ${i + 1}`, first, tied: tie, second };
  });
  return [
    {
      heading: 'How our class voted',
      blocks: [
        { kind: 'table', head: null, rows },
        { kind: 'splits', rows: divided },
      ],
    },
  ];
}

function arenaSection(state: LabState, ratings: Ratings | null): ReportSection[] {
  if (!ratings || state.arena.duels.length === 0) return [];
  const rated = ratings.board.rows
    .map((row, i) => ({ row, name: nameOf(state, ratings.models[i]!) }))
    .filter(({ row }) => row.rating !== null)
    .sort((one, other) => other.row.rating! - one.row.rating!);
  const rows = rated.map(({ row, name }) => [
    placeWords(row),
    name,
    `${points(row.rating!)} (${points(row.low!)}–${points(row.high!)})`,
  ]);
  const heading = `Arena, ${countOf(state.arena.duels.length, 'duel')}`;
  return [{ heading, blocks: [{ kind: 'table', head: ['place', 'model', 'rating, 95 %'], rows }] }];
}

function modelSection({ shelf: { checkpoints } }: LabState): ReportSection {
  const rows = checkpoints.map(({ name, step, checkpointId }) => [name, inWords(step), checkpointId]);
  return { heading: 'Models', wide: true, blocks: [{ kind: 'table', head: ['name', 'step', 'hash'], rows }] };
}

function againOf({ config: { value }, opinions, classroom, engine }: LabState): string[] {
  const { info } = engine;
  const address = writeSearch(value);
  return [
    `preset ${value.preset}`,
    `seed ${value.seed}`,
    ...(address === '' ? [] : [`address ${address}`]),
    ...(opinions.all.length > 0 ? [`votes ${votesHash(opinions.all)}`] : []),
    ...(classroom.teacher ? [`pairs ${spacedClassCode(classroom.teacher.code)}`] : []),
    ...(info ? [`${info.backend}, ${info.executor}${info.threads ? `, ${countOf(info.threads, 'thread')}` : ''}`] : []),
  ];
}

const dateOf = (at: number): string => new Date(at).toLocaleDateString('en-GB', { dateStyle: 'long' });

/** @param at milliseconds since 1970; @param page where the page is, without the experiment */
export function reportOf(
  state: LabState,
  { agreement, ratings, lessons = [] }: Measured,
  title: string,
  at: number,
  page: string,
): Report {
  const { teacher } = state.classroom;
  return {
    title,
    by: [dateOf(at), teacher && `class ${spacedClassCode(teacher.code)}`].filter(Boolean).join(' · '),
    link: `${page}${writeSearch(state.config.value)}`,
    lead: leadOf(state),
    sections: [
      ...allRuns(state),
      votesSection(state),
      ...classSection(state, agreement),
      ...lessonSections(state, lessons),
      ...arenaSection(state, ratings),
      modelSection(state),
    ],
    again: againOf(state),
  };
}
