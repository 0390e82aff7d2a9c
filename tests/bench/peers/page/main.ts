/**
 * The page only hands questions to the computing thread, where the lab computes too: it may wait there, and other
 * threads may help.
 */
import { type Helper, help } from '../../../../src/client/helpers';
import type { HelperWish } from '../../../../src/contract/protocol';
import type { PageAnswer, PageQuestion } from './questions';

const worker = new Worker(new URL('./worker.ts', import.meta.url), { type: 'module' });

const helpers: Helper[] = [];

/** one at a time */
const ask = (question: PageQuestion): Promise<PageAnswer> =>
  new Promise((resolve, reject) => {
    worker.onmessage = ({ data }: MessageEvent<PageAnswer | HelperWish>) => {
      if ('helper' in data) help(helpers, data, (news) => worker.postMessage(news));
      else resolve(data);
    };
    worker.onerror = ({ message }) => reject(new Error(message));
    worker.postMessage(question);
  });

Object.assign(window, { ask });
