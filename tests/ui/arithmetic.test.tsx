import { act, fireEvent, screen, waitFor, within } from '@testing-library/react';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { App } from '../../src/ui/App';
import { Inspect } from '../../src/ui/panels/Inspect/Inspect';
import '../../src/ui/panels/Start/Start'; // loaded beforehand, so that the lazy page is there at once
import { memoryAddress } from '../../src/store/address/url';
import { expectAccessible, type Rendered, renderLab } from './renderLab';

const TEXT = 'the fox found a warm lamp . it was sad .';

async function open(): Promise<Rendered> {
  const page = await renderLab(<Inspect />, {
    prepare: async (lab) => {
      await lab.getState().shelf.loadShipped('tiny');
      lab.getState().inspect.show(TEXT);
      lab.getState().inspect.setTab('arithmetic');
    },
  });
  await screen.findByRole('combobox', { name: 'Token' });
  return page;
}
const figure = () => screen.getByRole('figure', { name: /^Step \d/ });
const summed = () => screen.getByRole('region', { name: 'What it was summed from' });
const body = () => screen.getByRole('dialog', { name: 'Inspect' });
const choice = (name: string) => screen.getByRole<HTMLSelectElement>('combobox', { name });
const shownIn = (select: HTMLSelectElement) => select.selectedOptions[0]?.textContent;

afterEach(() => vi.useRealTimers());

describe('the arithmetic of attention', () => {
  it('begins at the newest word and the first step', async () => {
    await open();
    expect(shownIn(choice('Token'))).toBe('sad');
    expect(figure().getAttribute('aria-label')).toBe(
      'Step 1: How well does each earlier token fit what “sad” looks for?',
    );
    await expectAccessible(body());
  });

  it('lets the keyboard choose any word of the text: one stop, then from word to word', async () => {
    const page = await open();
    const words = () => within(screen.getByRole('group', { name: 'Words of the text' })).getAllByRole('button');
    const stops = () => words().flatMap((word) => (word.tabIndex === 0 ? [word.textContent] : []));
    expect(stops()).toEqual(['sad']);
    words()
      .find(({ tabIndex }) => tabIndex === 0)!
      .focus();
    await page.user.keyboard('{ArrowLeft}{ArrowLeft}');
    expect([shownIn(choice('Token')), document.activeElement?.textContent, ...stops()]).toEqual(['it', 'it', 'it']);
    await page.user.keyboard('{Home}{ArrowLeft}');
    expect([choice('Token').value, ...stops()]).toEqual(['0', '<bos>']);
    await page.user.keyboard('{End}{ArrowRight}');
    expect(document.activeElement).toBe(words().at(-1));
    expect(page.lab.getState().inspect.step, 'the arrows were meant for the words').toBe(1);
  });

  it('goes from step to step by buttons and by keys, and stays between the first and the last', async () => {
    const page = await open();
    await page.user.click(screen.getByRole('button', { name: 'Next step' }));
    expect(page.lab.getState().inspect.step).toBe(2);
    await page.user.click(screen.getByRole('button', { name: 'Previous step' }));
    body().focus();
    await page.user.keyboard('{ArrowLeft}');
    expect(page.lab.getState().inspect.step).toBe(1);
    await page.user.keyboard('{ArrowRight}{ArrowRight}');
    expect(page.lab.getState().inspect.step).toBe(3);
    await page.user.keyboard('5{ArrowRight}');
    expect(page.lab.getState().inspect.step).toBe(5);
    await page.user.keyboard('2');
    expect(figure().getAttribute('aria-label')).toMatch(/^Step 2/);
  });

  it.each([1, 2, 3, 4, 5])('in step %i prints digits that add up, or says that they are rounded', async (step) => {
    const page = await open();
    await act(async () => page.lab.getState().inspect.setStep(step));
    const rows = within(summed())
      .getAllByRole('row')
      .filter((row) => row.querySelector('td'));
    const numbers = rows.map((row) =>
      Number(row.lastElementChild!.textContent!.replace('−', '-').replace('∞', 'Infinity')),
    );
    const after = within(summed()).queryAllByText(/q · k|masked score|^sum$|, number|mixed/).length > 0;
    expect(after).toBe(true);
    const name = { 1: /q · k/, 2: /masked score/, 3: /^sum$/, 4: /^o, number/, 5: /^mixed$/ }[step]!;
    const total = rows.findIndex((row) => name.test(row.querySelector('th')!.textContent!));
    const digits = step === 3 ? 3 : 2;
    const sum = numbers.slice(0, total).reduce((a, b) => a + b, 0);
    const adds = Math.abs(sum - numbers[total]!) < 10 ** -digits / 2;
    expect(adds || /rounded/.test(summed().textContent!)).toBe(true);
    await expectAccessible(body());
  });

  it('lists five parts, the others together and the total of the score that is pointed at', async () => {
    await open();
    fireEvent.pointerEnter(within(figure()).getByText('lamp').parentElement!);
    expect(summed().textContent).toMatch(/score of lamp for sad: 8 products q × k/);
    expect(summed().textContent).toMatch(/3 others together/);
    expect(summed().textContent).toMatch(/÷ √8 = 2\.828/);
    const products = within(summed()).getByRole('figure', { name: '8 products' });
    expect(products.querySelector('svg')!.getAttribute('viewBox')).toBe('0 0 8 2');
    fireEvent.pointerLeave(within(figure()).getByText('lamp').parentElement!);
    expect(summed().textContent).not.toMatch(/score of lamp/);
  });

  it('walks rows by arrow keys, holds what is chosen, and lets go by Escape before it closes', async () => {
    const page = await open();
    fireEvent.pointerDown(within(figure()).getByText('fox').parentElement!);
    expect(summed().textContent).toMatch(/score of fox for sad/);
    body().focus();
    await page.user.keyboard('{ArrowDown}');
    expect(summed().textContent).toMatch(/score of found for sad/);
    screen.getByRole('slider', { name: 'k of found' }).focus();
    await page.user.keyboard('{ArrowRight}');
    expect(summed().textContent).toMatch(/number 2 of k of found: \d+ products and b/);
    await page.user.keyboard('{Escape}');
    expect(screen.getByRole('dialog', { name: 'Inspect' })).toBeTruthy();
    expect(summed().textContent).not.toMatch(/found: \d+ products and b/);
  });

  it('shows the eight largest products where there is little room, the others summed, and all when asked', async () => {
    const width = vi.spyOn(HTMLElement.prototype, 'clientWidth', 'get').mockReturnValue(330);
    const page = await renderLab(<Inspect />, {
      prepare: async (lab) => {
        await lab.getState().shelf.loadShipped('small');
        lab.getState().inspect.show(TEXT);
        lab.getState().inspect.setTab('arithmetic');
      },
    });
    await screen.findByRole('combobox', { name: 'Token' });
    const { inspect } = page.lab.getState();
    const { model } = inspect.arithmetic!;
    const oneHead = { ...inspect.arithmetic!, model: { ...model, heads: 1 } }; // the fake's heads have eight numbers each
    await act(async () => page.lab.setState({ inspect: { ...inspect, arithmetic: oneHead } }));
    const size = model.width;
    const drawn = () => Number(figure().querySelector('svg')!.getAttribute('viewBox')!.split(' ')[2]);
    expect(drawn()).toBe(8);
    const said = /8 of (\d+) products, .*: (\S+); the (\d+) others together (\S+)\./.exec(figure().textContent!)!;
    expect([Number(said[1]), Number(said[3])]).toEqual([size, size - 8]);
    const total = within(summed()).getByText('q · k').closest('tr')!.lastElementChild!.textContent!;
    const number = (text: string) => Number(text.replace('−', '-'));
    expect(number(said[2]!) + number(said[4]!)).toBeCloseTo(number(total), 1);
    const slider = within(figure()).getByRole('slider');
    slider.focus();
    await page.user.keyboard('{Home}');
    const first = Number(within(figure()).getByRole('slider').getAttribute('aria-valuenow'));
    await page.user.keyboard('{ArrowRight}');
    expect(Number(within(figure()).getByRole('slider').getAttribute('aria-valuenow'))).toBeGreaterThan(first);
    await page.user.click(screen.getByRole('button', { name: `Show all ${size}` }));
    expect(drawn()).toBe(size);
    width.mockRestore();
  });

  it('masks later tokens: minus infinity, weight exactly 0, and a sentence', async () => {
    const page = await open();
    await page.user.selectOptions(choice('Token'), 'was');
    await act(async () => page.lab.getState().inspect.setStep(3));
    expect(body().textContent).toMatch(/The row sums to 1\. “sad” and 1 more come later and get exactly 0\./);
    const table = within(body()).getAllByRole('table', { hidden: true }).at(-1)!;
    const sad = within(table).getByRole('row', { name: /^sad/, hidden: true });
    expect(sad.textContent).toMatch(/−∞00$/);
  });

  it('gives the first token one row and weight 1', async () => {
    const page = await open();
    await page.user.selectOptions(choice('Token'), '0');
    await act(async () => page.lab.getState().inspect.setStep(3));
    expect(body().textContent).toMatch(/One token, weight 1\./);
  });

  it('asks for another layer, and shows another head of the same one at once', async () => {
    const page = await open();
    const asked = () => page.client.calls.filter(({ kind }) => kind === 'inspect/arithmetic');
    const before = asked().length;
    await page.user.selectOptions(choice('Head'), '2');
    expect(asked()).toHaveLength(before);
    await page.user.selectOptions(choice('Layer'), '2');
    await waitFor(() => expect(asked().at(-1)!.params).toMatchObject({ layer: 1 }));
    await waitFor(() => expect(shownIn(choice('Layer'))).toBe('2'));
  });

  it('shows LayerNorm, MLP, the additions and the positions on demand', async () => {
    const page = await open();
    await page.user.click(screen.getByRole('button', { name: 'Other sublayers' }));
    const others = screen.getByRole('region', { name: 'Other sublayers' });
    expect(others.textContent).toMatch(/Mean .* is taken off, spread .* is divided out/);
    await page.user.click(within(others).getByRole('radio', { name: 'MLP' }));
    expect(others.textContent).toMatch(/go through GELU/);
    await page.user.click(within(others).getByRole('radio', { name: 'Add & Norm' }));
    expect(others.textContent).toMatch(/The model of 2017: LayerNorm\(x \+ sublayer\(x\)\)/);
    await page.user.click(within(others).getByRole('radio', { name: 'Positions' }));
    expect(within(others).getAllByRole('img')).toHaveLength(2);
    await expectAccessible(others);
  });

  it('says which text it wants while there is none', async () => {
    const page = await open();
    await act(async () => page.lab.getState().inspect.setText(''));
    expect(body().textContent).toMatch(/Type a text/);
  });
});

describe('Inspect over the whole page', () => {
  const openAt = (href: string) =>
    renderLab(<App />, {
      address: memoryAddress(href),
      prepare: async (lab) => {
        await lab.getState().shelf.loadShipped('tiny');
      },
    });

  it('is widened by button and key, and narrowed by the same', async () => {
    const address = memoryAddress('#/start');
    const page = await renderLab(<App />, {
      address,
      prepare: async (lab) => {
        await lab.getState().shelf.loadShipped('tiny');
        lab.getState().inspect.show(TEXT);
      },
    });
    await page.user.click(await screen.findByRole('button', { name: 'Widen' }));
    expect(address.read().hash).toBe('#/inspect?tab=attention&layer=1&head=1');
    expect(screen.getByRole('banner')).toBeTruthy(); // the header stays
    body().focus();
    await page.user.keyboard('f');
    expect(address.read().hash).toBe('#/start');
    expect(screen.getByRole('button', { name: 'Widen' })).toBeTruthy();
    await page.user.keyboard('f');
    expect(screen.getByRole('button', { name: 'Narrow' })).toBeTruthy();
    screen.getByRole('textbox', { name: 'Text' }).focus();
    await page.user.keyboard('f');
    expect(screen.getByRole('button', { name: 'Narrow' }), 'a letter in a field is a letter').toBeTruthy();
  });

  it('opens at an address, with tab, layer, head, token and step of it', async () => {
    const page = await openAt('#/inspect?tab=arithmetic&layer=2&head=2&token=3&step=4');
    await screen.findByRole('figure', { name: /^Step 4/ });
    expect([shownIn(choice('Layer')), shownIn(choice('Head'))]).toEqual(['2', '2']);
    expect(choice('Token').value).toBe('2');
    expect(screen.getByRole('button', { name: 'Narrow' })).toBeTruthy();
    await act(async () => page.lab.getState().view.go('data'));
    expect(screen.queryByRole('dialog')).toBeNull();
  });

  it.each(['#/inspect', '#/inspect?tab=nonsense&layer=-3&head=x&step=99&token=1e9'])(
    'takes what makes no sense for the beginning: %s',
    async (href) => {
      const page = await openAt(href);
      await screen.findByRole('tab', { name: 'Attention', selected: true });
      expect(page.lab.getState().inspect).toMatchObject({ layer: 0, head: 0, token: null, step: 1, wide: true });
    },
  );

  it('follows a model that learns, at most five times a second, until it is frozen', async () => {
    vi.useFakeTimers({ shouldAdvanceTime: true });
    const page = await openAt('#/inspect?tab=arithmetic');
    const asked = () => page.client.calls.filter(({ kind }) => kind === 'inspect/arithmetic').length;
    await act(async () => page.lab.getState().runs.play('pretrain'));
    await page.user.selectOptions(await screen.findByRole('combobox', { name: 'Model' }), 'Live: Pretrain');
    await screen.findByText(/^step \d/);
    const before = asked();
    for (let i = 0; i < 40; i++) await act(async () => page.client.advance(1));
    await waitFor(() => expect(asked()).toBeGreaterThan(before), { timeout: 20_000 });
    expect(asked() - before).toBeLessThan(12);
    await page.user.click(screen.getByRole('button', { name: 'Freeze' }));
    await act(() => vi.advanceTimersByTimeAsync(1000));
    const frozen = asked();
    await act(async () => page.client.advance(5));
    await act(() => vi.advanceTimersByTimeAsync(1000));
    expect(asked()).toBe(frozen);
    await page.user.click(screen.getByRole('button', { name: 'Freeze' }));
    await act(() => vi.advanceTimersByTimeAsync(1000));
    expect(asked()).toBeGreaterThan(frozen);
  });
});
