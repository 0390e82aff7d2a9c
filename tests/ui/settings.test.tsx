import { fireEvent, render, screen, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { describe, expect, it, vi } from 'vitest';
import { presetConfig } from '../../src/contract/config';
import { clashOf } from '../../src/contract/settings/clashes';
import { PPO, PPO_FORM } from '../../src/contract/settings/ppo';
import { type Bounds, isSetting, refusal, type Setting } from '../../src/contract/settings/setting';
import { withShare } from '../../src/ui/panels/Data/StoryKnobs';
import { Optimise } from '../../src/ui/panels/Optimise/Optimise';
import { boundsOf } from '../../src/ui/panels/settings/fields';
import { NumberField } from '../../src/ui/primitives/NumberField';
import { renderLab } from './renderLab';

/** types a number, leaves the field, and says what stood under it and what came of it */
function typed(bounds: Bounds, text: string) {
  const onChange = vi.fn();
  const { container, unmount } = render(<NumberField label="Number" {...bounds} value={0.25} onChange={onChange} />);
  const box = screen.getByRole('spinbutton', { name: 'Number' }) as HTMLInputElement;
  fireEvent.change(box, { target: { value: text } });
  const said = container.querySelector(`[id="${box.getAttribute('aria-describedby')}"]`)?.textContent ?? null;
  fireEvent.blur(box);
  const settled = box.value;
  unmount();
  return { said, settled, onChange };
}

describe('a form of settings', () => {
  it('bounds each field by its row of the table', async () => {
    const page = await renderLab(<Optimise />);
    await page.user.click(screen.getByRole('button', { name: /^All \d+ settings/ }));
    const dialog = within(screen.getByRole('dialog', { name: 'PPO settings' }));
    const rows = PPO_FORM.flatMap(({ keys }) =>
      keys.map((key): Setting | null => (isSetting(PPO[key]) ? PPO[key] : null)),
    );
    const numbers = rows.flatMap((row) => (row?.kind === 'number' ? [row] : []));
    expect(numbers.length).toBeGreaterThan(15);
    for (const { label, min, max } of numbers) {
      const box = dialog.getByRole('spinbutton', { name: label }) as HTMLInputElement;
      expect([Number(box.min), Number(box.max)], label).toEqual([min, max]);
    }
  });

  it('takes the widest value and refuses the next one in the words of the thread, as a sentence', () => {
    expect(typed(boundsOf(PPO.epochs), '100')).toMatchObject({ said: null, settled: '100' });
    expect(typed(boundsOf(PPO.epochs), '101')).toMatchObject({ said: refusal(PPO.epochs, 101), settled: '100' });
    const { tooLow } = PPO.temperature;
    expect(typed(boundsOf(PPO.temperature), '0')).toMatchObject({ said: `A${tooLow.slice(1)}.`, settled: '0.001' });
  });

  it('knows one zero, as an address does', () => {
    const { onChange } = typed(boundsOf(PPO.entropyCoef), '-0');
    expect(onChange.mock.calls.map(([value]) => Object.is(value, 0))).toEqual([true]);
  });

  it('never lets two shares make more than the whole', () => {
    for (let i = 0; i <= 100; i++) {
      const stories = { ...presetConfig('tiny').stories, sadShare: 1, rudeShare: 1 };
      const happy = { ...stories, ...withShare(stories, 'happyShare', i / 100) };
      const all = { ...happy, ...withShare(happy, 'politeShare', i / 100) };
      expect(clashOf({ ...presetConfig('tiny'), stories: all }, 'stories'), `${i} %`).toBeNull();
    }
  });

  it('goes back to what stood there where the bound itself is too far', () => {
    const { said, settled, onChange } = typed(boundsOf(PPO.optimizer.beta1), '1');
    expect(said).toBe('Below 1.');
    expect(settled).toBe('0.25');
    expect(onChange).not.toHaveBeenCalled();
  });

  it('goes from one round number to the next where the arrows take large steps', async () => {
    const onChange = vi.fn();
    render(
      <NumberField label="Stories" min={1} max={1_000_000} integer step={500} value={20_000} onChange={onChange} />,
    );
    const box = screen.getByRole('spinbutton', { name: 'Stories' }) as HTMLInputElement;
    expect((Number(box.value) - Number(box.min)) % Number(box.step)).toBe(0);
    const user = userEvent.setup();
    await user.clear(box);
    await user.type(box, '0');
    expect(screen.getByText('At least 1.')).toBeTruthy();
  });
});
