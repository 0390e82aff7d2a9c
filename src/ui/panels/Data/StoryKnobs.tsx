import { useEffect, useRef } from 'react';
import { useShallow } from 'zustand/react/shallow';
import type { StoryConfig } from '../../../contract/config';
import { rounded } from '../../../contract/numbers';
import { LAB, STORIES } from '../../../contract/settings/lab';
import { useLab } from '../../../store/lab';
import { isReady } from '../../../store/page/ready';
import { stageStatus } from '../../../store/page/stageStatus';
import { Button } from '../../primitives/Button';
import { formatNumber, formatShare } from '../../primitives/format';
import { NumberField } from '../../primitives/NumberField';
import { Slider } from '../../primitives/Slider';
import { Control } from '../Control';
import { Shown } from '../LessonView';
import { boundsOf, frameOf } from '../settings/fields';
import styles from './Data.module.css';

/** Two shares of one whole: raising one takes from the other when there is no room left. */
export function withShare(
  config: StoryConfig,
  key: 'happyShare' | 'sadShare' | 'politeShare' | 'rudeShare',
  value: number,
): Partial<StoryConfig> {
  const others = {
    happyShare: 'sadShare',
    sadShare: 'happyShare',
    politeShare: 'rudeShare',
    rudeShare: 'politeShare',
  } as const;
  const other = others[key];
  return { [key]: value, [other]: Math.min(config[other], rounded(1 - value, 2)) };
}

const only =
  (key: keyof StoryConfig) =>
  (value: number): Partial<StoryConfig> => ({ [key]: value });

/** While nothing depends on the corpus, it follows the knobs by itself. */
const LIVE_AFTER_MS = 500;

function useLiveCorpus(config: StoryConfig): boolean {
  const stale = useLab((state) => state.corpus.source === 'stories' && stageStatus(state, 'data') === 'stale');
  const free = useLab(
    ({ shelf, runs, corpus }) =>
      shelf.slots.baseId === null && runs.pretrain.runId === null && !corpus.busy && corpus.error === null,
  );
  const generate = useLab((state) => state.corpus.generate);
  const latest = useRef(config);
  latest.current = config;
  useEffect(() => {
    if (!stale || !free) return;
    const timer = setTimeout(() => config === latest.current && void generate(), LIVE_AFTER_MS);
    return () => clearTimeout(timer);
  }, [stale, free, config, generate]);
  return stale && !free;
}

/** The grammar's knobs: shares are probabilities, so what they do can be counted in the stories. */
export function StoryKnobs() {
  const { stories, seed, change, setSeed } = useLab(
    useShallow(({ config }) => ({
      stories: config.value.stories,
      seed: config.value.seed,
      change: config.change,
      setSeed: config.setSeed,
    })),
  );
  const { busy, ready, generate } = useLab(
    useShallow((state) => ({ busy: state.corpus.busy, ready: isReady(state), generate: state.corpus.generate })),
  );
  const waits = useLiveCorpus(stories);
  type Share = Parameters<typeof withShare>[1];
  const knob = (key: Share | 'meanMiddle' | 'moodAgreement', format = formatShare, changed = only(key)) => (
    <Control id={`stories/${key}`}>
      <Slider
        {...frameOf(STORIES[key])}
        {...STORIES[key].slider}
        format={format}
        value={stories[key]}
        onChange={(value) => change('stories', changed(value))}
      />
    </Control>
  );
  const share = (key: Share) => knob(key, formatShare, (value) => withShare(stories, key, value));
  return (
    <div className={styles.knobs}>
      {share('happyShare')}
      {share('sadShare')}
      {knob('meanMiddle', (value) => `${formatNumber(value)} each`)}
      {share('politeShare')}
      {share('rudeShare')}
      {knob('moodAgreement')}
      <div className={styles.pair}>
        <Control id="stories/stories">
          <NumberField
            {...frameOf(STORIES.stories)}
            {...boundsOf(STORIES.stories)}
            value={stories.stories}
            onChange={(count) => change('stories', { stories: count })}
          />
        </Control>
        <Shown part="corpus">
          <NumberField {...frameOf(LAB.seed)} {...boundsOf(LAB.seed)} value={seed} onChange={setSeed} />
        </Shown>
      </div>
      <Button kind="primary" disabled={busy || !ready} onClick={() => void generate()}>
        Generate
      </Button>
      <p className={styles.quiet}>
        {waits
          ? 'The knobs have moved: Generate makes the new corpus. Models trained on the old one stay.'
          : 'Same knobs and seed, same stories, on every machine.'}
      </p>
    </div>
  );
}
