/**
 * How much of a lab is stored, noted in a second store of the browser. A browser that finds a database damaged deletes
 * it and makes a new one, as if nobody had ever been here: the note tells the one from the other.
 */
import * as v from 'valibot';
import { type LocalNote, localNote } from './localNote';

const COUNT = v.pipe(v.number(), v.integer(), v.minValue(0));
const NOTE = v.object({ votes: COUNT, rankings: COUNT, demonstrations: COUNT, models: COUNT, at: COUNT });

/** What was stored, and when that was noted, in milliseconds since 1970. */
export type Note = v.InferOutput<typeof NOTE>;

/** null: there is nothing to be missed */
export type Reminder = LocalNote<Note>;

const KEY = 'rlhf-lab';

/** @returns a reminder in localStorage; without it a loss cannot be told from a first visit */
export const browserReminder = (open: () => Storage = () => globalThis.localStorage): Reminder =>
  localNote(KEY, NOTE, open);

/** where there is no second store */
export const noReminder = (): Reminder => ({ read: () => null, write: () => undefined });
