import { useShallow } from 'zustand/react/shallow';
import type { LayersView } from '../../../../contract/inside';
import { useLab } from '../../../../store/lab';
import { inspectsReward } from '../../../../store/models/inspected';
import { Button } from '../../../primitives/Button';
import { Disclosure } from '../../../primitives/Disclosure';
import { EmptyState } from '../../../primitives/EmptyState';
import { Select } from '../../../primitives/Select';
import { useDrawerKeys } from '../../../primitives/useKeys';
import { Shown } from '../../LessonView';
import { WorkProgress } from '../../WorkProgress';
import { tokenName, tokenNames } from '../attention';
import { ChangeBars } from '../ChangeBars';
import parts from '../parts.module.css';
import { useUnit } from '../useUnit';
import { Words } from '../Words';
import { HeadSwitches } from './HeadSwitches';
import { HeldOut } from './HeldOut';
import styles from './Layers.module.css';
import { LayersTable } from './LayersTable';
import { Lens } from './Lens';
import { Ranking } from './Ranking';
import { StreamLength } from './StreamLength';
import { headsSentence } from './words';

/** What the model would say after each block, how the stream grows, and what each head is worth. */
export function Layers() {
  const view = useLab((lab) => lab.heads.view);
  const { busy, text } = useLab(useShallow(({ inspect }) => ({ busy: inspect.busy, text: inspect.text })));
  const isReward = useLab(inspectsReward);
  const { unit } = useUnit();
  if (isReward)
    return (
      <EmptyState title={`A reward model says no next ${unit}`}>
        What a model would say after each block can be asked of one that writes. Choose a base model or a policy.
      </EmptyState>
    );
  return (
    <section className={parts.tab} aria-label="Layers" aria-busy={busy}>
      {view ? (
        <Everything view={view} />
      ) : (
        <EmptyState title={text.trim() === '' ? 'Type a text' : 'Reading…'}>
          What the model would say after each block shows up here.
        </EmptyState>
      )}
    </section>
  );
}

const headsOff = (count: number): string =>
  count === 0 ? 'the same' : count === 1 ? 'one head off' : `${count} heads off`;

/** Switches, and what they make of the next word. */
function Heads({ view }: { view: LayersView }) {
  const off = useLab((lab) => lab.heads.off);
  const word = tokenName(view.tokens[view.position] as string);
  const next = `Next ${useUnit().unit}`;
  return (
    <div className={parts.card}>
      <HeadSwitches view={view} />
      <h3 className={parts.title}>
        {next} after “{word}”
      </h3>
      <ChangeBars label={next} changes={view.next} before="all heads on" after={headsOff(off.length)} />
      <HeldOut />
    </div>
  );
}

/** Which word is spoken of. */
function Place({ view }: { view: LayersView }) {
  const setToken = useLab((lab) => lab.inspect.setToken);
  const options = tokenNames(view.tokens).map((label, i) => ({ value: `${i}`, label }));
  return (
    <div className={styles.top}>
      <Words tokens={view.tokens} chosen={view.position} onToken={setToken} />
      <div className={styles.token}>
        <Select
          label="Token"
          value={`${view.position}`}
          options={options}
          onChange={(token) => setToken(Number(token))}
        />
      </div>
    </div>
  );
}

function Everything({ view }: { view: LayersView }) {
  const { off, heldOut, allOn } = useLab(
    useShallow(({ heads }) => ({ off: heads.off, heldOut: heads.heldOut, allOn: heads.allOn })),
  );
  useDrawerKeys<'Inspect, Layers'>({ 0: allOn }, off.length > 0);
  return (
    <>
      <Place view={view} />
      <div className={styles.three} data-columns>
        <Shown part="lens">
          <div className={parts.card}>
            <Lens view={view} />
            <StreamLength view={view} />
          </div>
        </Shown>
        <Shown part="heads">
          <Heads view={view} />
        </Shown>
        <Shown part="ranking">
          <div className={parts.card}>
            <Ranking />
            <p className={parts.sentence} aria-live="polite">
              {headsSentence(off, heldOut, view.moods)}
            </p>
          </div>
        </Shown>
      </div>
      <div className={parts.controls}>
        <Shown part="ranking">
          <RankButton />
        </Shown>
        <WorkProgress kind="heads" label="Measuring heads" atOnce />
        <Shown part="heads">
          <Button keyCap="0" onClick={allOn} disabled={off.length === 0}>
            All heads on
          </Button>
        </Shown>
      </div>
      <Shown>
        <Disclosure summary="As a table">
          <LayersTable view={view} />
        </Disclosure>
      </Shown>
    </>
  );
}

function RankButton() {
  const rank = useLab((lab) => lab.heads.rank);
  const isUnderway = useLab((lab) => lab.work.underway.heads !== undefined);
  return (
    <Button kind="primary" onClick={() => void rank()} disabled={isUnderway}>
      Which heads matter
    </Button>
  );
}
