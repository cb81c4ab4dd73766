/** Asks a lookup once per bucket and name: images hold many packages of one source, and many applications one library. */
import type { AdvisoryLookup, AdvisoryRecord } from '#model';

export function rememberingLookup(lookup: AdvisoryLookup): AdvisoryLookup {
  return {
    advisories: remember((bucket, name) => lookup.advisories(bucket, name)),
    advisoriesByPrefix: remember((prefix, name) => lookup.advisoriesByPrefix(prefix, name)),
    vulnerability: (id) => lookup.vulnerability(id),
    hasBucket: (bucket) => lookup.hasBucket(bucket),
    hasPrefix: (prefix) => lookup.hasPrefix(prefix),
    redHatCpeIndices: (kind, key) => lookup.redHatCpeIndices(kind, key),
  };
}

type Find = (scope: string, name: string) => readonly AdvisoryRecord[];

function remember(find: Find): Find {
  const scopes = new Map<string, Map<string, readonly AdvisoryRecord[]>>();
  return (scope, name) => {
    let names = scopes.get(scope);
    if (!names) scopes.set(scope, (names = new Map()));
    let records = names.get(name);
    if (!records) names.set(name, (records = find(scope, name)));
    return records;
  };
}
