/** How much script a visitor waits for before anything shows: the entry of the page with all that it imports at once. */
import { gzipSync } from 'node:zlib';
import { build, type Rolldown } from 'vite';
import { beforeAll, describe, expect, it } from 'vitest';

/** bytes, each file by gzip; what waits behind a press or a stage comes in a file of its own */
const LIMIT = 168_000;
/** of the computing thread, which computes nothing before */
const THREAD_LIMIT = 400_000;

type Chunk = Rolldown.OutputChunk;

async function builtFiles(): Promise<Rolldown.RolldownOutput['output']> {
  process.env.NODE_ENV = 'production'; // vitest says 'test', and Vite would build what the dev server serves
  const built = await build({ build: { write: false }, logLevel: 'warn' });
  return (built as Rolldown.RolldownOutput).output;
}

/** the page's entry, and what the browser fetches before it runs */
function eagerOf(chunks: readonly Chunk[]): Chunk[] {
  const byName = new Map(chunks.map((chunk) => [chunk.fileName, chunk]));
  const eager = new Set(chunks.filter(({ facadeModuleId }) => facadeModuleId?.endsWith('/index.html')));
  for (const { imports } of eager) for (const name of imports) eager.add(byName.get(name)!);
  return [...eager];
}

describe('the first screen', () => {
  let chunks: Chunk[];
  let eager: Chunk[];
  let page: string;
  /** texts of the computing thread by name */
  let thread: [string, string][];
  beforeAll(async () => {
    const files = await builtFiles();
    chunks = files.filter((file) => file.type === 'chunk');
    eager = eagerOf(chunks);
    const texts = files.flatMap((file): [string, string][] =>
      file.type === 'asset' && /\.(html|js)$/.test(file.fileName) ? [[file.fileName, String(file.source)]] : [],
    );
    page = texts.find(([name]) => name === 'index.html')![1];
    thread = texts.filter(([name]) => /^assets\/.+\.js$/.test(name));
  }, 240_000);
  const modules = () => eager.flatMap((chunk) => Object.keys(chunk.modules));
  const holds = (chunk: Chunk, file: string) => chunk.moduleIds.some((id) => id.endsWith(file));

  it(`waits for less than ${LIMIT} bytes of script`, () => {
    expect(modules().some((id) => id.endsWith('/src/main.tsx'))).toBe(true);
    expect(eager.reduce((sum, { code }) => sum + gzipSync(code, { level: 9 }).length, 0)).toBeLessThan(LIMIT);
  });

  it.each(['recharts', '@tensorflow', '@floating-ui', 'src/core/', 'src/ui/panels/Start/'])(
    'leaves %s for later',
    (part) => {
      expect(modules().filter((id) => id.includes(part))).toEqual([]);
    },
  );

  it('is told to the browser whole before a script asks: the stage that the page opens with, and what that imports', () => {
    const named = chunks.filter(({ fileName }) => page.includes(`rel="modulepreload" href="./${fileName}"`));
    const here = new Set([...named, ...eager].map(({ fileName }) => fileName));
    expect(named.some((chunk) => holds(chunk, '/panels/Start/Start.tsx'))).toBe(true);
    expect(named.flatMap(({ imports }) => imports).filter((name) => !here.has(name))).toEqual([]);
  });

  it.each(['Start', 'Compare'])('is followed by one more file for %s', (stage) => {
    const [chunk, ...others] = chunks.filter((one) => holds(one, `/panels/${stage}/${stage}.tsx`));
    expect(others).toEqual([]);
    const known = ['Start', 'Compare'].map((name) => `/panels/${name}/${name}.tsx`);
    const further = chunks
      .filter(({ fileName }) => chunk?.imports.includes(fileName))
      .filter((one) => !eager.includes(one));
    expect(further.filter((one) => !known.some((file) => holds(one, file))).map(({ fileName }) => fileName)).toEqual(
      [],
    );
  });

  it('asks for the computing thread by a script that waits for no other, and that no other waits for', () => {
    const early = chunks.find((chunk) => holds(chunk, '/src/client/early.ts'));
    expect(early?.moduleIds).toHaveLength(1);
    expect(early?.imports).toEqual([]);
    expect(chunks.filter(({ imports }) => imports.includes(early!.fileName))).toEqual([]);
    expect(page).toContain(`<script type="module" async crossorigin src="./${early?.fileName}">`);
  });

  it(`has a computing thread of less than ${THREAD_LIMIT} bytes`, () => {
    const importsOf = (text: string): string[] =>
      [...text.matchAll(/(?:^import|;import|\bfrom)\s*["'`]\.\/([\w.-]+)["'`]/g)].map(([, name]) => name!);
    const whole = new Map(thread.filter(([name]) => name.startsWith('assets/main-')));
    for (const [, text] of whole)
      for (const name of importsOf(text)) whole.set(`assets/${name}`, new Map(thread).get(`assets/${name}`)!);
    expect([...whole.keys()].filter((name) => name.startsWith('assets/lab-'))).toHaveLength(1);
    const sizes = [...whole.values()].map((text) => gzipSync(text, { level: 9 }).length);
    expect(sizes.reduce((sum, size) => sum + size, 0)).toBeLessThan(THREAD_LIMIT);
  });

  it('has no part of the thread import from its entry: WebKit would begin it anew', () => {
    const [entry] = thread.find(([name]) => name.startsWith('assets/main-'))!;
    const parts = thread.filter(([, text]) => text.includes(entry.replace('assets/', './')));
    expect(parts.map(([name]) => name)).toEqual([]);
  });
});
