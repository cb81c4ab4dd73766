/**
 * The events of a watch: one JSON document a line.
 * Limits  16 MiB a line; etcd keeps objects of 1.5 MiB.
 * Errors  `FormatError` for a line that is no event, `LimitError`; an ERROR event as `KubernetesError`.
 * Source  https://kubernetes.io/docs/reference/using-api/api-concepts/#efficient-detection-of-changes
 */
import { FormatError, LimitError } from '#base';
import type { WatchEvent } from './client.js';
import { watchError } from './status-answer.js';

const MAX_LINE = 16 * 1024 * 1024;

export async function* readEvents<T>(body: AsyncIterable<Uint8Array>, what: string): AsyncGenerator<WatchEvent<T>> {
  for await (const line of lines(body, what)) yield parseEvent(line, what);
}

async function* lines(body: AsyncIterable<Uint8Array>, what: string): AsyncGenerator<string> {
  let parts: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of body) {
    let from = 0;
    for (let end = chunk.indexOf(10); end >= 0; end = chunk.indexOf(10, from)) {
      yield Buffer.concat([...parts, chunk.subarray(from, end)]).toString('utf8');
      parts = [];
      size = 0;
      from = end + 1;
    }
    if (from === chunk.length) continue;
    parts.push(chunk.subarray(from));
    size += chunk.length - from;
    if (size > MAX_LINE) throw new LimitError(`an event of ${what}`, MAX_LINE);
  }
  // What is left is a line that was cut off: its object comes again with the next watch.
}

function parseEvent<T>(line: string, what: string): WatchEvent<T> {
  let event: { type?: unknown; object?: { metadata?: unknown } | null } | null;
  try {
    event = JSON.parse(line) as typeof event;
  } catch (error) {
    throw new FormatError(`an event of ${what} is not JSON`, { cause: error });
  }
  const { type, object } = event ?? {};
  if (type === 'ERROR') throw watchError(object, what);
  const known = type === 'ADDED' || type === 'MODIFIED' || type === 'DELETED' || type === 'BOOKMARK';
  if (!known || typeof object?.metadata !== 'object' || object.metadata === null) {
    throw new FormatError(`an event of ${what} is not understood`);
  }
  return { type, object } as WatchEvent<T>;
}
