/** The top of the page: what was scanned, how many findings of which severity, in which layer and target. */
import type { Report, Severity } from '#model';
import { severities } from '#model';
import { flatFindings, type FlatFinding } from '../flat-finding.js';
import type { FormatOptions } from '../format.js';
import { markupText } from '../markup-text.js';
import { layerLookup, layerName, type LayerLookup } from './layers.js';

export const gravestFirst: readonly Severity[] = severities.toReversed();

type Counts = Record<Severity, number>;
const noCounts = (): Counts => ({ CRITICAL: 0, HIGH: 0, MEDIUM: 0, LOW: 0, UNKNOWN: 0 });

export function pageSummary(report: Report, options: FormatOptions): string {
  const total = noCounts();
  const layers = new Map<string, Group>();
  const targets = new Map<string, Group>();
  const layerOf = layerLookup(report);
  let fixable = 0;
  for (const found of flatFindings(report)) {
    total[found.severity]++;
    if (found.fixed) fixable++;
    count(targets, found.target, found, () => ({ order: targets.size, label: found.target, note: '' }));
    countLayer(layers, found, layerOf);
  }
  return `<header><h1>${markupText(report.artifactName)}</h1>${about(report)}</header>
<main>
${cards(total, fixable, options)}${notices(report)}${groupTable('By layer', layers)}${groupTable('By target', targets.size > 1 ? targets : new Map())}`;
}

interface Group {
  readonly order: number;
  readonly label: string;
  readonly note: string;
  readonly counts: Counts;
}

function count(
  groups: Map<string, Group>,
  key: string,
  { severity }: FlatFinding,
  make: () => Omit<Group, 'counts'>,
): void {
  let group = groups.get(key);
  if (!group) groups.set(key, (group = { ...make(), counts: noCounts() }));
  group.counts[severity]++;
}

function countLayer(groups: Map<string, Group>, found: FlatFinding, layerOf: LayerLookup): void {
  const layer = layerOf(found.layer);
  if (layer)
    count(groups, layer.key, found, () => ({
      order: layer.place || Infinity,
      label: layerName(layer),
      note: layer.command.slice(0, 300) || layer.key,
    }));
}

function about({ artifactType, createdAt, metadata }: Report): string {
  const { os, git } = metadata;
  const facts: readonly (readonly [string, string | undefined])[] = [
    ['Kind', artifactType.replaceAll('_', ' ')],
    ['System', os && `${os.family} ${os.name}${os.endOfLife ? ' – no longer supported' : ''}`],
    ['Digest', metadata.repoDigests?.[0] ?? metadata.imageId],
    ['Repository', git?.repoUrl],
    ['Commit', git?.commit],
    ['Scanned', createdAt.startsWith('0001-') ? undefined : createdAt],
  ];
  const items = facts.flatMap(([name, value]) =>
    value ? [`<div><dt>${name}</dt><dd>${markupText(value)}</dd></div>`] : [],
  );
  return `<dl class="about">${items.join('')}</dl>`;
}

function cards(total: Counts, fixable: number, { severities: asked }: FormatOptions): string {
  const shown = gravestFirst.filter((severity) => asked.includes(severity) || total[severity] > 0);
  const all = shown.map(
    (severity) =>
      `<button type="button" class="card ${severity}" data-only="${severity}" aria-pressed="false"><b>${total[severity]}</b>${severity.toLowerCase()}</button>`,
  );
  all.push(
    `<button type="button" class="card fixable" aria-pressed="false"><b>${fixable}</b>with a fixed version</button>`,
  );
  return `<div class="cards">${all.join('')}</div>\n`;
}

const maxNotices = 200;

/** What was not assessed is said before what was found. */
function notices({ diagnostics, results }: Report): string {
  const items = [
    ...results
      .filter(({ assessed }) => assessed === false)
      .map(({ target }) => `${target}: no advisories were compared`),
    ...diagnostics
      .filter(({ severity }) => severity !== 'info')
      .map(({ path, message }) => (path && !message.includes(path) ? `${path}: ${message}` : message)),
  ];
  if (items.length === 0) return '';
  const more = items.length > maxNotices ? `<li>and ${items.length - maxNotices} more</li>` : '';
  const list = items.slice(0, maxNotices).map((text) => `<li>${markupText(text)}</li>`);
  return `<div class="notice"><strong>Not everything could be assessed</strong><ul>${list.join('')}${more}</ul></div>\n`;
}

function groupTable(heading: string, groups: ReadonlyMap<string, Group>): string {
  if (groups.size === 0) return '';
  const rows = [...groups.values()]
    .toSorted((a, b) => a.order - b.order)
    .map(({ label, note, counts }) => {
      const cells = gravestFirst.map((severity) => number(counts[severity]));
      const text = note ? ` <span class="soft mono">${markupText(note)}</span>` : '';
      return `<tr><td>${markupText(label)}${text}</td>${cells.join('')}</tr>`;
    });
  const heads = gravestFirst.map((severity) => `<th class="number">${severity.toLowerCase()}</th>`);
  return `<h2>${heading}</h2><div class="box"><table class="groups"><thead><tr><th>${heading[3]!.toUpperCase()}${heading.slice(4)}</th>${heads.join('')}</tr></thead>
<tbody>${rows.join('\n')}</tbody></table></div>\n`;
}

const number = (n: number): string => `<td class="number${n === 0 ? ' zero' : ''}">${n}</td>`;
