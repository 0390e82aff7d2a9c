import type { RewardReview } from '../../../contract/observations';
import { REWARD } from '../../../contract/settings/training';
import { useLab } from '../../../store/lab';
import { hasAttributes } from '../../../store/opinions/raterInUse';
import { writerId } from '../../../store/rounds/rounds';
import type { RunView } from '../../../store/state';
import { Card } from '../../primitives/Card';
import { Stage } from '../../primitives/Stage';
import { ChartControls } from '../ChartControls';
import { pairsSentence } from '../Compare/pairCounts';
import { Shown, useIsShown } from '../LessonView';
import { NotYet } from '../NotYet';
import { RunTransport } from '../RunTransport';
import { NamedSettings } from '../settings/NamedSettings';
import { Accuracy } from './Accuracy';
import { blockedBy } from './blocked';
import { Disagreements } from './Disagreements';
import { Loss } from './Loss';
import { Margins } from './Margins';
import { Pooling } from './Pooling';
import styles from './Reward.module.css';
import { RoundAgreement } from './RoundAgreement';
import { ScoreCard } from './ScoreCard';
import { Standing } from './Standing';
import { Taught } from './Taught';
import { useOpinions } from './useOpinions';

const NO_DISAGREEMENTS: never[] = [];

/**
 * Votes become a number: how well it predicts the voter, what it makes of any sentence, and whether PPO may trust it.
 */
export function Reward() {
  const run = useLab((state) => state.runs.reward);
  const hasModel = useLab((state) => writerId(state) !== null);
  const ready = useLab((state) => state.shelf.slots.rewardId !== null);
  const ownText = useLab((state) => state.corpus.summary?.kind === 'text');
  const plannedSteps = useLab((state) => state.config.value.reward.steps);
  const opinions = useOpinions();

  const blocked = blockedBy(hasModel, opinions.counts);
  const review = run.review?.review ?? null;
  const totalSteps = run.state?.totalSteps ?? plannedSteps;
  return (
    <Stage
      heading="Reward model"
      busy={run.state?.status === 'running' || run.busy === 'creating'}
      className={styles.stage}
      footer={<RunTransport kind="reward" blocked={blocked} plannedSteps={plannedSteps} />}
    >
      <div className={styles.hero} data-columns>
        <div className={styles.column}>
          <Shown part="accuracy">
            {blocked && run.history.length === 0 ? (
              <Card title="Held-out accuracy" className={styles.grow}>
                <NotYet hasModel={hasModel} blocked={blocked} />
              </Card>
            ) : (
              <Accuracy
                history={run.history}
                review={review}
                consistency={opinions.consistency}
                longer={opinions.longer}
                totalSteps={totalSteps}
              />
            )}
          </Shown>
          <Shown part="margins">
            <Margins review={review} normalised={isNormalised(run)} />
          </Shown>
        </div>
        <div className={styles.column}>
          <Shown part="score">
            <ScoreCard ready={ready} suggestions={opinions.suggestions} />
          </Shown>
          <Shown part="disagreements">
            <Disagreements items={review?.disagreements ?? NO_DISAGREEMENTS} review={review} verbatim={ownText} />
          </Shown>
        </div>
        <div className={styles.column}>
          <Shown part="loss">
            <Loss history={run.history} example={review?.example ?? null} totalSteps={totalSteps} />
          </Shown>
          <LearnedFrom run={run} blocked={blocked} opinions={opinions} />
        </div>
      </div>
      <Settings review={review} />
    </Stage>
  );
}

const isNormalised = ({ state, spec }: RunView): boolean =>
  state?.status === 'done' && spec?.kind === 'reward' && spec.config.normalizeSamples > 0;

interface LearnedFromProps {
  run: RunView;
  blocked: string | null;
  opinions: ReturnType<typeof useOpinions>;
}

/** The taste that it was taught, and what came of it. */
function LearnedFrom({ run, blocked, opinions: { counts, consistency, pairs } }: LearnedFromProps) {
  const measured = useLab(hasAttributes);
  const result = useLab((state) => state.taste.result);
  return (
    <>
      <Shown part="taste">
        <Taught result={result} usable={counts.usable} measured={measured} />
      </Shown>
      <Shown part="standing">
        <Standing
          run={run}
          blocked={blocked}
          ownText={!measured}
          consistency={consistency}
          pairs={pairsSentence(pairs)}
        />
      </Shown>
    </>
  );
}

function Settings({ review }: { review: RewardReview | null }) {
  const isWhole = useIsShown('settings');
  const withPooling = useIsShown('knob:pooling') || isWhole;
  return (
    <div className={`${styles.wide} ${styles.settings}`}>
      {isWhole && <RoundAgreement review={review} />}
      {withPooling && (
        <Card title="How it reads a text">
          <Pooling />
        </Card>
      )}
      <RewardKnobs />
      {isWhole && (
        <Card title="How the charts are drawn">
          <ChartControls kind="reward" />
        </Card>
      )}
    </div>
  );
}

/** those that a lesson names; where no lesson stands they are in the page's own forms */
function RewardKnobs() {
  const reward = useLab((state) => state.config.value.reward);
  const change = useLab((state) => state.config.change);
  return (
    <NamedSettings
      section="reward"
      rows={REWARD}
      value={reward}
      onChange={(fields) => change('reward', fields)}
      except={['pooling']}
    />
  );
}
