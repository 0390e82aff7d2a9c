import { type ComponentType, use, useState } from 'react';
import { useLab } from '../../../store/lab';
import { METHODS, type Method } from '../../../store/runs/methodTrail';
import type { LabState } from '../../../store/state';
import { Card } from '../../primitives/Card';
import { Stage } from '../../primitives/Stage';
import { Tabs } from '../../primitives/Tabs';
import { StageExtra } from '../../shell/StageExtra';
import { useOpensFor } from '../Control';
import { InLesson, Shown, useHasKnobs, useIsShown } from '../LessonView';
import { BestOfBeside, BestOfBody, BestOfKnobs, BestOfTransport } from './BestOf';
import { ChosenN } from './ChosenN';
import { DpoBeside, DpoBody, DpoKnobs, DpoTransport } from './Dpo';
import styles from './Optimise.module.css';
import { PpoBeside, PpoBody, PpoKnobs, PpoTransport } from './Ppo';

interface Parts {
  label: string;
  /** in the tab itself */
  Knobs: ComponentType;
  /** the card below the knobs: numbers and verdict */
  Beside: ComponentType;
  /** the middle and the right column */
  Body: ComponentType;
  Transport: ComponentType;
}

const PARTS: Record<Method, Parts> = {
  ppo: { label: 'PPO', Knobs: PpoKnobs, Beside: PpoBeside, Body: PpoBody, Transport: PpoTransport },
  dpo: { label: 'DPO', Knobs: DpoKnobs, Beside: DpoBeside, Body: DpoBody, Transport: DpoTransport },
  bestOf: {
    label: 'Best of N',
    Knobs: BestOfKnobs,
    Beside: BestOfBeside,
    Body: BestOfBody,
    Transport: BestOfTransport,
  },
};

/** Until somebody chooses: what is training, else what was trained last, also before a reload, else PPO. */
function usualMethod({ runs }: LabState): Method {
  const lastOf = (method: Method): number => (runs[method].runId === null ? -1 : (runs[method].savedAt ?? 0));
  return (
    METHODS.find((method) => runs[method].state?.status === 'running') ??
    METHODS.reduce((last, method) => (lastOf(method) > lastOf(last) ? method : last), 'ppo')
  );
}

/** The ways to a policy that pleases, one tab each, over one layout. */
export function Optimise() {
  const usual = useLab(usualMethod);
  const place = use(InLesson)?.place.split('/')[1];
  const [choice, setChoice] = useState<{ method: Method; place: string | undefined } | null>(null);
  const chosen = choice?.place === place ? choice?.method : null; // a lesson that goes on to a method shows it
  const setChosen = (method: Method) => setChoice({ method, place });
  const asked = METHODS.find((id) => id === place) ?? null;
  const withKnobs = useHasKnobs('method', 'reward', 'settings');
  const withTabs = useIsShown('method');
  const method = (withTabs ? chosen : null) ?? asked ?? usual;
  useOpensFor('ppo', () => setChosen('ppo'));
  useOpensFor('rollouts', () => setChosen('ppo'));
  useOpensFor('dpo', () => setChosen('dpo'));
  useOpensFor('bestOf', () => setChosen('bestOf'));
  const busy = useLab(({ runs }) => runs[method].state?.status === 'running' || runs[method].busy !== null);
  const { Knobs, Beside, Body, Transport } = PARTS[method];
  const tabs = METHODS.map((id) => {
    const { label, Knobs } = PARTS[id];
    return { id, label, content: <Knobs /> };
  });
  return (
    <ChosenN>
      <Stage heading="Optimise" busy={busy} className={styles.grid} footer={<Transport />}>
        <div className={styles.left}>
          {withKnobs && (
            <Card className={styles.knobs} label="Method and settings">
              {withTabs ? <Tabs label="Method" value={method} onChange={setChosen} tabs={tabs} /> : <Knobs />}
            </Card>
          )}
          <Shown part="health">
            <Beside />
          </Shown>
        </div>
        <Body />
        <Shown>
          <StageExtra stage="optimise" />
        </Shown>
      </Stage>
    </ChosenN>
  );
}
