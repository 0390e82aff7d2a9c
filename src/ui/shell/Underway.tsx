import { useShallow } from 'zustand/react/shallow';
import { RUN_KINDS } from '../../contract/domain';
import { useLab } from '../../store/lab';
import type { WorkKind } from '../../store/state';
import { WorkProgress } from '../panels/WorkProgress';
import styles from './Underway.module.css';

/** Work that no part of the page stands for wherever the visitor has gone meanwhile, with what is done. */
const ANYWHERE: readonly (readonly [WorkKind, string])[] = [
  ['bringBack', 'Bringing earlier work back'],
  ['shipped', 'Loading the trained model'],
  ['modelFile', 'Opening the model file'],
  ['saveModel', 'Saving the model as a file'],
  ['takeFurther', 'Writing the project'],
  ['copyModel', 'Copying the model'],
  ['renameModel', 'Renaming the model'],
  ['probe', 'Measuring this machine'],
  ['score', 'Scoring the text'],
  ['inspect', 'Looking into the model'],
  ['complete', 'Completing the text'],
  ['export', 'Writing the file'],
  ['saveNotebook', 'Saving the notebook'],
  ['openNotebook', 'Opening the notebook'],
  ['clearVotes', 'Deleting votes'],
  ['forget', 'Forgetting everything'],
  ...RUN_KINDS.map((kind) => [`run/${kind}`, 'Preparing the run'] as const),
];

/** How far such work is, at the foot of the page, where it moves nothing. */
export function Underway() {
  const underway = useLab(useShallow(({ work }) => ANYWHERE.filter(([kind]) => work.underway[kind])));
  if (underway.length === 0) return null;
  return (
    <div className={styles.underway}>
      {underway.map(([kind, label]) => (
        <WorkProgress titled key={kind} kind={kind} label={label} />
      ))}
    </div>
  );
}
