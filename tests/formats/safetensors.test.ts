import fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import { LabError } from '../../src/contract/errors';
import { decodeCheckpoint } from '../../src/formats/checkpoint';
import { fromHalf, fromHalves, toHalf } from '../../src/formats/halfFloat';
import { decodeSafetensors, encodeSafetensors, numbersOf, openSafetensors } from '../../src/formats/safetensors';

const tensors = {
  a: { shape: [2, 3], data: Float32Array.of(1, -2, 0.5, 3.25, 1e-3, 1e6) },
  'h.0.attn.weight': { shape: [1], data: Float32Array.of(7) },
  empty: { shape: [0, 4], data: new Float32Array(0) },
};

/** the file with its header replaced; the numbers stay */
function withHeader(bytes: Uint8Array, header: unknown): Uint8Array {
  const length = Number(new DataView(bytes.buffer).getBigUint64(0, true));
  const text = new TextEncoder().encode(typeof header === 'string' ? header : JSON.stringify(header));
  const file = new Uint8Array(8 + text.length + bytes.length - 8 - length);
  new DataView(file.buffer).setBigUint64(0, BigInt(text.length), true);
  file.set(text, 8);
  file.set(bytes.subarray(8 + length), 8 + text.length);
  return file;
}
const messageOf = (bytes: Uint8Array): string => {
  try {
    decodeSafetensors(bytes);
  } catch (error) {
    expect(error).toBeInstanceOf(LabError);
    expect((error as LabError).code).toBe('file/checkpoint');
    return (error as LabError).message;
  }
  return 'nothing was thrown';
};

describe('safetensors', () => {
  it('gives back what was put in, names, shapes, numbers and metadata', () => {
    const { tensors: read, metadata } = decodeSafetensors(encodeSafetensors(tensors, { format: 'pt', note: 'ö' }));
    expect(read).toEqual(tensors);
    expect(metadata).toEqual({ format: 'pt', note: 'ö' });
  });

  it('reads a file that begins in the middle of a buffer', () => {
    const bytes = encodeSafetensors(tensors, {});
    const shifted = new Uint8Array(bytes.length + 3);
    shifted.set(bytes, 3);
    expect(decodeSafetensors(shifted.subarray(3)).tensors).toEqual(tensors);
  });

  it('lays the header out as the format says: little-endian length, JSON, numbers on an 8-byte boundary', () => {
    const bytes = encodeSafetensors({ x: { shape: [1], data: Float32Array.of(1) } }, {});
    const length = Number(new DataView(bytes.buffer).getBigUint64(0, true));
    expect(length % 8).toBe(0);
    const header = JSON.parse(new TextDecoder().decode(bytes.subarray(8, 8 + length)));
    expect(header).toEqual({ __metadata__: {}, x: { dtype: 'F32', shape: [1], data_offsets: [0, 4] } });
    expect([...bytes.subarray(8 + length)]).toEqual([0, 0, 0x80, 0x3f]); // 1.0
  });

  it('stores half precision in half the bytes, rounded to 11 bits', () => {
    const half = encodeSafetensors(tensors, {}, 'F16');
    const { a } = decodeSafetensors(half).tensors;
    const expected = [1, -2, 0.5, 3.25, 1e-3, Number.POSITIVE_INFINITY];
    for (const [i, value] of expected.entries()) {
      if (Number.isFinite(value))
        expect(Math.abs((a?.data[i] ?? 0) - value)).toBeLessThanOrEqual(Math.abs(value) / 2048);
      else expect(a?.data[i]).toBe(value);
    }
  });

  it('names the place of every kind of damage', () => {
    const good = encodeSafetensors(tensors, {});
    const header = (entry: unknown, rest: object = {}) => withHeader(good, { ...rest, a: entry });
    expect(messageOf(new Uint8Array(3))).toContain('3 bytes');
    expect(messageOf(Uint8Array.from({ length: 200 }, (_, i) => [0x50, 0x4b, 3, 4][i] ?? 0xaa))).toBe(
      'it is a ZIP archive, as files of Excel, Word and PyTorch are, and no safetensors file',
    );
    expect(messageOf(good.subarray(0, 40))).toContain('header');
    expect(messageOf(new Uint8Array(64).fill(0xe7))).toBe(
      'its first eight bytes announce a header longer than the file (64 bytes), which is impossible',
    );
    expect(messageOf(new Uint8Array(64))).toBe('its first eight bytes announce no header, in a file of 64 bytes');
    expect(messageOf(good.subarray(0, good.length - 4))).toContain('h.0.attn.weight');
    expect(messageOf(withHeader(good, 'not json'))).toContain('JSON');
    expect(messageOf(withHeader(good, [1]))).toContain('JSON object');
    expect(messageOf(header({ dtype: 'I64', shape: [1], data_offsets: [0, 4] }))).toContain('tensor a');
    expect(messageOf(header({ dtype: 'F32', shape: [2, 3], data_offsets: [0, 20] }))).toContain('[2,3]');
    expect(messageOf(header({ dtype: 'F32', shape: [-1], data_offsets: [0, 4] }))).toContain('tensor a');
    expect(messageOf(header({ dtype: 'F32', shape: [1], data_offsets: [4, 8] }))).toContain('expected 0');
    expect(messageOf(header({ dtype: 'F32', shape: [1], data_offsets: [0, 4] }))).toContain('the file has');
    expect(messageOf(withHeader(good, { __metadata__: { format: 1 } }))).toContain('metadata');
  });

  it('refuses a name that stands twice, however it is written', () => {
    const good = encodeSafetensors({ a: tensors.a }, {});
    const entry = '{"dtype":"F32","shape":[2,3],"data_offsets":[0,24]}';
    for (const again of ['a', '\\u0061'])
      expect(messageOf(withHeader(good, `{"a":${entry},"${again}":${entry}}`))).toBe(
        'tensor a stands twice in the header',
      );
    expect(messageOf(withHeader(good, `{"a":${entry.replace('"dtype"', '"shape":[6],"dtype"')}}`))).toContain(
      'the key shape stands twice',
    );
    const text = String.raw`{"a":${entry},"__metadata__":{"say \"a\"":"{\"a\":1,\"a\":2}"}}`;
    expect(messageOf(withHeader(good, text))).toBe('nothing was thrown');
  });

  it('reads what Node gives for a file, whose slices share their bytes', () => {
    expect(decodeSafetensors(Buffer.from(encodeSafetensors(tensors, {}))).tensors).toEqual(tensors);
  });

  it('says which type of numbers it does not read', () => {
    const file = withHeader(encodeSafetensors({ a: tensors.a }, {}), {
      a: { dtype: 'I16', shape: [12], data_offsets: [0, 24] },
    });
    expect(messageOf(file)).toBe('tensor a: its numbers are I16, and the lab reads F32, F16, BF16 and F64');
  });

  it('has no number read before it is known whose the model is', () => {
    const bytes = encodeSafetensors(tensors, {}, 'F16');
    const start = bytes.length - numbersOf(bytes).length;
    const read = vi.spyOn(bytes, 'subarray');
    expect(() => decodeCheckpoint(bytes)).toThrow('another program saved this file');
    for (const [, end = bytes.length] of read.mock.calls) expect(end).toBeLessThanOrEqual(start);
    const { read: readOne } = openSafetensors(bytes);
    expect(read.mock.calls.at(-1)?.[1]).toBeLessThanOrEqual(start);
    expect([...readOne('h.0.attn.weight')]).toEqual([7]);
  });

  it('never throws anything but a typed error, whatever the bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 80 }), (bytes) => {
        messageOf(bytes);
      }),
    );
  });
});

describe('half precision', () => {
  it('is read many at a time as one by one', () => {
    const all = Uint16Array.from({ length: 0x10000 }, (_, bits) => bits);
    expect(fromHalves(all)).toEqual(Float32Array.from(all, fromHalf));
  });

  it('round-trips every half that is a number', () => {
    for (let bits = 0; bits < 0x10000; bits++) {
      const value = fromHalf(bits);
      if (!Number.isNaN(value)) expect(toHalf(value)).toBe(bits);
    }
  });

  it('rounds to the nearest half, ties to even', () => {
    expect(toHalf(1 + 2 ** -11)).toBe(0x3c00); // halfway: even below
    expect(toHalf(1 + 3 * 2 ** -11)).toBe(0x3c02); // halfway: even above
    expect(toHalf(1 + 2 ** -11 + 2 ** -20)).toBe(0x3c01);
    expect(toHalf(65_519)).toBe(0x7bff);
    expect(toHalf(65_520)).toBe(0x7c00);
    expect(toHalf(2 ** -25)).toBe(0); // halfway to the smallest
    expect(toHalf(2 ** -25 * 1.5)).toBe(1);
    expect(toHalf(2047.7 * 2 ** -25)).toBe(0x400); // rounds up into the normal numbers
    expect(Number.isNaN(fromHalf(toHalf(Number.NaN)))).toBe(true);
  });
});
