/** How the page looks: one column of cards and a table, light or dark as the reader's system is, and on paper. */
export const style = `
:root{color-scheme:light dark;--bg:#f6f7f9;--card:#fff;--text:#1c2330;--soft:#5b6577;--line:#dfe3ea;--link:#0b57d0;
--critical:#a3123a;--high:#c2410c;--medium:#a16207;--low:#1d5fa8;--unknown:#5b6577;--good:#15703c;--hover:#f0f4fa}
@media (prefers-color-scheme:dark){:root{--bg:#12161d;--card:#1a202a;--text:#e4e8ef;--soft:#9aa5b8;--line:#2d3644;--link:#8ab4f8;
--critical:#ff7b9c;--high:#ff9d5c;--medium:#f2c14e;--low:#7ab7ff;--unknown:#9aa5b8;--good:#6fd39a;--hover:#222a37}}
*{box-sizing:border-box}
body{margin:0;background:var(--bg);color:var(--text);font:15px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,sans-serif}
main,header,footer{max-width:1500px;margin:0 auto;padding:0 24px}
header{padding-top:28px}h1{font-size:1.6rem;margin:0;overflow-wrap:anywhere}h2{font-size:1.1rem;margin:28px 0 10px}
.soft,footer{color:var(--soft)}footer{padding-top:24px;padding-bottom:32px;font-size:.85rem}
dl.about{display:flex;flex-wrap:wrap;gap:4px 28px;margin:10px 0 0;font-size:.9rem}dl.about div{display:flex;gap:8px;min-width:0}
dl.about dt{color:var(--soft);white-space:nowrap}dl.about dd{margin:0;overflow-wrap:anywhere}
.cards{display:flex;flex-wrap:wrap;gap:12px;margin:20px 0 0;padding:0}
.card{flex:1 1 120px;background:var(--card);border:1px solid var(--line);border-top:4px solid var(--tone,var(--line));border-radius:8px;padding:10px 16px;text-align:left;font:inherit;color:inherit}
button.card{cursor:pointer}button.card:hover{background:var(--hover)}.card b{display:block;font-size:1.7rem;line-height:1.25;color:var(--tone,inherit)}
.card[aria-pressed=true]{outline:2px solid var(--tone)}
.CRITICAL{--tone:var(--critical)}.HIGH{--tone:var(--high)}.MEDIUM{--tone:var(--medium)}.LOW{--tone:var(--low)}.UNKNOWN{--tone:var(--unknown)}.fixable{--tone:var(--good)}
.box{background:var(--card);border:1px solid var(--line);border-radius:8px;overflow-x:auto}
table{border-collapse:collapse;width:100%;font-size:.9rem}th,td{padding:7px 12px;text-align:left;vertical-align:top;border-top:1px solid var(--line)}
thead th{border-top:0;color:var(--soft);font-weight:600;white-space:nowrap;background:var(--card)}
td{overflow-wrap:anywhere}.number{text-align:right;font-variant-numeric:tabular-nums;white-space:nowrap}.zero{color:var(--line)}
code,.mono{font-family:ui-monospace,"SF Mono",Menlo,Consolas,monospace;font-size:.92em}
a{color:var(--link);text-decoration:none}a:hover{text-decoration:underline}
.severity{display:inline-block;white-space:nowrap;padding:0 8px;border-radius:10px;border:1px solid currentColor;color:var(--tone);font-size:.75rem;font-weight:700;letter-spacing:.03em;line-height:1.6}
.filters{display:flex;flex-wrap:wrap;gap:10px;margin:0 0 10px;align-items:center}
input,select{font:inherit;color:inherit;background:var(--card);border:1px solid var(--line);border-radius:6px;padding:6px 10px;max-width:100%}
input[type=search]{flex:1 1 260px}label{display:flex;gap:6px;align-items:center;min-width:0}
th button{all:unset;cursor:pointer}th button:focus-visible,.card:focus-visible,a:focus-visible,input:focus-visible,select:focus-visible,summary:focus-visible{outline:2px solid var(--link);outline-offset:2px}
th[aria-sort=ascending] button::after{content:" ▲"}th[aria-sort=descending] button::after{content:" ▼"}
#findings tbody tr.row:hover{background:var(--hover)}#findings .id,#findings td:first-child{white-space:nowrap}
table.groups .number{width:7em}select{max-width:240px}.fixed{color:var(--good);font-weight:600}
.more{all:unset;cursor:pointer;color:var(--link);font-size:.85rem;white-space:nowrap}.more:focus-visible{outline:2px solid var(--link)}
.details td{background:var(--bg);padding:12px 20px 16px}.details p{margin:0 0 8px;max-width:110ch;white-space:pre-line}.details ul{margin:0;padding-left:20px}
[hidden]{display:none!important}.notice{border-left:4px solid var(--medium);background:var(--card);padding:8px 16px;margin:16px 0 0;border-radius:4px}.notice ul{margin:4px 0;padding-left:20px;overflow-wrap:anywhere}
.clean{padding:24px;text-align:center;color:var(--good);font-size:1.05rem}
details>summary{cursor:pointer}.scripted{display:none}.js .scripted{display:revert}.js .filters.scripted{display:flex}
@media print{:root{--bg:#fff;--card:#fff}.filters,.more{display:none!important}thead{display:table-header-group}tr{break-inside:avoid}a[href]::after{content:none}}
`;
