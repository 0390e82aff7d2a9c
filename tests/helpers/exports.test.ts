import { describe, expect, it } from 'vitest';
import { modulesOfSource, readModule, unreachedExports } from './exports';

const read = (files: Record<string, string>): string[] =>
  unreachedExports(new Map(Object.entries(files).map(([file, text]) => [file, readModule(file, text)])), ['main.tsx']);

/** names of real files, because an address is looked up among them */
const [KL, GAE, WHITEN] = ['core/losses/kl.ts', 'core/losses/gae.ts', 'core/losses/whiten.ts'];

describe('what nothing reaches', () => {
  it('is an export that only its own dead file uses', () => {
    expect(
      read({
        'main.tsx': `import { used } from './core/losses/kl';\nused();\n`,
        [KL]: `const helper = 1;\n\nexport const used = () => helper;\n\nexport function dead() {\n  return used();\n}\n\nexport type Dead = typeof dead;\n`,
      }),
    ).toEqual([`${KL} dead`, `${KL} Dead`]);
  });

  it('is not what is handed on, renamed, taken whole, loaded later, or used by a statement of a file that is run', () => {
    expect(
      read({
        'main.tsx': `import { a as b } from './core/losses/kl';\nimport * as all from './core/losses/gae';\n\nb(all.c, import('./core/losses/whiten').then(({ d }) => d));\n`,
        [KL]: `export { c as a } from './gae';\n`,
        [GAE]: `export const c = 1;\n\nexport const e = 2;\n`,
        [WHITEN]: `export const d = 1;\n\nexport const f = 2;\n\nstart(f);\n`,
      }),
    ).toEqual([`${GAE} e`]);
  });

  it('is not found by its name in a comment', () => {
    expect(
      read({ 'main.tsx': `import './core/losses/kl';\n// dead\n/** dead */\n`, [KL]: `export const dead = 1;\n` }),
    ).toEqual([`${KL} dead`]);
  });

  it('would be seen in the source itself', () => {
    expect(modulesOfSource().get(KL)!.exported).toContain('klEstimate');
  });
});
