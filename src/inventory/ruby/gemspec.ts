/**
 * Gems as installed: `specifications/*.gemspec`.
 * Reads   the assignments of name, version and licenses inside `Gem::Specification.new do |s|`; nothing is evaluated.
 * Yields  one package per file.
 * Errors  diagnostic `incomplete-specification` when name or version is not a plain string.
 * Source  https://guides.rubygems.org/specification-reference/
 */
import { compact } from '#base';
import { defineExtractor } from '../extractor.js';

export const gemspec = defineExtractor({
  id: 'ruby/gemspec',
  type: 'gemspec',
  name: 'gemspec',
  runsOn: 'systems',
  revision: 1,
  files: ['**/specifications/**/*.gemspec'],
  extract(file, context) {
    const { name, version, licenses } = parseSpecification(file.text());
    if (!name || !version) {
      context.report('incomplete-specification', 'no name or version');
      return undefined;
    }
    const gem = compact({ name, version, licenses, path: file.path, analyzedBy: 'gemspec' });
    return { applications: [{ type: 'gemspec', path: file.path, packages: [gem] }] };
  },
});

interface Specification {
  name?: string;
  version?: string;
  licenses?: readonly string[];
}

function parseSpecification(text: string): Specification {
  const specification: Specification = {};
  let variable: string | undefined;
  for (const raw of text.split('\n')) {
    const line = raw.trim();
    variable ??= /^Gem::Specification\.new +do +\|(\w+)\|/.exec(line)?.[1];
    if (variable === undefined || !line.startsWith(`${variable}.`)) continue;
    const [, attribute, value] = /^\w+\.(name|version|licenses?)\s*=\s*(\S.*)$/.exec(line) ?? [];
    if (attribute === undefined || value === undefined) continue;
    if (attribute === 'name' || attribute === 'version') {
      const plain = quoted(value);
      if (plain !== undefined) specification[attribute] ??= plain;
    } else if (attribute === 'license') {
      const plain = quoted(value);
      if (plain !== undefined) specification.licenses = [plain];
    } else if (value.startsWith('[')) specification.licenses = quotedList(value);
  }
  return specification;
}

/** `"rake".freeze # comment` → `rake` */
function quoted(value: string): string | undefined {
  return /^(?:"([^"]*)"|'([^']*)'|%q<([^>]*)>)/
    .exec(value)
    ?.slice(1)
    .find((text) => text !== undefined);
}

function quotedList(value: string): readonly string[] {
  const list = value.slice(1, value.indexOf(']'));
  return [...list.matchAll(/"([^"]*)"|'([^']*)'/g)]
    .map((found) => found[1] ?? found[2] ?? '')
    .filter((text) => text !== '');
}
