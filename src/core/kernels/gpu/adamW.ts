/**
 * Clipping by global norm and AdamW over all weights of a network at once, the twin of `optim/adamW.ts` and
 * `optim/clipGradNorm.ts`. Weights, gradients and moments lie end to end in flat buffers, gaps filled with 0:
 *
 *   sumOfSquares   gradients → `NORM_PARTIALS` numbers
 *   clipScale      → norm, factor
 *   adamWStep      weights, m, v in place
 */

import { DECAYS, FLAG_BLOCK, HEAD, NORM_PARTIALS } from '../plan/sharing';
import { type GpuLaunch, inLine } from './kernel';
import type { KernelStyle } from './style';
import { mainHead, type Team, teamHead, teamOf, threadsOf, totalOf } from './team';

const VECTORS_PER_FLAG = FLAG_BLOCK / 4;
const STEP_THREADS = 64;

/** one team of the whole workgroup; alone, every thread is a team */
const squaresTeam = (style: KernelStyle): Team => (style.alone ? teamOf(1, 16, style) : teamOf(256, 1, style));

/** Buffers gradients [elements], partials [NORM_PARTIALS]. Shape elements, a multiple of 4. */
export function sumOfSquares(style: KernelStyle): GpuLaunch {
  const team = squaresTeam(style);
  return {
    kernel: {
      name: 'sumOfSquares',
      buffers: { gradients: { type: 'vec4<f32>', use: 'read' }, partials: { type: 'f32', use: 'write' } },
      shape: ['elements'],
      readsStep: false,
      code: `${teamHead(team)}
${totalOf(team)}
${mainHead(threadsOf(team))}
  let part = group * TEAMS + teamOf(thread);
  let vectors = shape.elements / 4u;
  let span = (vectors + ${NORM_PARTIALS - 1}u) / ${NORM_PARTIALS}u;
  let end = min((part + 1u) * span, vectors);
  var squares = vec4<f32>(0.0);
  for (var i = part * span + memberOf(thread); i < end; i += MEMBERS) { squares += gradients[i] * gradients[i]; }
  let sum = total(dot(squares, vec4<f32>(1.0)), thread);
  if (memberOf(thread) == 0u) { partials[part] = sum; }
}`,
    },
    groups: () => inLine(NORM_PARTIALS / team.teams),
  };
}

/**
 * Buffers partials [NORM_PARTIALS], scale [1]: factor for every gradient, norm [1]: before clipping. Reads
 * step.maxGradNorm, 0 turns clipping off.
 */
export function clipScale(style: KernelStyle): GpuLaunch {
  const team = teamOf(style.alone ? 1 : NORM_PARTIALS, 1, style);
  return {
    kernel: {
      name: 'clipScale',
      buffers: {
        partials: { type: 'f32', use: 'read' },
        scale: { type: 'f32', use: 'write' },
        norm: { type: 'f32', use: 'write' },
      },
      shape: [],
      readsStep: true,
      code: `${teamHead(team)}
${totalOf(team)}
${mainHead(threadsOf(team))}
  var share = 0.0;
  for (var i = memberOf(thread); i < ${NORM_PARTIALS}u; i += MEMBERS) { share += partials[i]; }
  let whole = sqrt(total(share, thread));
  if (group > 0u || thread > 0u) { return; }
  norm[0] = whole;
  scale[0] = select(1.0, min(1.0, step.maxGradNorm / (whole + 1e-6)), step.maxGradNorm > 0.0);
}`,
    },
    groups: () => inLine(1),
  };
}

/**
 *   m ← m + (1−β₁)(g − m)      v ← v + (1−β₂)(g² − v)      w ← keep·w − rate·m / (√v + epsilon),   g = scale · gradient
 * Buffers weights, gradients, m, v [elements], flags [elements / FLAG_BLOCK] u32, scale [1] of `clipScale`.
 * Shape elements, a multiple of 4. Reads the step numbers of `adamWNumbers`.
 */
export function adamWStep(style: KernelStyle): GpuLaunch {
  const threads = style.alone ? STEP_THREADS : 4 * STEP_THREADS;
  return {
    kernel: {
      name: 'adamWStep',
      buffers: {
        weights: { type: 'vec4<f32>', use: 'readWrite' },
        gradients: { type: 'vec4<f32>', use: 'read' },
        m: { type: 'vec4<f32>', use: 'readWrite' },
        v: { type: 'vec4<f32>', use: 'readWrite' },
        flags: { type: 'u32', use: 'read' },
        scale: { type: 'f32', use: 'read' },
      },
      shape: ['elements'],
      readsStep: true,
      code: `${mainHead(threads)}
  let i = group * ${threads}u + thread;
  if (4u * i >= shape.elements) { return; }
  let flag = flags[i / ${VECTORS_PER_FLAG}u];
  let head = (flag & ${HEAD}u) != 0u;
  let decays = (flag & ${DECAYS}u) != 0u;
  let rate = select(step.rate, step.headRate, head);
  let keep = select(1.0, select(step.keep, step.headKeep, head), decays);
  let gradient = gradients[i] * scale[0];
  let nextM = m[i] + (gradient - m[i]) * step.oneMinusBeta1;
  let nextV = v[i] + (gradient * gradient - v[i]) * step.oneMinusBeta2;
  m[i] = nextM;
  v[i] = nextV;
  weights[i] = weights[i] * keep - nextM / (sqrt(nextV) + step.epsilon) * rate;
}`,
    },
    groups: ({ elements }) => inLine(Math.ceil(elements! / 4 / threads)),
  };
}
