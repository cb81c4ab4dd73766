/**
 * Licenses of a component: an identifier of the SPDX list, an expression, or whatever name was found.
 * Several valid licenses of which one is an expression become one expression: a component has at most one.
 * Source  https://cyclonedx.org/docs/1.7/json/#components_items_licenses
 */
import { formatLicenseExpression, spdxLicense, type SpdxLicense } from '#formats';

type Choice =
  { readonly license: { readonly id: string } | { readonly name: string } } | { readonly expression: string };

const textPrefix = 'text://';

/** `undefined` when there are none. */
export function licenseChoices(licenses: readonly string[]): readonly Choice[] | undefined {
  const read = licenses.filter((license) => license.replace(textPrefix, '').trim() !== '').map(readLicense);
  if (read.length === 0) return undefined;
  if (read.some((l) => l.kind === 'expression') && read.every((l) => l.kind !== 'other')) {
    const operands = read.flatMap((l) => l.expression ?? []);
    return [{ expression: formatLicenseExpression(operands.length === 1 ? operands[0]! : { kind: 'and', operands }) }];
  }
  const unique = new Map(read.map((l) => [l.text, l]));
  return [...unique.values()].map(({ kind, text }) => ({
    license: kind === 'identifier' ? { id: text } : { name: text },
  }));
}

/** What was given as the text of a license is its name. */
const readLicense = (license: string): SpdxLicense =>
  license.startsWith(textPrefix) ? { text: license.slice(textPrefix.length), kind: 'other' } : spdxLicense(license);
