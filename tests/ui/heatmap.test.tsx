import { render, screen, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { shortLabel } from '../../src/ui/charts/drawHeatmap';
import { Heatmap } from '../../src/ui/charts/Heatmap';
import { cellAt, type HeatmapView, heatmapLayout, labelled, WHOLE } from '../../src/ui/charts/heatmapLayout';
import { canEnlarge, dragged, revealing, zoomed } from '../../src/ui/charts/heatmapView';
import { tokenNames } from '../../src/ui/panels/Inspect/attention';
import { expectAccessible } from './renderLab';

const REM = 15;
const layoutOf = (view: HeatmapView, count = 48) => heatmapLayout(500, 460, count, 80, REM, view);
const enlarge = (view: HeatmapView, around = { row: 20, column: 10 }) =>
  zoomed(view, layoutOf(view), 'in', around, REM);

describe('the labels of a map', () => {
  it('are all there where they have room, and evenly thinned where they do not', () => {
    expect(labelled(0, 5, 20, 5, 14, null)).toEqual([0, 1, 2, 3, 4]);
    expect(labelled(0, 12, 6, 12, 14, null)).toEqual([0, 3, 6, 9]); // 14 px need three cells of 6
  });

  it('always name the token in focus, which its neighbours make room for', () => {
    expect(labelled(0, 12, 6, 12, 14, 7)).toEqual([0, 3, 7]);
    expect(labelled(0, 12, 6, 12, 14, 0)).toEqual([0, 3, 6, 9]);
  });

  it('never lie closer than they need, and stay in the part that shows', () => {
    const cell = fc.double({ min: 0.5, max: 40, noNaN: true });
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 300 }),
        cell,
        fc.double({ min: 0, max: 1, noNaN: true }),
        (count, size, at) => {
          const focus = Math.min(count - 1, Math.floor(at * count));
          const shown = labelled(0, count, size, count, 14, focus);
          expect(shown).toContain(focus);
          for (let i = 1; i < shown.length; i++)
            expect((shown[i]! - shown[i - 1]!) * size).toBeGreaterThanOrEqual(Math.min(14, size) - 1e-9);
          expect(shown.every((index) => index >= 0 && index < count)).toBe(true);
          const every = Math.ceil(14 / size);
          for (let i = 1; i < shown.length; i++) expect(shown[i]! - shown[i - 1]!).toBeGreaterThanOrEqual(every);
        },
      ),
    );
  });

  it('are shortened, but for the position that tells two apart', () => {
    expect(shortLabel('extraordinary·112')).toBe('extraor…·112');
    expect(shortLabel('the·3')).toBe('the·3');
    expect([...shortLabel('x'.repeat(2000))]).toHaveLength(12);
  });

  it('say the position of a token that occurs twice', () => {
    expect(tokenNames(['the', 'owl', 'the', '\n'])).toEqual(['the·1', 'owl', 'the·3', '↵']);
    expect(tokenNames([' ', '\u0007', ' a\u0085b'])).toEqual(['␣', '\\x07', 'a\\x85b']);
  });
});

describe('the part of a map that shows', () => {
  it('is all of it at first', () => {
    const { row, column, width, height, cell } = layoutOf(WHOLE);
    expect([row, column]).toEqual([0, 0]);
    expect(width).toBeCloseTo(48 * cell, 9);
    expect(height).toBeCloseTo(48 * cell, 9);
  });

  it('keeps the cell in focus where it was when it is enlarged', () => {
    const [before, after] = [layoutOf(WHOLE), layoutOf(enlarge(WHOLE))];
    expect(after.cell).toBeCloseTo(1.5 * before.cell, 9);
    expect((20.5 - after.row) * after.cell).toBeCloseTo(20.5 * before.cell, 6);
    expect((10.5 - after.column) * after.cell).toBeCloseTo(10.5 * before.cell, 6);
  });

  it('ends at cells of two lines, and comes back to the whole in as many steps', () => {
    let view = WHOLE;
    for (let i = 0; i < 20; i++) view = enlarge(view);
    expect(layoutOf(view).cell).toBeCloseTo(2.3 * REM, 6);
    expect(canEnlarge(layoutOf(view), REM)).toBe(false);
    for (let i = 0; i < 20; i++) view = zoomed(view, layoutOf(view), 'out', { row: 0, column: 0 }, REM);
    expect(view).toEqual(WHOLE);
  });

  it('follows the cursor, and never leaves the matrix when dragged', () => {
    const near = enlarge(enlarge(WHOLE));
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 47 }),
        fc.integer({ min: 0, max: 47 }),
        fc.integer(),
        (row, column, far) => {
          const seen = layoutOf(revealing(near, layoutOf(near), { row, column }));
          const [x, y] = [
            seen.left + (column + 0.5 - seen.column) * seen.cell,
            seen.top + (row + 0.5 - seen.row) * seen.cell,
          ];
          expect(cellAt(seen, x, y, false)).toEqual({ row, column });
          const moved = layoutOf(dragged(near, layoutOf(near), far, -far));
          expect(moved.row >= 0 && moved.row + moved.height / moved.cell <= 48 + 1e-9).toBe(true);
        },
      ),
    );
  });
});

describe('a map that is too small for its tokens', () => {
  const tokens = Array.from({ length: 48 }, (_, i) => `word${i}`);
  const weights = new Float32Array(48 * 48).fill(1 / 48);
  const button = (name: string) => screen.getByRole('button', { name });
  const isOff = (name: string) => button(name).getAttribute('aria-disabled') === 'true';

  it('is enlarged and reduced by keys and by buttons, and the arrow keys go on reading', async () => {
    const user = userEvent.setup();
    const { container } = render(<Heatmap label="Attention" tokens={tokens} weights={weights} />);
    expect(isOff('Reduce the map')).toBe(true);
    button('Attention: arrow keys move the cell').focus();
    await user.keyboard('+');
    expect(isOff('Reduce the map')).toBe(false);
    await user.keyboard('{ArrowLeft}');
    expect(within(screen.getByRole('figure')).getByText(/^“word47” looks at/).textContent).toContain('word46');
    await user.keyboard('-');
    expect(isOff('Reduce the map')).toBe(true);
    await user.click(button('Enlarge the map'));
    await user.click(button('Enlarge the map'));
    await user.click(button('Show the whole map'));
    expect(isOff('Show the whole map')).toBe(true);
    await expectAccessible(container);
  });
});
