import { useState } from 'react';
import { useLab } from '../../../store/lab';
import { floorOfRun } from '../../../store/text/corpusWords';
import { Card } from '../../primitives/Card';
import { Stage } from '../../primitives/Stage';
import { Tabs } from '../../primitives/Tabs';
import { useOpensFor } from '../Control';
import { RunHealth } from '../Health/RunHealth';
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
      <SamplesCard className={styles.samples} samples={samples} prompt={fixedPrompt} onPrompt={setFixedPrompt} />
      <SideCard started={history.length > 0} />
      <PretrainVerdict className={styles.verdict} />
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

/** Before the first step there is something to choose, afterwards something to see; the other one is a tab away. */
function SideCard({ started }: { started: boolean }) {
  const [picked, setPicked] = useState<Side | null>(null);
  useOpensFor('pretrain', () => setPicked('settings'));
  return (
    <Card className={styles.side} label="Attention and settings">
      <Tabs<Side>
        label="Attention and settings"
        className={styles.tabs}
        value={picked ?? (started ? 'attention' : 'settings')}
        onChange={setPicked}
        tabs={[
          { id: 'attention', label: 'Attention', content: <LiveAttention /> },
          { id: 'health', label: 'Health', content: <RunHealth kind="pretrain" /> },
          { id: 'settings', label: 'Settings', content: <PretrainSetup /> },
          { id: 'time', label: 'Where the time goes', content: <WhereTimeGoes kind="pretrain" /> },
        ]}
      />
    </Card>
  );
}
