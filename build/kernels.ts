/**
 * Compiles the kernels in `src/core/kernels/assembly` to WebAssembly: for the page through the plugin below, for tests
 * and commands under Node directly. What was compiled from the same sources is kept beside the other caches in
 * `node_modules`.
 */
import { createHash, randomUUID } from 'node:crypto';
import { mkdir, readdir, readFile, rename, writeFile } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import type { Plugin } from 'vite';

const FOLDER = resolve(import.meta.dirname, '../src/core/kernels/assembly');
const CACHE = resolve(import.meta.dirname, '../node_modules/.cache/rlhf-lab');

/** on memory of its own; on memory that threads share; both with fast arithmetic too */
export type KernelModule = 'player' | 'together' | 'fastPlayer' | 'fastTogether';

const COMMON = ['-O3', '--enable', 'simd', '--converge', '--runtime', 'stub', '--noAssert', '--use', 'abort='];
/** of 64 KiB: all that 32 bits can address */
const MEMORY = ['--importMemory', '--initialMemory', '1', '--maximumMemory', '65536'];
const ALONE = [...COMMON, ...MEMORY, '--disableWarning', '201'];
const TOGETHER = [...ALONE, '--enable', 'threads', '--sharedMemory'];
const FAST = ['--enable', 'relaxed-simd'];
const OPTIONS: Record<KernelModule, string[]> = {
  player: ALONE,
  together: TOGETHER,
  fastPlayer: [...ALONE, ...FAST],
  fastTogether: [...TOGETHER, ...FAST],
};

/** the kernels' files by name */
export async function kernelSources(): Promise<Map<string, string>> {
  const names = (await readdir(FOLDER)).filter((name) => name.endsWith('.ts')).sort();
  const texts = await Promise.all(names.map((name) => readFile(join(FOLDER, name), 'utf8')));
  return new Map(names.map((name, i) => [name, texts[i]!]));
}

/** @param entry one of the files, by name */
export async function compileAssembly(
  entry: string,
  files: ReadonlyMap<string, string>,
  options = OPTIONS.player,
): Promise<Uint8Array<ArrayBuffer>> {
  const { default: asc } = await import('assemblyscript/asc');
  let compiled: Uint8Array | null = null;
  const { error, stderr } = await asc.main([entry, '--outFile', 'kernels.wasm', ...options], {
    readFile: (name) => files.get(name) ?? null,
    writeFile: (_, contents) => {
      if (typeof contents !== 'string') compiled = contents;
    },
    listFiles: () => [],
  });
  if (error || !compiled) throw new Error(`${entry} does not compile: ${stderr.toString() || error?.message}`);
  return Uint8Array.from(compiled);
}

/**
 * @param hasty little is optimised, for what only tests run
 * @returns a module of these sources, compiled once and then kept
 */
export async function moduleOf(
  module: KernelModule,
  files: ReadonlyMap<string, string>,
  hasty = false,
): Promise<Uint8Array<ArrayBuffer>> {
  const options = hasty ? OPTIONS[module].map((option) => (option === '-O3' ? '-O1' : option)) : OPTIONS[module];
  const hash = createHash('sha256')
    .update(JSON.stringify([options, ...files]))
    .digest('hex');
  const path = join(CACHE, `${module}-${hash.slice(0, 16)}.wasm`);
  const known = await readFile(path).catch(() => null);
  if (known) return Uint8Array.from(known);
  const bytes = await compileAssembly(`${module}.ts`, files, options);
  await mkdir(CACHE, { recursive: true });
  const written = `${path}.${randomUUID()}`;
  await writeFile(written, bytes);
  await rename(written, path); // others may be reading
  return bytes;
}

const inTheMaking = new Map<KernelModule, Promise<Uint8Array<ArrayBuffer>>>();

/** @returns the bytes of a module, which is compiled once, however many ask for it at the same time */
export function kernelBytes(module: KernelModule): Promise<Uint8Array<ArrayBuffer>> {
  const known = inTheMaking.get(module);
  if (known) return known;
  const bytes = kernelSources()
    .then((files) => moduleOf(module, files))
    .finally(() => inTheMaking.delete(module));
  inTheMaking.set(module, bytes);
  return bytes;
}

/** @returns the bytes of all of them, by name */
export async function kernelFiles(): Promise<Record<KernelModule, Uint8Array<ArrayBuffer>>> {
  const [player, together, fastPlayer, fastTogether] = await Promise.all([
    kernelBytes('player'),
    kernelBytes('together'),
    kernelBytes('fastPlayer'),
    kernelBytes('fastTogether'),
  ]);
  return { player, together, fastPlayer, fastTogether };
}

const ADDRESS = /\/assembly\/(player|together|fastPlayer|fastTogether)\.ts\?url$/;

/**
 * `import kernels from '…/assembly/player.ts?url'` is the address of the compiled module. It lies in the script itself:
 * small as it is, it must be there when a graphics device is lost and no network is left.
 */
export function kernelModules(): Plugin {
  return {
    name: 'kernel-modules',
    enforce: 'pre',
    async load(id) {
      if (!ADDRESS.test(id)) return null;
      const bytes = await kernelBytes(basename(id, '.ts?url') as KernelModule);
      return `export default 'data:application/wasm;base64,${Buffer.from(bytes).toString('base64')}';`;
    },
  };
}
