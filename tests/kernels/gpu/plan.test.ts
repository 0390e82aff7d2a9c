import { beforeAll, describe, expect, it } from 'vitest';
import { currentGpu, type Gpu } from '../../../src/core/kernels/gpu/device';
import { type GpuLaunch, inLine, type Kernel, wgslOf } from '../../../src/core/kernels/gpu/kernel';
import { playerOf } from '../../../src/core/kernels/gpu/player';
import { layOut } from '../../../src/core/kernels/plan/arena';
import { PlanBuilder } from '../../../src/core/kernels/plan/planBuilder';
import type { Launch } from '../../../src/core/kernels/plan/player';
import { startBackend, tf } from '../../../src/core/tf';
import { filled, runKernel, unwritten } from './runKernel';

const scale: Kernel = {
  name: 'scale',
  buffers: { x: { type: 'f32', use: 'read' }, out: { type: 'f32', use: 'write' } },
  shape: ['size'],
  readsStep: true,
  code: `@compute @workgroup_size(8)
fn main(@builtin(global_invocation_id) id : vec3<u32>) {
  if (id.x < shape.size) { out[id.x] = x[id.x] * step.temperature; }
}`,
};

const launch: GpuLaunch = { kernel: scale, groups: ({ size }) => inLine(Math.ceil(size! / 8)) };

describe('a recorded plan', () => {
  let gpu: Gpu;
  beforeAll(async () => {
    await startBackend('webgpu');
    gpu = currentGpu()!;
  });

  it('runs one kernel with its shape and its step numbers', async () => {
    const x = filled(11);
    const { out } = await runKernel(gpu, {
      launch,
      buffers: { x, out: unwritten(11) },
      shape: { size: 11 },
      step: { temperature: 2 },
    });
    expect([...out!]).toEqual([...x].map((value) => Math.fround(value * 2)));
  });

  it('runs sections apart, each with its own set of step numbers, and creates nothing while it runs', async () => {
    const builder = new PlanBuilder(playerOf(gpu), { name: 'two', stepCapacity: 2 });
    builder.section('forward');
    const input = builder.receive('input', 4);
    const middle = builder.value('middle', 4);
    builder.dispatch(launch, { x: input, out: middle }, { size: 4 });
    builder.section('backward');
    const end = builder.value('end', 4);
    builder.dispatch(launch, { x: middle, out: end }, { size: 4 });
    builder.hand(end);
    const plan = builder.build();
    plan.setSteps({ temperature: 3 }, { temperature: 5 });
    const buffers = gpu.device.createBuffer;
    gpu.device.createBuffer = () => {
      throw new Error('a run made a buffer');
    };
    const run = plan.begin();
    run.put(tf.tensor1d([1, 2, 3, 4]), input);
    run.play('forward');
    run.play('backward', 1);
    gpu.device.createBuffer = buffers;
    const result = run.take(end, [4]);
    run.submit();
    expect([...(await result.data())]).toEqual([15, 30, 45, 60]);
    plan.dispose();
  });

  it('says which kernel is not of this player', () => {
    const builder = new PlanBuilder(playerOf(gpu), { name: 'foreign' });
    builder.section('run');
    const foreign: Launch = { kernel: { name: 'elsewhere', buffers: {}, shape: [], readsStep: false } };
    builder.dispatch(foreign, {});
    expect(() => builder.build()).toThrow('elsewhere is no kernel of a graphics card');
  });

  it('names a buffer or a number that is missing', () => {
    const builder = new PlanBuilder(playerOf(gpu), { name: 'wrong' });
    builder.section('run');
    const x = builder.value('x', 1);
    expect(() => builder.dispatch(launch, { x }, { size: 1 })).toThrow('scale lacks the buffer out');
    expect(() => builder.dispatch(launch, { x, out: builder.value('out', 1) }, {})).toThrow('scale: size is undefined');
  });

  it('refuses a kernel that does not compile, by a rejection', async () => {
    const broken: Kernel = { ...scale, name: 'broken', code: 'fn main( {' };
    await expect(gpu.compile([broken])).rejects.toThrow();
    expect(wgslOf(broken)).toContain('fn main( {');
  });
});

describe('the arena', () => {
  it('lets values that never meet share memory, and nothing else', () => {
    const { offsets, size } = layOut([
      { bytes: 512, first: 0, last: 2 },
      { bytes: 256, first: 2, last: 4 },
      { bytes: 512, first: 3, last: 5 },
    ]);
    expect(offsets[2]).toBe(offsets[0]);
    expect(offsets[1]).toBeGreaterThanOrEqual(512);
    expect(size).toBe(768);
  });

  it('shares nothing when told so', () => {
    const { size } = layOut(
      [
        { bytes: 100, first: 0, last: 0 },
        { bytes: 100, first: 1, last: 1 },
      ],
      false,
    );
    expect(size).toBe(512);
  });
});
