import { useState } from 'react';
import { FINETUNE } from '../../../contract/settings/training';
import { useLab } from '../../../store/lab';
import { Card } from '../../primitives/Card';
import { Stage } from '../../primitives/Stage';
import { Tabs } from '../../primitives/Tabs';
import { useOpensFor } from '../Control';
import { RunHealth } from '../Health/RunHealth';
import { Shown, useNamedSettings, useWhatIsShown } from '../LessonView';
import { MoreCharts } from '../MoreCharts';
import { RunTransport } from '../RunTransport';
import { Demonstrations } from './Demonstrations';
import styles from './FineTune.module.css';
import { FineTuneSetup } from './FineTuneSetup';
import { FineTuneVerdict } from './FineTuneVerdict';
import { FINE_TUNE_CHARTS } from './fineTuneCharts';
import { blockedBy } from './fineTuneSentence';
import { LossCard } from './LossCard';
import { SideBySide } from './SideBySide';
import { TrainingRow } from './TrainingRow';

type Side = 'texts' | 'health' | 'settings';

/** The model is shown how prompts should go on, and learns to continue them so. */
export function FineTune() {
  const { state, spec, history, marks, busy } = useLab((lab) => lab.runs.finetune);
  const demonstrations = useLab((lab) => lab.demonstrations.all);
  const hasBase = useLab((lab) => lab.shelf.slots.baseId !== null);
  const selectBy = useLab((lab) => lab.config.value.finetune.selectBy);
  const exportCsv = useLab((lab) => lab.runs.exportCsv);
  const [picked, setPicked] = useState<string | null>(null);
  const [more, setMore] = useState(false);
  const isHere = demonstrations.some(({ demonstrationId }) => demonstrationId === picked);
  const looked = isHere ? picked : (demonstrations.at(-1)?.demonstrationId ?? null);
  const totalSteps = state?.totalSteps ?? 0;
  return (
    <Stage
      heading="Fine-tune"
      busy={state?.status === 'running' || busy !== null}
      className={styles.grid}
      footer={<RunTransport kind="finetune" blocked={blockedBy(hasBase, demonstrations.length)} />}
    >
      <Shown part="demonstrations">
        <Demonstrations className={styles.demonstrations} picked={looked} onPick={setPicked} />
      </Shown>
      <div className={styles.middle}>
        <Shown part="loss">
          <LossCard
            className={styles.loss}
            history={history}
            turned={marks}
            totalSteps={totalSteps}
            selectBy={spec?.kind === 'finetune' ? spec.config.selectBy : selectBy}
            onCsv={() => exportCsv('finetune')}
            more={more}
            onMore={() => setMore(!more)}
          />
        </Shown>
        <Shown part="row">
          <TrainingRow className={styles.row} demonstrationId={looked} />
        </Shown>
      </div>
      <div className={styles.right}>
        <SideCard started={history.length > 0} />
        <Shown part="verdict">
          <FineTuneVerdict />
        </Shown>
      </div>
      {more && (
        <MoreCharts
          kind="finetune"
          charts={FINE_TUNE_CHARTS}
          className={styles.more}
          history={history}
          marks={marks}
          totalSteps={totalSteps}
        />
      )}
    </Stage>
  );
}

const TABS = [
  { id: 'texts', part: 'beforeAfter', label: 'Before and after', content: <SideBySide /> },
  { id: 'health', part: 'health', label: 'Health', content: <RunHealth kind="finetune" /> },
  { id: 'settings', part: 'settings', label: 'Settings', content: <FineTuneSetup /> },
] as const;

/** Before the first step there is something to choose, afterwards something to read; the other one is a tab away. */
function SideCard({ started }: { started: boolean }) {
  const [picked, setPicked] = useState<Side | null>(null);
  const tuned = useLab((lab) => lab.shelf.slots.fineTunedId !== null);
  useOpensFor('finetune', () => setPicked('settings'));
  const isShown = useWhatIsShown();
  const named = useNamedSettings('finetune', Object.keys(FINETUNE));
  const tabs = TABS.filter(({ part, id }) => isShown(part) || (id === 'settings' && named.length > 0));
  const usual = started || tuned ? 'texts' : 'settings';
  const side = picked ?? (tabs.some(({ id }) => id === usual) ? usual : tabs[0]?.id);
  if (side === undefined) return null;
  const alone = tabs.length === 1 ? tabs[0]?.label : undefined;
  return (
    <Card className={styles.side} title={alone} label={alone ?? 'Texts and settings'}>
      <Tabs<Side> label="Texts and settings" className={styles.tabs} value={side} onChange={setPicked} tabs={tabs} />
    </Card>
  );
}
