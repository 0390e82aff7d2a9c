import { beforeEach, describe, expect, it } from 'vitest';
import { freshDisk, openPage } from '../openLab';

describe('the address of a lesson', () => {
  beforeEach(freshDisk);

  it('names it behind its page', async () => {
    const { lab, kill } = await openPage({ href: '?preset=tiny&seed=4#/lesson/firstTaste' });
    const { view, guide, config } = lab.getState();
    expect([view.stage, guide.asked, config.value.seed]).toEqual(['lesson', 'firstTaste', 4]);
    kill();
  });

  it('is led to by ?lesson=, before the hash or in it, which then says it no more', async () => {
    for (const href of [
      '?lesson=firstTaste&seed=4#/start',
      '?lesson=firstTaste&seed=4',
      '?seed=4#/data?lesson=firstTaste',
    ]) {
      const { lab, address, kill } = await openPage({ href });
      expect([lab.getState().view.stage, lab.getState().guide.asked]).toEqual(['lesson', 'firstTaste']);
      expect(address.read()).toMatchObject({ hash: '#/lesson/firstTaste' });
      expect(address.read().search).not.toContain('lesson');
      expect(lab.getState().config.value.seed).toBe(4);
      kill();
    }
  });

  it('leads to all of them where a name cannot be one, and to Start without one', async () => {
    for (const [href, stage] of [
      ['?lesson=%3Cb%3E', 'lessons'],
      ['#/lesson/', 'start'],
      ['#/lesson', 'start'],
      ['#/lesson/a/b', 'start'],
      ['#/lessons', 'lessons'],
    ] as const) {
      const { lab, kill } = await openPage({ href });
      expect(lab.getState().view.stage, href).toBe(stage);
      kill();
    }
  });

  it('is followed by links, and written by going there', async () => {
    const { lab, address, kill } = await openPage({ href: '#/lessons' });
    address.visit('#/lesson/words');
    expect([lab.getState().view.stage, lab.getState().guide.asked]).toEqual(['lesson', 'words']);
    address.visit('#/lesson/judge');
    expect(lab.getState().guide.asked).toBe('judge');
    lab.getState().view.go('lessons');
    lab.getState().guide.put({ asked: 'attention' });
    lab.getState().view.go('lesson');
    expect(address.read().hash).toBe('#/lesson/attention');
    kill();
  });

  it('is forgotten with everything else', async () => {
    const { lab, kill } = await openPage();
    lab.getState().guide.put({ own: { mine: '{}' } });
    await lab.getState().session.clearAll();
    expect(lab.getState().guide).toMatchObject({ own: {}, progress: {} });
    kill();
  });
});
