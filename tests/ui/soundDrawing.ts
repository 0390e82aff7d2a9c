import type { ReactNode } from 'react';
import { renderToStaticMarkup } from 'react-dom/server';
import { expect } from 'vitest';

/** what no browser draws, where it stands: a page in a test leaves such a style out, and says nothing */
const WRONG = / (?!data-|aria-|title=)[\w-]+="[^"]*(?:NaN|Infinity)[^"]*"/;

/** As React writes it. A drawing has as many parts as it shows, and no coordinate that is none. */
export function expectSound(drawing: ReactNode, most = 2000): void {
  const markup = renderToStaticMarkup(drawing);
  expect(WRONG.exec(markup)?.[0]).toBeUndefined();
  expect(markup.split('<').length).toBeLessThan(most);
  expect(markup.replaceAll(/<[^>]*>/g, ' ')).not.toMatch(/NaN|Infinity/);
}
