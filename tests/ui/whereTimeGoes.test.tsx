import { act, screen, waitFor, within } from '@testing-library/react';
import { describe, expect, it } from 'vitest';
import type { MetricPoint } from '../../src/contract/observations';
import type { Calls, RunState } from '../../src/contract/protocol';
import type { KernelName } from '../../src/core/kernels/wasm/kernel';
import type { TraceEvent } from '../../src/formats/trace';
import { memoryAddress } from '../../src/store/address/url';
import type { LabOptions } from '../../src/store/surroundings';
import { App } from '../../src/ui/App';
import { KERNEL_WORDS } from '../../src/ui/panels/kernelWords';
import { Pretrain } from '../../src/ui/panels/Pretrain/Pretrain';
import { usual, WhereTimeGoes } from '../../src/ui/panels/WhereTimeGoes';
import { metricShown } from '../helpers/shown';
import { traceFault } from '../helpers/traceFormat';
import { expectAccessible, type Rendered, renderLab } from './renderLab';

const panel = () => screen.getByRole('tabpanel', { name: 'Where the time goes' });
const metric = (id: string) => panel().querySelector(`[data-metric="${id}"]`)?.getAttribute('data-value');
const WEBGPU = { backend: 'webgpu', executor: 'fused', adapter: 'A Card', reason: null } as const;
const started = ({ client }: Rendered) =>
  client.calls
    .filter(({ kind }) => kind === 'engine/start')
    .map(({ params }) => params as Calls['engine/start']['params']);

async function openPretrain(engine = {}, options: LabOptions = {}): Promise<Rendered> {
  const page = await renderLab(<Pretrain />, {
    ...options,
    engine,
    prepare: (lab) => lab.getState().corpus.generate(),
  });
  await page.user.click(screen.getByRole('tab', { name: 'Where the time goes' }));
  return page;
}

async function train(page: Rendered, steps: number): Promise<void> {
  await page.user.click(screen.getByRole('button', { name: 'Train' }));
  await screen.findByRole('button', { name: 'Pause' });
  await act(async () => page.client.advance(steps));
}

describe('where the time goes', () => {
  it('tells executor, dispatches, JavaScript, the time of the card and the speed, exact for scripts', async () => {
    const page = await openPretrain(WEBGPU);
    await train(page, 20);
    await waitFor(() => expect(metric('perf/dispatches')).toBe('95'));
    const { history } = page.lab.getState().runs.pretrain;
    for (const id of ['perf/stepMs', 'perf/jsMs', 'perf/gpuMs', 'perf/tokensPerSecond'] as const)
      expect(metricShown(panel(), id), id).toBe(usual(history, id));
    expect(panel().textContent).toContain('fused executor on WebGPU, A Card');
    expect(within(panel()).getByRole('img').getAttribute('aria-label')).toMatch(
      /^JavaScript \d+ %, waiting for the graphics card \d+ %$/,
    );
    await expectAccessible(page.container);
  });

  it('says so where the card has no clock', async () => {
    const page = await renderLab(<WhereTimeGoes kind="pretrain" />, {
      engine: WEBGPU,
      prepare: (lab) => {
        const { runs } = lab.getState();
        const history = Array.from(
          { length: 6 },
          (_, i): MetricPoint => ({ step: i + 1, elapsedMs: i, values: { 'perf/dispatches': 95 } }),
        );
        lab.setState({ runs: { ...runs, pretrain: { ...runs.pretrain, history } } });
      },
    });
    expect(page.container.textContent).toContain('not available here');
  });

  it('gives the phases of a PPO iteration beside the whole', async () => {
    const { container } = await renderLab(<WhereTimeGoes kind="ppo" />, {
      engine: WEBGPU,
      prepare: (lab) => {
        const { runs } = lab.getState();
        const state = { phaseMs: { rollout: 12.5, optimisation: 300 } } as unknown as RunState;
        const history: MetricPoint[] = [{ step: 1, elapsedMs: 400, values: { 'perf/stepMs': 400, 'perf/jsMs': 100 } }];
        lab.setState({ runs: { ...runs, ppo: { ...runs.ppo, state, history } } });
      },
    });
    const shown = (id: string) => container.querySelector(`[data-metric="${id}"]`)?.getAttribute('data-value');
    expect(['perf/stepMs', 'phaseMs/rollout', 'phaseMs/evaluation', 'phaseMs/optimisation'].map(shown)).toEqual([
      '400',
      '12.5',
      '',
      '300',
    ]);
    expect(container.textContent).toContain('25 % JavaScript, 75 % waiting for the graphics card');
  });

  it('shows phases and kernels of the last seconds with their shares, for as long as it is seen', async () => {
    const page = await openPretrain({ backend: 'wasm', executor: 'fused', threads: 2, adapter: null });
    const asked = () => page.client.calls.filter(({ kind }) => kind === 'engine/time').length;
    const phases = await within(panel()).findByRole('table', { name: 'Phases, last 10 seconds' });
    const kernels = within(panel()).getByRole('table', { name: 'Kernels, 2 threads' });
    const rows = (table: HTMLElement) =>
      within(table)
        .getAllByRole('row')
        .slice(1)
        .map((row) => [...row.children].map((cell) => cell.textContent));
    expect(rows(phases)).toEqual([
      ['optimisation', '75 %', '6,000 ms', '12'],
      ['rollout', '13 %', '1,000 ms', '12'],
      ['observation', '13 %', '1,000 ms', '24'],
    ]);
    expect(rows(kernels)).toEqual([
      ['matrix products', '50 %', '4,000 ms', '4,800'],
      ['layer norm, back', '13 %', '1,000 ms', '960'],
      ['clipping', '< 1 %', '2.00 ms', '12'],
    ]);
    expect(panel().textContent).toContain('Together 8,000 of 10,000 ms. The rest is messages and waiting.');
    expect(panel().textContent).not.toContain('no graphics card');
    await waitFor(() => expect(asked()).toBeGreaterThan(1), { timeout: 3000 });
    await expectAccessible(page.container);
    await page.user.click(screen.getByRole('tab', { name: 'Settings' }));
    const before = asked();
    await new Promise((resolve) => setTimeout(resolve, 1200));
    expect(asked(), 'nobody looks any more').toBe(before);
  });

  it('saves what the thread measured, and what the page did with its news, as one trace', async () => {
    const files: { fileName: string; content: string | Uint8Array | Blob }[] = [];
    const page = await openPretrain({}, { saveFile: (fileName, content) => void files.push({ fileName, content }) });
    await train(page, 3);
    await page.user.click(within(panel()).getByRole('button', { name: 'Save trace' }));
    await waitFor(() => expect(files.length).toBe(1));
    expect(files[0]!.fileName).toBe('rlhf-lab-trace.json');
    expect(traceFault(String(files[0]!.content))).toBeNull();
    const { traceEvents } = JSON.parse(String(files[0]!.content)) as { traceEvents: TraceEvent[] };
    const names = traceEvents.filter(({ name }) => name === 'thread_name').map(({ args }) => args?.name);
    expect(names).toEqual(['page', 'computing thread']);
    const events = traceEvents.filter(({ ph }) => ph === 'X').map(({ name }) => name);
    expect(events).toEqual(
      expect.arrayContaining(['news taken and drawn', 'pretraining step', 'policy: forward', 'matMul']),
    );
  });

  it('asks nothing about a graphics card where there is none', async () => {
    await openPretrain({ backend: 'wasm', executor: 'portable', adapter: null });
    expect(panel().textContent).toContain('On WebAssembly no graphics card is asked for anything.');
    expect(metric('perf/dispatches')).toBeUndefined();
  });
});

it('has words for every kernel', () => {
  const words: Record<KernelName, string> = KERNEL_WORDS;
  expect(new Set(Object.values(words)).size).toBe(Object.keys(words).length);
});

describe('the usual value', () => {
  it('is the median of the last nine, whatever an evaluation cost', () => {
    const points = [1e6, 95, 96, 900, 95, 94, 95, 97, 95, 95].map(
      (dispatches, step): MetricPoint => ({ step, elapsedMs: 0, values: { 'perf/dispatches': dispatches } }),
    );
    expect(usual(points, 'perf/dispatches')).toBe(95);
    expect(usual(points, 'perf/gpuMs')).toBeNull();
    expect(usual([], 'perf/dispatches')).toBeNull();
  });
});

describe('the switch between the executors', () => {
  it('moves the thread, keeps the choice in the address, and what trained goes on', async () => {
    const address = memoryAddress('#/pretrain');
    const page = await renderLab(<App />, {
      address,
      engine: WEBGPU,
      prepare: (lab) => lab.getState().corpus.generate(),
    });
    await screen.findByRole('heading', { level: 1, name: 'Pretrain' });
    await train(page, 5);
    await page.user.click(screen.getByRole('button', { name: /WebGPU · fused/ }));
    const choice = await screen.findByRole('group', { name: 'Executor' });
    expect(await screen.findByText('6.1 MB on the graphics card')).toBeTruthy();
    expect(within(choice).getByRole('button', { name: 'fused' }).getAttribute('aria-pressed')).toBe('true');
    await page.user.click(within(choice).getByRole('button', { name: 'portable' }));
    await screen.findByRole('button', { name: /WebGPU · portable/ });
    expect(within(choice).getByRole('button', { name: 'portable' }).getAttribute('aria-pressed')).toBe('true');
    expect(started(page).at(-1)).toEqual({ backend: 'auto', executor: 'portable' });
    expect(address.read().search).toContain('executor=portable');
    const kinds = () => page.client.calls.map(({ kind }) => kind);
    await waitFor(() => expect(kinds().lastIndexOf('run/play')).toBeGreaterThan(kinds().lastIndexOf('engine/start')));
  });

  it('leaves a run that stands where it stands, and reports what goes wrong', async () => {
    const page = await renderLab(<App />, { engine: WEBGPU });
    const { changeExecutor } = page.lab.getState().engine;
    await act(() => changeExecutor('portable'));
    expect(page.client.calls.some(({ kind }) => kind === 'run/play')).toBe(false);
    page.client.fail('engine/start', new Error('no such path'));
    await act(() => changeExecutor('fused'));
    expect(screen.getByRole('status', { name: 'Notices' }).textContent).toContain('no such path');
    expect(page.lab.getState().engine.moving).toBe(false);
  });

  it('is not there where only one of them can run', async () => {
    const { user } = await renderLab(<App />, { engine: { backend: 'webgl', executor: 'portable', adapter: null } });
    await user.click(await screen.findByRole('button', { name: /WebGL/ }));
    await screen.findAllByText(/Nothing leaves this computer/);
    expect(screen.queryByRole('group', { name: 'Executor' })).toBeNull();
  });
});
