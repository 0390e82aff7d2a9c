import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { modulesOfSource, unreachedExports } from './helpers/exports';
import { longFunctions, longFunctionsOf } from './helpers/functions';
import { type Arrow, arrows, below, importGraph, sourceFiles } from './helpers/imports';

const inside = (arrow: Arrow): boolean =>
  sourceRooms.has(arrow.to.split('/')[0] as string) || arrow.to.startsWith('main');
const sourceRooms = new Set(['contract', 'formats', 'core', 'worker', 'headless', 'client', 'store', 'ui', 'lessons']);
const room = (path: string): string => path.split('/')[0]?.replace(/\.tsx?$/, '') as string;
const coreRoom = (path: string): string => path.split('/')[1]?.replace(/\.ts$/, '') as string;
const show = (found: Arrow[]): string[] => found.map(({ from, to }) => `${from} → ${to}`);

/** rooms that a room may import besides itself */
const MAY_IMPORT: Record<string, string[]> = {
  main: ['lessons', 'ui', 'store', 'client', 'contract'],
  lessons: ['ui', 'store', 'client', 'contract'],
  ui: ['store', 'client', 'contract'],
  store: ['client', 'formats', 'contract'],
  client: ['contract'],
  worker: ['core', 'formats', 'contract'],
  headless: ['worker', 'core', 'formats', 'contract'],
  core: ['contract'],
  formats: ['contract'],
  contract: [],
};

/**
 * of the page, the thread and the commands; and of the two modules that build/kernels.ts compiles, with all that they
 * export
 */
const ENTRIES = [
  'main.tsx',
  'client/early.ts',
  'worker/main.ts',
  'headless/check.ts',
  'headless/lab.ts',
  ...['player', 'together'].map((name) => `core/kernels/assembly/${name}.ts`),
];

/** floors of core; optim and sample are plain mathematics on tensors, so the model may stand on them too */
const CORE_MAY_IMPORT: Record<string, string[]> = {
  analysis: ['model', 'text', 'tensor', 'tf'],
  translate: ['train', 'losses', 'model', 'optim', 'kernels', 'text', 'tensor', 'tf'],
  train: ['analysis', 'sample', 'optim', 'losses', 'model', 'kernels', 'text', 'tensor', 'tf'],
  sample: ['tensor', 'tf'],
  losses: ['model', 'kernels', 'text', 'tensor', 'tf'],
  model: ['sample', 'optim', 'kernels', 'text', 'tensor', 'tf'],
  optim: ['tensor', 'tf'],
  kernels: ['tensor', 'tf'],
  text: ['tensor'],
  gridworld: ['tensor'],
  opinion: ['tensor'],
  tensor: ['tf'],
  tf: [],
};

describe('the rooms', () => {
  it('are all known', () => {
    expect([...new Set(arrows.map((arrow) => room(arrow.from)))].filter((name) => !(name in MAY_IMPORT))).toEqual([]);
  });

  it('import only downwards', () => {
    const wrong = arrows.filter((arrow) => {
      const [from, to] = [room(arrow.from), room(arrow.to)];
      return inside(arrow) && from !== to && !MAY_IMPORT[from]?.includes(to) && !isWorkerUrl(arrow);
    });
    expect(show(wrong)).toEqual([]);
  });

  it('of core import only downwards', () => {
    const ofCore = arrows.filter((arrow) => room(arrow.from) === 'core' && room(arrow.to) === 'core');
    const wrong = ofCore.filter((arrow) => {
      const [from, to] = [coreRoom(arrow.from), coreRoom(arrow.to)];
      return from !== to && !CORE_MAY_IMPORT[from]?.includes(to);
    });
    expect(show(wrong)).toEqual([]);
  });

  it('let only core/tf.ts import TensorFlow.js', () => {
    const wrong = arrows.filter(
      (arrow) => arrow.to.startsWith('@tensorflow/') && arrow.from !== 'core/tf.ts' && !isWasmFile(arrow),
    );
    expect(show(wrong)).toEqual([]);
  });

  it('keep the page free of core and worker, and the thread free of the page', () => {
    const page = ['main', 'lessons', 'ui', 'store', 'client'];
    const wrong = arrows.filter(
      (arrow) =>
        page.includes(room(arrow.from)) &&
        ['core', 'worker', 'headless'].includes(room(arrow.to)) &&
        !isWorkerUrl(arrow),
    );
    const outside = arrows.filter(
      (arrow) =>
        ['core', 'worker', 'headless', 'formats', 'contract'].includes(room(arrow.from)) &&
        /^(react|zustand|recharts|idb|radix-ui)/.test(arrow.to),
    );
    expect(show([...wrong, ...outside])).toEqual([]);
  });

  it('keep the thread together: only backends of tf.js come later', () => {
    const split = sourceFiles()
      .filter((file) => /^(worker|core)\//.test(below(file)))
      .filter((file) => /(?<!typeof )\bimport\(/.test(readFileSync(file, 'utf8')));
    expect(split.map(below)).toEqual(['core/tf.ts']);
  });

  it('have no circles: no file imports itself through others, not even for a type', () => {
    expect(circles()).toEqual([]);
  });

  it('ship no name that neither the page nor the thread nor a command reaches', () => {
    expect(unreachedExports(modulesOfSource(), ENTRIES)).toEqual([]);
  });

  it('have no function of page and thread that one screen cannot hold', () => {
    expect(longFunctionsOf(['store', 'ui', 'worker', 'lessons', 'client'], 60)).toEqual([]);
  });

  it('measure a function from its first line to its last, in whatever form it stands', () => {
    const text = 'const a = {\n  b: () => {\n    c();\n    d();\n  },\n};\nfunction e() {\n  f();\n}\n';
    expect(longFunctions('x.ts', text, 3)).toEqual([{ file: 'x.ts', name: 'b', lines: 4 }]);
    expect(longFunctions('x.ts', text, 2).map(({ name }) => name)).toEqual(['b', 'e']);
  });

  it('read the date at two doors, so that no duration is measured with a clock that jumps', () => {
    const asked = sourceFiles().filter((file) => /\bDate\.now\b|\bnew Date\(\s*\)/.test(readFileSync(file, 'utf8')));
    expect(asked.map(below).sort()).toEqual(['store/surroundings.ts', 'worker/main.ts']);
  });

  it('give core and formats no clock, no dice, no network and no page', () => {
    const forbidden =
      /\b(Math\.random|Date\.now|performance\.now|fetch\(|postMessage|document\.|window\.|localStorage|indexedDB)/;
    const wrong = sourceFiles()
      .filter((file) => /^(core|formats)/.test(below(file)))
      .filter((file) => forbidden.test(readFileSync(file, 'utf8').replace(/\/\*[\s\S]*?\*\/|\/\/.*$/gm, '')));
    expect(wrong.map(below)).toEqual([]);
  });
});

/** client names the threads only as URLs */
function isWorkerUrl(arrow: Arrow): boolean {
  return arrow.from.startsWith('client/') && /^worker\/(main|kernelThread)(\.ts)?$/.test(arrow.to);
}

/** the compiled wasm files are data that the worker serves to core */
function isWasmFile(arrow: Arrow): boolean {
  return arrow.from.startsWith('worker/') && /\.wasm\?url$/.test(arrow.to);
}

/** files that can be reached from themselves, each circle as the way around it */
function circles(): string[] {
  const imports = importGraph();
  const found: string[] = [];
  const finished = new Set<string>();
  const visit = (file: string, way: readonly string[]): void => {
    if (way.includes(file)) {
      found.push([...way.slice(way.indexOf(file)), file].join(' → '));
      return;
    }
    if (finished.has(file)) return;
    for (const next of imports.get(file)!) visit(next, [...way, file]);
    finished.add(file);
  };
  for (const file of imports.keys()) visit(file, []);
  return found;
}
