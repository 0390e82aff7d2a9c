import { useState } from 'react';
import { MODEL } from '../../../contract/settings/lab';
import { PRETRAIN } from '../../../contract/settings/training';
import { useLab } from '../../../store/lab';
import { floorOfRun } from '../../../store/text/corpusWords';
import { Card } from '../../primitives/Card';
import { Stage } from '../../primitives/Stage';
import { Tabs } from '../../primitives/Tabs';
import { useOpensFor } from '../Control';
import { RunHealth } from '../Health/RunHealth';
import { Shown, useNamedSettings, useWhatIsShown } from '../LessonView';
import { MoreCharts } from '../MoreCharts';
import { RunTransport } from '../RunTransport';
import { WhereTimeGoes } from '../WhereTimeGoes';
import { LiveAttention } from './LiveAttention';
import { LossCard } from './LossCard';
import styles from './Pretrain.module.css';
import { PretrainSetup } from './PretrainSetup';
import { PretrainVerdict } from './PretrainVerdict';
import { PRETRAIN_CHARTS } from './pretrainCharts';
import { SamplesCard } from './SamplesCard';

type Side = 'attention' | 'health' | 'settings' | 'time';

/** A transformer learns to write, live: its loss, its words, its attention. */
export function Pretrain() {
  const { state, spec, history, samples, busy } = useLab((lab) => lab.runs.pretrain);
  const fixedPrompt = useLab((lab) => lab.runs.fixedPrompt);
  const setFixedPrompt = useLab((lab) => lab.runs.setFixedPrompt);
  const exportCsv = useLab((lab) => lab.runs.exportCsv);
  const floor = useLab(floorOfRun);
  const corpusVocab = useLab((lab) => lab.corpus.summary?.vocabSize ?? 0);
  const steps = useLab((lab) => lab.config.value.pretrain.steps);
  const [more, setMore] = useState(false);
  const vocabSize = spec?.kind === 'pretrain' ? spec.model.vocabSize : corpusVocab;
  return (
    <Stage
      heading="Pretrain"
      busy={state?.status === 'running' || busy !== null}
      className={styles.grid}
      footer={<RunTransport kind="pretrain" plannedSteps={steps} />}
    >
      <Shown part="loss">
        <LossCard
          className={styles.loss}
          history={history}
          totalSteps={state?.totalSteps ?? steps}
          vocabSize={vocabSize}
          floor={floor}
          more={more}
          onMore={() => setMore(!more)}
          {...(history.length > 0 && { onCsv: () => exportCsv('pretrain') })}
        />
      </Shown>
      <Shown part="samples">
        <SamplesCard className={styles.samples} samples={samples} prompt={fixedPrompt} onPrompt={setFixedPrompt} />
      </Shown>
      <SideCard started={history.length > 0} />
      <Shown part="verdict">
        <PretrainVerdict className={styles.verdict} />
      </Shown>
      {more && (
        <MoreCharts
          kind="pretrain"
          charts={PRETRAIN_CHARTS}
          className={styles.more}
          history={history}
          totalSteps={state?.totalSteps ?? steps}
        />
      )}
    </Stage>
  );
}

const TABS = [
  { id: 'attention', part: 'attention', label: 'Attention', content: <LiveAttention /> },
  { id: 'health', part: 'health', label: 'Health', content: <RunHealth kind="pretrain" /> },
  { id: 'settings', part: 'settings', label: 'Settings', content: <PretrainSetup /> },
  { id: 'time', part: 'time', label: 'Where the time goes', content: <WhereTimeGoes kind="pretrain" /> },
] as const;

/** whether a lesson names a setting of the model or of its training */
function useNamedKnobs(): boolean {
  const model = useNamedSettings('model', Object.keys(MODEL));
  const training = useNamedSettings('pretrain', Object.keys(PRETRAIN));
  return model.length + training.length > 0;
}

/** Before the first step there is something to choose, afterwards something to see; the other one is a tab away. */
function SideCard({ started }: { started: boolean }) {
  const [picked, setPicked] = useState<Side | null>(null);
  useOpensFor('pretrain', () => setPicked('settings'));
  const isShown = useWhatIsShown();
  const withKnobs = useNamedKnobs();
  const tabs = TABS.filter(({ id, part }) => isShown(part) || (id === 'settings' && withKnobs));
  const usual = started ? 'attention' : 'settings';
  const side = picked ?? (tabs.some(({ id }) => id === usual) ? usual : tabs[0]?.id);
  if (side === undefined) return null;
  const alone = tabs.length === 1 ? tabs[0]?.label : undefined;
  return (
    <Card className={styles.side} title={alone} label={alone ?? 'Attention and settings'}>
      <Tabs<Side>
        label="Attention and settings"
        className={styles.tabs}
        value={side}
        onChange={setPicked}
        tabs={tabs}
      />
    </Card>
  );
}
