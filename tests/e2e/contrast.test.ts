import { describe, expect, it } from 'vitest';
import { openStage, startTrained, useLab } from './lab';

describe('in a contrast theme', () => {
  const { visit } = useLab();

  it('the chosen one of several, the state of a stage and the length of a bar can still be seen', async () => {
    const { page } = await visit('?backend=wasm&preset=tiny&seed=1');
    await page.emulateMedia({ forcedColors: 'active' });
    await startTrained(page);
    const ring = (selector: string) =>
      page
        .locator(selector)
        .first()
        .evaluate((one) => `${getComputedStyle(one).outlineStyle} ${getComputedStyle(one).outlineWidth}`);
    expect(await ring('nav [aria-current="page"]')).toBe('solid 2px');
    expect(await ring('label span:has(> input[type=radio]:checked)')).toBe('solid 2px');
    const colourOf = (selector: string) =>
      page
        .locator(selector)
        .first()
        .evaluate((one) => getComputedStyle(one).backgroundColor);
    const paper = await page.evaluate(() => {
      const probe = document.body.appendChild(document.createElement('i'));
      probe.style.background = 'Canvas';
      const colour = getComputedStyle(probe).backgroundColor;
      probe.remove();
      return colour;
    });
    expect(await colourOf('nav a[data-status="done"] [class*="dot"]')).not.toBe(paper);
    await page.addStyleTag({ content: '.word { border: 0 }' }); // as a strip's own words have none
    const lines = await page.evaluate(() =>
      ['plus', 'minus'].map((sign) => {
        const word = document.body.appendChild(document.createElement('i'));
        word.className = 'word';
        word.dataset.shade = sign;
        word.style.setProperty('--share', '0.5');
        const { borderTopWidth, borderBottomWidth } = getComputedStyle(word);
        word.remove();
        return [borderTopWidth, borderBottomWidth];
      }),
    );
    expect(lines, 'the shade of a word').toEqual([
      ['3px', '0px'],
      ['0px', '3px'],
    ]);
    await openStage(page, 'Pretrain');
    expect(await colourOf('[role="progressbar"]')).not.toBe(paper);
    expect(await colourOf('[role="progressbar"] > *')).not.toBe(paper);
  });
});
