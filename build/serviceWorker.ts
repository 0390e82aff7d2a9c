/** Compiles src/offline/serviceWorker.ts to sw.js beside the page, with the names of all files of this build. */
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, relative, resolve, sep } from 'node:path';
import { type Plugin, transformWithOxc } from 'vite';

const SOURCE = resolve(import.meta.dirname, '../src/offline/serviceWorker.ts');

/** What hosts read and never serve, and what is the page itself. */
const NOT_KEPT = /^(_headers|index\.html|.*\.map)$/;

function filesBelow(folder: string): Map<string, Buffer> {
  if (!existsSync(folder)) return new Map();
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  return new Map(
    entries.map(({ parentPath, name }) => {
      const file = join(parentPath, name);
      return [relative(folder, file).split(sep).join('/'), readFileSync(file)];
    }),
  );
}

/** @param files content by path below the page @returns the worker that keeps them, the same for the same files */
async function workerOf(files: ReadonlyMap<string, string | Uint8Array>): Promise<string> {
  const paths = [...files.keys()].sort();
  const hash = createHash('sha256');
  for (const path of paths) hash.update(`${path}\0`).update(files.get(path)!).update('\0');
  const names = paths.filter((path) => !NOT_KEPT.test(path));
  const { code } = await transformWithOxc(readFileSync(SOURCE, 'utf8'), SOURCE);
  const filled = `const FILES = ${JSON.stringify(names)};\nconst VERSION = '${hash.digest('hex').slice(0, 12)}';\n`;
  return filled + code;
}

export function serviceWorker(): Plugin {
  let publicDir = '';
  return {
    name: 'service-worker',
    apply: 'build',
    configResolved(config) {
      publicDir = config.publicDir;
    },
    generateBundle: {
      order: 'post',
      async handler(_, bundle) {
        const built = Object.values(bundle).map(
          (file) => [file.fileName, file.type === 'chunk' ? file.code : file.source] as const,
        );
        const files = new Map<string, string | Uint8Array>([...filesBelow(publicDir), ...built]);
        this.emitFile({ type: 'asset', fileName: 'sw.js', source: await workerOf(files) });
      },
    },
  };
}
