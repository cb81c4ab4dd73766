/**
 * Events as JSON to a program of one's own, signed so that it can tell who sends them.
 * Source  https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md
 */
import { createHash, createHmac } from 'node:crypto';
import type { FindingEvent } from './finding-event.js';
import type { Sink } from './sink.js';

export interface WebhookOptions {
  readonly url: string;
  /** Shared with the receiver: `whsec_` and Base64, or any text; without it, requests are not signed. */
  readonly key?: string | undefined;
}

export const eventsSchema = 'pratique.dev/finding-events/v1';

export function webhookSink({ url, key }: WebhookOptions): Sink {
  return {
    id: 'webhook',
    batch: 100,
    secrets: key ? [key] : [],
    request(events, { source, now }) {
      const body = JSON.stringify({ schema: eventsSchema, source, events });
      const id = batchId(events);
      const timestamp = String(Math.floor(now.getTime() / 1000));
      return {
        url,
        headers: {
          'content-type': 'application/json',
          'webhook-id': id,
          'webhook-timestamp': timestamp,
          ...(key && { 'webhook-signature': `v1,${sign(key, `${id}.${timestamp}.${body}`)}` }),
        },
        body,
      };
    },
  };
}

/** The same for the same events. */
function batchId(events: readonly FindingEvent[]): string {
  const text = events.map(({ id }) => id).join('\n');
  return `msg_${createHash('sha256').update(text).digest('hex').slice(0, 32)}`;
}

function sign(key: string, text: string): string {
  const bytes = key.startsWith('whsec_') ? Buffer.from(key.slice('whsec_'.length), 'base64') : Buffer.from(key);
  return createHmac('sha256', bytes).update(text).digest('base64');
}
