/**
 * What went wrong with a registry, as the one line its user sees. Credentials that were sent are cut out of it.
 * Error bodies: https://github.com/opencontainers/distribution-spec/blob/main/spec.md#error-codes
 */
import { PratiqueError } from '#base';
import { type HttpResponse, NetworkError } from '#platform';

const MAX_BODY = 64 * 1024;
const MAX_REASON = 300;

export interface ErrorContext {
  /** Full name of the image, or of what else was asked for. */
  readonly name: string;
  readonly registry: string;
  readonly secrets: readonly string[];
  readonly advice: () => string;
}

/** For an answer with an unwanted status. Reads its body. */
export async function statusError(response: HttpResponse, context: ErrorContext): Promise<PratiqueError> {
  const { status } = response;
  const told = await reasonOf(response);
  const reason = withoutSecrets(told ? `${status}: ${told}` : `status ${status}`, context.secrets);
  const { name, registry } = context;
  if (status === 401) return new PratiqueError('registry/unauthorized', { name, reason, advice: context.advice() });
  if (status === 403) return new PratiqueError('registry/forbidden', { name, reason, advice: context.advice() });
  if (status === 404) return new PratiqueError('registry/not-found', { name, reason });
  if (status === 429) return new PratiqueError('registry/rate-limited', { registry, reason });
  if (status === 408 || status >= 500) return new PratiqueError('registry/unavailable', { registry, reason });
  return new PratiqueError('registry/bad-answer', { registry, reason });
}

/** For a request without an answer; anything but a `NetworkError` is handed back as it is. */
export function networkProblem(error: unknown, registry: string): unknown {
  if (!(error instanceof NetworkError)) return error;
  // Blobs come from other hosts after a redirect, tokens from a token server.
  const where = error.host === registry ? registry : `${registry} (at ${error.host})`;
  const details = { registry: where, reason: error.message };
  if (error.failure === 'dns') return new PratiqueError('registry/dns', details, error);
  if (error.failure === 'tls') return new PratiqueError('registry/tls', details, error);
  if (error.failure === 'not-tls') return new PratiqueError('registry/plain-http', details, error);
  if (error.failure === 'invalid-answer' || error.failure === 'redirect') {
    return new PratiqueError('registry/bad-answer', details, error);
  }
  return new PratiqueError('registry/unavailable', details, error);
}

/** A refusal that other credentials may turn: registries also deny that a private image exists. */
export function isRefusal(error: unknown): error is PratiqueError {
  return error instanceof PratiqueError && /^registry\/(unauthorized|forbidden|not-found)$/.test(error.code);
}

function withoutSecrets(text: string, secrets: readonly string[]): string {
  return secrets.reduce((shown, secret) => (secret.length > 3 ? shown.replaceAll(secret, '***') : shown), text);
}

/** The registry's own words, where it has some. */
async function reasonOf(response: HttpResponse): Promise<string> {
  try {
    const text = (await response.text(MAX_BODY)).trim();
    if (!text.startsWith('{')) return '';
    const body = JSON.parse(text) as { errors?: { code?: unknown; message?: unknown }[]; details?: unknown };
    const [first] = Array.isArray(body.errors) ? body.errors : [];
    const words = [first?.code, first?.message, first ? undefined : body.details];
    return words
      .filter((word): word is string => typeof word === 'string' && word !== '')
      .join(' ')
      .slice(0, MAX_REASON);
  } catch {
    // The status says enough.
    return '';
  }
}
