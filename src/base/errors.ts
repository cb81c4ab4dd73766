/**
 * The catalogue of errors that end an operation: one code each, with message, hint and exit code.
 * Diagnostics (data; the scan goes on) are `model/diagnostic.ts`; anything else thrown is a bug.
 */
interface Entry {
  /** `{name}` is replaced by the detail of that name. */
  readonly message: string;
  /** What the user can do. */
  readonly hint: string;
}

export const errorCatalogue = {
  'usage/invalid': { message: '{problem}', hint: 'run with --help for the options' },
  'file/not-found': { message: '{path}: no such file or directory', hint: 'check the path' },
  'file/unreadable': { message: '{path}: {reason}', hint: 'check the permissions of the file' },
  'limit/exceeded': { message: '{what} is larger than the limit of {limit}', hint: 'the input may be hostile' },
  'scan/timeout': { message: 'the scan took longer than {timeout}', hint: 'raise --timeout' },
  'scan/interrupted': { message: 'interrupted', hint: 'run the command again' },
} as const satisfies Record<string, Entry>;

export type ErrorCode = keyof typeof errorCatalogue;

/** An operation cannot go on. One line for the user, with a hint; secrets in details are redacted at construction. */
export class PratiqueError extends Error {
  readonly code: ErrorCode;
  readonly hint: string;

  constructor(code: ErrorCode, details: Readonly<Record<string, string | number>> = {}, cause?: unknown) {
    const entry: Entry = errorCatalogue[code];
    super(redact(fill(entry.message, details)), cause === undefined ? undefined : { cause });
    this.name = 'PratiqueError';
    this.code = code;
    this.hint = redact(fill(entry.hint, details));
  }
}

/** A reader met a limit. The collector turns it into a diagnostic for that file. */
export class LimitError extends Error {
  constructor(what: string, limit: number) {
    super(`${what} is larger than the limit of ${limit} bytes`);
    this.name = 'LimitError';
  }
}

/** Content is not what its format promises. The collector turns it into a diagnostic for that file. */
export class FormatError extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'FormatError';
  }
}

function fill(template: string, details: Readonly<Record<string, string | number>>): string {
  return oneLine(template.replace(/\{(\w+)\}/g, (_, name: string) => String(details[name] ?? '')));
}

/** Control characters (terminal escapes, line breaks) made visible; the text stays one line. */
export function oneLine(text: string): string {
  return text.replace(/[\u0000-\u001f\u007f-\u009f]+/g, (found) =>
    /^[\r\n\t]+$/.test(found)
      ? ' '
      : [...found].map((c) => `\\x${c.charCodeAt(0).toString(16).padStart(2, '0')}`).join(''),
  );
}

/** Passwords in URLs and bearer or basic credentials are replaced by `***`. */
export function redact(text: string): string {
  return text
    .replace(/(\b[a-z][a-z0-9+.-]*:\/\/[^\s/:@]*):[^\s/@]+@/gi, '$1:***@')
    .replace(/\b(bearer|basic)\s+[A-Za-z0-9._~+/=-]{8,}/gi, '$1 ***')
    .replace(/([?&](?:access_token|token|password|sig|signature|secret)=)[^&\s]+/gi, '$1***');
}
