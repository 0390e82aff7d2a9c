import { Dialog } from '../primitives/Dialog';
import styles from './HelpDialog.module.css';
import { KEYS } from './keys';

/** All keys of the lab, and what the colours mean. */
export function HelpDialog({ onClose }: { onClose: () => void }) {
  return (
    <Dialog title="Help" open onClose={onClose}>
      <p className={styles.lead}>
        A tiny transformer learns to write, you choose between its texts, a reward model learns your taste, and PPO
        bends the transformer towards it. Everything on this page is computed now, on this machine, but for Recorded
        runs, which say that they are; nothing leaves this computer.
      </p>
      <div className={styles.columns}>
        {KEYS.map(({ where, keys }) => (
          <section key={where}>
            <h3 className={styles.where}>{where}</h3>
            <dl className={styles.keys}>
              {keys.map(({ shown, does }) => (
                <div key={shown} className={styles.row}>
                  <dt>
                    <kbd>{shown}</kbd>
                  </dt>
                  <dd>{does}</dd>
                </div>
              ))}
            </dl>
          </section>
        ))}
      </div>
      <h3 className={styles.where}>Circles in the pipeline</h3>
      <p className={styles.lead}>
        Empty: nothing here yet. Turning: running, or begun. Full: done. Dashed: out of date, for something before it
        changed since.
      </p>
      <h3 className={styles.where}>Colours</h3>
      <ul className={styles.colours}>
        {(
          [
            ['policy', 'policy: the model that writes'],
            ['reference', 'reference: what it was before'],
            ['reward', 'reward model'],
            ['value', 'value model'],
            [
              'gold',
              'gold: what the chosen rater would like; it is the truth only where the votes were cast by its taste',
            ],
            ['rejected', 'rejected, negative'],
            ['good', 'as a band across a chart: where healthy numbers lie'],
          ] as const
        ).map(([tone, words]) => (
          <li key={tone}>
            <span className={styles.swatch} style={{ background: `var(--${tone})` }} aria-hidden="true" />
            {words}
          </li>
        ))}
      </ul>
    </Dialog>
  );
}
