import { useShallow } from 'zustand/react/shallow';
import { presetConfig } from '../../../contract/config';
import { RULE_FROM } from '../../../contract/enough';
import { countOf } from '../../../contract/numbers';
import { useLab } from '../../../store/lab';
import { usableChoices } from '../../../store/opinions/opinions';
import { appliesRule } from '../../../store/runs/runSpec';
import { Checkbox } from '../../primitives/Checkbox';
import { Explain } from '../../primitives/Explain';
import { NumberField } from '../../primitives/NumberField';
import { Select } from '../../primitives/Select';
import { Slider } from '../../primitives/Slider';
import { Control } from '../Control';
import { RoundReference } from '../rounds/RoundReference';
import { OPTIMIZER_SETTINGS } from '../settings/optimizerSettings';
import { RestartHint } from '../settings/RestartHint';
import { SettingsDialog } from '../settings/SettingsDialog';
import { SettingsForm } from '../settings/SettingsForm';
import { countSettings } from '../settings/setting';
import { DPO_METHOD_WORDS, DPO_METHODS, dpoMethod, methodChanges } from './dpoMethod';
import { DPO_SETTINGS } from './dpoSettings';
import styles from './Optimise.module.css';

const COUNT = countSettings(DPO_SETTINGS) + countSettings(OPTIMIZER_SETTINGS);

/** Which loss, how dear distance is, and whether the chosen texts are held likely. Nothing here acts live: a run keeps what it began with. */
export function DpoKnobs() {
  const dpo = useLab((state) => state.config.value.dpo);
  const change = useLab((state) => state.config.change);
  const method = dpoMethod(dpo);
  return (
    <>
      <Select
        label="Loss"
        value={method}
        options={DPO_METHODS.map((value) => ({ value, label: DPO_METHOD_WORDS[value].label }))}
        hint={DPO_METHOD_WORDS[method].source}
        explain={<Explain metric="dpo/loss" />}
        onChange={(value) => change('dpo', methodChanges(value))}
      />
      {method === 'conservative' && (
        <NumberField
          label="Votes cast the wrong way"
          symbol="ε"
          min={0}
          max={0.49}
          hint="assumed share"
          value={dpo.labelSmoothing}
          onChange={(labelSmoothing) => change('dpo', { labelSmoothing })}
        />
      )}
      <Control id="dpo/beta">
        <Slider
          label="Price of distance"
          symbol="β"
          value={dpo.beta}
          min={0.01}
          max={10}
          step={0.05}
          scale="log"
          onChange={(beta) => change('dpo', { beta })}
        />
      </Control>
      <Control id="dpo/rpoAlpha">
        <Slider
          label="Fine-tuning term"
          symbol="α"
          explain={<Explain metric="dpo/nll_loss" />}
          value={dpo.rpoAlpha}
          min={0}
          max={2}
          step={0.1}
          format={(value) => (value === 0 ? 'off' : String(value))}
          onChange={(rpoAlpha) => change('dpo', { rpoAlpha })}
        />
      </Control>
      <RuleLabels />
      <RoundReference kind="dpo" />
      <DpoSettings />
      <RestartHint kind="dpo" />
    </>
  );
}

/** On stories: the pairs that the rule labels for the reward model may teach DPO too, so that both methods learn from the same votes. */
function RuleLabels() {
  const stories = useLab((state) => state.corpus.summary?.kind === 'stories');
  const { dpo, reward } = useLab(
    useShallow(({ config }) => ({ dpo: config.value.dpo.ruleLabels, reward: config.value.reward.ruleLabels })),
  );
  const change = useLab((state) => state.config.change);
  const labels = useLab(appliesRule);
  const usable = useLab(usableChoices);
  if (!stories) return null;
  const offered = dpo > 0 ? dpo : reward > 0 ? reward : presetConfig('tiny').reward.ruleLabels;
  return (
    <Control id="dpo/ruleLabels">
      <Checkbox
        toggle
        label={`Learn from ${countOf(offered, 'pair')} by your rule too`}
        checked={dpo > 0}
        onChange={(on) => change('dpo', { ruleLabels: on ? offered : 0 })}
      />
      {dpo > 0 && !labels && <p className={styles.bound}>{whyNoRule(usable)}</p>}
    </Control>
  );
}

/** why a rule that is asked for labels nothing */
export const whyNoRule = (usable: number): string =>
  usable < RULE_FROM ? `There is a rule from ${RULE_FROM} votes of yours on.` : 'The rule is off, as Compare shows: it labels nothing.';

function DpoSettings() {
  const dpo = useLab((state) => state.config.value.dpo);
  const change = useLab((state) => state.config.change);
  return (
    <SettingsDialog section="dpo" trigger={`All ${COUNT} settings…`} title="DPO settings" note="These act from the next run on.">
      <SettingsForm section="dpo" groups={DPO_SETTINGS} value={dpo} onChange={(fields) => change('dpo', fields)} />
      <SettingsForm
        section="dpo"
        groups={OPTIMIZER_SETTINGS}
        value={dpo.optimizer}
        onChange={(fields) => change('dpo', { optimizer: { ...dpo.optimizer, ...fields } })}
      />
      <RestartHint kind="dpo" />
    </SettingsDialog>
  );
}
