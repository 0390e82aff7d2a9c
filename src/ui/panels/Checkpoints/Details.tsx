import { useMemo } from 'react';
import { useShallow } from 'zustand/react/shallow';
import type { CheckpointInfo } from '../../../contract/domain';
import { LABELS, type MetricId } from '../../../contract/labels';
import { useLab } from '../../../store/lab';
import { describeDifference, settingsInWords } from '../../../store/models/configDiff';
import { comparables } from '../../../store/models/family';
import { checkpointById } from '../../../store/models/inUse';
import { isForeign } from '../../../store/models/isForeign';
import { usersOf } from '../../../store/models/roles';
import { lowestHere } from '../../../store/models/trunks';
import { Button } from '../../primitives/Button';
import { Disclosure } from '../../primitives/Disclosure';
import { formatInteger } from '../../primitives/format';
import { ModelDrop } from '../ModelDrop';
import { measuredWords } from '../measuredWords';
import styles from './Checkpoints.module.css';
import { Parts } from './Parts';
import { RenameForm } from './RenameForm';
import { adapterWords, keptUntil, learnedFrom, originWords, sizeWords } from './words';

/** @returns a checkpoint's name by its id; who is gone is called as it was when it was last seen */
function useNames({ ancestors }: CheckpointInfo): (checkpointId: string) => string {
  const checkpoints = useLab((lab) => lab.shelf.checkpoints);
  const names = new Map(ancestors.map(({ checkpointId, name }) => [checkpointId, name]));
  for (const { checkpointId, name } of checkpoints) names.set(checkpointId, name);
  return (checkpointId) => names.get(checkpointId) ?? 'a model that nobody knows';
}

/** "Made from", each parent one press away while it is on the shelf */
function Parents({ info, onGo }: { info: CheckpointInfo; onGo: (checkpointId: string) => void }) {
  const here = useLab(
    useShallow(({ shelf }) => info.parents.filter((id) => shelf.checkpoints.some((one) => one.checkpointId === id))),
  );
  const nameOf = useNames(info);
  if (isForeign(info) && info.parents.length === 0) return <>what another program saved</>;
  if (info.parents.length === 0) return <>nobody: it began with random weights</>;
  return (
    <ul className={styles.parents}>
      {info.parents.map((id) => (
        <li key={id}>
          {here.includes(id) ? (
            <Button kind="link" onClick={() => onGo(id)}>
              {nameOf(id)}
            </Button>
          ) : (
            <span className={styles.quiet}>{nameOf(id)} (not among these)</span>
          )}
        </li>
      ))}
    </ul>
  );
}

/** What it was set to otherwise than its parent, and than the nearest one of its method. */
function Differences({ info }: { info: CheckpointInfo }) {
  const checkpoints = useLab((lab) => lab.shelf.checkpoints);
  const nameOf = useNames(info);
  const against = useMemo(() => comparables(checkpoints).get(info.checkpointId), [checkpoints, info]);
  const parent = checkpoints.find(({ checkpointId }) => checkpointId === info.parents[0]);
  const others = [parent, against].filter((one) => one !== undefined);
  const lines = [...new Set(others)].flatMap((other) =>
    other.lineage && info.lineage
      ? [{ name: other.name, words: describeDifference(other.lineage.recipe, info.lineage.recipe, nameOf) }]
      : [],
  );
  return lines.map(({ name, words }) => (
    <p key={name}>
      Against <b>{name}</b>: {words}.
    </p>
  ));
}

function Settings({ info }: { info: CheckpointInfo }) {
  const nameOf = useNames(info);
  if (!info.lineage) return <p className={styles.quiet}>Its settings were not recorded.</p>;
  const settings = settingsInWords(info.lineage.recipe, nameOf);
  return (
    <Disclosure summary={`All ${settings.length} settings`}>
      <dl className={styles.facts}>
        {settings.map(({ name, value }) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
    </Disclosure>
  );
}

function LastMetrics({ metrics }: CheckpointInfo) {
  const known = Object.keys(metrics) as MetricId[];
  if (known.length === 0) return <p className={styles.quiet}>No metrics came with it.</p>;
  return (
    <Disclosure summary={known.length === 1 ? 'Its last metric' : `Its last ${known.length} metrics`}>
      <dl className={styles.facts}>
        {known.map((id) => (
          <div key={id}>
            <dt>{LABELS[id].label}</dt>
            <dd>{measuredWords(id, metrics)}</dd>
          </div>
        ))}
      </dl>
    </Disclosure>
  );
}

interface ActionsProps {
  info: CheckpointInfo;
  /** a key asked to delete it, and it is needed */
  refused: boolean;
  onRename: () => void;
  onDelete: () => void;
}

function Actions({ info, refused, onRename, onDelete }: ActionsProps) {
  const { duplicate, exportFile, saveForTransformers, exportAdapter, merge } = useLab(
    useShallow(({ shelf: { duplicate, exportFile, saveForTransformers, exportAdapter, merge } }) => ({
      duplicate,
      exportFile,
      saveForTransformers,
      exportAdapter,
      merge,
    })),
  );
  const look = useLab(useShallow(({ inspect }) => ({ show: inspect.show, choose: inspect.setCheckpoint })));
  const { checkpointId } = info;
  const inspect = () => {
    look.choose(checkpointId);
    look.show();
  };
  const needed = useLab(useShallow((lab) => usersOf(lab, info)));
  return (
    <div className={styles.actions}>
      <Button onClick={onRename}>Rename</Button>
      <Button onClick={() => void duplicate(checkpointId)}>Duplicate</Button>
      <Button onClick={() => void exportFile(checkpointId)}>Save as a file</Button>
      <Button onClick={() => void saveForTransformers(checkpointId)}>Save for transformers</Button>
      {info.adapter && <Button onClick={() => void exportAdapter(checkpointId)}>Save adapter</Button>}
      {info.adapter && <Button onClick={() => void merge(checkpointId)}>Merge</Button>}
      <Button onClick={inspect}>Inspect</Button>
      <Button onClick={onDelete} disabled={needed.length > 0}>
        Delete
      </Button>
      {needed.length > 0 &&
        (refused ? (
          <p role="alert" className={styles.refused}>
            {keptUntil(needed)}
          </p>
        ) : (
          <p className={styles.quiet}>{keptUntil(needed)}</p>
        ))}
    </div>
  );
}

/** Where the weights that it learned beside, or its trunk did, lie in a file that is not here. */
function MissingTrunk({ info }: { info: CheckpointInfo }) {
  const { checkpointId, trunk } = useLab((lab) => lowestHere(lab, info));
  const isHere = useLab((lab) => trunk !== undefined && checkpointById(lab, trunk.checkpointId) !== null);
  if (!trunk || isHere) return null;
  return (
    <div className={styles.parts}>
      <p>
        It is <b>{trunk.name}</b> with a few changes, and {trunk.name} is not in this lab. Open its model file to use
        it; another model is not taken.
      </p>
      <ModelDrop label="Open the model file" asks={false} trunkOf={checkpointId} />
    </div>
  );
}

interface DetailsProps {
  info: CheckpointInfo;
  renaming: boolean;
  refused: boolean;
  onRename: (renaming: boolean) => void;
  onDelete: () => void;
  /** to a parent */
  onGo: (checkpointId: string) => void;
}

/** One checkpoint: who it is, whom it comes from, what it may do next. */
export function Details({ info, renaming, refused, onRename, onDelete, onGo }: DetailsProps) {
  const texts = learnedFrom(info);
  return (
    <section className={styles.details} aria-label="The chosen checkpoint">
      {renaming ? (
        <RenameForm key={info.checkpointId} info={info} onDone={() => onRename(false)} />
      ) : (
        <h3 className={styles.heading}>{info.name}</h3>
      )}
      <Actions info={info} refused={refused} onRename={() => onRename(true)} onDelete={onDelete} />
      <MissingTrunk info={info} />
      <Parts info={info} />
      <dl className={styles.facts}>
        <div>
          <dt>Made by</dt>
          <dd>{originWords(info)}</dd>
        </div>
        <div>
          <dt>Made from</dt>
          <dd>
            <Parents info={info} onGo={onGo} />
          </dd>
        </div>
        {texts !== null && (
          <div>
            <dt>Learned from</dt>
            <dd>{texts}</dd>
          </div>
        )}
        {info.adapter && (
          <div>
            <dt>Learned by</dt>
            <dd>{adapterWords(info.adapter, info.trunk)}</dd>
          </div>
        )}
        <div>
          <dt>Stands at</dt>
          <dd>step {formatInteger(info.step)}</dd>
        </div>
        <div>
          <dt>Size</dt>
          <dd>{sizeWords(info)}</dd>
        </div>
      </dl>
      <Differences info={info} />
      <Settings info={info} />
      <LastMetrics {...info} />
    </section>
  );
}
