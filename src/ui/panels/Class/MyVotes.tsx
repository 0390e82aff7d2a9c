import type { VoteChoice } from '../../../contract/preferences';
import { useClassroom } from '../../../store/classroom/classroom';
import { pairAt, pressedChoice } from '../../../store/classroom/student';
import type { StudentClass } from '../../../store/state';
import { Select } from '../../primitives/Select';
import { StoryText } from '../../primitives/StoryText';
import styles from './Done.module.css';

const ANSWERS = [
  { value: 'a', label: 'A is better' },
  { value: 'b', label: 'B is better' },
  { value: 'tie', label: 'Tie' },
  { value: 'bothBad', label: 'Both bad' },
] as const;
const SKIPPED = { value: 'none', label: 'Skipped', disabled: true } as const;

/** Every pair with its answer, which can be changed. */
export function MyVotes({ student }: { student: StudentClass }) {
  const change = useClassroom((state) => state.change);
  return (
    <table className={styles.votes} aria-label="Your votes in this class">
      <tbody>
        {student.choices.map((_, index) => {
          const { prompt, a, b } = pairAt(student, index);
          const pressed = pressedChoice(student, index);
          return (
            // biome-ignore lint/suspicious/noArrayIndexKey: a pair is its place
            <tr key={index}>
              <th scope="row">{index + 1}</th>
              <td>
                <StoryText text={prompt} />
                <p>
                  <b>A</b> <StoryText text={a} />
                </p>
                <p>
                  <b>B</b> <StoryText text={b} />
                </p>
                <Select<VoteChoice | 'none'>
                  className={styles.answer}
                  label={`Answer to pair ${index + 1}`}
                  value={pressed ?? 'none'}
                  onChange={(value) => value !== 'none' && change(index, value)}
                  options={pressed === null ? [SKIPPED, ...ANSWERS] : ANSWERS}
                />
              </td>
            </tr>
          );
        })}
      </tbody>
    </table>
  );
}
