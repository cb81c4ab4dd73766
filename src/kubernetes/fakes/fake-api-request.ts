/** The pieces of a request that the fake API server understands. */
export interface ApiPath {
  /** `apps/v1/deployments` or `v1/pods`. */
  readonly collection: string;
  readonly namespace?: string;
  readonly name?: string;
  readonly subresource?: string;
  readonly query: URLSearchParams;
}

export function parseApiPath(text: string): ApiPath {
  const url = new URL(text, 'http://fake');
  const [root = '', ...rest] = url.pathname.split('/').filter(Boolean).map(decodeURIComponent);
  const version = rest.splice(0, root === 'apis' ? 2 : 1).join('/');
  const namespace = rest[0] === 'namespaces' && rest.length > 2 ? rest.splice(0, 2)[1] : undefined;
  const [plural = '', name, subresource] = rest;
  return {
    collection: `${version}/${plural}`,
    query: url.searchParams,
    ...(namespace && { namespace }),
    ...(name !== undefined && { name }),
    ...(subresource !== undefined && { subresource }),
  };
}

/** `key=value`, joined by commas. */
export function matchesSelector(labels: Readonly<Record<string, string>>, selector: string): boolean {
  return selector
    .split(',')
    .filter(Boolean)
    .every((term) => {
      const [key = '', value = ''] = term.split('=');
      return labels[key] === value;
    });
}

/** https://www.rfc-editor.org/rfc/rfc7396 */
export function mergePatch(target: unknown, patch: unknown): unknown {
  if (typeof patch !== 'object' || patch === null || Array.isArray(patch)) return patch;
  const merged: Record<string, unknown> = typeof target === 'object' && !Array.isArray(target) ? { ...target } : {};
  for (const [key, value] of Object.entries(patch)) {
    if (value === null) delete merged[key];
    else merged[key] = mergePatch(merged[key], value);
  }
  return merged;
}
