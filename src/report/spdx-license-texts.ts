/**
 * Licenses of packages as SPDX wants them: expressions of listed identifiers, and `LicenseRef-…` for every other name,
 * with what was found under that name.
 * Source  https://spdx.github.io/spdx-spec/v2.3/other-licensing-information-detected/
 */
import { createHash } from 'node:crypto';
import { formatLicenseExpression, mapLicenses, spdxLicense, type LicenseExpression } from '#formats';

export interface ExtractedLicense {
  readonly id: string;
  readonly name: string;
  readonly text: string;
  readonly comment: string;
}

export interface LicenseWriter {
  /** All licenses together, or `NOASSERTION` when there are none. */
  expression(licenses: readonly string[]): string;
  /** What the expressions so far refer to, sorted by id. */
  extracted(): readonly ExtractedLicense[];
}

const textPrefix = 'text://';

export function createLicenseWriter(): LicenseWriter {
  const found = new Map<string, ExtractedLicense>();
  const refer = (name: string, text?: string): LicenseExpression => {
    const id = `LicenseRef-${createHash('sha256')
      .update(text ?? name)
      .digest('hex')
      .slice(0, 16)}`;
    found.set(id, {
      id,
      name: text === undefined ? name : 'NOASSERTION',
      text: text ?? `The package names its license: ${name}`,
      comment:
        text === undefined
          ? 'The name of a license as the package states it'
          : 'The text of a license as the package states it',
    });
    return { kind: 'license', name: id };
  };
  const read = (license: string): LicenseExpression => {
    if (license.startsWith(textPrefix)) return refer('', license.slice(textPrefix.length));
    const { kind, text, expression } = spdxLicense(license);
    if (!expression) return refer(text);
    if (kind !== 'other') return expression;
    return mapLicenses(expression, (one) => {
      const written = formatLicenseExpression(one);
      return spdxLicense(written).kind === 'other' ? refer(written) : one;
    });
  };
  return {
    expression(licenses) {
      // In a document that was read, that no license is asserted stands in the place of one.
      const operands = licenses
        .filter((one) => !/^(?:NOASSERTION)?$/.test(one.replace(textPrefix, '').trim()))
        .map(read);
      if (operands.length === 0) return 'NOASSERTION';
      return formatLicenseExpression(operands.length === 1 ? operands[0]! : { kind: 'and', operands });
    },
    extracted: () => [...found.values()].sort((a, b) => (a.id < b.id ? -1 : 1)),
  };
}
