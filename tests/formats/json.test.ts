import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { duplicateKey } from '../../src/formats/json';

describe('keys that stand twice', () => {
  it('are found at any place that is read, by what they mean', () => {
    expect(duplicateKey('{"a":1,"b":{"a":2},"c":[{"a":3},{"a":4}]}')).toBeNull();
    expect(duplicateKey('{"a":{"x":1},"b":{"x":1,"y":2,"x":3}}')).toBe('x');
    expect(duplicateKey('{"a" :1,\n "\\u0061"\t: 2}')).toBe('a');
    expect(duplicateKey('{"a":"a","b":"{\\"b\\":1}","c\\\\":"\\"","c":1}')).toBeNull();
  });

  it('are none in what JSON.stringify wrote', () => {
    fc.assert(fc.property(fc.json(), (json) => duplicateKey(json) === null));
  });

  it('cost no stack where objects lie in one another a million times', () => {
    const deep = 1_000_000;
    expect(duplicateKey(`${'{"a":'.repeat(deep)}1${'}'.repeat(deep)}`)).toBeNull();
    expect(duplicateKey(`{"a":${'{"a":'.repeat(deep)}1${'}'.repeat(deep)},"a":2}`)).toBe('a');
  });
});
