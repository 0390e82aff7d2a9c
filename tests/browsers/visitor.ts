/**
 * A visitor in any engine: finds things by role and name, as a screen reader does, and waits for them as a person does.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import type * as Library from '@testing-library/dom';
import type { Point, Tab } from './tab';

const PATIENCE_MS = 60_000;
const GLANCE_MS = 50;
const TRAINING_MS = 150_000;

/** the guard against a held key: a vote counts only when its pair has stood for 300 ms */
const GUARD_MS = 400;

const LIBRARY = readFileSync(
  createRequire(import.meta.url).resolve('@testing-library/dom/dist/@testing-library/dom.umd.min.js'),
  'utf8',
);

declare const TestingLibraryDom: typeof Library;

/**
 * Runs in the page. @returns the middle of the first control of that role and name that can be used and is not covered,
 * or null
 */
function locate(role: string, source: string, flags: string): Point | null {
  const named = TestingLibraryDom.queryAllByRole(document.body, role, { name: new RegExp(source, flags) });
  const element = named.find((one) => !(one as HTMLButtonElement).disabled);
  if (!element) return null;
  element.scrollIntoView({ block: 'center', behavior: 'instant' });
  const { left, top, width, height } = element.getBoundingClientRect();
  const [x, y] = [Math.round(left + width / 2), Math.round(top + height / 2)];
  return element.contains(document.elementFromPoint(x, y)) ? { x, y } : null;
}

/** Runs in the page: a heading may be there for screen readers alone, so it need not be seen. */
const isPresent = (role: string, source: string, flags: string): boolean =>
  TestingLibraryDom.queryAllByRole(document.body, role, { name: new RegExp(source, flags) }).length > 0;

/** Runs in the page. @returns the words of a question that stands there, or null */
const isAsked = (): string | null =>
  TestingLibraryDom.queryAllByRole(document.body, 'alertdialog')[0]?.textContent ?? null;

const readMetric = (id: string): number | null => {
  const value = document.querySelector(`[data-metric="${id}"]`)?.getAttribute('data-value');
  return value ? Number(value) : null;
};

export class Visitor {
  constructor(readonly tab: Tab) {}

  async open(address: string): Promise<void> {
    await this.tab.open(address);
    await this.tab.evaluate(`Promise.resolve('').then(() => { ${LIBRARY}; return ''; })`);
  }

  async reload(): Promise<void> {
    await this.tab.reload();
    await this.tab.evaluate(`Promise.resolve('').then(() => { ${LIBRARY}; return ''; })`);
  }

  /** runs a function in the page; it sees nothing but its arguments */
  async ask<Arguments extends (string | number)[], Answer>(
    question: (...given: Arguments) => Answer,
    ...given: Arguments
  ): Promise<Awaited<Answer>> {
    const call = `(${question})(...${JSON.stringify(given)})`;
    return JSON.parse(
      await this.tab.evaluate(`(async () => JSON.stringify((await ${call}) ?? null))()`),
    ) as Awaited<Answer>;
  }

  /** waits until something holds; @returns what it gave */
  async until<Value>(what: string, look: () => Promise<Value | null | false>, patience = PATIENCE_MS): Promise<Value> {
    const deadline = performance.now() + patience;
    for (;;) {
      const found = await look();
      if (found !== null && found !== false) return found;
      if (performance.now() > deadline)
        throw new Error(`${this.tab.version} waited for ${what}. The page: ${await this.text()}`);
      await new Promise((resolve) => setTimeout(resolve, GLANCE_MS));
    }
  }

  /** what a person reads on the page */
  text(): Promise<string> {
    return this.ask(() => document.body.innerText);
  }

  async sees(pattern: RegExp, patience?: number): Promise<string> {
    return this.until(String(pattern), async () => pattern.exec(await this.text())?.[0] ?? null, patience);
  }

  /** waits for something of that role and name that can be pressed; @returns where */
  find(role: string, name: RegExp): Promise<Point> {
    return this.until(`${role} ${name}`, () => this.ask(locate, role, name.source, name.flags));
  }

  /** waits until something of that role and name is on the page */
  async has(role: string, name: RegExp): Promise<void> {
    await this.until(`${role} ${name}`, () => this.ask(isPresent, role, name.source, name.flags));
  }

  async click(role: string, name: RegExp): Promise<void> {
    await this.tab.click(await this.find(role, name));
  }

  /** goes to a stage through the pipeline's navigation */
  async openStage(name: string): Promise<void> {
    await this.click('link', new RegExp(`^${name}`));
    await this.has('heading', new RegExp(`^${name}$`));
  }

  /** goes to a page beside the pipeline by its place in the address, without loading anything anew */
  async openPage(place: string, heading: RegExp): Promise<void> {
    await this.ask((hash) => {
      location.hash = hash;
    }, `#/${place}`);
    await this.has('heading', heading);
  }

  /** chooses a file for the input of that accessible name */
  async chooseFile(label: string, path: string): Promise<void> {
    const selector = `input[type="file"][aria-label="${label}"]:enabled`;
    await this.until(label, () => this.ask((one) => document.querySelector(one) !== null, selector));
    await this.tab.chooseFile(selector, path);
  }

  /** presses what saves a file; @returns its bytes, once all of them are there */
  async saved(button: RegExp): Promise<Buffer> {
    const before = new Set(readdirSync(this.tab.downloads));
    await this.click('button', button);
    const path = await this.until(`the file of ${button}`, async () => {
      const fresh = readdirSync(this.tab.downloads).filter(
        (name) => !before.has(name) && !/\.(part|wkdownload)$/.test(name),
      );
      return fresh[0] ? join(this.tab.downloads, fresh[0]) : null;
    });
    return this.until('all of its bytes', async () => {
      const bytes = readFileSync(path);
      return bytes.length > 0 && bytes;
    });
  }

  /** votes as a person does: one key a pair, once the page has taken the vote before */
  async vote(keys: readonly string[]): Promise<void> {
    const before = await this.metric('votes/human');
    for (const [i, key] of keys.entries()) {
      await this.find('button', /^A is better/);
      await new Promise((resolve) => setTimeout(resolve, GUARD_MS));
      await this.tab.press(key);
      await this.until(`vote ${i + 1}`, async () => (await this.metric('votes/human')) === before + i + 1);
    }
  }

  /**
   * Presses Train and waits for what the transport bar says then.
   * @throws where it says so before: the press would ask whether to train again, or prove nothing
   */
  async train(until: RegExp): Promise<void> {
    const train = await this.find('button', /^Train\b/);
    const before = await this.progress();
    if (until.test(before))
      throw new Error(`${this.tab.version}: before Train was pressed it said "${before}" already`);
    await this.tab.click(train);
    await this.until(
      String(until),
      async () => {
        const asked = await this.ask(isAsked);
        if (asked) throw new Error(`${this.tab.version}: Train opened the question "${asked}" instead of a run`);
        return until.test(await this.progress());
      },
      TRAINING_MS,
    );
  }

  /** presses Step; @returns once the run stands at that step, with nothing that moves */
  async step(to: number): Promise<void> {
    await this.click('button', /^Step\b/);
    await this.until(`step ${to}`, async () => (await this.stands()) === to);
    await this.find('button', /^Step\b/);
  }

  /** pauses a run that cannot be over by then; @returns where it stands */
  async pause(): Promise<number> {
    await this.click('button', /^Pause/);
    await this.find('button', /^Train\b/);
    return this.stands();
  }

  /** the step, or iteration, of the stage's run */
  async stands(): Promise<number> {
    return Number(/(?:step|iteration|prompt) ([\d,]+)/.exec(await this.progress())?.[1]?.replaceAll(',', ''));
  }

  /** what the transport bar says, and nothing else on the page */
  progress(): Promise<string> {
    return this.ask(() => document.querySelector<HTMLElement>('[aria-label="Transport"]')?.innerText ?? '');
  }

  /** the full-precision value of a live number, once there is one */
  metric(id: string): Promise<number> {
    return this.until(id, () => this.ask(readMetric, id));
  }
}
