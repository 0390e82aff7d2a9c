import { render, screen } from '@testing-library/react';
import fc from 'fast-check';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { type ChartLevel, type LineSeries, PLAIN_VIEW } from '../../src/ui/charts/chartTypes';
import { LineChart } from '../../src/ui/charts/LineChart';
import LinePlot from '../../src/ui/charts/LinePlot';
import { lineData } from '../../src/ui/charts/lineData';
import TrailPlot from '../../src/ui/charts/TrailPlot';
import { Optimise } from '../../src/ui/panels/Optimise/Optimise';
import { expectAccessible, renderLab } from './renderLab';

const ON_LOG = { ...PLAIN_VIEW, logAxis: true };
const SIZE = { width: 400, height: 200 };
const NOTHING = 'Nothing above 0 yet, so a log axis shows nothing.';

const line = (values: readonly number[]): LineSeries => ({
  id: 'a',
  label: 'chosen',
  tone: 'chosen',
  points: values.map((value, step) => ({ step, elapsedMs: step, value })),
});
const odd = fc.constantFrom(0, -1, 1, 3, 5e-324, 1e-300, 1.7e308, -1.7e308, Number.NaN, Infinity, -Infinity);

describe('a chart on a log axis', () => {
  it('is an empty axis with a sentence where there is no run', async () => {
    const page = await renderLab(<Optimise />, { prepare: (lab) => lab.getState().view.setLogAxis(true) });
    expect((await screen.findAllByText(NOTHING)).length).toBeGreaterThan(0);
    await expectAccessible(page.container);
  });

  it('counts what it has no place for: log-probabilities are all below 0', () => {
    render(<LineChart label="Log-probabilities" series={[line([-3, -2, 0])]} view={ON_LOG} />);
    const figure = screen.getByRole('figure', { name: 'Log-probabilities' });
    expect(figure.textContent).toContain('3 points at or below 0, where a log axis has no place');
    expect(figure.textContent).toContain(NOTHING);
  });

  it('says nothing of the kind while it shows everything, nor on a linear axis', () => {
    const shown = render(<LineChart label="Loss" series={[line([3, 2, 1])]} view={ON_LOG} />);
    expect(shown.container.textContent).not.toMatch(/log axis/);
    const linear = render(<LineChart label="Loss" series={[line([-3])]} view={PLAIN_VIEW} />);
    expect(linear.container.textContent).not.toMatch(/log axis/);
  });

  it('names a level that it cannot show', () => {
    render(
      <LineChart
        label="Score"
        series={[line([1])]}
        view={ON_LOG}
        levels={[{ value: 0, label: 'base model' }]}
        legend
      />,
    );
    expect(screen.getByText(/base model/).textContent).toBe('base model (no place on a log axis)');
  });
});

describe('the chart library', () => {
  /** React leaves out what is no number, and says so */
  const warnings = vi.spyOn(console, 'error');
  afterEach(() => expect(warnings).not.toHaveBeenCalled());

  const levels: readonly ChartLevel[] = [
    { value: 0, label: 'zero' },
    { value: 2, label: 'two' },
  ];

  it('is handed nothing that it could write as a wrong coordinate', () => {
    fc.assert(
      fc.property(fc.array(odd, { maxLength: 6 }), fc.boolean(), (values, logAxis) => {
        const series = [line(values)];
        const data = lineData(series, { ...PLAIN_VIEW, logAxis }, { levels: levels.map(({ value }) => value) });
        const marks = [{ step: 1, label: 'β 0' }];
        const plot = render(
          <LinePlot
            size={SIZE}
            series={series}
            data={data}
            logAxis={logAxis}
            band={[0, 1]}
            marks={marks}
            levels={levels}
          />,
        );
        expect(plot.container.innerHTML).not.toMatch(/NaN|Infinity/);
        expect(plot.container.querySelectorAll('.recharts-yAxis .recharts-cartesian-axis-tick').length).toBeGreaterThan(
          1,
        );
        plot.unmount();
      }),
      { numRuns: 12 },
    );
  });

  it('names the other trail at its last point that has a place', () => {
    const kls = [1, 2, Number.NaN, 1.5];
    const points = kls.map((kl, step) => ({ step, kl, proxy: step === 3 ? Number.NaN : 0.5, gold: null }));
    const named = (trail: typeof points) => {
      const others = [{ id: 'b', label: 'DPO', points: trail, peak: null }];
      const { container, unmount } = render(
        <TrailPlot size={SIZE} points={[]} others={others} peak={null} crosshair={null} marks={[]} />,
      );
      const style = [...container.querySelectorAll('span')].find((name) => name.textContent === 'DPO')?.style;
      unmount();
      return style?.left;
    };
    expect(named(points)).toBe(named(points.slice(0, 2)));
    expect(named(points)).toMatch(/px$/);
    expect(named(points.slice(2))).toBeUndefined();
  });

  it('draws trails of any numbers', () => {
    const trail = fc.array(fc.record({ kl: odd, proxy: fc.option(odd), gold: fc.option(odd) }), { maxLength: 5 });
    fc.assert(
      fc.property(trail, trail, (own, other) => {
        const [points, grey] = [own, other].map((all) => all.map((point, step) => ({ ...point, step })));
        const others = [{ id: 'b', label: 'DPO', points: grey!, peak: 1 }];
        const plot = render(
          <TrailPlot
            size={SIZE}
            points={points!}
            others={others}
            peak={{ step: 0, label: 'peak' }}
            crosshair={1}
            marks={[]}
          />,
        );
        expect(plot.container.innerHTML).not.toMatch(/NaN|Infinity/);
        for (const axis of ['x', 'y'])
          expect(
            plot.container.querySelectorAll(`.recharts-${axis}Axis .recharts-cartesian-axis-tick`).length,
          ).toBeGreaterThan(1);
        plot.unmount();
      }),
      { numRuns: 12 },
    );
  });
});
