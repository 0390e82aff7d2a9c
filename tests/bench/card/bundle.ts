/** The trial and the benchmark of a graphics card as one file, to be opened in a browser on the machine that has it. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'vite';
import { leanTf } from '../../../build/leanTf';

const ROOT = join(import.meta.dirname, 'page');
const SCRIPT = /<script type="module"[^>]* src="([^"]+)"[^>]*><\/script>/;

/** a page from a disk may not load a module beside it, so the script stands in the page, at its end */
function inlined(outDir: string): string {
  const page = readFileSync(join(outDir, 'index.html'), 'utf8');
  const [tag, source] = page.match(SCRIPT) ?? [];
  if (!tag || !source) throw new Error('the built page has no script');
  const script = readFileSync(join(outDir, source), 'utf8').replaceAll('</script', '<\\/script');
  return page.replace(tag, '').replace('</body>', () => `<script type="module">${script}</script>\n</body>`);
}

/** @param file an HTML page that needs nothing beside it */
export async function bundleCard(file: string): Promise<void> {
  const outDir = mkdtempSync(join(tmpdir(), 'rlhf-lab-card-'));
  try {
    await build({
      configFile: false,
      root: ROOT,
      base: './',
      logLevel: 'warn',
      plugins: [leanTf()],
      build: {
        outDir,
        emptyOutDir: true,
        target: 'esnext',
        modulePreload: false,
        chunkSizeWarningLimit: 10_000,
        rolldownOptions: { output: { codeSplitting: false } }, // a backend that comes later would be another file
      },
    });
    writeFileSync(file, inlined(outDir));
  } finally {
    rmSync(outDir, { recursive: true });
  }
}
