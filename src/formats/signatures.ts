/**
 * What a file is that is neither text nor a model of ours, told by how it begins: so that it can be refused by its
 * name.
 */

const ZIP = 'a ZIP archive, as files of Excel, Word and PyTorch are';
const PICKLE = 'a pickle of Python';
const GGUF = 'a model in GGUF form';
const PICTURE = 'a picture';
const RECORDING = 'a recording';
const FONT = 'a font';
const PROGRAM = 'a program';
const LFS = 'a pointer of Git LFS, which stands for a file that lies elsewhere';

/** one character a byte */
const SIGNATURES: readonly (readonly [string, string])[] = [
  ['\x1f\x8b', 'packed with gzip'],
  ['BZh91AY&SY', 'packed with bzip2'],
  ['\xfd7zXZ\0', 'packed with xz'],
  ['\x28\xb5\x2f\xfd', 'packed with Zstandard'],
  ['\x04\x22\x4d\x18', 'packed with LZ4'],
  ['7z\xbc\xaf\x27\x1c', 'a 7-Zip archive'],
  ['Rar!\x1a\x07', 'a RAR archive'],
  ['PK\x03\x04', ZIP],
  ['PK\x05\x06', ZIP],
  ['PAR1\x15', 'a Parquet table'],
  ['PARE', 'a Parquet table that is encrypted'],
  ['ARROW1\0', 'an Arrow table'],
  ['FEA1\0', 'an Arrow table'],
  ['Obj\x01', 'an Avro table'],
  ['\x93NUMPY', 'an array of NumPy'],
  ['\x80\x02', PICKLE],
  ['\x80\x03', PICKLE],
  ['\x80\x04', PICKLE],
  ['\x80\x05', PICKLE],
  ['\x89HDF\r\n', 'an HDF5 file'],
  ['SQLite format 3\0', 'an SQLite database'],
  ['GGUF\x02\0', GGUF],
  ['GGUF\x03\0', GGUF],
  ['%PDF-', 'a PDF document'],
  ['\xd0\xcf\x11\xe0\xa1\xb1', 'a document of an old Office'],
  ['\x89PNG', PICTURE],
  ['\xff\xd8\xff', PICTURE],
  ['GIF87a', PICTURE],
  ['GIF89a', PICTURE],
  ['II*\0', PICTURE],
  ['MM\0*', PICTURE],
  ['OggS\0', RECORDING],
  ['fLaC\0', RECORDING],
  ['ID3\x03\0', RECORDING],
  ['ID3\x04\0', RECORDING],
  ['wOFF\0', FONT],
  ['wOF2\0', FONT],
  ['\x7fELF', PROGRAM],
  ['MZ\x90\0', PROGRAM],
  ['\xca\xfe\xba\xbe', PROGRAM],
  ['\0asm', PROGRAM],
  ['version https://git-lfs.github.com/spec/', LFS],
];
/** what begins with a length, or a name, or a number of bytes, and then says what it is */
const INNER_SIGNATURES: readonly (readonly [RegExp, string])[] = [
  [/^RIFF.{4}WEBP/s, PICTURE],
  [/^RIFF.{4}WAVE/s, RECORDING],
  [/^\0\0\0.ftyp/s, 'a film'],
  [/^[^\0].{256}ustar[\0 ]/s, 'a tar archive'],
];
/** bytes of a safetensors file up to the brace of its header */
export const SAFETENSORS_HEAD = 9;
const BRACE = 0x7b;

/** eight bytes with the length of a header that the file has room for, then the header */
export function beginsAsSafetensors(head: Uint8Array, fileBytes: number): boolean {
  if (head.length < SAFETENSORS_HEAD || head[SAFETENSORS_HEAD - 1] !== BRACE) return false;
  return new DataView(head.buffer, head.byteOffset).getBigUint64(0, true) <= BigInt(fileBytes - SAFETENSORS_HEAD + 1);
}

/** bytes that are looked at: as far as the name of a tar archive's form reaches */
export const FORMAT_HEAD = 263;

/** @returns "a PDF document"; null for all that begins like nothing known */
export function formatNameOf(bytes: Uint8Array): string | null {
  const head = new TextDecoder('latin1').decode(bytes.subarray(0, FORMAT_HEAD));
  const outer =
    SIGNATURES.find(([begin]) => head.startsWith(begin)) ?? INNER_SIGNATURES.find(([pattern]) => pattern.test(head));
  return outer?.[1] ?? null;
}
