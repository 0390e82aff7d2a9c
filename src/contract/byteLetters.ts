/** GPT-2 writes each byte as a letter that can be seen: printable ones as they are, the others from U+0100 on. */
const BYTES = 256;

/** by byte */
export const BYTE_LETTERS: readonly string[] = (() => {
  const isPlain = (byte: number) => (byte > 0x20 && byte < 0x7f) || (byte > 0xa0 && byte !== 0xad);
  let next = BYTES;
  return Array.from({ length: BYTES }, (_, byte) => String.fromCharCode(isPlain(byte) ? byte : next++));
})();
