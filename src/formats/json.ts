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

/**
 * @param json that JSON.parse has taken
 * @returns the first key that stands twice in one object, at any depth, however it is escaped; null when none does
 */
export function duplicateKey(json: string): string | null {
  const open: Set<string>[] = [];
  for (let at = 0; at < json.length; at++) {
    const sign = json[at];
    if (sign === '{') open.push(new Set());
    else if (sign === '}') open.pop();
    else if (sign === '"') {
      const end = stringEnd(json, at);
      const keys = open.at(-1);
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
