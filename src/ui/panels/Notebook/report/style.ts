/** The paper: one A4 sheet as a rule, in colour or in grey. */
export const STYLE = `
@page{size:A4;margin:12mm}
*{box-sizing:border-box}
:root{color-scheme:light;--ink:#16181c;--ink-2:#43484f;--line:#d5d0c5;--policy:#0069b4;--reference:#5b616b;--reward:#b34a00;--gold:#7d5900;--value:#007a63;--rejected:#a3426b;--serif:Charter,Georgia,"DejaVu Serif",serif}
body{margin:0 auto;max-width:794px;padding:40px 44px;background:#fff;color:var(--ink);font:13px/1.45 system-ui,"Segoe UI",Arial,"DejaVu Sans",sans-serif;font-variant-numeric:tabular-nums;overflow-wrap:anywhere}
h1,h2,p{margin:0}
svg.qr{float:right;width:96px;height:96px;margin-left:20px;background:#fff;print-color-adjust:exact;-webkit-print-color-adjust:exact}
.eyebrow{font-size:12px;font-weight:700;letter-spacing:.08em;text-transform:uppercase;color:var(--ink-2)}
h1{font:400 29px/1.2 var(--serif);margin:2px 0 3px}
.by{color:var(--ink-2)}
.name-line{margin-top:12px;color:var(--ink-2)}
.name-line span{display:inline-block;width:230px;border-bottom:1px solid var(--ink-2)}
.lead{margin:16px 0;padding-left:14px;border-left:3px solid var(--reward);font:17px/1.45 var(--serif)}
main{display:grid;grid-template-columns:minmax(0,1fr) minmax(0,1fr);gap:16px 30px;margin-top:16px}
section{break-inside:avoid;min-width:0}
section.wide{grid-column:1/-1}
h2{font-size:14px;font-weight:650;margin-bottom:6px;break-after:avoid}
svg{display:block;width:100%;height:auto}
svg text{font:12px system-ui,"Segoe UI",Arial,"DejaVu Sans",sans-serif;fill:var(--ink-2)}
svg .grid{stroke:var(--line);fill:none}
svg .line{fill:none;stroke-width:2.2;stroke-linejoin:round}
svg path.mark{stroke:var(--ink-2);stroke-dasharray:4 3;fill:none}
svg .name,svg text.mark{font-weight:650;paint-order:stroke;stroke:#fff;stroke-width:3px}
${['policy', 'reference', 'reward', 'gold', 'value'].map((ink) => `svg path.${ink}{stroke:var(--${ink})}svg text.${ink}{fill:var(--${ink})}`).join('')}
table{width:100%;border-collapse:collapse}
th{font-weight:600;font-size:12px;text-align:right;padding:2px 4px}
td{padding:3.5px 4px;border-top:1px solid var(--line);text-align:right}
th:first-child,td:first-child{text-align:left}
tbody th{text-align:left;font-weight:400;font-size:13px;border-top:1px solid var(--line)}
.prompt{margin-top:9px;font-family:var(--serif);color:var(--ink-2)}
.text{font:14px/1.45 var(--serif);color:var(--reference)}
.text b{margin-right:9px;font:600 12px system-ui,Arial,sans-serif;color:var(--ink-2)}
.text.after{color:var(--policy)}
.splits{display:grid;grid-template-columns:auto 1fr auto;gap:5px 10px;align-items:center;margin-top:9px}
.bar{display:flex;gap:1px;height:11px;print-color-adjust:exact;-webkit-print-color-adjust:exact}
.bar .first{background:var(--policy)}
.bar .tied{background:repeating-linear-gradient(90deg,#16181c 0 2px,#fff 2px 4px)}
.bar .second{background:repeating-linear-gradient(-45deg,var(--rejected) 0 4px,#c98aab 4px 6px)}
.words{margin-top:6px;color:var(--ink-2)}
footer{margin-top:20px;padding-top:9px;border-top:1px solid var(--line);font-size:12px;line-height:1.5;color:var(--ink-2)}
thead{display:table-header-group}
tr,.splits,p.text{break-inside:avoid}
p.prompt{break-after:avoid}
p{orphans:2;widows:2}
@media print{body{max-width:none;padding:0;font-size:10.5px;line-height:1.25}h1{font-size:22px}.lead{margin:8px 0;font-size:14px;line-height:1.35}.name-line{margin-top:5px}main{gap:6px 22px;margin-top:6px}h2{font-size:12px;margin-bottom:3px}th,tbody th{font-size:10.5px;padding-block:1px}td{padding-block:.5px}th,tbody th{padding-block:.5px}.text{font-size:11px;line-height:1.25}.prompt{margin-top:2px}.words{margin-top:3px}svg.qr{width:72px;height:72px}section.wide>svg{max-height:46mm}section:not(.wide)>svg{max-height:30mm}section{break-inside:auto}section>svg,section.wide>svg{break-inside:avoid}footer{margin-top:9px;padding-top:5px;font-size:10px;break-inside:avoid}}
@media (width<=560px){body{padding:20px 16px}main{grid-template-columns:minmax(0,1fr)}}
`;
