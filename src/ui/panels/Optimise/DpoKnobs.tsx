import { useShallow } from 'zustand/react/shallow';
import { presetConfig } from '../../../contract/config';
import { RULE_FROM } from '../../../contract/enough';
import { countOf } from '../../../contract/numbers';
import { DPO, DPO_FORM } from '../../../contract/settings/dpo';
import { OPTIMIZER_FORM } from '../../../contract/settings/training';
import { useLab } from '../../../store/lab';
import { usableChoices } from '../../../store/opinions/counts';
import { hasAttributes } from '../../../store/opinions/raterInUse';
import { appliesRule } from '../../../store/runs/runSpec';
import { Checkbox } from '../../primitives/Checkbox';
import { Explain } from '../../primitives/Explain';
import { NumberField } from '../../primitives/NumberField';
import { Select } from '../../primitives/Select';
import { Slider } from '../../primitives/Slider';
import { Control } from '../Control';
import { InNumbersButton } from '../InNumbersButton';
import { Shown } from '../LessonView';
import { RoundReference } from '../rounds/RoundReference';
import { boundsOf, countSettings, frameOf } from '../settings/fields';
import { NamedSettings } from '../settings/NamedSettings';
import { OptimizerForm } from '../settings/OptimizerForm';
import { RestartHint } from '../settings/RestartHint';
import { SettingsDialog } from '../settings/SettingsDialog';
import { SettingsForm } from '../settings/SettingsForm';
import { DPO_METHOD_WORDS, DPO_METHODS, dpoMethod, isDoubtful, methodChanges } from './dpoMethod';
import styles from './Optimise.module.css';

const COUNT = countSettings(DPO_FORM, OPTIMIZER_FORM);

/**
 * Which loss, how dear distance is, and whether the chosen texts are held likely. Nothing here acts live: a run keeps
 * what it began with.
 */
export function DpoKnobs() {
  const dpo = useLab((state) => state.config.value.dpo);
  const change = useLab((state) => state.config.change);
  const method = dpoMethod(dpo);
  return (
    <>
      <Shown part="knob:dpoLoss">
        <Select
          label="Loss"
          value={method}
          options={DPO_METHODS.map((value) => ({ value, label: DPO_METHOD_WORDS[value].label }))}
          hint={DPO_METHOD_WORDS[method].source}
          explain={<Explain metric="dpo/loss" />}
          onChange={(value) => change('dpo', methodChanges(value))}
        />
        {isDoubtful(method) && (
          <NumberField
            {...frameOf(DPO.labelSmoothing)}
            {...boundsOf(DPO.labelSmoothing)}
            value={dpo.labelSmoothing}
            onChange={(labelSmoothing) => change('dpo', { labelSmoothing })}
          />
        )}
      </Shown>
      <Control id="dpo/beta">
        <Slider
          {...frameOf(DPO.beta)}
          {...DPO.beta.slider}
          value={dpo.beta}
          onChange={(beta) => change('dpo', { beta })}
        />
      </Control>
      <Control id="dpo/rpoAlpha">
        <Slider
          {...frameOf(DPO.rpoAlpha)}
          {...DPO.rpoAlpha.slider}
          explain={<Explain metric="dpo/nll_loss" />}
          value={dpo.rpoAlpha}
          format={(value) => (value === 0 ? 'off' : String(value))}
          onChange={(rpoAlpha) => change('dpo', { rpoAlpha })}
        />
      </Control>
      <RuleLabels />
      <Shown>
        <RoundReference kind="dpo" />
      </Shown>
      <div className={styles.links}>
        <DpoSettings />
        <Shown>
          <InNumbersButton kind="dpo" />
        </Shown>
      </div>
      <RestartHint kind="dpo" />
    </>
  );
}

/**
 * Where texts can be measured: the pairs that the rule labels for the reward model may teach DPO too, so that both methods learn from
 * the same votes.
 */
function RuleLabels() {
  const measured = useLab((state) => state.corpus.summary !== null && hasAttributes(state));
  const { dpo, reward } = useLab(
    useShallow(({ config }) => ({ dpo: config.value.dpo.ruleLabels, reward: config.value.reward.ruleLabels })),
  );
  const change = useLab((state) => state.config.change);
  const labels = useLab(appliesRule);
  const usable = useLab((state) => usableChoices(state.opinions.all));
  if (!measured) return null;
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
  usable < RULE_FROM
    ? `There is a rule from ${RULE_FROM} votes of yours on.`
    : 'The rule is off, as Compare shows: it labels nothing.';

function DpoSettings() {
  const dpo = useLab((state) => state.config.value.dpo);
  const change = useLab((state) => state.config.change);
  const form = {
    section: 'dpo',
    rows: DPO,
    value: dpo,
    onChange: (fields: Partial<typeof dpo>) => change('dpo', fields),
  } as const;
  return (
    <>
      <NamedSettings {...form} except={['loss', 'beta', 'rpoAlpha', 'ruleLabels']} />
      <SettingsDialog
        section="dpo"
        trigger={`All ${COUNT} settings…`}
        title="DPO settings"
        note="These act from the next run on."
      >
        <SettingsForm {...form} form={DPO_FORM} />
        <OptimizerForm section="dpo" />
        <RestartHint kind="dpo" />
      </SettingsDialog>
    </>
  );
}
