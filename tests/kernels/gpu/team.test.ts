import { beforeAll, describe, expect, it } from 'vitest';
import { currentGpu, type Gpu } from '../../../src/core/kernels/gpu/device';
import type { GpuLaunch } from '../../../src/core/kernels/gpu/kernel';
import { styleOf } from '../../../src/core/kernels/gpu/style';
import { mainHead, type Team, teamHead, teamOf, threadsOf, totalOf } from '../../../src/core/kernels/gpu/team';
import { startBackend } from '../../../src/core/tf';
import { COOPERATIVE, filled, runKernel, SUBGROUPS, unwritten } from './runKernel';

/** every thread leaves the total of its team, of a vector whose numbers differ */
function totals(team: Team): GpuLaunch {
  const code = `${teamHead(team)}
${totalOf(team, 'vec2<f32>')}
${mainHead(threadsOf(team))}
  let once = total(vec2<f32>(values[thread], 1.0), thread);
  out[thread] = total(vec2<f32>(values[thread], once.x), thread) + vec2<f32>(0.0, once.y * f32(group));
}`;
  return {
    kernel: {
      name: 'totals',
      buffers: { values: { type: 'f32', use: 'read' }, out: { type: 'vec2<f32>', use: 'write' } },
      shape: [],
      readsStep: false,
      code,
    },
    groups: () => [1],
  };
}

const columns = (members: number, style: typeof SUBGROUPS): Team => ({
  ...teamOf(members, 2, style),
  formation: 'columns',
});

const TEAMS: [string, (style: typeof SUBGROUPS) => Team][] = [
  ...[1, 2, 4, 8, 64, 256].map((members): [string, (style: typeof SUBGROUPS) => Team] => [
    `${members} neighbours`,
    (style) => teamOf(members, members > 64 ? 1 : 2, style),
  ]),
  ['8 columns of two teams', (style) => columns(8, style)],
];

describe('a team', () => {
  let gpu: Gpu;
  beforeAll(async () => {
    await startBackend('webgpu');
    gpu = currentGpu()!;
  });

  it.each(TEAMS)('of %s adds up to the same bits through memory and through subgroups', async (_, of) => {
    const both = [COOPERATIVE, SUBGROUPS].map(async (style) => {
      const team = of(style);
      const values = filled(threadsOf(team));
      const { out } = await runKernel(gpu, {
        launch: totals(team),
        buffers: { values, out: unwritten(2 * values.length) },
      });
      return { team, values, out: out! };
    });
    const [memory, subgroups] = await Promise.all(both);
    expect([...subgroups!.out]).toEqual([...memory!.out]);
    const { team, values, out } = memory!;
    const isMate = (one: number, other: number): boolean =>
      team.formation === 'rows'
        ? Math.floor(one / team.members) === Math.floor(other / team.members)
        : one % team.teams === other % team.teams;
    values.forEach((_value, thread) => {
      const sum = values.reduce((total, value, other) => total + (isMate(thread, other) ? value : 0), 0);
      expect(out[2 * thread]!).toBeCloseTo(sum, 5);
      expect(out[2 * thread + 1]!).toBeCloseTo(team.members * sum, 3);
    });
  });

  it('waits less where neighbours read each other: 7 barriers for 64 members, 2 in subgroups of 32, none of 64', () => {
    const barriers = (members: number, style: typeof SUBGROUPS): number =>
      totalOf(teamOf(members, 1, style)).split('workgroupBarrier()').length - 1;
    const inSubgroupsOf = (size: number): number[] =>
      [64, 256].map((members) => barriers(members, styleOf('subgroups', size)));
    expect([64, 256].map((members) => barriers(members, COOPERATIVE))).toEqual([7, 9]);
    expect(inSubgroupsOf(4)).toEqual([5, 7]);
    expect(inSubgroupsOf(32)).toEqual([2, 4]);
    expect(inSubgroupsOf(64)).toEqual([0, 3]);
    expect(totalOf(teamOf(64, 1, styleOf('subgroups', 64)))).not.toContain('var<workgroup>');
  });
});
