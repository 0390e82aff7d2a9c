import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { METRICS } from '../../../src/contract/metrics';
import { sourceHash, sourceOfHash } from '../../../src/store/address/sourceAddress';
import { memoryAddress } from '../../../src/store/address/url';
import { createLab } from '../../../src/store/lab';
import { memoryStorage } from '../../../src/store/persistence/memoryStorage';
import { FakeClient } from '../../helpers/fakeClient';

describe('the address of a source', () => {
  it('reads back what was written', () => {
    for (const { source } of Object.values(METRICS)) expect(sourceOfHash(sourceHash(source))).toEqual(source);
  });

  it('takes whatever anyone may write, and no stage for a file', () => {
    fc.assert(fc.property(fc.string(), (text) => void sourceOfHash(`#/source/${text}`)));
    expect(sourceOfHash('#/source/%E0%A4%A?symbol=%E0%A4%A')).toEqual({ file: '%E0%A4%A', symbol: expect.any(String) });
    expect(['#/optimise', '#/sources', '#/source', ''].map(sourceOfHash)).toEqual([null, null, null, null]);
  });
});

describe('a source over a stage', () => {
  const HASH = '#/source/core/losses/kl.ts?symbol=klEstimate';
  const open = (href: string) => {
    const address = memoryAddress(href);
    return { address, lab: createLab(new FakeClient(), memoryStorage(), { address }) };
  };

  it('opens with the page, keeps its address and the experiment, and leaves the page at a stage', () => {
    const { address, lab } = open(`?preset=tiny&seed=7${HASH}`);
    expect(lab.getState().view).toMatchObject({
      stage: 'start',
      source: { file: 'core/losses/kl.ts', symbol: 'klEstimate' },
    });
    expect(address.read().hash).toBe(HASH);
    expect(lab.getState().config.value.seed).toBe(7);
    lab.getState().view.closeSource();
    expect(address.read()).toEqual({ search: '?preset=tiny&seed=7', hash: '#/start' });
    expect(lab.getState().view.source).toBeNull();
  });

  it('opens by a link, leaves stage and settings alone, and closes by the back button', () => {
    const { address, lab } = open('?preset=tiny&seed=7#/optimise');
    lab.getState().config.setSeed(9);
    address.visit(`?preset=tiny&seed=7${HASH}`);
    expect(lab.getState().view).toMatchObject({ stage: 'optimise', source: { symbol: 'klEstimate' } });
    expect(lab.getState().config.value.seed).toBe(9);
    expect(address.read().hash).toBe(HASH);
    address.visit('?preset=tiny&seed=7#/optimise');
    expect(lab.getState().view).toMatchObject({ stage: 'optimise', source: null });
  });
});
