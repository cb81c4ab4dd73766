/**
 * Packages a conda environment file asks for.
 * Reads   `dependencies` of `environment.yml`, with the requirements under `pip`.
 * Yields  `name=version[=build]`, `name==version` and `name version [build]` with their version; anything else (ranges,
 *         wildcards, versions that do not order) by name only.
 * Errors  `FormatError` when the file is no YAML.
 * Source  https://docs.conda.io/projects/conda/en/stable/user-guide/tasks/manage-environments.html and
 *         https://docs.conda.io/projects/conda-build/en/stable/resources/package-spec.html#package-match-specifications
 */
import { compact } from '#base';
import { listOf, parseYaml } from '#formats';
import type { LineRange, Package } from '#model';
import { scheme } from '#versions';
import { defineExtractor } from '../extractor.js';

export const condaEnvironment = defineExtractor({
  id: 'python/conda-environment',
  type: 'conda-environment',
  name: 'conda-environment',
  runsOn: 'sources',
  revision: 1,
  files: ['**/environment.yml', '**/environment.yaml'],
  async extract(file) {
    const text = file.text();
    const specifications = listOf(await parseYaml(text), 'dependencies').flatMap((entry) =>
      typeof entry === 'string' ? [entry] : listOf(entry, 'pip').filter((nested) => typeof nested === 'string'),
    );
    const lineOf = lineFinder(text);
    const packages = specifications.map((specification): Package => {
      const location = lineOf(specification);
      return compact({
        ...parseSpecification(specification),
        locations: location && [location],
        analyzedBy: 'conda-environment',
      });
    });
    return { applications: [{ type: 'conda-environment', path: file.path, packages }] };
  },
});

function parseSpecification(specification: string): { name: string; version: string } {
  const [, name = '', operator = '', rest = ''] = /^\s*([^\s=<>!~]*)\s*([=<>!~]*)\s*(.*)$/s.exec(specification) ?? [];
  const version = rest.split(/[=\s]/, 1)[0] ?? '';
  const isExact = operator === '' || operator === '=' || operator === '==';
  return { name, version: isExact && scheme('generic').valid(version) ? version : '' };
}

/** Lines; a value that is not written as it reads (quoted, folded) is not searched through the whole file. */
const maxDistance = 200;

/** Values come in the order of the text, so each is searched behind the one before. */
function lineFinder(text: string): (value: string) => LineRange | undefined {
  const lines = text.split('\n');
  let next = 0;
  return (value) => {
    for (let at = next; at < Math.min(lines.length, next + maxDistance); at++) {
      if (!lines[at]!.includes(value)) continue;
      next = at + 1;
      return { start: at + 1, end: at + 1 };
    }
    return undefined;
  };
}
