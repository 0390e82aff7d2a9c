/** How much script a visitor waits for before anything shows: the entry of the page with all that it imports at once. */
import { gzipSync } from 'node:zlib';
import { build, type Rolldown } from 'vite';
import { beforeAll, describe, expect, it } from 'vitest';

/** bytes, each file by gzip; what waits behind a press or a stage comes in a file of its own */
const LIMIT = 168_000;

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
  beforeAll(async () => {
    const files = await builtFiles();
    chunks = files.filter((file) => file.type === 'chunk');
    eager = eagerOf(chunks);
    const html = files.find(({ fileName }) => fileName === 'index.html');
    page = html?.type === 'asset' ? String(html.source) : '';
  }, 240_000);
  const modules = () => eager.flatMap((chunk) => Object.keys(chunk.modules));

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
    expect(named.some(({ facadeModuleId }) => facadeModuleId?.endsWith('/panels/Start/Start.tsx'))).toBe(true);
    expect(named.flatMap(({ imports }) => imports).filter((name) => !here.has(name))).toEqual([]);
  });
});
