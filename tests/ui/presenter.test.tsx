import { act, fireEvent, screen, waitFor, within } from '@testing-library/react';
import { beforeEach, describe, expect, it } from 'vitest';
import { App } from '../../src/ui/App';
import { ACTS, BY_KEY } from '../../src/ui/panels/Presenter/acts';
import { NotesWindow } from '../../src/ui/panels/Presenter/NotesWindow';
import '../../src/ui/panels/Presenter/Presenter'; // loaded beforehand, so that the lazy screen is there at once
import '../../src/ui/panels/Start/Start';
import { counted, handsOf } from '../../src/ui/panels/Presenter/hands';
import { SCREENS } from '../../src/ui/panels/Presenter/screens';
import { isPicture, sketchOf } from '../../src/ui/panels/Presenter/sketch';
import { KEYS } from '../../src/ui/shell/keys';
import { expectAccessible, type Rendered, renderLab } from './renderLab';

const room = () => screen.getByRole('dialog', { name: 'Presenter' });
const idea = () => within(room()).getByRole('heading', { level: 2 }).textContent;
const words = () => room().textContent ?? '';

async function present(): Promise<Rendered> {
  const page = await renderLab(<App />, { prepare: (lab) => lab.getState().corpus.generate() });
  await page.user.keyboard('p');
  await screen.findByRole('dialog', { name: 'Presenter' });
  return page;
}
const settle = () => act(async () => void (await new Promise((resolve) => setTimeout(resolve, 20))));
const goTo = async ({ user }: Rendered, picture: string) => {
  await user.keyboard('{Home}');
  for (const { picture: passed } of SCREENS) {
    if (passed === picture) return;
    await user.keyboard('{PageDown}');
  }
};

describe('the screens', () => {
  it.each(SCREENS.map((one) => [one.idea, one] as const))('have one short idea, and notes: %s', (text, one) => {
    expect(text.split(/\s+/).length).toBeLessThanOrEqual(8);
    expect(one.notes.length).toBeGreaterThan(0);
  });

  it('take three quarters of an hour', () => {
    expect(SCREENS.reduce((sum, { minutes }) => sum + minutes, 0)).toBe(45);
  });

  it('hear every key of the table, and no other', () => {
    const table = KEYS.find(({ where }) => where === 'Presenter')!.keys.flatMap(({ codes }) => codes);
    expect(Object.keys(BY_KEY).sort()).toEqual([...table].sort());
    expect([...new Set(Object.values(BY_KEY))].sort()).toEqual([...ACTS].sort());
  });
});

describe('the presenter', () => {
  beforeEach(() => {
    window.open = () => null; // as a browser that forbids a second window
  });

  it('opens by P and from the menu Teach, and gives the focus back', async () => {
    const { user, lab } = await present();
    expect(idea()).toBe(SCREENS[0]!.idea);
    await expectAccessible(room());
    await user.keyboard('{Escape}');
    expect(screen.queryByRole('dialog', { name: 'Presenter' })).toBeNull();
    const teach = screen.getByRole('button', { name: 'Teach' });
    await user.click(teach);
    await user.click(screen.getByRole('menuitem', { name: 'Presenter' }));
    expect(room()).toBeTruthy();
    act(() => lab.getState().view.present(null));
    expect(screen.queryByRole('dialog', { name: 'Presenter' })).toBeNull();
  });

  it('goes by every clicker, ends at its ends, and comes back to where it was', async () => {
    const { user } = await present();
    await user.keyboard('{PageUp}');
    expect(idea()).toBe(SCREENS[0]!.idea);
    await user.keyboard('{PageDown}{ArrowRight}{ArrowDown}');
    expect(idea()).toBe(SCREENS[3]!.idea);
    await user.keyboard('{ArrowLeft}{ArrowUp}');
    expect(idea()).toBe(SCREENS[1]!.idea);
    await user.keyboard('{End}{PageDown}');
    expect(idea()).toBe(SCREENS.at(-1)!.idea);
    await user.keyboard('{PageUp}{Escape}p');
    await screen.findByRole('dialog', { name: 'Presenter' });
    expect(idea()).toBe(SCREENS.at(-2)!.idea);
  });

  it('takes all keys: none reaches what is behind it', async () => {
    const { user, lab } = await present();
    await user.keyboard('mi?trs');
    expect(lab.getState().shelf.open).toBe(false);
    expect(lab.getState().inspect.open).toBe(false);
    expect(screen.getAllByRole('dialog')).toEqual([room()]);
    const reload = new KeyboardEvent('keydown', { key: 'F5', bubbles: true, cancelable: true });
    room().dispatchEvent(reload);
    expect(reload.defaultPrevented).toBe(true);
    const newTab = new KeyboardEvent('keydown', { key: 't', ctrlKey: true, bubbles: true, cancelable: true });
    room().dispatchEvent(newTab);
    expect(newTab.defaultPrevented).toBe(false);
  });

  it('blanks to black and white, and shows the screen again with the next step', async () => {
    const { user } = await present();
    const cover = () => room().querySelector('[data-cover]')?.getAttribute('data-cover') ?? null;
    await user.keyboard('b');
    expect(cover()).toBe('black');
    expect(within(room()).getByText('The screen is black.')).toBeTruthy();
    await user.keyboard('w');
    expect(cover()).toBe('white');
    await user.keyboard('w');
    expect(cover()).toBeNull();
    await user.keyboard('.{PageDown}');
    expect(cover()).toBeNull();
    expect(idea()).toBe(SCREENS[1]!.idea);
  });

  it('shows what the run shows, and pauses it by Space', async () => {
    const page = await present();
    await goTo(page, 'loss');
    expect(words()).toContain('Space trains');
    await page.user.keyboard(' ');
    await act(async () => page.client.advance(3));
    await waitFor(() => expect(words()).toContain('step 3 of'));
    expect(screen.getByRole('figure', { name: 'Loss' })).toBeTruthy();
    await page.user.keyboard(' ');
    await waitFor(() => expect(words()).toMatch(/step \d+ of [\d,]+ · paused/));
  });

  it('holds the picture while the run goes on, says so, and follows again', async () => {
    const page = await present();
    await goTo(page, 'loss');
    await page.user.keyboard(' ');
    await act(async () => page.client.advance(3));
    const table = () => within(screen.getByRole('figure', { name: 'Loss' })).getByRole('table').textContent;
    await waitFor(() => expect(words()).toContain('step 3 of'));
    await waitFor(() => expect(table()).toContain('3'));
    await page.user.keyboard('f');
    const held = table();
    await act(async () => page.client.advance(40));
    await waitFor(() => expect(page.lab.getState().runs.pretrain.state?.step).toBeGreaterThan(30));
    expect(words()).toMatch(/Frozen at Pretrain · step 3 of .*: the run goes on/);
    expect(table()).toBe(held);
    await page.user.keyboard('{PageDown}');
    expect(idea()).toBe(SCREENS[1]!.idea);
    await page.user.keyboard('f');
    expect(idea()).toBe(SCREENS[2]!.idea);
    expect(words()).not.toContain('Frozen');
  });

  it('says of a stage that cannot train what is missing', async () => {
    const page = await present();
    await goTo(page, 'accuracy');
    expect(words()).toContain('load the trained one on Start');
    await page.user.keyboard(' ');
    expect(page.lab.getState().runs.reward.runId).toBeNull();
  });

  it('has a pointer that the arrows move instead of the screen', async () => {
    const { user } = await present();
    await user.keyboard('o');
    const ring = screen.getByRole('img', { name: 'Pointer' });
    const before = ring.style.translate;
    await user.keyboard('{ArrowRight}');
    expect(ring.style.translate).not.toBe(before);
    expect(idea()).toBe(SCREENS[0]!.idea);
    await user.keyboard('o');
    expect(screen.queryByRole('img', { name: 'Pointer' })).toBeNull();
  });

  it('brings its notes below where no second window opens', async () => {
    const { user } = await present();
    await user.keyboard('n');
    const notes = screen.getByRole('region', { name: 'Notes' });
    expect(notes.textContent).toContain(SCREENS[0]!.notes[0]);
    expect(notes.textContent).toContain(SCREENS[1]!.idea);
    await user.keyboard('n');
    expect(screen.queryByRole('region', { name: 'Notes' })).toBeNull();
  });
});

describe('the notes in a window of their own', () => {
  async function withNotes() {
    let address = '';
    window.open = (url) => {
      address = String(url);
      return window;
    };
    const page = await present();
    await page.user.keyboard('n');
    const id = address.split('/').at(-1)!;
    expect(address).toBe(`#/notes/${id}`);
    return { ...page, id };
  }
  const inNotes = () => within(screen.getByRole('region', { name: 'Notes', hidden: true }));

  it('know what the room sees, press the presenter’s keys, and say when it has ended', async () => {
    const { id, lab, user } = await withNotes();
    const second = await renderLab(<NotesWindow id={id} />);
    await waitFor(() => expect(inNotes().getByText(SCREENS[0]!.idea)).toBeTruthy());
    act(() =>
      inNotes()
        .getByRole('button', { name: /^Forward/, hidden: true })
        .click(),
    );
    await waitFor(() => expect(inNotes().getByText(SCREENS[1]!.notes[0]!)).toBeTruthy());
    expect(lab.getState().view.screen).toBe(1);
    act(() =>
      inNotes()
        .getByRole('button', { name: /^Freeze/, hidden: true })
        .click(),
    );
    await waitFor(() => expect(inNotes().getByText(/Frozen: the room sees this screen/)).toBeTruthy());
    act(() =>
      inNotes()
        .getByRole('button', { name: /^Forward/, hidden: true })
        .click(),
    );
    await waitFor(() => expect(inNotes().getByText('Frozen: the room sees screen 2.')).toBeTruthy());
    await user.keyboard('{Escape}');
    await waitFor(() => expect(second.container.textContent).toContain('The presenter was closed'));
  });

  it('ask for no pair where nothing can write one, so that no notice is left behind', async () => {
    const page = await present();
    await goTo(page, 'pair');
    await settle();
    expect(words()).toContain('Two texts stand here once there is a model to write them.');
    await page.user.keyboard('1{Escape}');
    expect(page.lab.getState().notices.notices).toEqual([]);
    expect(page.lab.getState().pairs.error).toBeNull();
  });

  it('count hands, which stay for the next screen and for the next time', async () => {
    sessionStorage.clear();
    const { id, lab, user } = await withNotes();
    await renderLab(<NotesWindow id={id} />);
    const asked = SCREENS.findIndex(({ picture }) => picture === 'question');
    act(() => lab.getState().view.present(asked));
    const press = (name: string) => act(() => inNotes().getByRole('button', { name, hidden: true }).click());
    await waitFor(() => expect(inNotes().getByText('0 up')).toBeTruthy());
    for (const name of ['It rises', 'It rises', 'It falls']) {
      press(`One hand more for ${name}`);
      await settle();
    }
    press('One hand less for It rises');
    await waitFor(() => expect(inNotes().getByText('2 up')).toBeTruthy());
    expect(within(room()).getByRole('list', { name: 'Answers' }).textContent).toBe('AIt risesBIt staysCIt falls');
    expect(room().querySelector('[data-metric="presenter/hands"]')).toBeNull(); // the room sees no number
    act(() => lab.getState().view.present(asked + 1));
    await waitFor(() => expect(inNotes().getByText('It rises 1, It stays 0, It falls 1')).toBeTruthy());
    await user.keyboard('{Escape}');
    expect(JSON.parse(sessionStorage.getItem('rlhf-lab hands')!)).toEqual({ [SCREENS[asked]!.idea]: [1, 0, 1] });
  });

  it('steer the pointer by their own arrows, and say that they are closed', async () => {
    const { id, user } = await withNotes();
    await renderLab(<NotesWindow id={id} />);
    await waitFor(() => expect(inNotes().getByText(SCREENS[0]!.idea)).toBeTruthy());
    await user.keyboard('o');
    const ring = () => within(room()).getByRole('img', { name: 'Pointer' }).style.translate;
    await waitFor(() =>
      expect(
        inNotes()
          .getByRole('button', { name: /^Pointer/, hidden: true })
          .getAttribute('aria-pressed'),
      ).toBe('true'),
    );
    const thumb = document.querySelector('[data-steers="true"]')!;
    const before = ring();
    thumb.getBoundingClientRect = () => ({ left: 0, top: 0, width: 100, height: 50 }) as DOMRect;
    act(() => void fireEvent.pointerMove(thumb, { clientX: 25, clientY: 25 }));
    await waitFor(() => expect(ring()).not.toBe(before));
    expect(ring()).toBe(`${innerWidth / 4}px ${innerHeight / 2}px`);
    act(() => void window.dispatchEvent(new Event('pagehide')));
    await waitFor(() => expect(words()).toContain('Notes closed: N'));
  });
});

describe('hands', () => {
  it('never fall below none, and are counted for answers that there are', () => {
    const asked = SCREENS.findIndex(({ answers }) => answers);
    expect(handsOf(counted({}, asked, 0, -1), asked)).toEqual(SCREENS[asked]!.answers!.map(() => 0));
    expect(handsOf(counted(counted({}, asked, 1, 1), asked, 1, 1), asked)[1]).toBe(2);
    expect(counted({}, asked, 99, 1)).toEqual({});
    expect(counted({}, 999, 0, 1)).toEqual({});
    expect(handsOf({}, 0)).toEqual([]);
  });
});

describe('the sketch of a picture', () => {
  it('is there where something is drawn, and is a picture or nothing', () => {
    expect(sketchOf(null)).toBeNull();
    document.body.innerHTML = '<div data-hero><p>no drawing</p></div>';
    expect(sketchOf(document.querySelector('[data-hero]'))).toBeNull();
    expect(isPicture('data:image/png;base64,iVBORw0KGgo=')).toBe(true);
    for (const other of ['https://elsewhere.example/x.png', 'data:image/svg+xml,<svg/>', 'javascript:alert(1)', ''])
      expect(isPicture(other)).toBe(false);
  });
});
