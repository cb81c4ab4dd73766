/**
 * Something the scan could not assess, as data: it stays in the report and policy can count it.
 * `code` is `<extractor or stage>/<reason>`, e.g. `apk-db/incomplete-record`.
 */
export interface Diagnostic {
  readonly code: string;
  /** `error`: packages may be missing from the report; `warning`: less certain; `info`: by design. */
  readonly severity: 'error' | 'warning' | 'info';
  /** One line: what was not assessed and why. */
  readonly message: string;
  readonly path?: string;
  readonly line?: number;
  readonly layer?: string;
}
