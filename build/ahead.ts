/** What the first screen is made of besides the entry: the browser is told of it in the page, before a script asks. */
import type { HtmlTagDescriptor, Plugin, Rolldown } from 'vite';

type Chunk = Rolldown.OutputChunk;
type WithStyles = Chunk & { viteMetadata?: { importedCss: Set<string> } };

const FIRST_STAGE = '/src/ui/panels/Start/Start.tsx';

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
        const first = Object.values(bundle).find(
          (one) => one.type === 'chunk' && one.facadeModuleId?.endsWith(FIRST_STAGE),
        );
        if (first?.type !== 'chunk') throw new Error(`${FIRST_STAGE} is no chunk of its own`);
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
