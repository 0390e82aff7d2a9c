import { describe, expect, it } from 'vitest';
import { rebuildError } from '../../src/client/workerClient';
import { LabError } from '../../src/contract/errors';
import { explain, reportError } from '../../src/worker/errors';
import { buffersOf } from '../../src/worker/serve';

describe('errors on their way to the page', () => {
  it.each([
    'Array buffer allocation failed',
    'Invalid typed array length: 4294967296',
    'RangeError: Out of memory',
    'Aborted(OOM). Build with -sASSERTIONS for more info.',
    'WebAssembly.Memory.grow(): Memory allocation failed',
    'memory access out of bounds',
    'GPUOutOfMemoryError: Failed to allocate memory for buffer: out of memory',
    'Buffer size (4294967296) exceeds the max buffer size limit (268435456).',
  ])('are out of memory: %s', (message) => {
    expect(explain(new Error(message))).toMatchObject({ code: 'engine/outOfMemory' });
  });

  it.each(['room is missing', 'Cannot read properties of undefined', 'tensor [2,3] does not match [3,2]'])(
    'are bugs: %s',
    (message) => {
      const error = new Error(message);
      expect(explain(error)).toBe(error);
      expect(reportError(error).code).toBeUndefined();
    },
  );

  it('arrive as what they were', () => {
    const typed = rebuildError(reportError(new LabError('run/klCeiling', 'too far')));
    expect(typed).toBeInstanceOf(LabError);
    expect(typed).toMatchObject({ code: 'run/klCeiling', message: 'too far' });
    const bug = new TypeError('oops');
    expect(rebuildError(reportError(bug)).stack).toBe(bug.stack);
    expect(rebuildError(reportError('just words')).message).toBe('just words');
  });
});

describe('buffers that are handed over', () => {
  it('are found wherever they are, each once', () => {
    const [a, b] = [new Float32Array(2), new Uint8Array(3)];
    expect(buffersOf({ maps: { weights: a }, list: [b, b, a], text: 'x', none: null })).toEqual([a.buffer, b.buffer]);
    expect(buffersOf(undefined)).toEqual([]);
  });
});
