/** A CycloneDX document of components that come from elsewhere than a report of one artifact. Loaded when used. */
import type { Report } from '#model';
import type { Node } from './bom-components.js';
import type { FormatOptions } from './format.js';

/** The root is the first of the nodes. */
export async function* writeBill(
  nodes: readonly Node[],
  at: Pick<Report, 'createdAt'>,
  options: Pick<FormatOptions, 'version'>,
): AsyncGenerator<string> {
  const { billOf } = await import('./bill-of-materials.js');
  const { cyclonedxDocument } = await import('./cyclonedx.js');
  yield* cyclonedxDocument(billOf(nodes), at, options);
}
