import { Dialog } from '../primitives/Dialog';
import styles from './HelpDialog.module.css';

const KEYS: readonly { where: string; keys: readonly (readonly [string, string])[] }[] = [
  {
    where: 'Training stages',
    keys: [
      ['Space', 'Train or pause'],
      ['.', 'One step; in PPO one phase'],
      ['R', 'Start over, after asking'],
      ['I', 'Open Inspect'],
    ],
  },
  {
    where: 'Compare',
    keys: [
      ['1 or ←', 'A is better'],
      ['2 or →', 'B is better'],
      ['↑ or T', 'Tie'],
      ['↓ or B', 'Both bad'],
      ['S', 'Skip'],
      ['U', 'Undo the last vote'],
    ],
  },
  {
    where: 'Compare, rankings',
    keys: [
      ['↑ ↓', 'Choose a row'],
      ['Space, then ↑ ↓', 'Pick it up and move it'],
      ['Shift ↑ ↓', 'Move it at once'],
      ['1 – 9', 'Put it at that place'],
      ['T', 'Tie with the one above'],
      ['R', 'Save the ranking'],
    ],
  },
  {
    where: 'Charts and attention',
    keys: [
      ['← → ↑ ↓', 'Move the crosshair or the cell'],
      ['Enter', 'Hold the cell'],
      ['+ − 0', 'Enlarge or reduce the map, show all of it'],
      ['Esc', 'Let go; close what is open'],
    ],
  },
  {
    where: 'Grid world',
    keys: [
      ['← → ↑ ↓', 'Move from cell to cell'],
      ['E', 'Edit: 1 wall, 2 fish, 3 dog, 4 cat'],
      ['W', 'A new walk'],
      ['S', 'One sweep'],
      ['Space . R', 'Play or train, one step, start over'],
      ['PgUp PgDn', 'The part before, the next'],
    ],
  },
  {
    where: 'Translate',
    keys: [
      ['C', 'Cut cross-attention, or let it through'],
      ['← → ↑ ↓', 'Move from cell to cell of the attention'],
    ],
  },
  {
    where: 'Everywhere',
    keys: [
      ['M', 'Checkpoints: all models as a family'],
      ['?', 'This list'],
    ],
  },
  {
    where: 'Checkpoints',
    keys: [
      ['← → ↑ ↓', 'Go through the family; fold, unfold'],
      ['F2', 'Rename'],
      ['Delete', 'Delete, with an undo'],
      ['Ctrl-Z', 'Put back what was deleted last'],
    ],
  },
];

/** All keys of the lab, and what the colours mean. */
export function HelpDialog({ open, onClose }: { open: boolean; onClose: () => void }) {
  return (
    <Dialog title="Help" open={open} onClose={onClose}>
      <p className={styles.lead}>
        A tiny transformer learns to write, you choose between its texts, a reward model learns your taste, and PPO
        bends the transformer towards it. Everything on this page is computed now, on this machine: nothing is recorded,
        nothing leaves this computer.
      </p>
      <div className={styles.columns}>
        {KEYS.map(({ where, keys }) => (
          <section key={where}>
            <h3 className={styles.where}>{where}</h3>
            <dl className={styles.keys}>
              {keys.map(([key, does]) => (
                <div key={key} className={styles.row}>
                  <dt>
                    <kbd>{key}</kbd>
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
