import type { LessonRecord } from '../../store/lessons/lessonState';
import { ScrollBox } from '../../ui/panels/ScrollBox';
import { Card } from '../../ui/primitives/Card';
import { StoryText } from '../../ui/primitives/StoryText';
import styles from './BreakIt.module.css';

/** The same prompts with the same random numbers: before both runs, and after each. */
export function Samples({ record: { arms } }: { record: LessonRecord }) {
  const { healthy, broken } = arms;
  const rows = healthy.rows.flatMap((row) => {
    const other = broken.rows.find(({ prompt }) => prompt === row.prompt);
    return other ? [{ ...row, broken: other.after }] : [];
  });
  if (rows.length === 0) return null;
  return (
    <Card title="Same prompts, same seed" note="before, and what each run made of them">
      <ScrollBox label="Samples of both runs" className={styles.samples}>
        <table>
          <thead>
            <tr>
              <th scope="col">Prompt</th>
              <th scope="col">Before</th>
              <th scope="col">Healthy</th>
              <th scope="col">Broken</th>
            </tr>
          </thead>
          <tbody>
            {rows.map((row) => (
              <tr key={row.prompt}>
                <th scope="row">
                  <StoryText text={row.prompt} tone="ink-3" size="small" verbatim={false} />
                </th>
                <td data-column="Before">
                  <StoryText text={row.before} tone="reference" size="small" verbatim={false} />
                </td>
                <td data-column="Healthy">
                  <StoryText text={row.after} tone="policy" size="small" verbatim={false} />
                </td>
                <td data-column="Broken">
                  <StoryText text={row.broken} tone="policy" size="small" verbatim={false} />
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </ScrollBox>
    </Card>
  );
}
