import { beforeEach, describe, expect, it } from 'vitest';
import { type Here, missingWords, sayWhatIsMissing } from '../../../src/store/page/overHttp';
import { freshDisk, openPage } from '../openLab';

const plain: Here = { isSecureContext: false, navigator: {} };
const whole: Here = {
  isSecureContext: false,
  SharedArrayBuffer: {},
  navigator: { mediaDevices: {}, serviceWorker: {}, storage: { persist: {} }, wakeLock: {}, gpu: {} },
};

describe('what is missing over plain http', () => {
  beforeEach(freshDisk);

  it('is named with what it costs, and nothing is said where nothing is missing', () => {
    const words = missingWords(plain)!;
    for (const part of ['camera', 'service worker', 'promise of storage', 'wake lock', 'shared memory', 'WebGPU'])
      expect(words).toContain(part);
    expect(missingWords({ ...plain, navigator: { ...plain.navigator, gpu: {} } })).not.toContain('WebGPU');
    expect(missingWords(whole)).toBeNull();
    expect(missingWords({ ...plain, isSecureContext: true })).toBeNull();
  });

  it('is said once in a browser', async () => {
    const { lab } = await openPage();
    let said: boolean | null = null;
    const note = {
      read: () => said,
      write: (value: boolean | null) => {
        said = value;
      },
    };
    sayWhatIsMissing(lab, plain, note);
    const mine = () => lab.getState().notices.notices.filter(({ code }) => code === 'page/overHttp');
    expect(mine()).toHaveLength(1);
    lab.getState().notices.clear('page/overHttp');
    sayWhatIsMissing(lab, plain, note);
    expect(mine()).toEqual([]);
  });
});
