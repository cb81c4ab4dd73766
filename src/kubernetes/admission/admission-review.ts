/**
 * AdmissionReview, as an API server sends it and wants it answered.
 * Reads   JSON of `admission.k8s.io/v1`. The size of the body is bounded by whoever reads it.
 * Errors  `FormatError` that says what is wrong; the server answers 400 then, and the failure policy decides.
 * Source  https://kubernetes.io/docs/reference/access-authn-authz/extensible-admission-controllers/#webhook-request-and-response
 */
import { FormatError, oneLine } from '#base';
import { fieldOf, textOf, textsOf } from '#formats';

export interface AdmissionRequest {
  readonly uid: string;
  /** Of the object; for `pods/ephemeralcontainers` it is `Pod`. */
  readonly kind: string;
  readonly group: string;
  readonly resource: string;
  readonly subresource: string;
  readonly name: string;
  readonly namespace: string;
  readonly operation: string;
  readonly user: { readonly name: string; readonly groups: readonly string[] };
  readonly dryRun: boolean;
  readonly object: unknown;
  readonly oldObject: unknown;
}

export interface AdmissionResponse {
  readonly allowed: boolean;
  readonly message?: string;
  readonly warnings?: readonly string[];
  readonly auditAnnotations?: Readonly<Record<string, string>>;
  readonly patch?: readonly PatchStep[];
}

/** https://www.rfc-editor.org/rfc/rfc6902 */
export interface PatchStep {
  readonly op: 'replace' | 'test';
  readonly path: string;
  readonly value: string;
}

const apiVersion = 'admission.k8s.io/v1';
const MAX_UID = 256;

export function readAdmissionReview(body: Uint8Array): AdmissionRequest {
  let review: unknown;
  try {
    review = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(body));
  } catch (cause) {
    throw new FormatError('the body is not JSON', { cause });
  }
  if (textOf(review, 'kind') !== 'AdmissionReview') throw new FormatError('the body is no AdmissionReview');
  const version = textOf(review, 'apiVersion');
  if (version !== apiVersion) throw new FormatError(`the AdmissionReview is not of ${apiVersion}`);
  const request = fieldOf(review, 'request');
  const uid = textOf(request, 'uid') ?? '';
  if (uid === '' || uid.length > MAX_UID) throw new FormatError('request.uid is missing');
  const operation = textOf(request, 'operation') ?? '';
  if (!['CREATE', 'UPDATE', 'DELETE', 'CONNECT'].includes(operation))
    throw new FormatError('request.operation is not one of CREATE, UPDATE, DELETE, CONNECT');
  const kind = textOf(request, 'kind', 'kind') ?? '';
  if (kind === '') throw new FormatError('request.kind is missing');
  const dryRun = fieldOf(request, 'dryRun') ?? false;
  if (typeof dryRun !== 'boolean') throw new FormatError('request.dryRun is not a boolean');
  const object = fieldOf(request, 'object') ?? undefined;
  if ((operation === 'CREATE' || operation === 'UPDATE') && (typeof object !== 'object' || Array.isArray(object)))
    throw new FormatError('request.object is missing');
  return {
    uid,
    kind,
    group: textOf(request, 'kind', 'group') ?? '',
    resource: textOf(request, 'resource', 'resource') ?? '',
    subresource: textOf(request, 'subResource') ?? '',
    name:
      textOf(request, 'name') || textOf(object, 'metadata', 'name') || textOf(object, 'metadata', 'generateName') || '',
    namespace: textOf(request, 'namespace') ?? '',
    operation,
    user: { name: textOf(request, 'userInfo', 'username') ?? '', groups: textsOf(request, 'userInfo', 'groups') },
    dryRun,
    object,
    oldObject: fieldOf(request, 'oldObject') ?? undefined,
  };
}

/** The limits are the API server's: warnings of up to 256 characters, about 4 KiB of them. */
export function writeAdmissionReview(uid: string, response: AdmissionResponse): string {
  const { allowed, message, warnings = [], auditAnnotations, patch } = response;
  return JSON.stringify({
    apiVersion,
    kind: 'AdmissionReview',
    response: {
      uid,
      allowed,
      ...(!allowed && { status: { code: 403, reason: 'Forbidden', message: clip(message ?? 'denied', 8000) } }),
      ...(warnings.length > 0 && { warnings: bounded(warnings) }),
      ...(auditAnnotations &&
        Object.keys(auditAnnotations).length > 0 && { auditAnnotations: clipAll(auditAnnotations) }),
      ...(patch &&
        patch.length > 0 && {
          patchType: 'JSONPatch',
          patch: Buffer.from(JSON.stringify(patch)).toString('base64'),
        }),
    },
  });
}

const MAX_WARNING = 256;
const MAX_WARNINGS = 12;

function bounded(warnings: readonly string[]): string[] {
  const shown = warnings.slice(0, MAX_WARNINGS).map((text) => clip(text, MAX_WARNING));
  if (warnings.length > shown.length)
    shown[MAX_WARNINGS - 1] = `and ${warnings.length - MAX_WARNINGS + 1} more warnings`;
  return shown;
}

function clipAll(texts: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(texts).map(([key, text]) => [key, clip(text, 2000)]));
}

/** One line of at most `most` bytes of UTF-8; a cut is shown. */
export function clip(text: string, most: number): string {
  const line = oneLine(text);
  if (Buffer.byteLength(line) <= most) return line;
  let size = 3;
  let end = 0;
  for (const character of line) {
    size += Buffer.byteLength(character);
    if (size > most) break;
    end += character.length;
  }
  return `${line.slice(0, end)}...`;
}
