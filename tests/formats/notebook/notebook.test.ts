import fc from 'fast-check';
import { inflateSync, zipSync } from 'fflate';
import { describe, expect, it } from 'vitest';
import { LabError } from '../../../src/contract/errors';
import { LIMITS } from '../../../src/contract/limits';
import { crc32 } from '../../../src/formats/notebook/crc32';
import { fromExactJson, toExactJson } from '../../../src/formats/notebook/exactJson';
import { type Damaged, openNotebook } from '../../../src/formats/notebook/read';
import { type NotebookItem, writeNotebook } from '../../../src/formats/notebook/write';
import { Damage } from '../../../src/formats/notebook/zipEntry';
import type { ByteSource } from '../../../src/formats/safetensors';

const AT = Date.UTC(2026, 10, 30, 1, 0, 0);
const bytesOf = (text: string) => new TextEncoder().encode(text);

const sourceOf = (bytes: Uint8Array): ByteSource => ({
  size: bytes.length,
  read: async (begin, end) => bytes.subarray(begin, end),
});

async function* all(items: readonly NotebookItem[]) {
  yield* items;
}

async function written(items: readonly NotebookItem[]): Promise<Uint8Array> {
  const pieces: Uint8Array[] = [];
  for await (const piece of writeNotebook(all(items), AT)) pieces.push(piece.slice());
  return Uint8Array.from(pieces.flatMap((piece) => [...piece]));
}

/** everything that can be read, and what is named for the rest */
async function contents(bytes: Uint8Array): Promise<{ found: Record<string, unknown>; damaged: Damaged[] }> {
  const notebook = await openNotebook(sourceOf(bytes));
  const found: Record<string, unknown> = {};
  const damaged = [...notebook.damaged];
  for (const path of notebook.paths) {
    try {
      found[path] = path.endsWith('.json')
        ? await notebook.record(path)
        : path.endsWith('.jsonl')
          ? await notebook.list(path)
          : [...(await notebook.bytes(path))];
    } catch (error) {
      if (!(error instanceof Damage)) throw error;
      damaged.push({ path, why: error.message });
    }
  }
  return { found, damaged };
}

const LAB: NotebookItem[] = [
  { path: 'settings/config.json', record: { preset: 'tiny', seed: 1 } },
  { path: 'opinions', list: [{ rankingId: 'one' }, { rankingId: 'other' }] },
  { path: 'models/1.json', record: { name: 'Base' } },
  { path: 'models/1.safetensors', bytes: Uint8Array.from({ length: 300 }, (_, i) => i % 251) },
  { path: 'models/2.safetensors', bytes: Uint8Array.from({ length: 300 }, (_, i) => i % 13) },
  { path: 'runs/ppo/curves', list: [{ step: 1, values: { 'train/loss': Number.NaN, 'objective/kl': -0 } }] },
];
const EXPECTED = {
  'settings/config.json': { preset: 'tiny', seed: 1 },
  'opinions/1.jsonl': { items: [{ rankingId: 'one' }, { rankingId: 'other' }], unreadable: 0 },
  'models/1.json': { name: 'Base' },
  'models/1.safetensors': Array.from({ length: 300 }, (_, i) => i % 251),
  'models/2.safetensors': Array.from({ length: 300 }, (_, i) => i % 13),
  'runs/ppo/curves/1.jsonl': {
    items: [{ step: 1, values: { 'train/loss': Number.NaN, 'objective/kl': -0 } }],
    unreadable: 0,
  },
};

const refusal = (bytes: Uint8Array) =>
  openNotebook(sourceOf(bytes)).then(
    () => 'it was read',
    (error) => (error instanceof LabError && error.code === 'file/notebook' ? error.message : `no sentence: ${error}`),
  );

/** where a signature stands for the nth time */
function placeOf(bytes: Uint8Array, signature: number, nth = 0): number {
  const view = new DataView(bytes.buffer, bytes.byteOffset);
  for (let at = 0, found = 0; at <= bytes.length - 4; at++)
    if (view.getUint32(at, true) === signature && found++ === nth) return at;
  throw new Error('not there');
}
const LISTED = 0x02014b50;
const END = 0x06054b50;

/** the same zip with another number in the line of its table */
function forged(bytes: Uint8Array, nth: number, field: number, value: number): Uint8Array {
  const copy = bytes.slice();
  new DataView(copy.buffer).setUint32(placeOf(copy, LISTED, nth) + field, value, true);
  return copy;
}

describe('a notebook', () => {
  it('comes back whole, with numbers that JSON does not know', async () => {
    expect(await contents(await written(LAB))).toEqual({ found: EXPECTED, damaged: [] });
  });

  it('is the same file for the same lab', async () => {
    expect(await written(LAB)).toEqual(await written(LAB));
  });

  it('is a zip whose table names sizes and checksums', async () => {
    const bytes = await written([{ path: 'text/own.bin', bytes: bytesOf('123456789') }]);
    const at = placeOf(bytes, LISTED);
    const view = new DataView(bytes.buffer);
    expect(view.getUint32(at + 16, true)).toBe(0xcbf43926); // the check value of CRC-32
    expect([view.getUint32(at + 20, true), view.getUint32(at + 24, true)]).toEqual([9, 9]);
  });

  it('cuts a long list into parts, and gives it back in order', async () => {
    const list = Array.from({ length: 5000 }, (_, i) => ({ at: i, text: 'once upon a time '.repeat(40) }));
    const notebook = await openNotebook(sourceOf(await written([{ path: 'opinions', list }])));
    expect(notebook.paths.length).toBeGreaterThan(2);
    const parts = await Promise.all(notebook.paths.map((path) => notebook.list(path)));
    expect(parts.flatMap(({ items }) => items)).toEqual(list);
  });

  it('says when it was saved and how large its parts are before one is unpacked', async () => {
    const notebook = await openNotebook(sourceOf(await written(LAB)));
    expect(notebook.savedAt).toBe(AT);
    expect(notebook.sizeOf('models/1.safetensors')).toBe(300);
  });
});

describe('a notebook that is damaged', () => {
  it('is refused in words wherever it is cut', async () => {
    const bytes = await written(LAB);
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 0, max: bytes.length - 1 }), async (length) => {
        expect(await refusal(bytes.subarray(0, length))).toMatch(/cut, or is not a notebook/);
      }),
    );
  });

  it('gives back what was written or names what it cannot, whichever byte is changed', async () => {
    const bytes = await written(LAB);
    const change = fc.tuple(fc.integer({ min: 0, max: bytes.length - 1 }), fc.integer({ min: 1, max: 255 }));
    await fc.assert(
      fc.asyncProperty(fc.array(change, { minLength: 1, maxLength: 3 }), async (changes) => {
        const copy = bytes.slice();
        for (const [at, by] of changes) copy[at] = copy[at]! ^ by;
        let read: Awaited<ReturnType<typeof contents>>;
        try {
          read = await contents(copy);
        } catch (error) {
          expect(error).toMatchObject({ code: 'file/notebook' });
          return;
        }
        for (const [path, value] of Object.entries(read.found))
          expect(value).toEqual(EXPECTED[path as keyof typeof EXPECTED]);
        const missing = Object.keys(EXPECTED).filter((path) => !(path in read.found));
        const isSaid = read.damaged.length > 0;
        expect(missing.length === 0 || isSaid).toBe(true);
      }),
      { numRuns: 400 },
    );
  });

  it('keeps all but the model whose bytes were changed', async () => {
    const bytes = await written(LAB);
    const weights = placeOf(bytes, 0x04034b50, 3) + 30 + 'models/1.safetensors'.length;
    bytes[weights + 7] = bytes[weights + 7]! ^ 1;
    const { 'models/1.safetensors': _, ...others } = EXPECTED;
    expect(await contents(bytes)).toEqual({
      found: others,
      damaged: [{ path: 'models/1.safetensors', why: 'its checksum is wrong' }],
    });
  });

  it('keeps all but a file that this page does not know, and names it', async () => {
    const { found, damaged } = await contents(
      await written([...LAB, { path: 'settings/config/x.json', record: 1 } as NotebookItem]),
    );
    expect(found).toEqual(EXPECTED);
    expect(damaged).toEqual([{ path: 'settings/config/x.json', why: 'this page does not know what it is' }]);
  });

  it('says so where two files were exchanged', async () => {
    const [one, other] = [LAB[3], LAB[4]] as { path: string; bytes: Uint8Array }[];
    const manifest = zipEntryOf(await written(LAB), 'notebook.json');
    const exchanged = zipSync({
      'models/1.safetensors': other!.bytes,
      'models/2.safetensors': one!.bytes,
      'notebook.json': manifest,
    });
    const { found, damaged } = await contents(exchanged);
    expect(found).toEqual({});
    expect(damaged.filter(({ path }) => path.startsWith('models/') && path.endsWith('s'))).toEqual([
      { path: 'models/1.safetensors', why: 'another one stands in its place' },
      { path: 'models/2.safetensors', why: 'another one stands in its place' },
    ]);
    expect(damaged).toContainEqual({ path: 'settings/config.json', why: 'it is missing' });
  });

  it('is read without its own list, and says that it cannot be told whether all is there', async () => {
    const bytes = zipSync({ 'settings/config.json': bytesOf('{"seed":1}'), 'notebook.json': bytesOf('{') });
    const { found, damaged } = await contents(bytes);
    expect(found).toEqual({ 'settings/config.json': { seed: 1 } });
    expect(damaged).toEqual([{ path: 'notebook.json', why: 'it is no JSON, so whether all is here cannot be told' }]);
  });

  it('counts lines that are no JSON, and keeps the others', async () => {
    const { found } = await contents(zipSync({ 'duels/1.jsonl': bytesOf('{"a":1}\nno\n{"b":2}\n') }));
    expect(found).toEqual({ 'duels/1.jsonl': { items: [{ a: 1 }, { b: 2 }], unreadable: 1 } });
  });

  it('names a record that is nested beyond reason', async () => {
    const deep = `${'['.repeat(200_000)}${']'.repeat(200_000)}`;
    const { damaged } = await contents(zipSync({ 'settings/config.json': bytesOf(deep) }));
    expect(damaged.map(({ path }) => path)).toContain('settings/config.json');
  });
});

/** through a reader of somebody else's */
function zipEntryOf(bytes: Uint8Array, path: string): Uint8Array {
  const view = new DataView(bytes.buffer);
  for (let nth = 0; ; nth++) {
    const at = placeOf(bytes, LISTED, nth);
    const name = new TextDecoder().decode(bytes.subarray(at + 46, at + 46 + view.getUint16(at + 28, true)));
    if (name !== path) continue;
    const start = view.getUint32(at + 42, true) + 30 + path.length;
    return inflateSync(bytes.subarray(start, start + view.getUint32(at + 20, true)));
  }
}

describe('a file that was made to do harm', () => {
  it.each(['../config.json', 'settings/../../config.json', '/settings/config.json', 'C:/x', 'a\\b'])(
    'is refused where a name leads out of it: %s',
    async (path) => {
      expect(await refusal(zipSync({ [path]: bytesOf('1') }))).toMatch(/^a name in it leads out of it: /);
    },
  );

  it('is refused where a name stands in it twice, in whatever case', async () => {
    const bytes = zipSync({ 'settings/config.json': bytesOf('1'), 'settings/Config.json': bytesOf('2') });
    expect(await refusal(bytes)).toBe('settings/Config.json stands in it twice');
  });

  it('is refused where two files share their bytes, as they do in a bomb', async () => {
    const bytes = zipSync({ 'duels/1.jsonl': bytesOf('1'), 'duels/2.jsonl': bytesOf('2') });
    expect(await refusal(forged(bytes, 1, 42, 0))).toMatch(/lies over another part of the file$/);
  });

  it('is refused where a file says that it is larger than may be, or than it can be', async () => {
    const bytes = zipSync({ 'settings/config.json': new Uint8Array(1000) });
    expect(await refusal(forged(bytes, 0, 24, 2 ** 30))).toMatch(/^settings\/config\.json would be 1,024 MB unpacked/);
    expect(await refusal(forged(bytes, 0, 24, LIMITS.notebookRecord))).toMatch(/cannot become as large as it says/);
  });

  it('is refused where all of it together would be too large', async () => {
    const names = ['1', '2', '3'].map((one) => `models/${one}.safetensors`);
    // a megabyte cannot unpack to more than 1,032 of them: each of the three is possible by itself
    let bytes: Uint8Array = zipSync(Object.fromEntries(names.map((name) => [name, new Uint8Array(2 ** 20)])), {
      level: 0,
    });
    for (const [nth] of names.entries()) {
      bytes = forged(bytes, nth, 24, LIMITS.modelBytes);
      new DataView(bytes.buffer).setUint16(placeOf(bytes, LISTED, nth) + 10, 8, true);
    }
    expect(await refusal(bytes)).toMatch(/^it would be 3,072 MB unpacked, and 2,048 MB is the most$/);
  });

  it('is never unpacked beyond the size that it says', async () => {
    const bytes = zipSync({ 'settings/config.json': new Uint8Array(5_000_000) });
    const { damaged } = await contents(forged(bytes, 0, 24, 1000));
    expect(damaged).toContainEqual({ path: 'settings/config.json', why: 'it unpacks to more than it says' });
  });

  it('is refused for its size before a byte of it is read', async () => {
    const source: ByteSource = {
      size: 2 * 2 ** 30,
      read: async () => {
        throw new Error('it was read');
      },
    };
    await expect(openNotebook(source)).rejects.toMatchObject({
      code: 'file/notebook',
      message: 'it has 2,048 MB, and a notebook 1,024 MB at most',
    });
  });

  it('is refused where it says that it holds more files than a notebook may', async () => {
    const bytes = zipSync({ 'settings/config.json': bytesOf('1') });
    const view = new DataView(bytes.buffer);
    for (const field of [8, 10]) view.setUint16(placeOf(bytes, END) + field, 60_000, true);
    expect(await refusal(bytes)).toBe('it holds 60,000 files, and a notebook has 10,000 at most');
  });

  it('is named by what it is where it is another zip, or of a page to come', async () => {
    expect(await refusal(zipSync({ 'word/document.xml': bytesOf('<a/>') }))).toBe('it is a zip file, and no notebook');
    const newer = bytesOf(JSON.stringify({ format: 2, kind: 'rlhfLabNotebook', everything: 'else' }));
    expect(await refusal(zipSync({ 'notebook.json': newer }))).toBe('it is made for format 2, and this page reads 1');
  });

  it('never makes anything but a sentence of any bytes', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 400 }), async (bytes) => {
        expect(await refusal(bytes)).not.toMatch(/no sentence/);
      }),
    );
  });
});

describe('JSON that gives back what was put in', () => {
  it('is the identity on whatever a database holds, numbers and odd keys too', () => {
    const value = fc.object({
      key: fc.oneof(fc.string(), fc.constantFrom('$', '__proto__', 'NaN')),
      values: [
        fc.double(),
        fc.constantFrom(Number.NaN, -0, Number.POSITIVE_INFINITY),
        fc.string(),
        fc.boolean(),
        fc.constant(null),
      ],
      maxDepth: 4,
    });
    fc.assert(
      fc.property(value, (one) => {
        expect(fromExactJson(toExactJson(one))).toEqual(one);
      }),
    );
  });
});

describe('the checksum of zip files', () => {
  it('is the same in one go and in pieces', () => {
    fc.assert(
      fc.property(fc.uint8Array(), fc.nat(), (bytes, cut) => {
        const at = bytes.length === 0 ? 0 : cut % bytes.length;
        expect(crc32(bytes.subarray(at), crc32(bytes.subarray(0, at)))).toBe(crc32(bytes));
      }),
    );
  });
});
