/**
 * Measures the card of the machine that opens the page, and shows the report as JSON. `#filter=ID` after the address
 * measures only what has ID in its name.
 */
import { measureCard } from '../report';

const element = (id: string): HTMLElement => document.getElementById(id)!;
const tell = (what: string): void => {
  element('state').textContent = what;
};

function fileOf(text: string): HTMLAnchorElement {
  const href = URL.createObjectURL(new Blob([text], { type: 'application/json' }));
  return Object.assign(document.createElement('a'), { href, download: 'card.json', textContent: 'Save as card.json' });
}

async function measure(): Promise<void> {
  const filter = new URLSearchParams(location.hash.slice(1)).get('filter') ?? '';
  const report = await measureCard({ filter, tell: (what) => tell(`Measuring: ${what} …`) });
  const text = `${JSON.stringify(report, null, 2)}\n`;
  element('report').textContent = text;
  element('file').append(fileOf(text));
  tell('Done.');
}

void measure().catch((error: Error) => tell(`Failed: ${error.message}`));
