import { zipSync } from 'fflate';
import { describe, expect, it } from 'vitest';
import { joinBytes } from '../../src/contract/many';
import type { ByteSource } from '../../src/formats/safetensors';
import { openZip } from '../../src/formats/zip';

/** what hardly packs, as weights do */
function noise(size: number): Uint8Array {
  let state = 1;
  return Uint8Array.from({ length: size }, () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) | 0;
    return state >>> 24;
  });
}
const same = (one: Uint8Array, other: Uint8Array): boolean => Buffer.from(one).equals(Buffer.from(other));

const SIZE = 6_000_000;
const WEIGHTS = noise(SIZE);

/** counts what is read, and remembers the most at once */
function counting(bytes: Uint8Array): ByteSource & { read: ByteSource['read']; told: { all: number; most: number } } {
  const told = { all: 0, most: 0 };
  const read = async (begin: number, end: number) => {
    told.all += end - begin;
    told.most = Math.max(told.most, end - begin);
    return bytes.subarray(begin, end);
  };
  return { size: bytes.length, read, told };
}

const opened = async (bytes: Uint8Array, name = 'gpt2/model.safetensors') => {
  const source = counting(bytes);
  return { source, file: await (await openZip(source)).open(name) };
};
const packed = (level: 0 | 1 = 1) => zipSync({ 'gpt2/model.safetensors': [WEIGHTS, { level }] });

/** the same archive, its numbers where those are that are beyond 4 GB */
function inLargeForm(bytes: Uint8Array): Uint8Array {
  const end = bytes.length - 22;
  const view = new DataView(bytes.buffer, bytes.byteOffset);
  const [count, at] = [view.getUint16(end + 10, true), view.getUint32(end + 16, true)];
  const lines: Uint8Array[] = [];
  for (let line = at; line < end; ) {
    const [name, extra, comment] = [28, 30, 32].map((field) => view.getUint16(line + field, true)) as [
      number,
      number,
      number,
    ];
    const next = line + 46 + name + extra + comment;
    const copy = bytes.slice(line, line + 46 + name);
    const changed = new DataView(copy.buffer);
    const field = new DataView(new ArrayBuffer(28));
    field.setUint16(0, 1, true);
    field.setUint16(2, 24, true);
    for (const [i, place] of [24, 20, 42].entries()) {
      field.setBigUint64(4 + 8 * i, BigInt(changed.getUint32(place, true)), true);
      changed.setUint32(place, 0xffffffff, true);
    }
    changed.setUint16(30, 28, true);
    changed.setUint16(32, 0, true);
    lines.push(copy, new Uint8Array(field.buffer));
    line = next;
  }
  const size = lines.reduce((sum, { length }) => sum + length, 0);
  const tail = new DataView(new ArrayBuffer(56 + 20 + 22));
  tail.setUint32(0, 0x06064b50, true);
  tail.setBigUint64(4, 44n, true);
  for (const [place, value] of [
    [24, count],
    [32, count],
    [40, size],
    [48, at],
  ] as const)
    tail.setBigUint64(place, BigInt(value), true);
  tail.setUint32(56, 0x07064b50, true);
  tail.setBigUint64(64, BigInt(at + size), true);
  tail.setUint32(72, 1, true);
  tail.setUint32(76, 0x06054b50, true);
  tail.setUint16(84, 0xffff, true);
  tail.setUint16(86, 0xffff, true);
  tail.setUint32(88, 0xffffffff, true);
  tail.setUint32(92, 0xffffffff, true);
  return joinBytes([bytes.subarray(0, at), ...lines, new Uint8Array(tail.buffer)]);
}

describe('an archive of a model', () => {
  it('is unpacked as it is read, once, a megabyte of it at a time', async () => {
    const bytes = packed();
    const { source, file } = await opened(bytes);
    expect(file.size).toBe(SIZE);
    expect(await file.read(0, 8)).toEqual(WEIGHTS.subarray(0, 8));
    const before = source.told.all;
    expect(before).toBeLessThan(2 ** 20 + 70_000); // what a header takes, not the file
    for (let at = 8; at < SIZE; at += 999_992)
      expect(same(await file.read(at, Math.min(SIZE, at + 999_992)), WEIGHTS.slice(at, at + 999_992))).toBe(true);
    expect(source.told.all).toBeLessThan(bytes.length + 70_000);
    expect(source.told.most).toBeLessThanOrEqual(2 ** 20);
  });

  it('gives what is past once more, and what is asked for at once', async () => {
    const { file } = await opened(packed());
    const both = await Promise.all([file.read(5_000_000, 5_000_010), file.read(3, 9)]);
    expect(both).toEqual([WEIGHTS.slice(5_000_000, 5_000_010), WEIGHTS.slice(3, 9)]);
  });

  it.each([0, 1] as const)('may be in the form for files beyond 4 GB, packed by level %i', async (level) => {
    const { file } = await opened(inLargeForm(packed(level)));
    expect(same(await file.read(0, SIZE), WEIGHTS)).toBe(true);
  });

  it('is passed over where macOS put something beside', async () => {
    const source = counting(
      zipSync({ 'gpt2/config.json': noise(3), '__MACOSX/gpt2/._config.json': noise(9), 'gpt2/.DS_Store': noise(9) }),
    );
    expect((await openZip(source)).names).toEqual(['gpt2/config.json']);
  });

  it('is given up when whoever waits does', async () => {
    const files = await openZip(counting(packed()), (path, done) => {
      if (done > 0) throw new Error(`${path} is not wanted`);
    });
    const file = await files.open('gpt2/model.safetensors');
    await file.read(0, 8);
    await expect(file.read(SIZE - 8, SIZE)).rejects.toThrow('gpt2/model.safetensors is not wanted');
  });

  it('is called damaged by its checksum', async () => {
    const bytes = packed();
    const table = new DataView(bytes.buffer).getUint32(bytes.length - 6, true);
    bytes[table + 16]! ^= 1;
    const { file } = await opened(bytes);
    await expect(file.read(SIZE - 1, SIZE)).rejects.toThrow(/model\.safetensors: its checksum is wrong/);
  });
});
