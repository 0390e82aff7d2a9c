/** What the page asks for at once, beside its entry: the computing thread, and the stage that it opens with. */
import type { HtmlTagDescriptor, Plugin, Rolldown } from 'vite';

type Chunk = Rolldown.OutputChunk;
type WithStyles = Chunk & { viteMetadata?: { importedCss: Set<string> } };

const FIRST_STAGE = '/src/ui/panels/Start/Start.tsx';

/** the script that asks for the computing thread */
export const EARLY = /\/src\/client\/early\.ts$/;

const chunkOf = (bundle: Rolldown.OutputBundle, isWanted: (id: string) => boolean): Chunk | undefined =>
  Object.values(bundle).find((file): file is Chunk => file.type === 'chunk' && file.moduleIds.some(isWanted));

/** That script in the page. */
export function earlyThread(): Plugin {
  return {
    name: 'early-thread',
    apply: 'build',
    buildStart() {
      this.emitFile({ type: 'chunk', id: 'src/client/early.ts' });
    },
    transformIndexHtml: {
      order: 'post',
      handler(_, { bundle = {} }) {
        const early = chunkOf(bundle, (id) => EARLY.test(id));
        if (!early || early.imports.length > 0) throw new Error('early.ts has to be a chunk that waits for no other');
        const attrs = { type: 'module', async: true, crossorigin: true, src: `./${early.fileName}` };
        return [{ tag: 'script', attrs, injectTo: 'head' }];
      },
    },
  };
}

/** @returns the chunk and all that it imports at once, without what the page asks for itself */
function wholeOf(first: Chunk, bundle: Rolldown.OutputBundle, known: ReadonlySet<string>): Chunk[] {
  const found = new Set([first]);
  for (const { imports } of found)
    for (const name of imports) {
      const part = bundle[name];
      if (part?.type === 'chunk' && !known.has(name)) found.add(part);
    }
  return [...found];
}

/** The scripts and styles of the stage that the page opens with. */
export function firstStageAhead(): Plugin {
  return {
    name: 'first-stage-ahead',
    apply: 'build',
    transformIndexHtml: {
      order: 'post',
      handler(_, { bundle = {}, chunk }) {
        const first = chunkOf(bundle, (id) => id.endsWith(FIRST_STAGE));
        if (!first) throw new Error(`${FIRST_STAGE} is in no chunk`);
        const parts = wholeOf(first, bundle, new Set([chunk?.fileName ?? '', ...(chunk?.imports ?? [])]));
        const styles = new Set(parts.flatMap((part) => [...((part as WithStyles).viteMetadata?.importedCss ?? [])]));
        const link = (attrs: Record<string, string | boolean>): HtmlTagDescriptor => ({
          tag: 'link',
          attrs: { ...attrs, crossorigin: true },
          injectTo: 'head',
        });
        return [
          ...parts.map(({ fileName }) => link({ rel: 'modulepreload', href: `./${fileName}` })),
          ...[...styles].map((fileName) => link({ rel: 'preload', as: 'style', href: `./${fileName}` })),
        ];
      },
    },
  };
}
