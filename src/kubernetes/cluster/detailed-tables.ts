/** `--report all` for a terminal: the findings of each workload below its name, and of each of its images. */
import { oneLine } from '#base';
import { findFormat, type FormatOptions } from '#report';
import type { ClusterReport } from './cluster-report.js';
import { notAssessed } from './summary-table.js';

export async function* clusterTables(
  report: ClusterReport,
  options: FormatOptions,
): AsyncGenerator<string | Uint8Array> {
  const table = await findFormat('table');
  for (const { namespace, kind, name, images } of report.resources) {
    const heading = oneLine(`namespace: ${namespace}, ${kind.toLowerCase()}: ${name}`);
    let named = false;
    for (const { image, containers, report: found } of images) {
      if (!found) continue;
      let told = false;
      for await (const chunk of table.encode(found, { ...options, tableModes: ['detailed'] })) {
        if (chunk.length === 0) continue;
        if (!named) yield `\n${heading}\n`;
        named = true;
        // Targets such as `Node.js` do not tell which of several images they are in.
        if (!told) yield oneLine(`image: ${image} (${containers.join(', ')})`) + '\n';
        told = true;
        yield chunk;
      }
    }
  }
  yield notAssessed(report);
}
