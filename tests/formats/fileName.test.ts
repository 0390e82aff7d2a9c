import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fileName } from '../../src/formats/fileName';

const called = (name: string): string => fileName(name, 'safetensors', 'checkpoint');

describe('the name of a file', () => {
  it.each([
    ['My taste', 'My-taste'],
    ['Base, 500 steps', 'Base-500-steps'],
    ['<img src=x onerror="hacked=1">', 'img-src-x-onerror-hacked-1'],
    ['../../etc/passwd', 'etc-passwd'],
    ['a/b\\c', 'a-b-c'],
    ['C:\\x', 'C-x'],
    ['.hidden', 'hidden'],
    ['model.exe', 'model-exe'],
    ['a\u0000b\r\nc', 'a-b-c'],
    ['cod\u202Exet.exe', 'cod-xet-exe'],
    ['=1+1', '1-1'],
    ['-rf', 'rf'],
    ['क्या', 'क्या'],
    ['cafe\u0301', 'café'],
    ['🦊 fox', 'fox'],
    ['fox \uD83E', 'fox'],
  ])('of %j is %s: letters and digits stay, one hyphen stands for what is between', (name, stem) => {
    expect(called(name)).toBe(`${stem}.safetensors`);
  });

  it.each(['', ' ', '.', '..', '....', '///', '\u202E', '🦊', '\u0301'])(
    'of %j, which has no letter, is what the thing is',
    (name) => {
      expect(called(name)).toBe('checkpoint.safetensors');
    },
  );

  it.each(['con', 'CON', ' Aux.', 'nul', 'COM1', 'lpt9', 'com¹'])('of %j is not that of a device', (name) => {
    expect(called(name)).toMatch(/^checkpoint-(con|aux|nul|com1|lpt9|com¹)\.safetensors$/i);
  });

  it('leaves names that only begin like a device as they are', () => {
    expect(called('console')).toBe('console.safetensors');
    expect(called('con man')).toBe('con-man.safetensors');
  });

  it('is cut between characters, so that every disk takes it', () => {
    expect(called('a'.repeat(2000))).toBe(`${'a'.repeat(188)}.safetensors`);
    expect(called('𐐷'.repeat(80))).toBe(`${'𐐷'.repeat(47)}.safetensors`); // 4 bytes each
    expect(called(`${'a'.repeat(187)} b`), 'no hyphen is left at the end').toBe(`${'a'.repeat(187)}.safetensors`);
  });

  it('is short, says what it is and holds nothing but letters, marks, digits and hyphens, whatever the thing is called', () => {
    fc.assert(
      fc.property(
        fc.oneof(fc.string({ unit: 'binary', maxLength: 300 }), fc.string({ unit: 'grapheme', maxLength: 300 })),
        (name) => {
          const file = called(name);
          expect(file).toMatch(/^[\p{L}\p{N}][\p{L}\p{N}\p{M}-]*\.safetensors$/u);
          expect(new TextEncoder().encode(file).length).toBeLessThanOrEqual(200);
        },
      ),
    );
  });
});
