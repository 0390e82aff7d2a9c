/**
 * What a file of the lab is called on the visitor's disk: a name that every file system takes and that shows what it
 * is.
 */
import { startOf } from '../contract/limits';

/**
 * Most file systems take 255 bytes; a number that the browser puts behind a name that is taken, "(12)", needs a few.
 */
const MOST_BYTES = 200;

/** Windows knows devices by these, whatever ending follows; superscript digits count as digits there. */
const DEVICE = /^(con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³])$/i;

const bytesOf = (text: string): number => new TextEncoder().encode(text).length;

/** @returns as many whole characters of the text's beginning as fit; one of them has at most four bytes */
function startOfBytes(text: string, most: number): string {
  let count = Math.min([...text].length, most);
  while (bytesOf(startOf(text, count)) > most) count--;
  return startOf(text, count);
}

/**
 * Letters, their marks and digits stay; whatever else stands between them (spaces, dots, slashes, quotes, control
 * characters, marks that turn the direction of reading) becomes one hyphen. So a name cannot lead into another folder,
 * hide its file or fake its ending.
 * @param name what a visitor called a thing
 * @param extension without its dot
 * @param fallback where no letter is left
 * @returns "My-taste.safetensors"
 */
export function fileName(name: string, extension: string, fallback: string): string {
  const words = name.normalize('NFC').match(/[\p{L}\p{N}][\p{L}\p{N}\p{M}]*/gu) ?? [];
  const stem = startOfBytes(words.join('-'), MOST_BYTES - extension.length - 1).replace(/-$/, '') || fallback;
  return `${DEVICE.test(stem) ? `${fallback}-${stem}` : stem}.${extension}`;
}
