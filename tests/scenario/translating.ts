/** The translator of the page, trained by its own recipe: the acceptance of Translate. */
import { TranslatorRun } from '../../src/core/translate/translatorRun';
import { atLeast, atMost, type Row } from './checks';
import type { Lab } from './lab';

/** From nothing: held-out sentences without one wrong word, and where the strongest head looks. */
export async function translating({ seed }: Lab): Promise<Row[]> {
  const run = new TranslatorRun(seed);
  const started = performance.now();
  let [exact, cut] = [Number.NaN, Number.NaN];
  while (!run.isDone) {
    const values = await run.next();
    exact = values['translator/exactMatch'] ?? exact;
    cut = values['translator/exactMatchCut'] ?? cut;
  }
  const { layer, head, agreement } = await run.strongest();
  const seconds = (performance.now() - started) / 1000;
  console.log(`  ${run.totalSteps} steps in ${seconds.toFixed(0)} s; block ${layer + 1}, head ${head + 1}`);
  run.dispose();
  return [
    atLeast('translate.exact', `translator, ${run.totalSteps} steps: held-out exact match`, exact, 0.95),
    atMost('translate.cut', 'translator: the same with cross-attention cut', cut, 0.05),
    atLeast('translate.partner', 'translator: strongest head reads the true partner of content words', agreement, 0.8),
  ];
}
