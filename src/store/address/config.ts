import { type LabConfig, PRESETS, presetConfig } from '../../contract/config';
import { type Context, latest } from '../context';
import { modelConfig } from '../models/inUse';
import type { ConfigSlice } from '../state';
import { writeSearch } from './url';

/** Vocabulary that an estimate assumes before there is a corpus: that of the stories. */
export const USUAL_VOCABULARY = 260;

export function configSlice(context: Context, value: LabConfig): ConfigSlice {
  const become = (next: LabConfig) => {
    const { model, pretrain } = context.get().config.value;
    context.patch('config', { value: next });
    context.address.write(
      { search: writeSearch(next), hash: context.address.read().hash.split('?')[0] ?? '' },
      'replace',
    );
    if (next.model !== model || next.pretrain.batchSize !== pretrain.batchSize)
      void context.get().config.refreshEstimate();
  };

  return {
    value,
    estimate: null,
    presets: {},
    change(section, fields) {
      const current = context.get().config.value;
      become({ ...current, [section]: { ...current[section], ...fields } });
    },
    setSeed(seed) {
      if (Number.isSafeInteger(seed) && seed >= 0 && seed < 2 ** 31) become({ ...context.get().config.value, seed });
    },
    applyPreset(preset) {
      const { seed, backend, executor, compare } = context.get().config.value;
      become({ ...presetConfig(preset, seed), backend, executor, compare });
    },
    setEngine(backend, executor) {
      become({ ...context.get().config.value, backend, executor });
    },
    ...estimates(context),
  };
}

/** sizes and times on this machine, once the engine is there to be asked */
function estimates(context: Context): Pick<ConfigSlice, 'refreshEstimate' | 'refreshPresets'> {
  const newest = latest();
  return {
    async refreshEstimate() {
      const state = context.get();
      if (state.engine.status !== 'ready') return;
      const isNewest = newest();
      const model = modelConfig(state);
      try {
        const estimate = await context.call('model/estimate', {
          model: { ...model, vocabSize: model.vocabSize || USUAL_VOCABULARY },
          batchSize: state.config.value.pretrain.batchSize,
        });
        if (isNewest()) context.patch('config', { estimate });
      } catch {
        // a shape that cannot be built is refused, with words, by Train
        if (isNewest()) context.patch('config', { estimate: null });
      }
    },
    async refreshPresets() {
      const vocabSize = context.get().corpus.summary?.vocabSize || USUAL_VOCABULARY;
      for (const preset of PRESETS) {
        const { model, pretrain } = presetConfig(preset);
        try {
          const estimate = await context.call('model/estimate', {
            model: { ...model, vocabSize },
            batchSize: pretrain.batchSize,
          });
          context.patch('config', { presets: { ...context.get().config.presets, [preset]: estimate } });
        } catch {
          return; // figures on a card: when the thread cannot answer, the badge says so
        }
      }
    },
  };
}
