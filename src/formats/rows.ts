/**
 * How tables write the fields of an opinion. A data frame has a cell for every column in every row, so what a line of
 * the lab leaves out comes back as null or blank; a column of ids that look like numbers comes back as numbers, one of
 * true and false as 1 and 0.
 */
import * as v from 'valibot';
import type { Row } from './lines';
import { AtSchema, IdSchema, RaterSchema, TextOfOpinion, WriterSchema } from './opinionSchemas';

/** something, and not too much of it */
export const FilledText = v.pipe(
  TextOfOpinion,
  v.check((value) => value.trim() !== '', 'empty'),
);

/** a cell with nothing in it */
const isBlank = (value: unknown): boolean => value === '';
const hasName = (rater: object): boolean => !('name' in rater) || (rater.name !== null && !isBlank(rater.name));

/** whether the row says anything under this name */
export const says = (row: Row, key: string): boolean => {
  const value = row[key];
  return value !== undefined && !isBlank(value) && !(Array.isArray(value) && value.length === 0);
};

/** @returns the row without the blank cells under these names: absent fields, all of which may be left out */
export function withoutBlanks(row: Row, optional: readonly string[]): Row {
  const blank = optional.filter((key) => isBlank(row[key]));
  return blank.length === 0 ? row : Object.fromEntries(Object.entries(row).filter(([key]) => !blank.includes(key)));
}

const asId = (value: unknown): unknown => (Number.isSafeInteger(value) ? String(value) : value);
export const IdCell = v.pipe(v.unknown(), v.transform(asId), IdSchema);
export const WriterCell = v.pipe(v.unknown(), v.transform(asId), WriterSchema);

const asBoolean = (value: unknown): unknown => (value === 0 || value === 1 ? value === 1 : value);
export const BooleanCell = v.pipe(v.unknown(), v.transform(asBoolean), v.boolean());

const ISO_MOMENT = /^(\d{4}-\d\d-\d\d)(?:[T ](\d\d:\d\d(?::\d\d(?:\.\d+)?)?)(Z|[+-]\d\d:?\d\d)?)?$/;

/** a column of moments may have become dates in words; where no zone is said it is UTC, as tables keep it */
function asMoment(value: unknown): unknown {
  const found = typeof value === 'string' ? ISO_MOMENT.exec(value) : null;
  if (!found) return value;
  const [, day, time = '00:00', zone = 'Z'] = found;
  return Date.parse(`${day}T${time}${zone}`);
}
export const AtCell = v.pipe(v.unknown(), v.transform(asMoment), AtSchema);

/** a rater without a name is how a typed column writes that there is none */
function asRater(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  return hasName(value)
    ? Object.fromEntries(Object.entries(value).filter(([, field]) => field !== null && !isBlank(field)))
    : null;
}
export const RaterCell = v.pipe(v.unknown(), v.transform(asRater), v.nullable(RaterSchema));

/** Nothing was chosen between two texts that differ in nothing but the space around them. */
export const isSameText = (one: string, other: string): boolean => one.trim() === other.trim();
