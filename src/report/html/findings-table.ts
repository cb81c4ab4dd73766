/** Every finding as a row of the page, written one at a time, gravest first; then the details that rows unfold. */
import type { Report } from '#model';
import { flatFindings, linksOf, type FlatFinding } from '../flat-finding.js';
import { markupText, plainText } from '../markup-text.js';
import { layerLookup, layerName, type LayerLookup } from './layers.js';
import { gravestFirst } from './page-summary.js';

export function* findingsTable(report: Report): Generator<string> {
  const total = [...report.results].reduce(
    (sum, { vulnerabilities: v, secrets = [], licenses = [] }) => sum + v.length + secrets.length + licenses.length,
    0,
  );
  yield '<h2>Findings</h2>\n';
  if (total === 0) {
    yield '<div class="box clean">No findings.</div>\n';
    return;
  }
  const layerOf = layerLookup(report);
  yield controls(report, layerOf);
  yield `<div class="box"><table id="findings"><thead><tr>${columns.map(header).join('')}</tr></thead><tbody>\n`;
  const details = new Details();
  for (const severity of gravestFirst)
    for (const found of flatFindings(report, severity)) yield row(found, layerOf, details.numberOf(found));
  yield '</tbody></table></div>\n<script type="application/json" id="details">[';
  yield* details.json();
  yield ']</script>\n';
}

const columns = ['Severity', 'Finding', 'Package or file', 'Installed', 'Fixed in', 'Target', 'Layer', 'What'] as const;

const header = (name: string, i: number): string =>
  `<th scope="col"${i === 0 ? ' aria-sort="descending"' : ''}><button type="button">${name}</button></th>`;

function controls(report: Report, layerOf: LayerLookup): string {
  const kinds = new Set<string>();
  const severities = new Set<string>();
  const targets = new Map<string, string>();
  const layers = new Map<string, string>();
  for (const found of flatFindings(report)) {
    kinds.add(found.kind);
    severities.add(found.severity);
    targets.set(plainText(found.target), found.target);
    const layer = layerOf(found.layer);
    if (layer) layers.set(plainText(layer.key), `${layerName(layer)} ${layer.command.slice(0, 60)}`);
  }
  return `<div class="filters scripted">
<input type="search" id="search" placeholder="Search: CVE, package, text …" aria-label="Search">
${select('severity', 'all severities', lowerCased(gravestFirst.filter((s) => severities.has(s))), 1)}
${select('kind', 'all kinds', lowerCased(kinds), 2)}
${select('target', 'all targets', targets, 2)}
${select('layer', 'all layers', layers, 2)}
<label><input type="checkbox" id="only-fixed"> with a fix</label>
<span id="shown" class="soft" role="status"></span>
</div>
`;
}

const lowerCased = (values: Iterable<string>): Map<string, string> =>
  new Map([...values].map((value) => [value, value.toLowerCase()]));

function select(id: string, all: string, values: ReadonlyMap<string, string>, least: number): string {
  if (values.size < least) return '';
  const options = [...values].map(
    ([value, text]) => `<option value="${markupText(value)}">${markupText(text.slice(0, 90))}</option>`,
  );
  return `<select id="${id}" aria-label="${id}"><option value="">${all}</option>${options.join('')}</select>`;
}

function row(found: FlatFinding, layerOf: LayerLookup, details: number): string {
  const { severity, kind, id, url, subject, installed, fixed, target, title, path, line } = found;
  const layer = layerOf(found.layer);
  const label = markupText(id);
  const link = url ? `<a href="${markupText(url)}" rel="noopener noreferrer">${label}</a>` : label;
  const place = path && path !== target && path !== subject ? `<br><span class="soft">${markupText(path)}</span>` : '';
  const lineText = line && kind === 'secret' ? `:${line}` : '';
  const status = found.status.replaceAll('_', ' ');
  return `<tr class="row" data-severity="${severity}" data-kind="${kind}" data-target="${markupText(target)}" data-layer="${markupText(layer?.key ?? '')}" data-fixed="${fixed ? 1 : 0}" data-details="${details}"><td><span class="severity ${severity}">${severity}</span></td><td class="id">${link}</td><td class="mono">${markupText(subject)}${lineText}${place}</td><td class="mono">${markupText(installed)}</td><td class="mono">${fixed ? `<span class="fixed">${markupText(fixed)}</span>` : `<span class="soft">${markupText(status === 'unknown' ? '' : status)}</span>`}</td><td>${markupText(target)}</td><td class="number">${layer ? markupText(layerName(layer)) : ''}</td><td>${markupText(title)} <button type="button" class="more scripted" aria-expanded="false">more</button></td></tr>\n`;
}

/** The same advisory meets many packages; its text is in the page once. */
class Details {
  readonly #numbers = new Map<string, number>();
  readonly #first: FlatFinding[] = [];

  numberOf(found: FlatFinding): number {
    const { kind, id, description } = found;
    const key = JSON.stringify([kind, id, description]);
    const known = this.#numbers.get(key);
    if (known !== undefined) return known;
    this.#numbers.set(key, this.#first.length);
    return this.#first.push(found) - 1;
  }

  *json(): Generator<string> {
    let separator = '\n';
    for (const found of this.#first) {
      yield separator + inScript([plainText(found.description), factsOf(found), linksOf(found.finding)]);
      separator = ',\n';
    }
  }
}

function factsOf({ finding }: FlatFinding): readonly string[] {
  if (finding.kind !== 'vulnerability') return [];
  const { cvss = {}, cweIds = [], publishedDate, vendorIds = [], severitySource } = finding;
  const scores = Object.keys(cvss).flatMap((source) => {
    const { V3Score, V3Vector, V40Score, V40Vector, V2Score } = cvss[source] ?? {};
    const score = V40Score ?? V3Score ?? V2Score;
    return score ? [`CVSS ${score} ${V40Vector ?? V3Vector ?? ''} (${source})`] : [];
  });
  const facts = [
    scores.join(' · '),
    [...cweIds, ...vendorIds].join(', '),
    severitySource ? `Severity by ${severitySource}` : '',
    publishedDate ? `Published ${publishedDate.slice(0, 10)}` : '',
  ];
  return facts.filter(Boolean).map(plainText);
}

/** JSON without `<`, so that nothing in it can end the element or open a comment. */
const inScript = (value: unknown): string =>
  JSON.stringify(value).replace(
    /[<>&\u2028\u2029]|#(?=#(?:vso)?\[)/gi,
    (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
