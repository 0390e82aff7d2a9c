/** What the names in screens.ts stand for: the charts, cards and texts of the running lab, without what is pressed. */
import { type ComponentType, type CSSProperties, useEffect, useMemo } from 'react';
import { RULE_FROM } from '../../../contract/enough';
import type { BeforeAfter } from '../../../contract/observations';
import { useLab } from '../../../store/lab';
import { writerId } from '../../../store/rounds/rounds';
import type { ShownPair } from '../../../store/state';
import { corpusWords, floorOfRun } from '../../../store/text/corpusWords';
import { LineChart } from '../../charts/LineChart';
import { formatInteger } from '../../primitives/format';
import { StoryText } from '../../primitives/StoryText';
import type { Tone } from '../../theme/tone';
import { PromptText, Sides } from '../Compare/PairTexts';
import { byStrength, WeightBars } from '../Compare/WeightBars';
import { RewardLines, Trail } from '../Optimise/TrailCard';
import { PlainAttention } from '../Pretrain/LiveAttention';
import { LOSS_LINES, lossLevels } from '../Pretrain/LossCard';
import { AccuracyChart } from '../Reward/Accuracy';
import { useOpinions } from '../Reward/useOpinions';
import { Loop } from '../Start/Loop';
import { useChartView, useLines } from '../useChartView';
import styles from './Presenter.module.css';
import { type Picture, type Quote, SCREENS } from './screens';
import { Waiting } from './Waiting';

function LossPicture() {
  const { history, spec, state } = useLab((lab) => lab.runs.pretrain);
  const corpusVocab = useLab((lab) => lab.corpus.summary?.vocabSize ?? 0);
  const floor = useLab(floorOfRun);
  const view = useChartView();
  const series = useLines(history, LOSS_LINES);
  const vocabSize = spec?.kind === 'pretrain' ? spec.model.vocabSize : corpusVocab;
  const levels = useMemo(() => lossLevels(vocabSize, floor), [vocabSize, floor]);
  if (history.length === 0) return <Waiting what="The loss is drawn here, from the first step on." run="pretrain" />;
  return (
    <LineChart label="Loss" series={series} view={view} levels={levels} totalSteps={state?.totalSteps ?? 0} legend />
  );
}

function AttentionPicture() {
  const hasRun = useLab((lab) => lab.runs.pretrain.history.length > 0);
  if (!hasRun) return <Waiting what="Attention is drawn here, from the first step on." run="pretrain" />;
  return (
    <div className={styles.attention}>
      <PlainAttention />
    </div>
  );
}

/** Letters of both texts as large as the longer one allows: its card holds 198 letters of 1 rem. */
const pairRem = ({ a, b }: ShownPair): number =>
  Math.max(0.75, Math.min(1.35, Math.sqrt(198 / Math.max(a.length, b.length, 1))));

function PairPicture() {
  const { shown, prepare } = useLab((lab) => lab.pairs);
  const verbatim = useLab((lab) => corpusWords(lab.corpus.summary).ownText);
  const hasWriter = useLab((lab) => writerId(lab) !== null);
  useEffect(() => {
    if (hasWriter) void prepare(); // else it would leave a notice that nothing can write
  }, [hasWriter, prepare]);
  if (!shown) return <Waiting what="Two texts stand here once there is a model to write them." />;
  const size = { '--pair-text': `${pairRem(shown)}rem` } as CSSProperties;
  return (
    <div className={styles.pair} style={size}>
      <PromptText shown={shown} verbatim={verbatim} />
      <Sides shown={shown} verbatim={verbatim} />
    </div>
  );
}

/** more would be small */
const WEIGHTS = 4;

function TastePicture() {
  const result = useLab((lab) => lab.taste.result);
  if (result?.kind !== 'rule')
    return <Waiting what={`What your votes have in common stands here, from ${RULE_FROM} votes on.`} />;
  return (
    <div className={styles.taste}>
      <WeightBars weights={byStrength(result.rule.weights).slice(0, WEIGHTS)} />
    </div>
  );
}

function AccuracyPicture() {
  const run = useLab((lab) => lab.runs.reward);
  const planned = useLab((lab) => lab.config.value.reward.steps);
  const { consistency } = useOpinions();
  if (run.history.length === 0) return <Waiting what="Held-out accuracy is drawn here." run="reward" />;
  return (
    <AccuracyChart
      history={run.history}
      review={run.review?.review ?? null}
      consistency={consistency}
      totalSteps={run.state?.totalSteps ?? planned}
    />
  );
}

const NO_REWARD = 'What the judge pays is drawn here, iteration by iteration.';

function ScoresPicture() {
  const { history, marks, state } = useLab((lab) => lab.runs.ppo);
  if (history.length === 0) return <Waiting what={NO_REWARD} run="ppo" />;
  return <RewardLines history={history} marks={marks} totalSteps={state?.totalSteps ?? 0} />;
}

function TrailPicture() {
  const { history, marks } = useLab((lab) => lab.runs.ppo);
  if (history.length === 0) return <Waiting what={NO_REWARD} run="ppo" />;
  return <Trail history={history} marks={marks} />;
}

function Written({ when, text, tone }: { when: string; text: string; tone: Tone }) {
  return (
    <p className={styles.quote}>
      <span>{when}</span>
      {text === '' ? <span className={styles.none}>no word</span> : <StoryText text={text} tone={tone} size="small" />}
    </p>
  );
}

function Change({ before, after }: Pick<BeforeAfter, 'before' | 'after'>) {
  return (
    <>
      <Written when="before" text={before} tone="reference" />
      <Written when="now" text={after} tone="policy" />
    </>
  );
}

/** as many letters fit on a screen in a size that is read from the last row */
const LETTERS = 620;

function rowsThatFit(rows: readonly BeforeAfter[]): readonly BeforeAfter[] {
  const two = rows.slice(0, 2);
  const letters = two.reduce((sum, { prompt, before, after }) => sum + prompt.length + before.length + after.length, 0);
  return letters <= LETTERS ? two : rows.slice(0, 1);
}

function TextsPicture() {
  const rows = useLab((lab) => lab.runs.ppo.beforeAfter?.rows);
  if (!rows || rows.length === 0)
    return <Waiting what="What the policy wrote before and what it writes now." run="ppo" />;
  return (
    <div className={styles.texts}>
      {rowsThatFit(rows).map(({ prompt, before, after }) => (
        <div key={prompt}>
          <StoryText text={prompt} tone="ink-3" size="small" />
          <Change before={before} after={after} />
        </div>
      ))}
    </div>
  );
}

function SampleQuote() {
  const sample = useLab((lab) => lab.runs.pretrain.samples.at(-1));
  if (!sample?.samples[0]) return null;
  return <Written when={`step ${formatInteger(sample.step)}`} text={sample.samples[0].completion} tone="policy" />;
}

function ChangeQuote() {
  const row = useLab((lab) => lab.runs.ppo.beforeAfter?.rows[0]);
  return row ? <Change before={row.before} after={row.after} /> : null;
}

/** what is asked, without a curve that would tell */
function QuestionPicture() {
  const screen = useLab(({ view }) => SCREENS[view.screen ?? 0]);
  return (
    <ol className={styles.question} aria-label="Answers">
      {screen?.answers?.map((answer, i) => (
        <li key={answer}>
          <b aria-hidden="true">{'ABC'[i]}</b>
          {answer}
        </li>
      ))}
    </ol>
  );
}

export const PICTURES: Record<Picture, ComponentType> = {
  question: QuestionPicture,
  loop: Loop,
  loss: LossPicture,
  attention: AttentionPicture,
  pair: PairPicture,
  taste: TastePicture,
  accuracy: AccuracyPicture,
  scores: ScoresPicture,
  trail: TrailPicture,
  texts: TextsPicture,
};

export const QUOTES: Record<Quote, ComponentType> = { sample: SampleQuote, change: ChangeQuote };
