/**
 * How much of a lab is stored, noted in a second store of the browser. A browser that finds a database damaged deletes
 * it and makes a new one, as if nobody had ever been here: the note tells the one from the other.
 */
import * as v from 'valibot';

const COUNT = v.pipe(v.number(), v.integer(), v.minValue(0));
const NOTE = v.object({ votes: COUNT, rankings: COUNT, demonstrations: COUNT, models: COUNT, at: COUNT });

/** What was stored, and when that was noted, in milliseconds since 1970. */
export type Note = v.InferOutput<typeof NOTE>;

export interface Reminder {
  read(): Note | null;
  /** @param note null: there is nothing to be missed */
  write(note: Note | null): void;
}

const KEY = 'rlhf-lab';

/** @returns a reminder in localStorage; where the browser forbids that, or has no room in it, nothing is noted */
export function browserReminder(open: () => Storage = () => globalThis.localStorage): Reminder {
  return {
    read() {
      try {
        const result = v.safeParse(NOTE, JSON.parse(open().getItem(KEY) ?? 'null'));
        return result.success ? result.output : null;
      } catch {
        return null;
      }
    },
    write(note) {
      try {
        if (note) open().setItem(KEY, JSON.stringify(note));
        else open().removeItem(KEY);
      } catch {
        // then a loss cannot be told from a first visit
      }
    },
  };
}

/** where there is no second store */
export const noReminder = (): Reminder => ({ read: () => null, write: () => undefined });
