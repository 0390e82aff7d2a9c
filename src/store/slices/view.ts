import type { Context } from '../context';
import type { Stage, ViewSlice } from '../state';

export function viewSlice(context: Context, stage: Stage): ViewSlice {
  const patch = (fields: Partial<ViewSlice>) => context.patch('view', fields);
  return {
    stage,
    theme: 'system',
    presenter: false,
    smoothing: 0.6,
    logAxis: false,
    xAxis: 'step',
    crosshair: null,
    exactTokens: false,
    go(next) {
      if (next !== context.get().view.stage) context.address.write({ search: context.address.read().search, hash: `#/${next}` }, 'push');
      patch({ stage: next, crosshair: null });
    },
    setTheme: (theme) => patch({ theme }),
    setPresenter: (presenter) => patch({ presenter }),
    setSmoothing: (smoothing) => patch({ smoothing: Math.min(0.99, Math.max(0, smoothing)) }),
    setLogAxis: (logAxis) => patch({ logAxis }),
    setXAxis: (xAxis) => patch({ xAxis }),
    setCrosshair: (crosshair) => {
      if (crosshair !== context.get().view.crosshair) patch({ crosshair });
    },
    setExactTokens: (exactTokens) => patch({ exactTokens }),
  };
}
