import { useEffect } from 'react';
import { useShallow } from 'zustand/react/shallow';
import { useLab } from '../../../store/lab';
import { isReady } from '../../../store/page/ready';
import { fileInUse } from '../../../store/text/corpus';
import { Button } from '../../primitives/Button';
import { Card } from '../../primitives/Card';
import { Say } from '../../primitives/Say';
import { Stage } from '../../primitives/Stage';
import { Tabs } from '../../primitives/Tabs';
import { Elsewhere, Shown, useHasKnobs, useIsShown } from '../LessonView';
import styles from './Data.module.css';
import { hasUnusedText, verdictOf } from './dataVerdict';
import { Facts } from './Facts';
import { OwnText } from './OwnText';
import { Samples } from './Samples';
import { StoryKnobs } from './StoryKnobs';
import { TokenPane } from './TokenPane';
import { TroubleLine } from './TroubleLine';

/** The first visit sees stories at once; nothing was there that they could replace. */
function useFirstCorpus(): void {
  const wanted = useLab(
    (state) => isReady(state) && state.corpus.summary === null && state.corpus.error === null && !state.corpus.busy,
  );
  const generate = useLab((state) => state.corpus.generate);
  useEffect(() => {
    if (wanted) void generate();
  }, [wanted, generate]);
}

function Verdict() {
  const summary = useLab((state) => state.corpus.summary);
  const failed = useLab((state) => state.corpus.error !== null);
  const unused = useLab(hasUnusedText);
  const file = useLab(fileInUse);
  const go = useLab((state) => state.view.go);
  if (!summary) return <Say>Choose a corpus: what the model reads is all it will ever know.</Say>;
  const { tone, lead, text } = verdictOf(summary, failed, unused, file);
  return (
    <div className={styles.verdict}>
      <Say tone={tone} lead={lead} className={styles.say}>
        {text}
      </Say>
      <Elsewhere>
        <Button onClick={() => go('pretrain')}>
          Pretrain on it <span aria-hidden="true">→</span>
        </Button>
      </Elsewhere>
    </div>
  );
}

/** What the model learns from: stories of our own grammar, or the visitor's text. */
export function Data() {
  const { source, busy, setSource } = useLab(
    useShallow(({ corpus }) => ({ source: corpus.source, busy: corpus.busy, setSource: corpus.setSource })),
  );
  useFirstCorpus();
  const withCorpus = useHasKnobs('corpus');
  const withTabs = useIsShown('corpus');
  return (
    <Stage heading="Data" busy={busy} className={styles.layout}>
      {withCorpus && (
        <Card>
          {withTabs ? (
            <Tabs
              label="Corpus"
              value={source}
              onChange={setSource}
              tabs={[
                { id: 'stories', label: 'Stories', content: <StoryKnobs /> },
                { id: 'text', label: 'Your own text', content: <OwnText /> },
              ]}
            />
          ) : (
            <StoryKnobs />
          )}
          <div className={styles.working}>
            <TroubleLine />
          </div>
        </Card>
      )}
      <Shown part="samples">
        <Samples />
      </Shown>
      <div className={styles.right}>
        <Shown part="facts">
          <Facts />
        </Shown>
        <Shown part="tokens">
          <TokenPane />
        </Shown>
        <Shown part="verdict">
          <Verdict />
        </Shown>
      </div>
    </Stage>
  );
}
