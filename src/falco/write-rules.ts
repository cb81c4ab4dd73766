/**
 * A rules file for Falco: rules that fire when a container of a vulnerable image starts.
 * Reads   reports of images.
 * Yields  YAML: lists of image names by the worst finding, macros over them, a rule each. The same reports give the same
 *         bytes in any order.
 * Limits  those of `image-groups.ts`. Names are image references or not written at all, and stand in quotes: no name
 *         means anything to YAML, to a condition, or as the name of another list.
 * Source  https://falco.org/docs/concepts/rules/basic-elements/, https://falco.org/docs/reference/rules/supported-fields/
 */
import type { Report } from '#model';
import { groupImages, type GroupChoice, type GroupName, type ImageGroup } from './image-groups.js';
import { scannedImage } from './scanned-image.js';

export interface RulesChoice extends GroupChoice {
  /** Version of this program. */
  readonly version: string;
}

interface Wording {
  readonly title: string;
  readonly priority: string;
  readonly what: string;
}

const wordings: Readonly<Record<GroupName, Wording>> = {
  exploited: { title: 'Exploited', priority: 'ALERT', what: 'vulnerabilities that are known to be exploited' },
  critical: { title: 'Critical', priority: 'CRITICAL', what: 'critical vulnerabilities' },
  high: { title: 'High', priority: 'ERROR', what: 'vulnerabilities of high severity' },
  medium: { title: 'Medium', priority: 'WARNING', what: 'vulnerabilities of medium severity' },
  low: { title: 'Low', priority: 'NOTICE', what: 'vulnerabilities of low severity' },
  unknown: { title: 'Unknown', priority: 'INFORMATIONAL', what: 'vulnerabilities of unknown severity' },
};

/** Fields only: what was found in the image, `falco listen` adds. */
const fields = [
  'image=%container.image.repository:%container.image.tag',
  'digest=%container.image.digest',
  'container=%container.name',
  'container_id=%container.id',
  'namespace=%k8s.ns.name',
  'pod=%k8s.pod.name',
  'process=%proc.name',
  'exe=%proc.exepath',
  'command=%proc.cmdline',
  'user=%user.name',
].join(' ');

/** Stands in a list that would be empty, which Falco's grammar does not allow; no image has this name. */
const placeholders = {
  repositories: 'pratique.invalid/none',
  tags: 'pratique.invalid/none:none',
  digests: 'sha256:none',
} as const;

export function writeRules(reports: readonly Report[], choice: RulesChoice): string {
  const images = reports.flatMap((report) => scannedImage(report) ?? []);
  const groups = groupImages(images, choice);
  return [
    `# Rules for Falco by pratique ${choice.version}: containers of vulnerable images. Made from reports; make it anew\n` +
      '# when images are scanned again, rather than changing it. Overrides belong in a file that is loaded later.\n',
    '- required_engine_version: 0.57.0\n',
    '- required_plugin_versions:\n    - name: container\n      version: 0.4.0\n',
    ...groups.flatMap(lists),
    macro('pratique_container_started', 'evt.type in (execve, execveat) and proc.vpid = 1 and container.id != host'),
    ...groups.flatMap(macros),
    ...groups.map(startRule),
    repositoryRule(groups),
  ].join('\n');
}

function lists({ name, ...group }: ImageGroup): string[] {
  return (['repositories', 'tags', 'digests'] as const).map((kind) => {
    const items = group[kind].length > 0 ? group[kind] : [placeholders[kind]];
    return `- list: pratique_${name}_${kind}\n  items:\n${items.map((text) => `    - ${listItem(text)}\n`).join('')}`;
  });
}

/** In quotes of YAML, and in quotes of Falco: a bare item that is the name of a list would stand for its items. */
function listItem(text: string): string {
  if (!/^[\w.:/@[\]-]+$/.test(text)) throw new TypeError(`not the name of an image: ${JSON.stringify(text)}`);
  return `'"${text}"'`;
}

const macro = (name: string, condition: string): string => `- macro: ${name}\n  condition: ${condition}\n`;

/** A digest is exact. A name and its tag are compared as one text: apart, tags of other repositories would do, too. */
const macros = ({ name }: ImageGroup): string[] => [
  macro(
    `pratique_${name}_image`,
    `(container.image.digest in (pratique_${name}_digests) or container.image in (pratique_${name}_tags))`,
  ),
  macro(`pratique_${name}_repository`, `(container.image.repository in (pratique_${name}_repositories))`),
];

function startRule({ name }: ImageGroup): string {
  const { title, priority, what } = wordings[name];
  return rule({
    name: `Pratique Container Of Image With ${title} Vulnerabilities`,
    desc: `A container started from an image that was scanned and has ${what}.`,
    condition: `pratique_container_started and pratique_${name}_image`,
    output: `Container of an image with ${what} started | ${fields}`,
    priority,
    tags: [name === 'exploited' ? 'known_exploited' : `severity_${name}`],
  });
}

function repositoryRule(groups: readonly ImageGroup[]): string {
  const any = (suffix: string): string => groups.map(({ name }) => `pratique_${name}_${suffix}`).join(' or ');
  return rule({
    name: 'Pratique Container Of Repository With Vulnerable Images',
    desc: 'A container started from an image that was not found vulnerable, of a repository where others were.',
    condition: `pratique_container_started and (${any('repository')}) and not (${any('image')})`,
    output: `Container of a repository with vulnerable images started | ${fields}`,
    priority: 'NOTICE',
    tags: ['repository'],
    disabled: true,
  });
}

interface Rule {
  readonly name: string;
  readonly desc: string;
  readonly condition: string;
  readonly output: string;
  readonly priority: string;
  readonly tags: readonly string[];
  readonly disabled?: boolean;
}

/** The texts are constants of this file: plain scalars, but for the output. */
const rule = ({ name, desc, condition, output, priority, tags, disabled }: Rule): string =>
  [
    `- rule: ${name}`,
    `  desc: ${desc}`,
    `  condition: ${condition}`,
    `  output: '${output}'`,
    `  priority: ${priority}`,
    ...(disabled ? ['  enabled: false'] : []),
    `  tags: [${['container', 'pratique', 'vulnerability', ...tags].join(', ')}]`,
    '',
  ].join('\n');
