import { describe, expect, it } from 'vitest';
import { LabError } from '../../src/contract/errors';
import { Random } from '../../src/core/tensor/random';
import { startPortable } from '../helpers/wasm';
import { everyImporter, inputs, tryAll } from './inputs';
import { mutate, mutateHeader } from './mutate';

const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text);

const LIMITLESS = { wants: () => true, isOver: () => false };

describe('damaged inputs', () => {
  it('are refused in words or read, forty of each kind', async () => {
    for await (const { what, failures } of inputs({ ...LIMITLESS, seed: 5, count: 40 }))
      expect(failures, what).toEqual([]);
  });

  it('are damaged versions of files that are read as they are', async () => {
    await startPortable();
    for (const { what, file, read } of await everyImporter())
      await expect(
        (async () => {
          await read(file, Random.fromSeed(1));
          return 'read';
        })(),
        what,
      ).resolves.toBe('read');
  });

  it('are told with their number when something other than a typed error comes of them', async () => {
    const row = async (read: () => unknown) =>
      tryAll({ what: 'x', file: bytesOf('{"a":1}'), mutate, read }, 3, { ...LIMITLESS, seed: 7 });
    const untyped = await row(() => JSON.parse('{'));
    expect(untyped.failures).toHaveLength(3);
    expect(untyped.failures[1]).toMatch(/^input 1 of seed 7: .*SyntaxError/);
    const typed = await row(() => {
      throw new LabError('file/votes', 'no');
    });
    expect(typed).toMatchObject({ failures: [], tries: 3, figures: expect.stringMatching(/^3 refused/) });
  });

  it('are as many as there was time for', async () => {
    let left = 2;
    const isOver = () => left-- === 0;
    const importer = { what: 'x', file: bytesOf('{}'), mutate, read: () => null };
    expect((await tryAll(importer, 1000, { seed: 1, isOver })).tries).toBe(2);
  });

  it('are the same for the same seed, and differ from the file', () => {
    const file = bytesOf('{"prompt":"the fox","chosen":"a","rejected":"b","at":12}\n'.repeat(4));
    const damage = (i: number): string =>
      Buffer.from(mutate(file, Random.fromSeed(3).fork(String(i))).bytes).toString('latin1');
    const changed = Array.from({ length: 50 }, (_, i) => damage(i));
    expect(changed.map((_, i) => damage(i) === changed[i])).toEqual(changed.map(() => true));
    expect(changed.filter((text) => text !== Buffer.from(file).toString('latin1')).length).toBeGreaterThan(40);
  });

  it('of a model keep the length of their header true', () => {
    const header = bytesOf('{"w":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}');
    const file = new Uint8Array(8 + header.length + 4);
    new DataView(file.buffer).setBigUint64(0, BigInt(header.length), true);
    file.set(header, 8);
    for (let i = 0; i < 50; i++) {
      const { bytes } = mutateHeader(file, Random.fromSeed(i));
      const length = Number(new DataView(bytes.buffer, bytes.byteOffset).getBigUint64(0, true));
      expect(bytes.length - length).toBe(12);
    }
  });
});
