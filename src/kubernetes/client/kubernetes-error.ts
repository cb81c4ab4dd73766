/**
 * What an API server answers when it does not do what it was asked, as an error with the fields programs decide by.
 * https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/status/
 */
import { type ErrorCode, PratiqueError } from '#base';

export class KubernetesError extends PratiqueError {
  /** Of HTTP; for an error inside a watch, its `code`. */
  readonly status: number;
  /** One word of the API: `NotFound`, `Conflict`, `Expired`, `TooManyRequests`, … */
  readonly reason: string;
  /** Milliseconds that the server asks to wait. */
  readonly retryAfter: number | undefined;

  constructor(answer: {
    /** What was asked for, in words. */
    readonly what: string;
    readonly status: number;
    readonly reason?: string | undefined;
    readonly message?: string | undefined;
    readonly retryAfter?: number | undefined;
  }) {
    const reason = answer.reason || reasons[answer.status] || 'Unknown';
    super(codes[answer.status] ?? 'kubernetes/refused', {
      what: answer.what,
      message: (answer.message || `${reason} (${answer.status})`).slice(0, 1000),
    });
    this.name = 'KubernetesError';
    this.status = answer.status;
    this.reason = reason;
    this.retryAfter = answer.retryAfter;
  }
}

const codes: Readonly<Record<number, ErrorCode>> = {
  401: 'kubernetes/unauthorized',
  403: 'kubernetes/forbidden',
  404: 'kubernetes/not-found',
};

const reasons: Readonly<Record<number, string>> = {
  400: 'BadRequest',
  401: 'Unauthorized',
  403: 'Forbidden',
  404: 'NotFound',
  405: 'MethodNotAllowed',
  409: 'Conflict',
  410: 'Expired',
  413: 'RequestEntityTooLarge',
  422: 'Invalid',
  429: 'TooManyRequests',
  500: 'InternalError',
  503: 'ServiceUnavailable',
  504: 'Timeout',
};

const withStatus =
  (...statuses: readonly number[]) =>
  (error: unknown): error is KubernetesError =>
    error instanceof KubernetesError && statuses.includes(error.status);

export const isNotFound = withStatus(404);
export const isForbidden = withStatus(403);
export const isUnauthorized = withStatus(401);
/** The object was changed since it was read, or a field belongs to another manager. */
export const isConflict = (error: unknown): error is KubernetesError =>
  withStatus(409)(error) && error.reason !== 'AlreadyExists';
export const isAlreadyExists = (error: unknown): error is KubernetesError =>
  withStatus(409)(error) && error.reason === 'AlreadyExists';
/** The resource version, or the position in a list, is older than what the server keeps. */
export const isExpired = withStatus(410);
/** The object is larger than the server or its store takes. */
export const isTooLarge = (error: unknown): error is KubernetesError =>
  withStatus(413)(error) || (error instanceof KubernetesError && /request is too large|too large/i.test(error.message));
export const isTooManyRequests = withStatus(429);
