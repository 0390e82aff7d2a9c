/** What is said of a file. */
import { LabError } from '../contract/errors';
import { withShortWords } from '../contract/limits';
import type { OpinionKind } from '../formats/opinions';

export interface Refusal {
  /** a line from 1, a byte, a tensor or a file of a folder; null where it is all of it */
  at: number | string | null;
  why: string;
}

export interface Verdict {
  /** what most rows are; null where nothing fits */
  kind: OpinionKind | 'text' | 'model' | null;
  /** lines that hold something; 1 for a text or a model */
  rows: number;
  kept: number;
  notes: string[];
  refused: Refusal[];
  /** of a text: how many it is at Data's defaults, by tokenizer */
  tokens?: { char: number; word: number; bpe: number };
}

/** @returns that nothing of it was kept */
export const refusal = (kind: 'text' | 'model' | null, why: string, at: Refusal['at'] = null): Verdict => ({
  kind,
  rows: kind === null ? 0 : 1,
  kept: 0,
  notes: [],
  refused: [{ at, why }],
});

/** how messages of the readers name the part that is wrong */
const NAMED_PART =
  /^(?:tensor (.*?)(?::? (?:is missing|is \[|is not in|is of|its numbers|holds|begins|bytes|stands|\[|"))|metadata (\S+?):|((?:[\w-]+\.)+(?:json|safetensors|txt))(?=[: ])|(Byte \d+) )/s;

/** @throws whatever is no trouble with a file */
export function refusalOf(kind: 'text' | 'model' | null, error: unknown): Verdict {
  if (!(error instanceof LabError)) throw error;
  const [, tensor, field, file, byte] = NAMED_PART.exec(error.message) ?? [];
  const at = tensor ?? field ?? file ?? byte?.toLowerCase() ?? null;
  return refusal(kind, withShortWords(error.message), at === null ? null : withShortWords(at));
}
