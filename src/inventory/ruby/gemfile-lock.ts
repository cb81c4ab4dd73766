/**
 * Gems locked by Bundler.
 * Reads   `Gemfile.lock`: sections by indent; four blanks before a gem, six before its dependency, two before an entry
 *         of DEPENDENCIES.
 * Yields  one package per name, direct when DEPENDENCIES names it; platform suffixes (`1.15.0-x86_64-linux`) are dropped.
 * Errors  none: lines of another shape are passed over.
 * Source  https://bundler.io/guides/rationale.html#checking-your-code-into-version-control and
 *         https://github.com/rubygems/rubygems/blob/master/bundler/lib/bundler/lockfile_parser.rb
 */
import type { LineRange, Package } from '#model';
import { compact } from '#base';
import { defineExtractor } from '../extractor.js';
import { isFull } from '../package-set.js';

interface Gem {
  readonly name: string;
  readonly version: string;
  readonly location: LineRange;
  readonly dependencies: readonly string[];
}

export const gemfileLock = defineExtractor({
  id: 'ruby/gemfile-lock',
  type: 'bundler',
  name: 'bundler',
  runsOn: 'sources',
  revision: 1,
  files: ['**/Gemfile.lock'],
  extract(file) {
    const { gems, direct } = parseLock(file.text());
    const idOf = (name: string): string | undefined => {
      const gem = gems.get(name);
      return gem && `${name}@${gem.version}`;
    };
    const packages = [...gems.values()].map(({ name, version, location, dependencies }): Package => {
      const dependsOn = dependencies.map(idOf).filter((id) => id !== undefined);
      return compact({
        id: `${name}@${version}`,
        name,
        version,
        relationship: direct.has(name) ? 'direct' : 'indirect',
        dependsOn: dependsOn.length > 0 ? dependsOn : undefined,
        locations: [location],
        analyzedBy: 'bundler',
      } as const);
    });
    return { applications: [{ type: 'bundler', path: file.path, packages }] };
  },
});

function parseLock(text: string): { gems: ReadonlyMap<string, Gem>; direct: ReadonlySet<string> } {
  const gems = new Map<string, Gem>();
  const direct = new Set<string>();
  let section = '';
  let dependencies: string[] = [];
  for (const [index, line] of text.split('\n').entries()) {
    const [indent, content] = measure(line);
    if (content === '') continue;
    if (indent === 0) section = content;
    else if (section === 'DEPENDENCIES' && indent === 2) direct.add(nameOf(content));
    else if (indent === 4) {
      const version = /^\S+ \(([^)-]+)/.exec(content)?.[1];
      if (version === undefined) continue;
      const name = nameOf(content);
      dependencies = [];
      gems.set(name, { name, version, location: { start: index + 1, end: index + 1 }, dependencies });
      if (isFull(gems)) break;
    } else if (indent === 6) dependencies.push(nameOf(content));
  }
  return { gems, direct };
}

function measure(line: string): readonly [indent: number, content: string] {
  const content = line.trim();
  return [line.length - line.trimStart().length, content];
}

/** `rails (~> 7.0)!` and `rails!` name the gem `rails`; the mark is for gems of other sources. */
function nameOf(content: string): string {
  const blank = content.indexOf(' ');
  return (blank < 0 ? content : content.slice(0, blank)).replace(/!$/, '');
}
