/**
 * Packages locked by Composer.
 * Reads   `composer.lock`; `composer.json` beside it tells which packages the project asks for.
 * Yields  packages with licenses, lines and dependencies; those of `packages-dev` are for development. Without a
 *         readable `composer.json` packages have no relationship.
 * Errors  `FormatError` when the lock file is no JSON object; an unreadable `composer.json` is reported.
 * Source  https://getcomposer.org/doc/01-basic-usage.md#installing-dependencies
 */
import { FormatError } from '#base';
import { entriesOf, isTable, listOf, parseLocatedJson } from '#formats';
import type { Package } from '#model';
import { defineExtractor, type ExtractContext } from '../extractor.js';
import { readComposerPackages } from './composer-packages.js';

export const composerLock = defineExtractor({
  id: 'php/composer-lock',
  type: 'composer',
  name: 'composer',
  runsOn: 'sources',
  revision: 1,
  files: ['**/composer.lock'],
  companions: ['**/composer.json'],
  accepts: ({ path }) => !`/${path}`.includes('/vendor/'),
  extract(file, context) {
    const json = parseLocatedJson(file.text());
    if (!isTable(json.root)) throw new FormatError('composer.lock is no object');
    const locked = readComposerPackages(
      json,
      listOf(json.root, 'packages'),
      listOf(json.root, 'packages-dev'),
      'composer',
    );
    const asked = readRequired(file.path.replace(/composer\.lock$/, 'composer.json'), context);
    const packages = locked.map((pkg): Package => {
      return asked ? { ...pkg, relationship: asked.has(pkg.name) ? 'direct' : 'indirect' } : pkg;
    });
    return { applications: [{ type: 'composer', path: file.path, packages }] };
  },
});

/** Names the project asks for; `undefined` when nothing tells. */
function readRequired(path: string, context: ExtractContext): ReadonlySet<string> | undefined {
  const file = context.sibling(path);
  if (!file) return undefined;
  try {
    const { root } = parseLocatedJson(file.text());
    return new Set(['require', 'require-dev'].flatMap((table) => entriesOf(root, table).map(([name]) => name)));
  } catch (error) {
    if (!(error instanceof FormatError)) throw error;
    context.report('manifest-unreadable', `${path}: ${error.message}`);
    return undefined;
  }
}
