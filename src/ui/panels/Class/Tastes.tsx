import type { Camps } from '../../../contract/agreement';
import type { TasteWeight } from '../../../contract/preferences';
import type { CountedVotes } from '../../../store/classroom/taken';
import { longest, shareOfLongest } from '../../primitives/bars';
import { Card } from '../../primitives/Card';
import { Disclosure } from '../../primitives/Disclosure';
import { formatPart, formatSigned } from '../../primitives/format';
import { byStrength } from '../Compare/WeightBars';
import styles from './Tastes.module.css';

/** of the seven, those whose bars a small figure has room for, from left to right */
const DRAWN = ['endingMood', 'length', 'politeWords'] as const;
/** the tallest bar is no smaller a weight than this, so that nothing is made much of */
const LEAST_REACH = 0.4;
const HEIGHT = 34;
const MIDDLE = HEIGHT / 2;
const REACH = 15;
const WIDTH = 32;

interface Student {
  name: string;
  weights: readonly TasteWeight[] | null;
}

const weightOf = (weights: readonly TasteWeight[], attribute: string): number =>
  weights.find((one) => one.attribute === attribute)?.weight ?? 0;

/** @returns the weight of the tallest bar of the class */
const reachOf = (students: readonly Student[]): number =>
  longest(
    students.flatMap(({ weights }) => DRAWN.map((attribute) => Math.abs(weightOf(weights ?? [], attribute)))),
    LEAST_REACH,
  );

function Bars({ weights, reach }: { weights: readonly TasteWeight[]; reach: number }) {
  return DRAWN.map((attribute, i) => {
    const weight = weightOf(weights, attribute);
    const height = REACH * shareOfLongest(Math.abs(weight), reach);
    return (
      <rect
        key={attribute}
        className={weight < 0 ? styles.less : styles.more}
        x={3 + 9 * i}
        y={weight < 0 ? MIDDLE : MIDDLE - height}
        width={6.5}
        height={height}
        rx={1}
      />
    );
  });
}

function Picture({ weights, reach }: { weights: readonly TasteWeight[] | null; reach: number }) {
  return (
    <svg width={WIDTH} height={HEIGHT} viewBox={`0 0 ${WIDTH} ${HEIGHT}`} aria-hidden="true">
      <line className={styles.axis} x1={1} x2={WIDTH - 1} y1={MIDDLE} y2={MIDDLE} />
      {weights && <Bars weights={weights} reach={reach} />}
    </svg>
  );
}

const spoken = ({ name, weights }: Student): string => {
  if (!weights) return `${name}: too few to say`;
  const said = weights.filter(({ attribute }) => (DRAWN as readonly string[]).includes(attribute));
  return `${name}: ${said.map(({ label, weight }) => `${label} ${formatSigned(weight)}`).join(', ')}`;
};

function Figures({ students, reach }: { students: readonly Student[]; reach: number }) {
  return (
    <ul className={styles.figures}>
      {students.map((student, i) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: two may have the same number, or none
        <li key={i} aria-label={spoken(student)} title={spoken(student)}>
          <Picture weights={student.weights} reach={reach} />
          <span aria-hidden="true">{student.weights ? student.name : `${student.name} ?`}</span>
        </li>
      ))}
    </ul>
  );
}

/** what the members of a camp like or dislike most, on the average; null where nothing stands out */
function leaning(students: readonly Student[]): string | null {
  const known = students.flatMap(({ weights }) => (weights ? [weights] : []));
  const [first] = known;
  if (!first) return null;
  const mean = first.map((one) => {
    const weight = known.reduce((sum, weights) => sum + weightOf(weights, one.attribute), 0) / known.length;
    return { ...one, weight };
  });
  const [strongest] = byStrength(mean);
  if (!strongest || Math.abs(strongest.weight) < 0.1) return null;
  return `${strongest.weight > 0 ? 'like' : 'dislike'} ${strongest.label}`;
}

interface CampProps {
  name: string;
  students: readonly Student[];
  /** share of agreeing votes */
  within: number | null;
  /** of so many pairs of votes */
  cases: number;
  reach: number;
}

function Camp({ name, students, within, cases, reach }: CampProps) {
  const words = leaning(students);
  return (
    <>
      <p className={styles.camp}>
        <span>
          <b>
            {name} · {students.length}
          </b>{' '}
          {words}
        </span>
        <span>{within !== null && `agrees ${formatPart(within, cases)}`}</span>
      </p>
      <Figures students={students} reach={reach} />
    </>
  );
}

function TasteTable({ students }: { students: readonly Student[] }) {
  const first = students.find(({ weights }) => weights)?.weights;
  if (!first) return null;
  return (
    <Disclosure summary="All seven, as a table">
      <div className={styles.scroll}>
        <table className={styles.table} aria-label="What each of you likes">
          <thead>
            <tr>
              <th scope="col">student</th>
              {first.map(({ attribute, label }) => (
                <th key={attribute} scope="col">
                  {label}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {students.map(({ name, weights }, i) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: two may have the same number, or none
              <tr key={i}>
                <th scope="row">{name}</th>
                {first.map(({ attribute }) => (
                  <td key={attribute}>{weights ? formatSigned(weightOf(weights, attribute)) : '–'}</td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </Disclosure>
  );
}

/** of the picture that explains the others */
const LEGEND_REACH = 1.2;
const LEGEND = DRAWN.map((attribute, i) => ({
  attribute,
  label: '',
  weight: [1.1, -0.9, 0.5][i]!,
  low: 0,
  high: 0,
  vetoed: false,
}));

/** A small figure for each student, by camps where there are two. */
export function Tastes({
  counted,
  tastes,
  camps,
  hidden,
  size,
}: {
  counted: readonly CountedVotes[];
  tastes: readonly (TasteWeight[] | null)[];
  camps: Camps | null;
  hidden: boolean;
  size: number;
}) {
  const students = counted.map(
    ({ number }, i): Student => ({
      name: hidden || number === 0 ? '·' : String(number),
      weights: tastes[i] ?? null,
    }),
  );
  const reach = reachOf(students);
  const campOf = (camp: 0 | 1) => students.filter((_, i) => camps?.of[i] === camp);
  return (
    <Card className={styles.card} title="What each of you likes" note="a small figure each">
      <p className={styles.key}>
        <Picture weights={LEGEND} reach={LEGEND_REACH} />
        <span>
          bars from left: <b>happy ending, longer, politeness</b>; up is liked, down is disliked
        </span>
      </p>
      {camps ? (
        ([0, 1] as const).map((camp) => (
          <Camp
            key={camp}
            name={`Camp ${camp + 1}`}
            students={campOf(camp)}
            within={camps.within[camp]}
            cases={camps.cases.within[camp]}
            reach={reach}
          />
        ))
      ) : (
        <Figures students={students} reach={reach} />
      )}
      <p className={styles.note}>
        {camps && camps.between !== null && `Between the camps: ${formatPart(camps.between, camps.cases.between)}. `}
        {students.some(({ weights }) => weights === null) && '? is too few to say. '}A guess from {size} votes
        {students.length > 1 && ' each'}.
      </p>
      <TasteTable students={students} />
    </Card>
  );
}
