import { Stage } from '../../primitives/Stage';
import styles from './Notebook.module.css';
import { OpenCard } from './OpenCard';
import { ReportCard } from './ReportCard';
import { SaveCard } from './SaveCard';
import { StorageCard } from './StorageCard';

/** The whole lab as one file: saved here, opened on another machine; and as a sheet of paper. */
export function Notebook() {
  return (
    <Stage heading="Notebook" showHeading className={styles.page}>
      <SaveCard />
      <div className={styles.column}>
        <OpenCard />
        <StorageCard />
      </div>
      <ReportCard />
    </Stage>
  );
}
