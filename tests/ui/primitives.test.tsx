import { render, screen, waitFor } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { useState } from 'react';
import { describe, expect, it, vi } from 'vitest';
import { METRICS, type MetricId } from '../../src/contract/metrics';
import { readable } from '../../src/contract/storyText';
import { ChartCard } from '../../src/ui/charts/ChartCard';
import { ChartLegend } from '../../src/ui/charts/ChartLegend';
import { PLAIN_VIEW } from '../../src/ui/charts/chartTypes';
import { Heatmap } from '../../src/ui/charts/Heatmap';
import { Button } from '../../src/ui/primitives/Button';
import { Explain } from '../../src/ui/primitives/Explain';
import { FileDrop } from '../../src/ui/primitives/FileDrop';
import {
  formatBytes,
  formatCount,
  formatDuration,
  formatMetric,
  formatNumber,
  formatRate,
  formatShare,
} from '../../src/ui/primitives/format';
import { glued } from '../../src/ui/primitives/glued';
import { keyed } from '../../src/ui/primitives/keyed';
import { MetricValue } from '../../src/ui/primitives/MetricValue';
import { Notices } from '../../src/ui/primitives/Notices';
import { NumberField } from '../../src/ui/primitives/NumberField';
import { Say } from '../../src/ui/primitives/Say';
import { ShareValue } from '../../src/ui/primitives/ShareValue';
import { Slider } from '../../src/ui/primitives/Slider';
import { ExactTokens, StoryText } from '../../src/ui/primitives/StoryText';
import { TokenStrip } from '../../src/ui/primitives/TokenStrip';
import { TransportBar } from '../../src/ui/primitives/TransportBar';
import { expectAccessible } from './renderLab';

describe('numbers in words', () => {
  it('keep three telling digits and a true minus', () => {
    expect([1.3142, -0.5, 42.123, 1234.5, 0].map(formatNumber)).toEqual(['1.31', '−0.50', '42.1', '1,235', '0.00']);
    expect([0.00352, -0.00012, 0.00999, 3.5e-5].map(formatNumber)).toEqual(['0.0035', '−0.00012', '0.01', '3.5e-5']);
  });

  it('write rates short', () => {
    expect([0.005, 7e-4, 1e-3, 0.1, 0].map(formatRate)).toEqual(['5e-3', '7e-4', '1e-3', '0.1', '0']);
  });

  it('name bytes, counts, shares and times', () => {
    expect(formatBytes(32 * 2 ** 20)).toBe('32 MB');
    expect(formatCount(117_504)).toBe('0.12 M');
    expect(formatCount(98_234)).toBe('98 k');
    expect(formatShare(0.347)).toBe('35 %');
    expect(formatDuration(83_000)).toBe('1 min 23 s');
  });

  it('are not parted from their unit at the end of a line, whatever stands beside them', () => {
    const whole = (words: string) => {
      const { container, unmount } = render(<p>{glued(words)}</p>);
      expect(container.textContent).toBe(words);
      const parts = [...container.querySelectorAll('.whole')].map(({ textContent }) => textContent);
      unmount();
      return parts;
    };
    expect(whole('fits 50 % of 1,200 votes (30–95 %), −3.2 nats a story, 1 min 23 s')).toEqual([
      '50 %',
      '30–95 %',
      '−3.2 nats',
      '1 min',
      '23 s',
    ]);
    expect(whole('2 main parts of 3 models and 4 khaki ones')).toEqual([]);
    const { container } = render(
      <Say lead="Done: 50 %.">
        {50} % of {'12'} votes, <b>3 ms</b>
      </Say>,
    );
    expect(container.textContent).toBe('Done: 50 %. 50 % of 12 votes, 3 ms');
    expect(container.querySelectorAll('.whole')).toHaveLength(2);
  });

  it('never print NaN as a number', () => {
    expect(formatNumber(Number.NaN)).toBe('not a number');
    expect(formatNumber(Number.POSITIVE_INFINITY)).toBe('∞');
  });

  it('know how each metric likes to be written', () => {
    expect(formatMetric('train/lr', 0.005)).toBe('5e-3');
    expect(formatMetric('objective/kl', 0.00349)).toBe('0.0035');
    expect(formatMetric('reward/accuracy', 0.8372)).toBe('0.84');
    expect(formatMetric('perf/tokensPerSecond', 98_234)).toBe('98,234');
    expect(formatMetric('perf/stepMs', 81.4)).toBe('81 ms');
  });
});

describe('text that a model wrote', () => {
  it('gets capitals and tidy full stops, and not a word more', () => {
    expect(readable('the owl sang . she was glad .')).toBe('The owl sang. She was glad.');
    expect(readable('thank you , said the fox .')).toBe('Thank you, said the fox.');
  });

  it('can be seen exactly as it was written', () => {
    const { rerender } = render(<StoryText text="the owl sang ." />);
    expect(screen.getByText('The owl sang.')).toBeTruthy();
    rerender(
      <ExactTokens value={true}>
        <StoryText text="the owl sang ." />
      </ExactTokens>,
    );
    expect(screen.getByText('the owl sang .')).toBeTruthy();
  });

  it('is text, never HTML', () => {
    const { container } = render(<StoryText text="<img src=x onerror=alert(1)>" verbatim />);
    expect(container.querySelector('img')).toBeNull();
    expect(container.textContent).toBe('<img src=x onerror=alert(1)>');
  });
});

it('shows a metric rounded and carries it in full', () => {
  const { container } = render(<MetricValue id="objective/kl" value={7.912345678} />);
  const element = container.querySelector('[data-metric="objective/kl"]');
  expect(element?.textContent).toBe('7.91');
  expect(element?.getAttribute('data-value')).toBe('7.912345678');
});

it('says of a number on how few cases it rests, and carries it in full', () => {
  const shown = (id: MetricId, count: number | null) => {
    const { container } = render(<ShareValue id={id} value={0.0912} count={count} />);
    const element = container.querySelector(`[data-metric="${id}"]`);
    return [element?.textContent, element?.getAttribute('data-value')];
  };
  expect(shown('eval_dpo/loss', 2)).toEqual(['0.09 (2 held out)', '0.0912']);
  expect(shown('eval_rewards/margins', 9)).toEqual(['0.09 (9 held out)', '0.0912']);
  expect(shown('eval_dpo/loss', 10)).toEqual(['0.09', '0.0912']);
  expect(shown('eval_dpo/loss', null)).toEqual(['0.09', '0.0912']);
});

it('shows a dash for what was not measured', () => {
  const { container } = render(<MetricValue id="gold/score" value={null} />);
  expect(container.querySelector('[data-metric]')?.getAttribute('data-value')).toBe('');
  expect(container.textContent).toBe('–');
});

describe('a button', () => {
  it('keeps the focus when pressing it switches it off, and does nothing until it is on again', async () => {
    const onClick = vi.fn();
    const user = userEvent.setup();
    const { rerender } = render(<Button onClick={onClick}>Step</Button>);
    const button = screen.getByRole<HTMLButtonElement>('button', { name: 'Step' });
    await user.tab();
    await user.keyboard('{Enter}');
    rerender(
      <Button onClick={onClick} disabled>
        Step
      </Button>,
    );
    expect(document.activeElement).toBe(button);
    expect(button.getAttribute('aria-disabled')).toBe('true');
    await user.keyboard('{Enter}');
    expect(onClick).toHaveBeenCalledTimes(1);
    await user.tab();
    expect(button.disabled).toBe(true);
  });
});

it('explains a metric from the table: meaning, formula and exact name', async () => {
  const user = userEvent.setup();
  const { container } = render(<Explain metric="objective/kl" />);
  const trigger = screen.getByRole('button', { name: 'Explain' });
  expect(trigger.getAttribute('aria-description')).toBe('KL from the reference');
  await user.click(trigger);
  expect(screen.getByText(METRICS['objective/kl'].meaning)).toBeTruthy();
  expect(screen.getByText(METRICS['objective/kl'].formula)).toBeTruthy();
  expect(screen.getByText('objective/kl')).toBeTruthy();
  await user.keyboard('{Escape}');
  await waitFor(() => expect(screen.queryByText('objective/kl')).toBeNull());
  await expectAccessible(container);
});

function VotesField({ onChange }: { onChange: (value: number) => void }) {
  const [value, setValue] = useState(300);
  const change = (next: number) => {
    setValue(next);
    onChange(next);
  };
  return <NumberField label="Votes" integer min={1} max={1000} value={value} onChange={change} />;
}

describe('controls', () => {
  it('name a slider by its label alone, LIVE mark and symbol apart', async () => {
    const { container } = render(
      <Slider label="KL coefficient" symbol="β" live value={0.1} min={0} max={1} step={0.01} onChange={() => {}} />,
    );
    const slider = screen.getByRole('slider', { name: 'KL coefficient' });
    expect((slider as HTMLInputElement).value).toBe('0.1');
    expect(slider.getAttribute('aria-valuetext')).toBe('0.10');
    await expectAccessible(container);
  });

  it('move a logarithmic slider by factors', async () => {
    const change = vi.fn();
    render(
      <Slider label="Learning rate" scale="log" value={1e-3} min={1e-5} max={1e-1} step={0.05} onChange={change} />,
    );
    const slider = screen.getByRole('slider', { name: 'Learning rate' }) as HTMLInputElement;
    expect(Number(slider.value)).toBeCloseTo(-3, 6);
  });

  it('keep a setting until a sensible number is typed, and say what is wrong', async () => {
    const user = userEvent.setup();
    const change = vi.fn();
    render(<VotesField onChange={change} />);
    const box = screen.getByRole('spinbutton', { name: 'Votes' });
    await user.clear(box);
    expect(screen.getByText('A number, please.')).toBeTruthy();
    await user.type(box, '5000');
    expect(change.mock.calls.flat().every((value) => value <= 1000)).toBe(true);
    expect(screen.getByText('At most 1,000.')).toBeTruthy();
    await user.clear(box);
    await user.type(box, '42');
    expect(change).toHaveBeenLastCalledWith(42);
    for (const [typed, settled] of [
      ['99999', 1000],
      ['-5', 1],
      ['3.7', 4],
    ] as const) {
      await user.clear(box);
      await user.type(box, typed);
      await user.tab();
      expect(change, typed).toHaveBeenLastCalledWith(settled);
      expect((box as HTMLInputElement).value).toBe(String(settled));
    }
  });

  it('read a file as bytes', async () => {
    const user = userEvent.setup();
    const onFile = vi.fn();
    render(<FileDrop label="Open a text file" accept=".txt" limit={1000} onFile={onFile} />);
    await user.upload(
      screen.getByLabelText('Open a text file, file'),
      new File(['hello'], 'a.txt', { type: 'text/plain' }),
    );
    await waitFor(() => expect(onFile).toHaveBeenCalled());
    const [bytes, name] = onFile.mock.calls[0] as [Uint8Array, string];
    expect(new TextDecoder().decode(bytes)).toBe('hello');
    expect(name).toBe('a.txt');
  });
});

describe('the transport bar', () => {
  const quiet = { onTrain: vi.fn(), onPause: vi.fn(), onStep: vi.fn(), onReset: vi.fn() };
  const bar = (more: object = {}) => {
    const spies = { onTrain: vi.fn(), onPause: vi.fn(), onStep: vi.fn(), onReset: vi.fn() };
    const view = render(
      <TransportBar status="paused" step={420} totalSteps={1000} elapsedMs={4200} seed={1} {...spies} {...more} />,
    );
    return { ...view, ...spies };
  };

  it('names its buttons without the printed keys and says how far the run is', async () => {
    const { container } = bar();
    for (const name of ['Reset', 'Step', 'Train']) expect(screen.getByRole('button', { name })).toBeTruthy();
    expect(container.textContent).toContain('step 420 of 1,000');
    expect(container.textContent).toContain('4 s gone · 6 s left');
    await expectAccessible(container);
  });

  it('turns Train into Pause while the run goes on', () => {
    bar({ status: 'running' });
    expect(screen.queryByRole('button', { name: 'Train' })).toBeNull();
    expect(screen.getByRole('button', { name: 'Pause' })).toBeTruthy();
    expect(screen.getByRole('button', { name: 'Step' }).hasAttribute('disabled')).toBe(true);
  });

  it('starts over from the first phase of a first iteration too, but not from nothing', async () => {
    const user = userEvent.setup();
    const begun = bar({ step: 0, elapsedMs: 12 });
    await user.click(screen.getByRole('button', { name: 'Reset' }));
    expect(begun.onReset).toHaveBeenCalledOnce();
    begun.unmount();
    bar({ status: null, step: 0, elapsedMs: 0 });
    expect(screen.getByRole('button', { name: 'Reset' }).hasAttribute('disabled')).toBe(true);
  });

  it('follows Space and the full stop, and keeps away from text fields', async () => {
    const user = userEvent.setup();
    const { onTrain, onStep } = bar();
    await user.keyboard(' ');
    await user.keyboard('.');
    expect(onTrain).toHaveBeenCalledTimes(1);
    expect(onStep).toHaveBeenCalledTimes(1);
    const box = document.body.appendChild(document.createElement('textarea'));
    box.focus();
    await user.keyboard(' .r');
    expect(box.value).toBe(' .r');
    expect(onTrain).toHaveBeenCalledTimes(1);
    expect(onStep).toHaveBeenCalledTimes(1);
    box.remove();
  });

  it('asks before R throws a run away', async () => {
    const user = userEvent.setup();
    const { onReset } = bar();
    await user.keyboard('r');
    expect(onReset).not.toHaveBeenCalled();
    await user.click(await screen.findByRole('button', { name: 'Start over' }));
    expect(onReset).toHaveBeenCalledTimes(1);
  });

  it('resets a short run at once and asks about a long one', async () => {
    const user = userEvent.setup();
    const short = bar();
    await user.click(screen.getByRole('button', { name: 'Reset' }));
    expect(short.onReset).toHaveBeenCalledTimes(1);
    short.unmount();
    const long = bar({ elapsedMs: 300_000 });
    await user.click(screen.getByRole('button', { name: 'Reset' }));
    expect(long.onReset).not.toHaveBeenCalled();
    await user.click(await screen.findByRole('button', { name: 'Cancel' }));
    expect(long.onReset).not.toHaveBeenCalled();
  });

  it('asks before Train, Space or Step throws a run away that is over', async () => {
    const user = userEvent.setup();
    const { onTrain, onStep } = bar({ status: 'done', step: 1000 });
    await user.click(screen.getByRole('button', { name: 'Train' }));
    expect((await screen.findByRole('alertdialog')).textContent).toContain(
      'The finished model stays in Checkpoints; its curves go.',
    );
    expect(onTrain).not.toHaveBeenCalled();
    await user.click(screen.getByRole('button', { name: 'Cancel' }));
    (document.activeElement as HTMLElement | null)?.blur();
    await user.keyboard(' ');
    await user.click(await screen.findByRole('button', { name: 'Train again' }));
    expect(onTrain).toHaveBeenCalledTimes(1);
    await user.click(screen.getByRole('button', { name: 'Step' }));
    expect(onStep).not.toHaveBeenCalled();
    await user.click(await screen.findByRole('button', { name: 'Train again' }));
    expect(onStep).toHaveBeenCalledTimes(1);
  });

  it('trains at once after a failure before the first step', async () => {
    const { onTrain } = bar({ status: 'failed', step: 0 });
    await userEvent.setup().click(screen.getByRole('button', { name: 'Train' }));
    expect(onTrain).toHaveBeenCalledTimes(1);
  });

  it('asks when what it would throw away came only after the press', async () => {
    const user = userEvent.setup();
    const answers: ('ask' | undefined)[] = ['ask', undefined];
    const onTrain = vi.fn(async () => answers.shift());
    bar({ status: null, step: 0, onTrain });
    await user.click(screen.getByRole('button', { name: 'Train' }));
    await user.click(await screen.findByRole('button', { name: 'Train again' }));
    expect(onTrain).toHaveBeenCalledTimes(2);
    expect(screen.queryByRole('alertdialog')).toBeNull();
  });

  it('says what it waits for, and takes no press until then', async () => {
    const user = userEvent.setup();
    const { container, onTrain, onStep } = bar({ waiting: 'Bringing earlier work back…' });
    expect(screen.getByText('Bringing earlier work back…')).toBeTruthy();
    expect(screen.getByRole('toolbar').hasAttribute('aria-busy'), 'the region of the stage is what is busy').toBe(
      false,
    );
    for (const name of ['Reset', 'Step', 'Train'])
      expect(screen.getByRole('button', { name }).hasAttribute('disabled')).toBe(true);
    await user.keyboard(' .r');
    expect(onTrain).not.toHaveBeenCalled();
    expect(onStep).not.toHaveBeenCalled();
    expect(screen.queryByRole('alertdialog')).toBeNull();
    await expectAccessible(container);
  });

  it('says why a stage cannot train yet', () => {
    render(
      <TransportBar
        status={null}
        step={0}
        totalSteps={0}
        elapsedMs={0}
        seed={1}
        blocked="Vote on some pairs first."
        {...quiet}
      />,
    );
    expect(screen.getByText('Vote on some pairs first.')).toBeTruthy();
    expect(screen.getByRole('button', { name: 'Train' }).hasAttribute('disabled')).toBe(true);
  });
});

describe('notices', () => {
  it('say what happened and what to do, in a polite live region', async () => {
    const user = userEvent.setup();
    const onAct = vi.fn();
    const notice = {
      noticeId: 'n',
      tone: 'warning' as const,
      title: 'The device was lost',
      message: 'It went away.',
      next: 'Press Train.',
    };
    const { container } = render(
      <Notices notices={[{ ...notice, actions: [{ label: 'Restart' }] }]} onAct={onAct} onDismiss={() => {}} />,
    );
    expect(screen.getByRole('status').getAttribute('aria-live')).toBe('polite');
    expect(screen.getByRole('status').textContent).toContain('Press Train.');
    await user.click(screen.getByRole('button', { name: 'Restart' }));
    expect(onAct).toHaveBeenCalledWith({ label: 'Restart' }, 'n');
    await expectAccessible(container);
  });
});

it('marks negative tokens with more than colour', () => {
  const tokens = [
    { text: 'glad', value: 1 },
    { text: 'tired', value: -1 },
  ];
  render(<TokenStrip tokens={tokens} meaning="advantage" />);
  expect(screen.getByText('tired').className).toContain('negative');
  expect(screen.getByText('glad').className).not.toContain('negative');
  expect(screen.getByText('tired').title).toBe('tired: advantage −1.00');
});

it('says of every token how strong its shade is, for a theme that takes colours away', () => {
  const tokens = [
    { text: 'glad', value: 1 },
    { text: 'tired', value: -0.5 },
  ];
  render(<TokenStrip tokens={tokens} meaning="advantage" />);
  const shade = (text: string) => {
    const { dataset, style } = screen.getByText(text);
    return [dataset.shade, style.getPropertyValue('--share')];
  };
  expect([shade('glad'), shade('tired')]).toEqual([
    ['plus', '1.0'],
    ['minus', '0.5'],
  ]);
});

it('tells equal items of a list apart', () => {
  expect(keyed(['a', 'b', 'a'], (text) => text).map(({ key }) => key)).toEqual(['a#0', 'b#0', 'a#1']);
});

describe('the legend of a chart', () => {
  const legend = (above: number, below: number) =>
    render(
      <ChartLegend
        label="Accuracy"
        noun="step"
        step={null}
        show
        series={[]}
        hidden={{ above, below, notPositive: 0, notNumbers: 0 }}
        logAxis={false}
        levels={[
          { value: 0.5, label: 'guessing' },
          { value: 0.9, label: 'you against yourself' },
        ]}
      />,
    ).container;

  it('draws every level with dashes of its own', () => {
    const dashes = [...legend(0, 0).querySelectorAll('line')].map((line) => line.getAttribute('stroke-dasharray'));
    expect(dashes).toHaveLength(2);
    expect(new Set(dashes).size).toBe(2);
  });

  it('says how many points are out of sight', () => {
    expect(legend(0, 1).textContent).toContain('1 point below the view');
    expect(legend(2, 1).textContent).toContain('2 points above, 1 below the view');
  });
});

describe('charts in words', () => {
  const series = [0, 1, 2].map((step) => ({ step, elapsedMs: step, value: 5 - step }));

  it('put the newest value in the corner and the curve into a table', async () => {
    const { container } = render(
      <ChartCard
        metric="train/loss"
        value={3}
        series={[{ id: 'train/loss', label: 'training', tone: 'policy', points: series }]}
      />,
    );
    expect(container.querySelector('[data-metric="train/loss"]')?.getAttribute('data-value')).toBe('3');
    const rows = screen.getAllByRole('row').map((row) => row.textContent);
    expect(rows).toContain('23.00');
    await expectAccessible(container);
  });

  it('move the shared crosshair by keyboard and read it out', () => {
    const view = { ...PLAIN_VIEW, crosshair: 1 };
    render(
      <ChartCard
        metric="train/loss"
        value={3}
        view={view}
        series={[{ id: 'train/loss', label: 'training', tone: 'policy', points: series }]}
      />,
    );
    const crosshair = screen.getByRole('slider', { name: 'Crosshair of Training loss' });
    expect(crosshair.getAttribute('aria-valuetext')).toBe('step 1: training 4.00');
  });

  it('read the focused cell of an attention map and let arrow keys move it', async () => {
    const user = userEvent.setup();
    const weights = [1, 0, 0, 0.5, 0.5, 0, 0.1, 0.7, 0.2];
    const { container } = render(<Heatmap label="Attention" tokens={['the', 'fox', 'sang']} weights={weights} />);
    screen.getByRole('button', { name: /Attention/ }).focus();
    await user.keyboard('{ArrowLeft}');
    expect(container.textContent).toContain('“sang” looks at “fox” 70 %, itself 20 %, “the” 10 %.');
    await user.keyboard('{ArrowUp}');
    expect(container.textContent).toContain('“fox” looks at');
    await expectAccessible(container);
  });
});
