import type { GridPreset } from '../../../contract/gridworld';
import { cellName } from '../../../contract/gridworld';
import { BRUSHES, type Brush } from '../../../store/gridworld/edit';
import { GRID_PARTS, type GridPart, shownCell } from '../../../store/gridworld/gridState';
import { Button } from '../../primitives/Button';
import { Card } from '../../primitives/Card';
import { Segments } from '../../primitives/Segments';
import { Slider } from '../../primitives/Slider';
import { Stage } from '../../primitives/Stage';
import { eachKey, useKeys } from '../../primitives/useKeys';
import { Shown, useWhatIsShown } from '../LessonView';
import { cellWords } from './cellWords';
import { GridFooter } from './GridFooter';
import { GridPicture } from './GridPicture';
import { GridTables } from './GridTables';
import styles from './GridWorld.module.css';
import { LanguagePart } from './LanguagePart';
import { LearningPart } from './LearningPart';
import { CellsPart, ReturnPart, SweepsPart, ValuesPart, WalkPart } from './parts';
import { useGridLesson } from './useGridLesson';
import { useLook } from './useLook';
import { chance, PART_NAMES, QUESTIONS } from './words';

const PRESETS: readonly { value: GridPreset; label: string }[] = [
  { value: 'cliff', label: 'Cliff' },
  { value: 'twoFishes', label: 'Two fishes' },
  { value: 'windyCorridor', label: 'Windy corridor' },
];

const PANELS: Record<GridPart, () => React.ReactNode> = {
  cells: CellsPart,
  walk: WalkPart,
  return: ReturnPart,
  values: ValuesPart,
  sweeps: SweepsPart,
  learning: LearningPart,
  language: LanguagePart,
};

/** Seven questions, one grid. */
function Parts() {
  const { part, show } = useGridLesson(({ part, show }) => ({ part, show }));
  return (
    <nav className={styles.parts} aria-label="Parts">
      {GRID_PARTS.map((one, i) => (
        <Button
          key={one}
          kind="quiet"
          className={styles.part}
          aria-current={one === part ? 'step' : undefined}
          onClick={() => show(one)}
        >
          <span className={styles.count} aria-hidden="true">
            {i + 1}
          </span>
          {PART_NAMES[one]}
        </Button>
      ))}
    </nav>
  );
}

/** Which world, how drunk the cat is, how patient; and the brush of whoever edits it. */
function World() {
  const { preset, world, editing, choosePreset, changeWorld, setEditing } = useGridLesson(
    ({ preset, world, editing, choosePreset, changeWorld, setEditing }) => ({
      ...{ preset, world, editing, choosePreset, changeWorld, setEditing },
    }),
  );
  return (
    <div className={styles.world}>
      <Segments label="World" value={preset} onChange={choosePreset} options={PRESETS} />
      <Slider
        label="Slip"
        className={styles.slider}
        value={world.slip}
        min={0}
        max={0.9}
        step={0.05}
        format={chance}
        onChange={(slip) => changeWorld({ slip })}
      />
      <Slider
        label="γ"
        className={styles.slider}
        value={world.gamma}
        min={0.1}
        max={1}
        step={0.01}
        format={chance}
        onChange={(gamma) => changeWorld({ gamma })}
      />
      <Button keyCap="E" aria-pressed={editing} onClick={() => setEditing(!editing)}>
        Edit cells
      </Button>
    </div>
  );
}

const BRUSH_KEYS = { 1: 'wall', 2: 'fish', 3: 'dog', 4: 'cat' } as const satisfies Record<number, Brush>;
const BRUSH_WORDS: Record<Brush, string> = { wall: 'Wall', fish: 'Fish', dog: 'Dog', cat: 'Cat' };

function Brushes() {
  const { cursor, refused, paint } = useGridLesson(({ cursor, refused, paint }) => ({ cursor, refused, paint }));
  return (
    <div className={styles.brushes}>
      <span className={styles.note}>
        On <b>{cellName(cursor)}</b>:
      </span>
      {BRUSHES.map((brush, i) => (
        <Button key={brush} keyCap={String(i + 1)} onClick={() => paint(brush)}>
          {BRUSH_WORDS[brush]}
        </Button>
      ))}
      {refused && (
        <p className={styles.refused} role="alert">
          {refused}
        </p>
      )}
    </div>
  );
}

function Grid() {
  const { part, world, solution, cursor, lit, editing, trouble, moveTo, point } = useGridLesson(
    ({ part, world, solution, cursor, lit, editing, trouble, moveTo, point }) => ({
      ...{ part, world, solution, cursor, lit, editing, trouble, moveTo, point },
    }),
  );
  const shown = useGridLesson(shownCell);
  const look = useLook();
  return (
    <Card title={QUESTIONS[part]} className={styles.gridCard}>
      <GridPicture {...{ world, solution, look, cursor, lit }} onCursor={moveTo} onPoint={point} />
      <p className={styles.note}>
        <b>{cellName(shown)}</b>: {cellWords(world, shown)}
      </p>
      {editing && <Brushes />}
      {trouble && (
        <p className={styles.refused} role="alert">
          {trouble}
        </p>
      )}
    </Card>
  );
}

/** The keys of the page, wherever the focus is but in a field. */
function useGridKeys(): void {
  const { editing, setEditing, paint, walkAgain, sweepTo, swept } = useGridLesson(
    ({ editing, setEditing, paint, walkAgain, sweepTo, swept }) => ({
      ...{ editing, setEditing, paint, walkAgain, sweepTo, swept },
    }),
  );
  useKeys<'Grid world'>({
    e: () => setEditing(!editing),
    w: walkAgain,
    s: () => sweepTo(swept + 1),
  });
  useKeys<'Grid world'>(eachKey(BRUSH_KEYS, paint), editing);
}

/** The Markov decision process behind it all, small enough to be seen whole: a cat, a fish, a dog. */
export function GridWorld() {
  const { part, training } = useGridLesson(({ part, training }) => ({ part, training }));
  useGridKeys();
  const Panel = PANELS[part];
  const isShown = useWhatIsShown();
  const isWhole = part === 'language' || !isShown('grid') || !isShown('panel');
  return (
    <Stage heading="Grid world" showHeading busy={training} className={styles.page} footer={<GridFooter />}>
      <Shown part="parts">
        <Parts />
      </Shown>
      {part !== 'language' && (
        <Shown part="world">
          <World />
        </Shown>
      )}
      <div className={isWhole ? styles.whole : styles.columns}>
        {part !== 'language' && (
          <Shown part="grid">
            <Grid />
          </Shown>
        )}
        <Shown part="panel">
          <div className={styles.side}>
            <Panel />
          </div>
        </Shown>
      </div>
      <Shown part="tables">
        <GridTables />
      </Shown>
    </Stage>
  );
}
