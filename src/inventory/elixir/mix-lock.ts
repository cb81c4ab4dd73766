/**
 * Packages locked by Mix.
 * Reads   `mix.lock`, an Elixir map that Mix writes one entry a line: `"name": {:hex, :package, "1.0.0", …},`.
 * Yields  packages of Hex with their line; those from git or a path are left out.
 * Errors  `FormatError` when the file does not begin as a map; other lines are passed over.
 * Source  https://hexdocs.pm/mix/Mix.Tasks.Deps.html
 */
import { FormatError } from '#base';
import type { Package } from '#model';
import { defineExtractor } from '../extractor.js';

const entry = /^\s*"[^"]+":\s*\{:hex,\s*:"?([^",\s]+)"?,\s*"([^"]+)"/;

export const mixLock = defineExtractor({
  id: 'elixir/mix-lock',
  type: 'hex',
  name: 'mix-lock',
  runsOn: 'sources',
  revision: 1,
  files: ['**/mix.lock'],
  extract(file) {
    const text = file.text();
    if (!/^\uFEFF?\s*%\{/.test(text)) throw new FormatError('mix.lock is no map');
    const packages = text.split('\n').flatMap((line, index): readonly Package[] => {
      const [, name, version] = entry.exec(line) ?? [];
      if (!name || !version) return [];
      const locations = [{ start: index + 1, end: index + 1 }];
      return [{ id: `${name}@${version}`, name, version, locations, analyzedBy: 'mix-lock' }];
    });
    return { applications: [{ type: 'hex', path: file.path, packages }] };
  },
});
