/** A report as one HTML file: no script, no request, nothing but itself. A policy in its head forbids both. */

import { qrPath } from '../../../primitives/qrPath';
import type { Block, Report, ReportSection, ReportSplits, ReportTable, ReportTexts } from './blocks';
import { chartMarkup } from './curves';
import { escaped } from './escaped';
import { STYLE } from './style';

/** characters; more make modules that a printer blurs */
const LONGEST_LINK = 300;
const POLICY = "default-src 'none'; style-src 'unsafe-inline'";

function tableMarkup({ head, rows }: ReportTable): string {
  if (rows.length === 0) return '';
  const top = head
    ? `<thead><tr>${head.map((cell) => `<th scope="col">${escaped(cell)}</th>`).join('')}</tr></thead>`
    : '';
  const body = rows.map(
    ([name = '', ...cells]) =>
      `<tr><th scope="row">${escaped(name)}</th>${cells.map((cell) => `<td>${escaped(cell)}</td>`).join('')}</tr>`,
  );
  return `<table>${top}<tbody>${body.join('')}</tbody></table>`;
}

const textsMarkup = ({ texts, labels }: ReportTexts): string =>
  texts
    .map(
      ({ prompt, before, after }) =>
        `<p class="prompt">${escaped(prompt)}</p><p class="text"><b>${escaped(labels[0])}</b>${escaped(before)}</p><p class="text after"><b>${escaped(labels[1])}</b>${escaped(after)}</p>`,
    )
    .join('');

function splitsMarkup({ rows }: ReportSplits): string {
  if (rows.length === 0) return '';
  const bars = rows.map(({ label, first, tied, second }) => {
    const parts = Object.entries({ first, tied, second }).filter(([, count]) => count > 0);
    const drawn = parts.map(([side, count]) => `<i class="${side}" style="flex:${count}"></i>`).join('');
    return `<span>${escaped(label)}</span><span class="bar" aria-hidden="true">${drawn}</span><span>${first} : ${second}</span>`;
  });
  return `<div class="splits">${bars.join('')}</div>`;
}

function blockMarkup(block: Block): string {
  switch (block.kind) {
    case 'chart':
      return chartMarkup(block);
    case 'table':
      return tableMarkup(block);
    case 'texts':
      return textsMarkup(block);
    case 'splits':
      return splitsMarkup(block);
    case 'words':
      return `<p class="words">${escaped(block.text)}</p>`;
  }
}

/** parts that are empty are left out, and the others counted on */
function sectionsMarkup(sections: readonly ReportSection[]): string {
  return sections
    .map(({ heading, wide, blocks }) => ({ heading, wide, inner: blocks.map(blockMarkup).join('') }))
    .filter(({ inner }) => inner !== '')
    .map(
      ({ heading, wide, inner }, i) =>
        `<section${wide ? ' class="wide"' : ''}><h2>${i + 1}&ensp;${escaped(heading)}</h2>${inner}</section>`,
    )
    .join('\n');
}

/** black on white, since cameras read no other; nothing where the address is too long to be read from paper */
function linkMarkup(link: string): string {
  if (link.length > LONGEST_LINK) return '';
  const { path, size } = qrPath(link);
  return `<svg class="qr" viewBox="0 0 ${size} ${size}" shape-rendering="crispEdges" role="img" aria-label="QR code of ${escaped(link)}"><path d="${path}"/></svg>`;
}

export const reportMarkup = ({ title, by, link, lead, sections, again }: Report): string => `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${POLICY}">
<meta name="viewport" content="width=device-width">
<title>${escaped(title)}</title>
<style>${STYLE}</style>
</head>
<body>
<header>
${linkMarkup(link)}<p class="eyebrow">RLHF lab · report</p>
<h1>${escaped(title)}</h1>
<p class="by">${escaped(by)}</p>
<p class="name-line">Name <span></span> by hand: the lab does not know it</p>
</header>
${lead === null ? '' : `<p class="lead">${escaped(lead)}</p>`}
<main>
${sectionsMarkup(sections)}
</main>
<footer>
<p><b>To do it again</b> ${escaped(again.join(', '))}.</p>
<p>One file, made without a network; it asks for nothing when opened. Curves stay sharp at any size.</p>
</footer>
</body>
</html>
`;
