/**
 * The shape that elements of SPDX 3 have in common.
 * Source  https://spdx.github.io/spdx-spec/v3.0.1/model/Core/Classes/Element/
 */
import { createHash } from 'node:crypto';
import { compact } from '#base';

export type GraphElement = Readonly<Record<string, unknown>>;

export interface ElementIds {
  /** Within the document's namespace. */
  readonly iri: (id: string) => string;
  /** Made of what it identifies. */
  readonly made: (kind: string, ...content: readonly string[]) => string;
}

export function elementIds(namespace: string): ElementIds {
  const iri = (id: string): string => `${namespace}#${id}`;
  const made = (kind: string, ...content: readonly string[]): string => {
    const digest = createHash('sha256').update(JSON.stringify(content)).digest('hex');
    return iri(`SPDXRef-${kind}-${digest.slice(0, 32)}`);
  };
  return { iri, made };
}

/** The same for all elements of a document. */
export const creationInfo = '_:creation';

/** Fields that are `undefined` are left out. */
export const graphElement = (type: string, spdxId: string, fields: Readonly<Record<string, unknown>>): GraphElement =>
  compact({ type, spdxId, creationInfo, ...fields });

export const relationship = (
  from: string,
  relationshipType: string,
  to: readonly string[],
  ids: ElementIds,
): GraphElement =>
  graphElement('Relationship', ids.made('Relationship', from, relationshipType), { from, relationshipType, to });

export const advisoryReference = (locator: readonly string[]): GraphElement => ({
  type: 'ExternalRef',
  externalRefType: 'securityAdvisory',
  locator,
});
