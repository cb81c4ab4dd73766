/**
 * Sends a batch to a receiver once. The caller keeps what was not taken and tries again later.
 * Errors  `notify/refused` with the status, `notify/unreachable`; no message holds an address or a secret.
 */
import { PratiqueError } from '#base';
import { type HttpClient, type HttpResponse, NetworkError, retryAfter, type World } from '#platform';
import type { FindingEvent } from './finding-event.js';
import type { Sink } from './sink.js';

const MAX_ANSWER = 2048;
const LONGEST_WAIT = 3_600_000;

export type Delivery =
  | { readonly delivered: true }
  /** `wait`: milliseconds that the receiver asks for. */
  | { readonly delivered: false; readonly error: PratiqueError; readonly wait?: number };

export async function deliver(
  sink: Sink,
  events: readonly FindingEvent[],
  source: string,
  http: HttpClient,
  world: World,
): Promise<Delivery> {
  const now = world.clock.now();
  const { url, headers, body } = sink.request(events, { source, now });
  try {
    const response = await http.request({
      url,
      method: 'POST',
      headers,
      body,
      signal: world.signal,
      // A signed message is for the one it was signed for.
      manualRedirects: true,
    });
    if (response.status >= 200 && response.status < 300) {
      await response.discard();
      return { delivered: true };
    }
    const wait = retryAfter(response.header('retry-after'), now);
    const error = new PratiqueError('notify/refused', {
      sink: sink.id,
      status: response.status,
      answer: await answerOf(response, sink),
    });
    return { delivered: false, error, ...(wait !== undefined && { wait: Math.min(wait, LONGEST_WAIT) }) };
  } catch (error) {
    if (world.signal.aborted || !(error instanceof NetworkError)) throw error;
    const reason = without(error.message, sink);
    return { delivered: false, error: new PratiqueError('notify/unreachable', { sink: sink.id, reason }) };
  }
}

async function answerOf(response: HttpResponse, sink: Sink): Promise<string> {
  const text = await response.text(MAX_ANSWER).catch(() => '');
  return without(text.replace(/\s+/g, ' ').trim().slice(0, 200), sink) || 'nothing';
}

function without(text: string, { secrets }: Sink): string {
  return secrets.reduce((rest, secret) => rest.replaceAll(secret, '***'), text);
}
