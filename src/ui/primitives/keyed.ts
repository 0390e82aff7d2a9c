/** A list item with a key that survives insertions: its own text, and how many equal ones stand before it. */
export interface Keyed<T> {
  key: string;
  item: T;
}

/** @param textOf what makes an item itself; equal texts are told apart by their order */
export function keyed<T>(items: readonly T[], textOf: (item: T) => string): Keyed<T>[] {
  const seen = new Map<string, number>();
  return items.map((item) => {
    const text = textOf(item);
    const times = seen.get(text) ?? 0;
    seen.set(text, times + 1);
    return { key: `${text}#${times}`, item };
  });
}
