/** Paths of the Kubernetes API. https://kubernetes.io/docs/reference/using-api/api-concepts/#resource-uris */
import { PratiqueError } from '#base';
import type { ResourceType } from './object.js';

export interface PathParts {
  readonly namespace?: string | undefined;
  readonly name?: string | undefined;
  readonly subresource?: string | undefined;
  readonly query?: Readonly<Record<string, string | number | boolean | undefined>>;
}

/** Names become one path segment each, whatever they hold. */
export function resourcePath(type: ResourceType, { namespace, name, subresource, query = {} }: PathParts): string {
  const root = type.group ? `/apis/${type.group}/${type.version}` : `/api/${type.version}`;
  const scope = type.namespaced && namespace ? `/namespaces/${segment(namespace)}` : '';
  const object = name === undefined ? '' : `/${segment(name)}${subresource ? `/${subresource}` : ''}`;
  const search = new URLSearchParams();
  for (const [key, value] of Object.entries(query)) if (value !== undefined) search.set(key, String(value));
  const text = search.toString();
  return `${root}${scope}/${type.plural}${object}${text ? `?${text}` : ''}`;
}

function segment(name: string): string {
  // URL parsers resolve these two, and the path would name something else.
  if (name === '' || name === '.' || name === '..') {
    throw new PratiqueError('kubernetes/refused', { what: `the name ${JSON.stringify(name)}`, message: 'not a name' });
  }
  return encodeURIComponent(name);
}
