/** From an answer that is no success to a `KubernetesError`. Bodies are Status objects, or text of proxies in between. */
import { type HttpResponse, retryAfter } from '#platform';
import { KubernetesError } from './kubernetes-error.js';

const MAX_STATUS = 1024 * 1024;

export async function refusal(response: HttpResponse, what: string, now: Date): Promise<KubernetesError> {
  const text = await response.text(MAX_STATUS).catch(() => '');
  const { reason, message, details } = parse(text);
  const seconds = details?.retryAfterSeconds;
  const asked = typeof seconds === 'number' && seconds > 0 ? seconds * 1000 : undefined;
  return new KubernetesError({
    what,
    status: response.status,
    reason: typeof reason === 'string' ? reason : undefined,
    message: typeof message === 'string' ? message : text.trim().slice(0, 300),
    retryAfter: retryAfter(response.header('retry-after'), now) ?? asked,
  });
}

/** The error inside a watch. */
export function watchError(object: unknown, what: string): KubernetesError {
  const { code, reason, message } = isMapping(object) ? object : {};
  return new KubernetesError({
    what,
    status: typeof code === 'number' ? code : 500,
    reason: typeof reason === 'string' ? reason : undefined,
    message: typeof message === 'string' ? message : undefined,
  });
}

const isMapping = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null;

function parse(text: string): { reason?: unknown; message?: unknown; details?: { retryAfterSeconds?: unknown } } {
  try {
    const document = JSON.parse(text) as unknown;
    return isMapping(document) && document['kind'] === 'Status' ? document : {};
  } catch {
    return {};
  }
}
