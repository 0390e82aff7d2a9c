import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium, type Page } from 'playwright-core';
import encodeQR from 'qr';
import { describe, expect, inject, it } from 'vitest';
import { CLASS_CHOICES, type ClassChoice, type ClassPairs } from '../../src/contract/classroom';
import { classTag } from '../../src/formats/classCode';
import { encodeVoteCode } from '../../src/formats/voteCode';
import { BROWSER_ARGS, requireBrowser } from '../helpers/browser';
import { accessibleInBothThemes, downloaded, expectAccessible, useLab } from './lab';

const classCodeOf = async (page: Page): Promise<string> =>
  ((await page.getByRole('region', { name: 'Class code' }).textContent()) ?? '').match(/[A-Z2-9]{3} [A-Z2-9]{3}/)![0]!;

async function openClass(page: Page, students = 30): Promise<void> {
  await page.getByRole('combobox', { name: 'Pairs' }).selectOption('12');
  await page.getByRole('spinbutton', { name: 'Students on the list' }).fill(String(students));
  await page.getByRole('button', { name: 'Open a class' }).click();
  await page.getByRole('heading', { name: 'Who is in' }).waitFor({ timeout: 120_000 });
}

interface Pairs extends ClassPairs {
  code: string;
}
async function pairsOf(page: Page): Promise<Pairs> {
  await page.getByText('QR code and file of the pairs').click();
  const file = await downloaded(page, page.getByRole('button', { name: 'Save the pairs' }));
  return JSON.parse(file.toString('utf8')) as Pairs;
}
const voteCode = (file: Pairs, number: number, digits: string): string => {
  const choices = [...digits.repeat(12).slice(0, 12)].map((digit): ClassChoice => CLASS_CHOICES[Number(digit)]!);
  return encodeVoteCode({ choices, number }, classTag(file.code, file));
};
async function takeIn(page: Page, text: string): Promise<void> {
  await page.getByRole('textbox', { name: 'Codes' }).fill(text);
  await page.getByRole('button', { name: 'Take in' }).click();
}

/** a picture of the code, still, as a camera's uncompressed video: black and white alone */
function asVideo(text: string): Buffer {
  const [width, height, scale] = [640, 480, 10];
  const modules = encodeQR(text, 'raw', { ecc: 'medium', encoding: 'alphanumeric', border: 4 });
  const [left, top] = [(width - scale * modules.length) >> 1, (height - scale * modules.length) >> 1];
  const luma = Buffer.alloc(width * height, 235);
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++)
      if (modules[Math.floor((y - top) / scale)]?.[Math.floor((x - left) / scale)]) luma[y * width + x] = 16;
  const grey = Buffer.alloc((width * height) / 2, 128);
  const frame = Buffer.concat([Buffer.from('FRAME\n'), luma, grey]);
  return Buffer.concat([Buffer.from(`YUV4MPEG2 W${width} H${height} F10:1 Ip A1:1 C420\n`), frame, frame]);
}

describe('a class', () => {
  const { visit } = useLab();

  it('is opened on one laptop, joined on another that computes otherwise, voted in by keys over a reload, and taken in', async () => {
    const { page: teacher } = await visit('?backend=wasm#/start');
    await teacher.getByRole('button', { name: 'Teach' }).click();
    await teacher.getByRole('menuitem', { name: 'Class' }).click();
    await teacher.getByRole('heading', { level: 1, name: 'Class' }).waitFor();
    await openClass(teacher);
    const code = await classCodeOf(teacher);

    const { page: student } = await visit('?backend=cpu#/class', { width: 400, height: 800 });
    await student.getByRole('textbox', { name: 'Class code' }).fill(code.toLowerCase());
    await student.getByRole('textbox', { name: 'Number on the list' }).fill('23');
    await student.keyboard.press('Enter');
    await student.getByText('Pair 1 of 12').waitFor({ timeout: 120_000 });
    for (const key of ['1', 'ArrowRight', 't', 'b', 's']) await student.keyboard.press(key);
    await student.getByText('Pair 6 of 12').waitFor();
    const shown = await student.getByRole('article', { name: 'Completion A' }).textContent();
    await student.waitForTimeout(500); // what was voted is on its way to the disk
    await student.reload();
    await student.getByText('Pair 6 of 12').waitFor();
    expect(await student.getByRole('article', { name: 'Completion A' }).textContent()).toBe(shown);
    for (let i = 0; i < 7; i++) await student.keyboard.press('2');
    await student.getByText('All 12 pairs are done, number 23.').waitFor();
    expect(await student.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(400);
    await accessibleInBothThemes(student, 'the code of a student');
    const file = await downloaded(student, student.getByRole('button', { name: 'Save as a file' }));
    expect(file.toString('utf8')).toMatch(new RegExp(`^RLHFLAB ${code.replace(' ', '')} [A-Z2-9]{12}\n$`));

    await takeIn(teacher, `[10:31] Ben: ${file.toString('utf8')}`);
    await teacher.getByText('One more code, then agreement can be told.').waitFor();
    const pairs = await pairsOf(teacher);
    await takeIn(teacher, `${voteCode(pairs, 1, '12')}\n${voteCode(pairs, 2, '12')} ${voteCode(pairs, 2, '12')}`);
    await teacher.locator('[data-metric="class/alpha"]').waitFor();
    expect(await teacher.locator('[data-metric="class/students"]').getAttribute('data-value')).toBe('3');
    await teacher.getByText('sent anew, counts once').waitFor();
    await accessibleInBothThemes(teacher, 'the board of a teacher');
  });

  it('is joined by scanning the code that the teacher shows', async () => {
    const { page } = await visit('?backend=wasm#/class');
    await openClass(page);
    const code = (await classCodeOf(page)).replace(' ', '');
    const folder = mkdtempSync(join(tmpdir(), 'class-camera-'));
    const video = join(folder, 'class.y4m');
    writeFileSync(video, asVideo(`RLHFLAB ${code}`));
    const camera = ['--use-fake-ui-for-media-stream', '--use-fake-device-for-media-stream'];
    const browser = await chromium.launch({
      executablePath: requireBrowser(),
      args: [...BROWSER_ARGS, ...camera, `--use-file-for-fake-video-capture=${video}`],
      headless: true,
    });
    try {
      const student = await (await browser.newContext({ viewport: { width: 400, height: 800 } })).newPage();
      await student.goto(`${inject('pageUrl')}?backend=wasm#/class`);
      await student.getByRole('textbox', { name: 'Number on the list' }).fill('9');
      await student.getByRole('button', { name: 'Scan the class code' }).press('Enter');
      await student.getByText('Pair 1 of 12').waitFor({ timeout: 120_000 });
      await student.getByText(/number 9\./).waitFor();
      expect(await student.locator('video').count()).toBe(0);
    } finally {
      await browser.close();
      rmSync(folder, { recursive: true, force: true });
    }
  });

  it('works whole over plain http, where what is missing is said once', async () => {
    const { page } = await visit('?backend=wasm#/start');
    await page.addInitScript(() => {
      Object.defineProperty(globalThis, 'isSecureContext', { value: false });
      Object.defineProperty(globalThis, 'SharedArrayBuffer', { value: undefined });
      Object.defineProperty(crypto, 'subtle', { value: undefined });
      Object.defineProperty(crypto, 'randomUUID', { value: undefined });
      for (const name of ['mediaDevices', 'serviceWorker', 'storage', 'wakeLock', 'gpu', 'locks', 'clipboard'])
        Object.defineProperty(navigator, name, { value: undefined });
    });
    await page.reload();
    await page.getByText('Opened over plain http').waitFor();
    expect(await page.getByText(/camera \(codes are typed/).count()).toBe(1);
    await page.evaluate(() => {
      location.hash = '#/class';
    });
    await page.reload();
    await openClass(page);
    expect(await page.getByText('Opened over plain http').count()).toBe(0);
    expect(await page.getByRole('button', { name: 'Scan' }).count()).toBe(0);
    const file = await pairsOf(page);
    await takeIn(page, `${voteCode(file, 1, '12')} ${voteCode(file, 2, '12')}`);
    await page.locator('[data-metric="class/kappa"], [data-metric="class/alpha"]').first().waitFor();
  });

  it('reads codes by camera, one after the other', async () => {
    const { page } = await visit('?backend=wasm#/class');
    await openClass(page);
    const file = await pairsOf(page);
    const folder = mkdtempSync(join(tmpdir(), 'class-camera-'));
    const video = join(folder, 'code.y4m');
    writeFileSync(video, asVideo(`RLHFLAB ${file.code} ${voteCode(file, 7, '1212')}`));
    const camera = ['--use-fake-ui-for-media-stream', '--use-fake-device-for-media-stream'];
    const browser = await chromium.launch({
      executablePath: requireBrowser(),
      args: [...BROWSER_ARGS, ...camera, `--use-file-for-fake-video-capture=${video}`],
      headless: true,
    });
    try {
      const other = await (await browser.newContext()).newPage();
      await other.goto(`${inject('pageUrl')}?backend=wasm#/class`);
      await other.getByLabel('Take the pairs from a file, file').setInputFiles({
        name: 'class.json',
        mimeType: 'application/json',
        buffer: Buffer.from(JSON.stringify({ ...file, students: 30, codes: [] })),
      });
      await other.getByRole('heading', { name: 'Who is in' }).waitFor();
      await other.keyboard.press('s');
      await other.getByText('Still out: 1, 2, 3, 4, 5, 6, 8,').waitFor({ timeout: 60_000 });
      await expectAccessible(other, 'the board while it scans');
      await other.keyboard.press('s');
      expect(await other.locator('video').count()).toBe(0);
      expect(await other.locator('[data-metric="class/students"]').getAttribute('data-value')).toBe('1');
    } finally {
      await browser.close();
      rmSync(folder, { recursive: true, force: true });
    }
  });

  it('trains a reward model and a policy on all and on two camps, beside the visitor’s own', async () => {
    const { page } = await visit('?backend=wasm&rewardSteps=4&dpoSteps=3&dpoSamples=8#/class');
    await openClass(page);
    const file = await pairsOf(page);
    const codes = ['12', '12', '121', '21', '21'].map((digits, i) => voteCode(file, i + 1, digits));
    await takeIn(page, codes.join('\n'));
    await page.getByText(/^Camp 2 · /).waitFor();
    await page.getByRole('button', { name: 'All 5' }).click();
    const outcome = page.getByRole('table', { name: 'What each of these policies writes' });
    await outcome.getByRole('rowheader', { name: /, all 5$/ }).waitFor({ timeout: 180_000 });
    await page.getByRole('button', { name: /^Two camps, / }).click();
    await outcome.getByRole('rowheader', { name: /, camp 2$/ }).waitFor({ timeout: 180_000 });
    await page.getByRole('button', { name: 'Open Checkpoints' }).click();
    const drawer = page.getByRole('dialog', { name: 'Checkpoints' });
    for (const name of ['all 5', 'camp 1', 'camp 2'])
      await drawer
        .getByText(new RegExp(`, ${name}: policy$`))
        .first()
        .waitFor();
    await page.keyboard.press('Escape');
    await page.getByRole('link', { name: /^Compare/ }).click();
    await page.getByText('There is no model yet that could write two texts').waitFor();
  });
});
