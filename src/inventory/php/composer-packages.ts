/**
 * The package objects that Composer writes alike into `composer.lock` and `vendor/composer/installed.json`.
 * Yields  name, version as written (a leading `v` stays), licenses, lines, and the ids of required packages that are
 *         listed too; platform requirements (`php`, `ext-*`) never are.
 * Source  https://getcomposer.org/doc/04-schema.md
 */
import { compact } from '#base';
import { entriesOf, fieldOf, textOf, textsOf, type LocatedJson } from '#formats';
import type { Package } from '#model';

export function readComposerPackages(
  json: LocatedJson,
  listed: readonly unknown[],
  development: readonly unknown[],
  analyzedBy: string,
): readonly Package[] {
  const ids = new Map<string, string>();
  for (const entry of [...listed, ...development]) {
    const id = idOf(entry);
    if (id !== undefined) ids.set(textOf(entry, 'name')!, id);
  }
  const read = (entry: unknown, dev?: true): readonly Package[] => {
    const id = idOf(entry);
    if (id === undefined) return [];
    const lines = json.linesOf(entry);
    const licenses = licensesOf(entry);
    const required = entriesOf(entry, 'require').flatMap(([name]) => ids.get(name) ?? []);
    const found = compact({
      id,
      name: textOf(entry, 'name')!,
      version: textOf(entry, 'version')!,
      licenses: licenses.length > 0 ? licenses : undefined,
      dev,
      dependsOn: required.length > 0 ? [...new Set(required)].sort() : undefined,
      locations: lines && [lines],
      analyzedBy,
    });
    return [found];
  };
  return [...listed.flatMap((entry) => read(entry)), ...development.flatMap((entry) => read(entry, true))];
}

function idOf(entry: unknown): string | undefined {
  const name = textOf(entry, 'name');
  const version = textOf(entry, 'version');
  return name && version ? `${name}@${version}` : undefined;
}

/** A list, or in old files one text; alternatives written as words (`MIT or GPL-2.0`) are told apart. */
function licensesOf(entry: unknown): readonly string[] {
  const single = fieldOf(entry, 'license');
  return (typeof single === 'string' ? [single] : textsOf(entry, 'license')).flatMap(splitWords);
}

/** `or later` belongs to the license before it. Long texts are prose, not names. */
function splitWords(license: string): readonly string[] {
  if (license.length > 256) return [license];
  return license.split(/,?[_ ]+(?:or|and)[_ ]+(?!later\b|newer\b)|, */).filter((part) => part !== '');
}
