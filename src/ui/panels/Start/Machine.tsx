import { useState } from 'react';
import { useShallow } from 'zustand/react/shallow';
import { useLab } from '../../../store/lab';
import { Button } from '../../primitives/Button';
import { Card } from '../../primitives/Card';
import { Confirm } from '../../primitives/Dialog';
import { formatInteger, formatNumber } from '../../primitives/format';
import { MetricValue } from '../../primitives/MetricValue';
import { BACKEND_WORDS, STATUS_WORDS } from '../../shell/engineWords';
import { AtRisk } from '../Notebook/AtRisk';
import styles from './Start.module.css';
import { PRESET_WORDS } from './words';

const STORAGE_WORDS = {
  opening: 'opening…',
  persistent: 'votes, curves and models, in this browser',
  memory: 'nothing: this window forgets when it closes',
  full: 'full: export, then delete models',
} as const;

const REST_WORDS = {
  waiting: 'loading the rest of the page…',
  loading: 'loading the rest of the page…',
  here: 'works: all of the page is here',
  missing: 'not yet: the rest of the page comes when the network is back',
} as const;

function Measured() {
  const { probe, probing } = useLab(useShallow(({ engine }) => ({ probe: engine.probe, probing: engine.probing })));
  if (probing) return <>measuring…</>;
  if (!probe) return <>not measured yet</>;
  return (
    <>
      <MetricValue id="perf/stepMs" value={probe.stepMs} format={(ms) => `${formatNumber(ms)} ms a step`} />,{' '}
      <MetricValue
        id="perf/tokensPerSecond"
        value={probe.tokensPerSecond}
        format={(speed) => `${formatInteger(speed)} tokens/s`}
      />
      {'; '}
      {PRESET_WORDS[probe.suggested].name} suits it
    </>
  );
}

function ForgetAll() {
  const [asking, setAsking] = useState(false);
  const clearAll = useLab((state) => state.session.clearAll);
  return (
    <>
      <Button kind="link" onClick={() => setAsking(true)}>
        Forget everything…
      </Button>
      <Confirm
        open={asking}
        title="Forget everything?"
        confirm="Forget everything"
        onConfirm={() => void clearAll()}
        onClose={() => setAsking(false)}
      >
        All votes, curves and models of this browser are deleted. There is no undo. Export first what you want to keep.
      </Confirm>
    </>
  );
}

/** What this machine can do, and what happens to the visitor's data: nothing. */
export function Machine() {
  const { status, info, probe, probing } = useLab(
    useShallow(({ engine }) => ({
      status: engine.status,
      info: engine.info,
      probe: engine.probe,
      probing: engine.probing,
    })),
  );
  const measure = useLab((state) => state.engine.measure);
  const { storage, rest, keptOffline } = useLab(
    useShallow(({ session: { storage, rest, keptOffline } }) => ({ storage, rest, keptOffline })),
  );
  return (
    <Card title="This machine" note={info ? undefined : STATUS_WORDS[status]}>
      <dl className={styles.list}>
        <dt>Computes with</dt>
        <dd>
          <b>{info ? BACKEND_WORDS[info.backend] : '…'}</b>
          {info?.adapter && ` on ${info.adapter}`}
        </dd>
        {info?.reason && (
          <>
            <dt>Because</dt>
            <dd>{info.reason}</dd>
          </>
        )}
        <dt>Speed</dt>
        <dd>
          <Measured />
        </dd>
        <dt>Isolated</dt>
        <dd>
          {info
            ? info.crossOriginIsolated
              ? 'yes: precise timers'
              : 'no: the server sends no isolation headers'
            : '…'}
        </dd>
        <dt>Keeps</dt>
        <dd>{STORAGE_WORDS[storage]}</dd>
        <dt>Offline</dt>
        <dd>
          {REST_WORDS[rest]}
          {keptOffline && ', and kept for the next visit'}
        </dd>
      </dl>
      <p className={styles.promise}>
        <b>Nothing leaves this computer.</b> No account, no server, no request to anyone else.
      </p>
      <AtRisk linked />
      <div className={styles.row}>
        <Button disabled={status !== 'ready' || probing} onClick={() => void measure()}>
          {probing ? 'Measuring…' : probe ? 'Measure again' : 'Measure'}
        </Button>
        <ForgetAll />
      </div>
    </Card>
  );
}
