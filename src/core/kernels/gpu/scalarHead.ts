/**
 * One number per row of hidden states, the twin of `scalars` in `model/heads.ts`: values of the critic, scores of the
 * reward model.
 */

import { type GpuLaunch, inLine } from './kernel';
import type { KernelStyle } from './style';
import {
  columnTeam,
  groupsFor,
  mainHead,
  rowTeam,
  teamHead,
  threadsOf,
  totalOf,
  unitHead,
  unitsOf,
  writeGradient,
} from './team';

/** out = hidden · weight + bias. Buffers hidden [R,C], weight [C], bias [1], out [R]. Shape rows = R. */
export function scalarForward({ width }: { width: number }, style: KernelStyle): GpuLaunch {
  const { type, count } = unitsOf(width);
  const team = rowTeam(count, style);
  return {
    kernel: {
      name: 'scalarForward',
      buffers: {
        hidden: { type, use: 'read' },
        weight: { type, use: 'read' },
        bias: { type: 'f32', use: 'read' },
        out: { type: 'f32', use: 'write' },
      },
      shape: ['rows'],
      readsStep: false,
      code: `${unitHead(width)}${teamHead(team)}
${totalOf(team)}
${mainHead(threadsOf(team))}
  let row = group * TEAMS + teamOf(thread);
  let near = min(row, shape.rows - 1u);
  var share = Unit(0.0);
  for (var c = memberOf(thread); c < UNITS; c += MEMBERS) { share += hidden[near * UNITS + c] * weight[c]; }
  let sum = total(added(share), thread);
  if (row < shape.rows && memberOf(thread) == 0u) { out[row] = sum + bias[0]; }
}`,
    },
    groups: ({ rows }) => inLine(groupsFor(rows!, team)),
  };
}

/**
 * dHidden[r] = dOut[r] · weight. Buffers dOut [R], weight [C], dHidden [R,C]. Shape rows = R.
 * @param add to what the language head has left in dHidden
 */
export function scalarBackward({ width, add }: { width: number; add: boolean }, style: KernelStyle): GpuLaunch {
  const { type, count } = unitsOf(width);
  const team = rowTeam(count, style);
  return {
    kernel: {
      name: add ? 'scalarBackwardAdd' : 'scalarBackward',
      buffers: {
        dOut: { type: 'f32', use: 'read' },
        weight: { type, use: 'read' },
        dHidden: { type, use: add ? 'readWrite' : 'write' },
      },
      shape: ['rows'],
      readsStep: false,
      code: `${unitHead(width)}${teamHead(team)}
${mainHead(threadsOf(team))}
  let row = group * TEAMS + teamOf(thread);
  if (row >= shape.rows) { return; }
  for (var c = memberOf(thread); c < UNITS; c += MEMBERS) { dHidden[row * UNITS + c] ${add ? '+=' : '='} dOut[row] * weight[c]; }
}`,
    },
    groups: ({ rows }) => inLine(groupsFor(rows!, team)),
  };
}

/**
 * dWeight = Σ_r dOut[r] · hidden[r],   dBias = Σ_r dOut[r]
 * Buffers dOut [R], hidden [R,C], dWeight [C], dBias [1]. Shape rows = R. Reads step.accumulate.
 */
export function scalarWeightBackward({ width }: { width: number }, style: KernelStyle): GpuLaunch {
  const team = columnTeam(style);
  return {
    kernel: {
      name: 'scalarWeightBackward',
      buffers: {
        dOut: { type: 'f32', use: 'read' },
        hidden: { type: 'f32', use: 'read' },
        dWeight: { type: 'f32', use: 'readWrite' },
        dBias: { type: 'f32', use: 'readWrite' },
      },
      shape: ['rows'],
      readsStep: true,
      code: `${teamHead(team)}
const WIDTH = ${width}u;
${totalOf(team)}
${mainHead(threadsOf(team))}
  let column = group * TEAMS + teamOf(thread);
  var share = 0.0;
  for (var row = memberOf(thread); row < shape.rows; row += MEMBERS) {
    share += dOut[row] * select(1.0, hidden[row * WIDTH + min(column, WIDTH - 1u)], column < WIDTH);
  }
  let sum = total(share, thread);
  if (memberOf(thread) > 0u) { return; }
  if (column < WIDTH) {
    ${writeGradient('dWeight[column]', 'sum')}
  } else if (column == WIDTH) {
    ${writeGradient('dBias[0]', 'sum')}
  }
}`,
    },
    groups: () => inLine(groupsFor(width + 1, team)),
  };
}
