/**
 * Every field that takes a visitor's text, and every door for a file, is tried with a word of 2,000 letters in the
 * browser: one that is new in the code is missed here until it is.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';

const read = (folder: string, wanted: RegExp): string[] =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((file) => wanted.test(file))
    .map((file) => readFileSync(join(folder, file), 'utf8'));

const sources = ['src/ui', 'src/lessons'].flatMap((folder) => read(folder, /\.tsx$/));
const tried = read('tests/e2e', /^longWord.*\.ts$/).join('\n');

/** the opening tag of each such element, with its attributes */
const tagsOf = (name: string): string[] =>
  sources.flatMap((source) => {
    const code = source.replaceAll('=>', '  ');
    return [...code.matchAll(new RegExp(`<${name}\\b[^<>]*>`, 'g'))].map(([tag]) => tag);
  });
const labelIn = (tag: string): string[] => {
  const named = (key: string) => new RegExp(`\\b${key}=(?:"([^"]+)"|\\{([^}]+)\\})`).exec(tag);
  const label = named('fieldLabel') ?? named('label'); // what is behind the button may have a name of its own
  return label ? [label[1] ?? `{${label[2]}}`] : [];
};
/** what is typed by hand as lines of its own, which are named where they are made */
const MADE_ELSEWHERE: Record<string, readonly string[]> = {
  '{name}': [],
  '{`Find a ${unit}': ['Find a word'],
  '{label}': ['Liked words or phrases', 'Disliked words or phrases', 'Open a checkpoint file', 'Open a model file'],
};

describe('a word of 2,000 letters', () => {
  const fields = [
    ...tagsOf('TextField'),
    ...tagsOf('FileDrop'),
    ...tagsOf('input').filter((tag) => /type="(file|text)"/.test(tag)),
  ];
  const labels = new Set(fields.flatMap(labelIn).flatMap((label) => MADE_ELSEWHERE[label] ?? [label]));

  it('finds the fields of the code', () => {
    expect(fields.length).toBeGreaterThan(25);
  });

  it.each([...labels])('is tried in “%s”', (label) => {
    expect(tried).toContain(label);
  });
});
