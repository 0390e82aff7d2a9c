/** Something small in localStorage, which can be read before the database is open. */
import * as v from 'valibot';

export interface LocalNote<Value> {
  /** @returns null where nothing is noted, or it cannot be read */
  read(): Value | null;
  /** @param value null: nothing is noted any more */
  write(value: Value | null): void;
}

/** @returns a note that asks the browser each time; where that forbids it, or has no room, nothing is noted */
export function localNote<Schema extends v.GenericSchema>(
  key: string,
  schema: Schema,
  open: () => Storage,
): LocalNote<v.InferOutput<Schema>> {
  return {
    read() {
      try {
        const result = v.safeParse(schema, JSON.parse(open().getItem(key) ?? 'null'));
        return result.success ? result.output : null;
      } catch {
        return null;
      }
    },
    write(value) {
      try {
        if (value === null) open().removeItem(key);
        else open().setItem(key, JSON.stringify(value));
      } catch {
        // then it is as if nothing had been noted
      }
    },
  };
}
