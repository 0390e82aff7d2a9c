import { type Browser, chromium, type Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { BROWSER_ARGS, requireBrowser } from '../helpers/browser';
import { layoutFaultsOf } from '../helpers/layout/look';

const LINES = '<p>one</p><p>two</p><p>three</p><p>four</p><p>five</p><p>six</p><p>seven</p><p>eight</p>';

/** A fault in as few words as possible, and the same page without it. */
const CASES: readonly { fault: string; said: RegExp; broken: string; sound: string }[] = [
  {
    fault: 'a label that hides its end',
    said: /^cut: “Clip fraction/,
    broken: '<div style="width:40px;overflow:hidden;white-space:nowrap">Clip fraction</div>',
    sound: '<div style="width:70px;overflow:hidden">Clip fraction</div>',
  },
  {
    fault: 'an ellipsis',
    said: /^cut: “Clip fraction/,
    broken: '<div style="width:60px;overflow:hidden;white-space:nowrap;text-overflow:ellipsis">Clip fraction</div>',
    sound: '<div style="width:160px;overflow:hidden;white-space:nowrap;text-overflow:ellipsis">Clip fraction</div>',
  },
  {
    fault: 'a shortened name whose rest nobody can reach',
    said: /^cut: “My very own model/,
    broken:
      '<b data-shortened style="display:block;width:60px;overflow:hidden;white-space:nowrap">My very own model</b>',
    sound:
      '<b data-shortened title="My very own model" style="display:block;width:60px;overflow:hidden;white-space:nowrap">My very own model</b>',
  },
  {
    fault: 'lines below the edge of a box that does not scroll',
    said: /^cut: “eight”/,
    broken: `<div style="height:90px;overflow:hidden">${LINES}</div>`,
    sound: `<div style="height:90px;overflow:auto">${LINES}</div>`,
  },
  {
    fault: 'a tick at the edge of a drawing',
    said: /^cut: “1000”/,
    broken: '<svg width="100" height="40"><text x="80" y="20">1000</text></svg>',
    sound: '<svg width="100" height="40"><text x="98" y="20" text-anchor="end">1000</text></svg>',
  },
  {
    fault: 'a card that has collapsed',
    said: /^squeezed to 20 px: Rollouts/,
    broken: `<section data-card><h2>Rollouts</h2><div style="height:20px;overflow:auto">${LINES}</div></section>`,
    sound: `<section data-card><h2>Rollouts</h2><div style="height:80px;overflow:auto">${LINES}</div></section>`,
  },
  {
    fault: 'text that leaves its card',
    said: /^sticks out: “eight” in Rollouts/,
    broken: `<section data-card style="height:80px"><h2>Rollouts</h2>${LINES}</section>`,
    sound: `<section data-card style="min-height:80px"><h2>Rollouts</h2>${LINES}</section>`,
  },
  {
    fault: 'text that lies in the padding of its card',
    said: /^sticks out: “2 of 2 \(34–100 %\)/,
    broken:
      '<section data-card style="width:150px;padding:0 20px;white-space:nowrap"><p>Longer text 2 of 2 (34–100 %)</p><p>2 of 2 (34–100 %) and more</p></section>',
    sound: '<section data-card style="width:150px;padding:0 20px"><p>Longer text 2 of 2 (34–100 %)</p></section>',
  },
  {
    fault: 'a number broken inside',
    said: /^broken: “−0.31”/,
    broken: '<p style="width:20px;font-size:20px;overflow-wrap:anywhere">−0.31</p>',
    sound: '<p style="width:60px;font-size:20px">−0.31</p>',
  },
  {
    fault: 'level names of columns where turned ones have room beside each other',
    said: /^overprinted: “(found|brave)” /,
    broken: '<svg width="200" height="80"><text x="10" y="60">found</text><text x="30" y="60">brave</text></svg>',
    sound:
      '<svg width="200" height="80"><text transform="translate(10 60) rotate(-38)">found</text><text transform="translate(40 60) rotate(-38)">brave</text></svg>',
  },
  {
    fault: 'a key over the words of what it does',
    said: /^overprinted: “Space, then ↑ ↓”/,
    broken:
      '<div style="display:grid;grid-template-columns:60px 1fr"><kbd style="white-space:nowrap">Space, then ↑ ↓</kbd><span>Pick it up</span></div>',
    sound:
      '<div style="display:grid;grid-template-columns:max-content 1fr;gap:8px"><kbd style="white-space:nowrap">Space, then ↑ ↓</kbd><span>Pick it up</span></div>',
  },
  {
    fault: 'two labels in one place',
    said: /^overprinted: “Pipeline” in .* and “Engine”/,
    broken: '<span>Pipeline</span><span style="margin-left:-40px">Engine</span>',
    sound: '<span>Pipeline</span> <span>Engine</span>',
  },
  {
    fault: 'text below a card that does not move away',
    said: /^covered: “Verdict”/,
    broken:
      '<p style="margin:0">Verdict</p><div style="position:relative;top:-20px;height:30px;background:#fff"></div>',
    sound:
      '<p style="margin:0">Verdict</p><div style="position:fixed;top:0;height:30px;width:100%;background:#fff"></div>',
  },
  {
    fault: 'a word torn apart to save room',
    said: /^broken: “fraction”/,
    broken: '<p style="width:40px;overflow-wrap:anywhere">Clip fraction</p>',
    sound: `<p style="width:70px;overflow-wrap:anywhere">Clip fraction ${'x'.repeat(90)}</p>`,
  },
  {
    fault: 'one long word',
    said: /^the page scrolls sideways/,
    broken: `<p>${'x'.repeat(400)}</p>`,
    sound: `<p style="overflow-wrap:anywhere">${'x'.repeat(400)}</p>`,
  },
  {
    fault: 'a table wider than its box',
    said: /^scrolls sideways by/,
    broken: `<div style="overflow:auto"><div style="width:2000px">wide</div></div>`,
    sound: `<div style="overflow:auto;scroll-snap-type:x proximity"><div style="width:2000px">a strip</div></div>`,
  },
  {
    fault: 'a word left of the window',
    said: /^outside the window: “Jump”/,
    broken: '<b style="position:absolute;left:-20px">Jump</b>',
    sound: '<b style="position:absolute;left:0">Jump</b>',
  },
];

describe('the check of the layout', () => {
  let browser: Browser;
  let page: Page;
  beforeAll(async () => {
    browser = await chromium.launch({ executablePath: requireBrowser(), args: BROWSER_ARGS });
    page = await browser.newPage({ viewport: { width: 600, height: 400 } });
  });
  afterAll(async () => browser?.close());

  const look = async (body: string): Promise<string[]> => {
    await page.setContent(`<!doctype html><body style="font:15px sans-serif">${body}</body>`);
    return layoutFaultsOf(page);
  };

  for (const { fault, said, broken, sound } of CASES) {
    it(`finds ${fault}, and nothing once it is mended`, async () => {
      expect(await look(broken)).toContainEqual(expect.stringMatching(said));
      expect(await look(sound)).toEqual([]);
    });
  }

  it('passes by what only ears should have, and what is not shown', async () => {
    const hidden =
      '<i style="position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%)">for ears alone</i>';
    expect(await look(`${hidden}<b style="opacity:0;position:absolute;left:-90px">gone</b><p>seen</p>`)).toEqual([]);
  });
});
