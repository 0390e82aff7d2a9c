import { sourceOfHash } from '../address/sourceAddress';
import type { Context } from '../context';
import { lessonHash } from '../guide/lessonAddress';
import type { Page, Stage, ViewSlice } from '../state';
import type { ControlSection } from './controls';

/** where the controls of a section are */
const STAGE_OF: Record<ControlSection, Stage> = {
  model: 'pretrain',
  stories: 'data',
  text: 'data',
  pretrain: 'pretrain',
  finetune: 'finetune',
  compare: 'compare',
  reward: 'reward',
  ppo: 'optimise',
  dpo: 'optimise',
  bestOf: 'optimise',
  sampling: 'compare',
  rollouts: 'optimise',
};

const hashOf = ({ get }: Context, page: Page): string =>
  page === 'lesson' ? lessonHash(get().guide.asked) : `#/${page}`;

export function viewSlice(context: Context, stage: Page): ViewSlice {
  const patch = (fields: Partial<ViewSlice>) => context.patch('view', fields);
  return {
    stage,
    source: sourceOfHash(context.address.read().hash),
    theme: 'system',
    presenter: false,
    screen: null,
    lastScreen: 0,
    smoothing: 0.6,
    logAxis: false,
    xAxis: 'step',
    crosshair: null,
    exactTokens: false,
    wanted: null,
    go(next) {
      if (context.get().inspect.wide) context.get().inspect.hide();
      if (next !== context.get().view.stage)
        context.address.write({ search: context.address.read().search, hash: hashOf(context, next) }, 'push');
      patch({ stage: next, source: null, crosshair: null });
    },
    closeSource() {
      const { search } = context.address.read();
      context.address.write({ search, hash: hashOf(context, context.get().view.stage) }, 'replace');
      patch({ source: null });
    },
    reach(control) {
      const section = control.slice(0, control.indexOf('/')) as ControlSection;
      context.get().view.go(STAGE_OF[section]);
      patch({ wanted: control });
    },
    reached: () => patch({ wanted: null }),
    setTheme: (theme) => patch({ theme }),
    setPresenter: (presenter) => patch({ presenter }),
    present: (screen) => patch({ screen, ...(screen !== null && { lastScreen: screen }) }),
    setSmoothing: (smoothing) => patch({ smoothing: Math.min(0.99, Math.max(0, smoothing)) }),
    setLogAxis: (logAxis) => patch({ logAxis }),
    setXAxis: (xAxis) => patch({ xAxis }),
    setCrosshair: (crosshair) => {
      if (crosshair !== context.get().view.crosshair) patch({ crosshair });
    },
    setExactTokens: (exactTokens) => patch({ exactTokens }),
  };
}
