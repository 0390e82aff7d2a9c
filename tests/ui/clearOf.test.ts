import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { clearance, type Edges, middleBeside, obstaclesOf } from '../../src/ui/primitives/clearOf';

const box = (left: number, top: number, width = 100, height = 40): Edges => ({
  left,
  top,
  right: left + width,
  bottom: top + height,
});

describe('a message at the foot', () => {
  it('stays where it is when nothing lies there', () => {
    expect(clearance(box(0, 700), [box(300, 700), box(0, 500)], 50)).toBe(0);
  });

  it('stands right above the control that it would cover, and above the next one where there is no room between', () => {
    expect(clearance(box(0, 700), [box(50, 720)], 50)).toBe(24);
    expect(clearance(new DOMRect(0, 700, 100, 40), [new DOMRect(50, 720, 100, 40)], 50)).toBe(24);
    expect(clearance(box(0, 700), [box(50, 720), box(50, 670)], 50)).toBe(74);
    expect(clearance(box(0, 700), [box(50, 720), box(50, 600)], 50)).toBe(24);
  });

  it('covers something rather than the header or nothing at all', () => {
    expect(clearance(box(0, 100), [box(0, 90)], 80)).toBe(0);
  });

  it('stands beside a drawer, over the page, where there is room for it', () => {
    expect(middleBeside(300, 676)).toBe(338);
    expect(middleBeside(660, 676)).toBeNull();
    expect(middleBeside(300, 0)).toBeNull();
  });

  it('is clear of everything, or where it was', () => {
    const any = fc
      .tuple(fc.integer({ min: 0, max: 900 }), fc.integer({ min: 0, max: 700 }))
      .map(([left, top]) => box(left, top));
    fc.assert(
      fc.property(any, fc.array(any, { maxLength: 30 }), (one, others) => {
        const by = clearance(one, others, 0);
        const [top, bottom] = [one.top - by, one.bottom - by];
        const covered = others.filter(
          (o) => one.left < o.right && o.left < one.right && top < o.bottom && o.top < bottom,
        );
        if (by !== 0) expect(covered).toEqual([]);
        expect(top).toBeGreaterThanOrEqual(0);
      }),
    );
  });

  it('minds the controls of a dialog and not those that it covers, nor the head of the page, nor its own', () => {
    const page = document.createElement('div');
    page.innerHTML = `
      <div aria-hidden="true"><main><button>1</button></main></div>
      <header><button>2</button></header>
      <div data-foot="true"><button>3</button></div>
      <div role="dialog"><button id="mine">4</button></div>`;
    page.querySelector('#mine')!.getBoundingClientRect = () => new DOMRect(7, 0, 10, 10);
    expect(obstaclesOf(page).map(({ left }) => left)).toEqual([7]);
  });
});
