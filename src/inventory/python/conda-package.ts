/**
 * Conda packages as installed: `conda-meta/*.json` of named environments.
 * Yields  one package per file.
 * Errors  `FormatError` when the file is no JSON; diagnostic `incomplete-metadata` without name or version.
 * Source  https://docs.conda.io/projects/conda/en/stable/user-guide/concepts/pkg-specs.html#info-index-json
 */
import { compact } from '#base';
import { parseLocatedJson, textOf } from '#formats';
import { defineExtractor } from '../extractor.js';

export const condaPackage = defineExtractor({
  id: 'python/conda-package',
  type: 'conda-pkg',
  name: 'conda-pkg',
  runsOn: 'systems',
  revision: 1,
  files: ['**/envs/**/conda-meta/*-*-*.json'],
  extract(file, context) {
    const { root } = parseLocatedJson(file.text());
    const name = textOf(root, 'name');
    const version = textOf(root, 'version');
    if (!name || !version) {
      context.report('incomplete-metadata', 'no name or version');
      return undefined;
    }
    const license = textOf(root, 'license');
    const licenses = license ? [license] : undefined;
    const pkg = compact({ name, version, licenses, path: file.path, analyzedBy: 'conda-pkg' });
    return { applications: [{ type: 'conda-pkg', path: file.path, packages: [pkg] }] };
  },
});
