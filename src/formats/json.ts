/**
 * What JSON.parse passes over in silence: a key that stands twice in one object, of which it keeps the last. Whoever reads names from
 * a file wants to know.
 */

const QUOTE = 0x22;
const BACKSLASH = 0x5c;

/** @returns where the string that begins at `start` ends: its closing quotation mark */
function stringEnd(json: string, start: number): number {
  let at = start + 1;
  while (json.charCodeAt(at) !== QUOTE) at += json.charCodeAt(at) === BACKSLASH ? 2 : 1;
  return at;
}

const isKey = (json: string, end: number): boolean => {
  let at = end + 1;
  while (/\s/.test(json[at] as string)) at++;
  return json[at] === ':';
};

/** objects inside one another that are looked into: more than anything that the lab reads, and a hostile file may have millions */
const DEPTH = 8;

/**
 * @param json that JSON.parse has taken
 * @returns the first key that stands twice in one object, however it is escaped; null when none does
 */
export function duplicateKey(json: string): string | null {
  const open: Set<string>[] = [];
  let deeper = 0;
  for (let at = 0; at < json.length; at++) {
    const sign = json[at];
    if (sign === '{') {
      if (open.length < DEPTH) open.push(new Set());
      else deeper++;
    } else if (sign === '}') {
      if (deeper > 0) deeper--;
      else open.pop();
    } else if (sign === '"') {
      const end = stringEnd(json, at);
      const keys = deeper > 0 ? undefined : open.at(-1);
      if (keys && isKey(json, end)) {
        const key = JSON.parse(json.slice(at, end + 1)) as string;
        if (keys.has(key)) return key;
        keys.add(key);
      }
      at = end;
    }
  }
  return null;
}
