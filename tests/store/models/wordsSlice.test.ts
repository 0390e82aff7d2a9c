import { beforeEach, describe, expect, it } from 'vitest';
import { freshDisk, openPage, type Page, settle } from '../openLab';

const HE = { from: 'he', to: 'she', base: 'his' };
const KIND = { from: 'kind', to: 'cruel', base: 'hugged' };

describe('the words that Inspect shows', () => {
  beforeEach(freshDisk);
  const asked = ({ client }: Page) =>
    client.calls.flatMap(({ kind }) => (kind.startsWith('inspect/word') ? [kind.slice('inspect/'.length)] : []));

  it('are mapped once for a kept model: a question is a sum alone, another text or choice of words a new map', async () => {
    const page = await openPage();
    const { inspect, shelf, words } = page.lab.getState();
    await shelf.loadShipped('tiny');
    inspect.show('the fox was sad .');
    inspect.setTab('words');
    await settle();
    expect(asked(page)).toEqual(['words', 'wordSum']);
    words.ask(KIND);
    await settle();
    inspect.setTab('attention');
    inspect.setTab('words');
    await settle();
    expect(asked(page)).toEqual(['words', 'wordSum', 'wordSum', 'wordSum']);
    words.showAll(true);
    await settle();
    inspect.setText('the owl was glad .');
    await settle();
    expect(asked(page).filter((kind) => kind === 'words')).toHaveLength(3);
    page.kill();
  });

  it('of a model that learns are mapped anew whenever they are looked at', async () => {
    const page = await openPage({ href: '?preset=tiny&seed=1&steps=20' });
    const { inspect, runs, words } = page.lab.getState();
    await runs.play('pretrain');
    page.client.advance(3);
    await settle();
    inspect.show('the fox was sad .', 'pretrain');
    inspect.setTab('words');
    await settle();
    const before = asked(page).filter((kind) => kind === 'words').length;
    words.ask(HE);
    await settle();
    expect(asked(page).filter((kind) => kind === 'words').length).toBeGreaterThan(before);
    page.kill();
  });

  it('of a model that learns leave the thread to it: a look that took a second comes again nine seconds later', async () => {
    const waits: number[] = [];
    const page = await openPage({ href: '?preset=tiny&seed=1&steps=20', later: (_, ms) => waits.push(ms) });
    const { inspect, runs } = page.lab.getState();
    await runs.play('pretrain');
    page.client.advance(3);
    await settle();
    inspect.show('the fox was sad .', 'pretrain');
    await settle();
    const release = page.client.hold('inspect/words');
    inspect.setTab('words');
    await settle();
    page.wait(1000);
    release();
    await settle();
    waits.length = 0;
    inspect.follow();
    expect(waits.at(-1)).toBeGreaterThanOrEqual(9000);
    page.kill();
  });
});
