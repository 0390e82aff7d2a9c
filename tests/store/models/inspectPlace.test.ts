import { describe, expect, it } from 'vitest';
import { URL_KEYS } from '../../../src/formats/address';
import { INSPECT_TABS, type InspectPlace, inspectHash, inspectOfHash } from '../../../src/store/models/inspectPlace';

describe('the address of Inspect', () => {
  it.each(INSPECT_TABS)('leads back to where it was written, in the tab %s', (tab) => {
    const place: InspectPlace = { tab, layer: 1, head: 2, token: 14, step: tab === 'arithmetic' ? 4 : 1 };
    expect(inspectOfHash(inspectHash(place))).toEqual(place);
    expect(inspectOfHash(inspectHash({ ...place, token: null }))).toEqual({ ...place, token: null });
  });

  it.each([
    ['before-and-after', 'before-after'],
    ['arithmetic', 'arithmetic'],
    ['and', 'attention'],
    ['before', 'attention'],
  ])('knows a tab by the name that the page gives it: %s', (name, tab) =>
    expect(inspectOfHash(`#/inspect?tab=${name}`)?.tab).toBe(tab),
  );

  it('counts from 1, as the page does', () => {
    expect(inspectHash({ tab: 'arithmetic', layer: 0, head: 1, token: 2, step: 3 })).toBe(
      '#/inspect?tab=arithmetic&layer=1&head=2&token=3&step=3',
    );
  });

  it.each(['', '#/', '#/start', '#/inspector', '#/inspect/more', '#inspect', '#/source/inspect?tab=layers'])(
    'is no other one: %o',
    (hash) => expect(inspectOfHash(hash)).toBeNull(),
  );

  it.each(['0', '-1', '1.5', '1e9', 'NaN', 'Infinity', '', '0x10001'])('takes %o for the beginning', (value) => {
    const place = inspectOfHash(`#/inspect?tab=arithmetic&layer=${value}&head=${value}&token=${value}&step=${value}`);
    expect(place).toEqual({ tab: 'arithmetic', layer: 0, head: 0, token: null, step: 1 });
  });

  it('shares no key with the settings that an address may say', () => {
    const keys = Object.keys(URL_KEYS);
    expect(['tab', 'layer', 'head', 'token', 'step'].filter((key) => keys.includes(key))).toEqual([]);
  });
});
