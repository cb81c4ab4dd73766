/**
 * The category of a license or of an expression of licenses.
 * All licenses joined by `AND` bind, so the gravest counts; of those joined by `OR` the mildest can be chosen.
 * A license that is not known makes the whole unknown: nobody has read it.
 */
import { parseLicenseExpression, type LicenseExpression } from '#formats';
import { severities, type LicenseCategory } from '#model';
import { categorySeverity, type CategoryOf } from './license-categories.js';

export function judgeLicense(license: string, categoryOf: CategoryOf): LicenseCategory {
  const whole = categoryOf(license);
  if (whole !== 'unknown') return whole;
  const expression = parseLicenseExpression(license);
  return expression ? judge(expression, categoryOf) : 'unknown';
}

function judge(expression: LicenseExpression, categoryOf: CategoryOf): LicenseCategory {
  if (expression.kind === 'license') {
    const { name, exception } = expression;
    return categoryOf(exception === undefined ? name : `${name} WITH ${exception}`);
  }
  const categories = expression.operands.map((operand) => judge(operand, categoryOf));
  if (categories.includes('unknown')) return 'unknown';
  const gravest = expression.kind === 'and';
  return categories.reduce((a, b) => (weight(a) > weight(b) === gravest ? a : b));
}

const weight = (category: LicenseCategory): number => severities.indexOf(categorySeverity[category]);
