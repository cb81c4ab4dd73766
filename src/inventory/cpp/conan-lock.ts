/**
 * Packages locked by Conan.
 * Reads   `conan.lock`: of Conan 1 a graph of nodes, of Conan 2 a list of references.
 * Yields  packages by reference, `name/version`, without user, channel and revision. The graph tells lines of nodes,
 *         dependencies, and what the project (the node without a reference) asks for; the list tells lines alone.
 *         Build requirements are left out.
 * Errors  `FormatError` when the file is no JSON object; a reference of another form is reported.
 * Source  https://docs.conan.io/1/versioning/lockfiles/introduction.html and
 *         https://docs.conan.io/2/tutorial/versioning/lockfiles.html
 */
import { compact, FormatError } from '#base';
import { entriesOf, isTable, listOf, parseLocatedJson, textOf, textsOf, type LocatedJson } from '#formats';
import type { Package } from '#model';
import { defineExtractor, type ExtractContext } from '../extractor.js';
import { PackageSet, sortedIds } from '../package-set.js';

export const conanLock = defineExtractor({
  id: 'cpp/conan-lock',
  type: 'conan',
  name: 'conan-lock',
  runsOn: 'sources',
  revision: 1,
  files: ['**/conan.lock'],
  extract(file, context) {
    const json = parseLocatedJson(file.text());
    if (!isTable(json.root)) throw new FormatError('conan.lock is no object');
    const nodes = new Map(entriesOf(json.root, 'graph_lock', 'nodes'));
    const packages = nodes.size > 0 ? readGraph(json, nodes, context) : readReferences(json, context);
    return { applications: [{ type: 'conan', path: file.path, packages }] };
  },
});

function readGraph(
  json: LocatedJson,
  nodes: ReadonlyMap<string, unknown>,
  context: ExtractContext,
): readonly Package[] {
  const identities = new Map<string, Identity>();
  const direct = new Set<string>();
  for (const [key, node] of nodes) {
    const reference = textOf(node, 'ref');
    if (!reference) for (const needed of textsOf(node, 'requires')) direct.add(needed);
    const identity = reference ? identify(reference, context) : undefined;
    if (identity) identities.set(key, identity);
  }
  const packages = new PackageSet();
  for (const [key, identity] of identities) {
    const node = nodes.get(key);
    const lines = json.linesOf(node);
    packages.add(
      compact({
        ...identity,
        relationship: direct.has(key) ? ('direct' as const) : ('indirect' as const),
        dependsOn: sortedIds(textsOf(node, 'requires').flatMap((needed) => identities.get(needed)?.id ?? [])),
        locations: lines && [lines],
        analyzedBy: 'conan-lock',
      }),
    );
  }
  return packages.list();
}

function readReferences(json: LocatedJson, context: ExtractContext): readonly Package[] {
  const packages = new PackageSet();
  const list = listOf(json.root, 'requires');
  list.forEach((reference, index) => {
    const identity = typeof reference === 'string' ? identify(reference, context) : undefined;
    const lines = json.lineOfElement(list, index);
    if (identity) packages.add(compact({ ...identity, locations: lines && [lines], analyzedBy: 'conan-lock' }));
  });
  return packages.list();
}

interface Identity {
  readonly id: string;
  readonly name: string;
  readonly version: string;
}

/** `name/version[@user/channel][#revision][%timestamp]` */
function identify(reference: string, context: ExtractContext): Identity | undefined {
  const [, name, version] = /^([^/@#%]+)\/([^/@#%]+)(?:[@#%]|$)/.exec(reference) ?? [];
  if (!name || !version) {
    context.report('unreadable-reference', `no reference of a package: ${reference.slice(0, 100)}`);
    return undefined;
  }
  return { id: `${name}/${version}`, name, version };
}
