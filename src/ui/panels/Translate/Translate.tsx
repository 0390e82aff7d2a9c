import { type ReactNode, useEffect, useState } from 'react';
import { useLab } from '../../../store/lab';
import { useTranslation } from '../../../store/translate/translation';
import { Stage } from '../../primitives/Stage';
import { Tabs } from '../../primitives/Tabs';
import { TransportBar } from '../../primitives/TransportBar';
import { useHeld, useWhatIsShown } from '../LessonView';
import { DecoderAlone } from './DecoderAlone';
import styles from './Translate.module.css';
import { Translator } from './Translator';

type Tab = 'translator' | 'alone';

const TABS: readonly { id: Tab; label: string; content: ReactNode }[] = [
  { id: 'translator', label: 'Translator', content: <Translator /> },
  { id: 'alone', label: 'What a decoder alone leaves out', content: <DecoderAlone /> },
];

/** The model of 2017, small, learning to translate the grammar's sentences into a made-up language. */
export function Translate() {
  const isShown = useWhatIsShown();
  const [tab, setTab] = useState<Tab>('translator');
  const running = useTranslation((state) => state.status === 'running');
  const open = useTranslation((state) => state.open);
  useEffect(() => void open(), [open]);
  return (
    <Stage heading="Translate" showHeading busy={running} className={styles.page} footer={<Transport />}>
      <Tabs<Tab>
        label="Views of the translator"
        className={styles.tabs}
        value={tab}
        onChange={setTab}
        tabs={isShown('decoder') ? TABS : TABS.slice(0, 1)}
      />
    </Stage>
  );
}

function Transport() {
  const { status, busy, step, totalSteps, elapsedMs, seed, shape, error, ...act } = useTranslation((state) => state);
  const held = useHeld();
  const isStarting = useLab((lab) => lab.engine.status === 'starting');
  const words =
    shape && `${shape.layers} + ${shape.layers} blocks, ${shape.heads} heads, ${shape.width} wide · portable tf.js`;
  return (
    <TransportBar
      status={shape ? status : null}
      step={step}
      totalSteps={totalSteps}
      elapsedMs={elapsedMs}
      rate={words}
      seed={seed}
      keepsModels={false}
      kept="The same seed trains the same translator again."
      busy={busy}
      waiting={isStarting && !shape ? 'The lab is starting…' : null}
      blocked={held ?? (status === 'failed' && step > 0 ? error : null)}
      onTrain={act.train}
      onPause={() => void act.pause()}
      onStep={act.stepOnce}
      onReset={() => void act.reset()}
    />
  );
}
