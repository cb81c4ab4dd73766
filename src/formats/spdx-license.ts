/**
 * The license of a package as SPDX writes it.
 * Reads   a name (`GPL v2 or later`), an identifier or an expression of them, as found in package metadata.
 * Yields  names made identifiers where it is known which is meant, and whether the whole is valid SPDX.
 * Errors  none: what is no expression stays as it is and is not valid.
 * Source  https://spdx.github.io/spdx-spec/v2.3/SPDX-license-expressions/ and https://spdx.org/licenses/
 */
import { formatLicenseExpression, mapLicenses, parseLicenseExpression } from './license-expression.js';
import type { LicenseExpression } from './license-expression.js';
import { normalizeLicense } from './license-name.js';
import { spdxExceptionId, spdxLicenseId } from './spdx-license-ids.js';

export interface SpdxLicense {
  readonly text: string;
  /** `identifier`: one license of the list; `expression`: valid SPDX; `other`: not SPDX. */
  readonly kind: 'identifier' | 'expression' | 'other';
  /** Absent when the text is no expression. */
  readonly expression?: LicenseExpression;
}

type License = Extract<LicenseExpression, { kind: 'license' }>;

export function spdxLicense(text: string): SpdxLicense {
  const parsed = parseLicenseExpression(spdxLicenseId(text) ?? text.replace(/-with-(?=\S)/gi, ' WITH '));
  if (!parsed) return { text, kind: 'other' };
  let valid = true;
  const expression = mapLicenses(parsed, (license) => {
    const known = identified(license);
    if (!known) valid = false;
    return known ?? named(license);
  });
  const written = formatLicenseExpression(expression);
  const kind = !valid ? 'other' : spdxLicenseId(written) === written ? 'identifier' : 'expression';
  return { text: written, kind, expression };
}

/** Whether the text is valid SPDX by itself: an identifier or an expression in the list's own spelling. */
function identified({ name, exception }: License): License | undefined {
  const known = identifier(name);
  if (known === undefined) return undefined;
  if (exception === undefined) return { kind: 'license', name: known };
  const except = spdxExceptionId(exception);
  return except === undefined ? undefined : { kind: 'license', name: known, exception: except };
}

/** Deprecated identifiers of the GNU licenses do not say whether later versions count; their successors do. */
function identifier(name: string): string | undefined {
  const meant = normalizeLicense(name);
  const known = spdxLicenseId(meant) ?? (name.includes('-with-') ? spdxLicenseId(name) : undefined);
  if (known !== undefined) return known;
  const plain = meant.endsWith('+') ? spdxLicenseId(meant.slice(0, -1)) : undefined;
  return plain === undefined ? undefined : `${plain}+`;
}

function named({ name, exception }: License): License {
  const meant = normalizeLicense(name);
  return exception === undefined
    ? { kind: 'license', name: meant }
    : { kind: 'license', name: meant, exception: spdxExceptionId(exception) ?? exception };
}
