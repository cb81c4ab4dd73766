/**
 * What a report says of each vulnerability and product: findings are affected or under investigation, those that VEX
 * documents took out keep what these say. What a user chose not to see is no statement about the product.
 */
import type { Report, Vulnerability } from '#model';

export type VexStatus = 'not_affected' | 'affected' | 'fixed' | 'under_investigation';

export interface VexStatement {
  readonly id: string;
  readonly status: VexStatus;
  readonly finding: Vulnerability;
  /** Package URL; made of name and version where the package has none. */
  readonly product: string;
  /** Why not affected; what to do when affected. */
  readonly text: string;
}

export function* vexStatements({ results }: Report): Generator<VexStatement> {
  for (const { vulnerabilities, suppressed = [] } of results) {
    for (const finding of vulnerabilities) {
      const { package: pkg, fixedVersion, status, id } = finding;
      const open = status === 'under_investigation' || status === 'unknown';
      yield {
        id,
        status: open ? 'under_investigation' : 'affected',
        finding,
        product: productOf(finding),
        text: fixedVersion
          ? `Upgrade ${pkg.name} to ${fixedVersion}`
          : (remedies[status] ?? 'No fixed version is known'),
      };
    }
    for (const { status, statement, finding } of suppressed)
      if (finding.kind === 'vulnerability' && (status === 'not_affected' || status === 'fixed'))
        yield { id: finding.id, status, finding, product: productOf(finding), text: statement };
  }
}

const remedies: Readonly<Partial<Record<string, string>>> = {
  will_not_fix: 'The supplier will not fix it',
  fix_deferred: 'The supplier has put the fix off',
  end_of_life: 'No longer supported: upgrade to a supported release',
};

function productOf({ package: pkg, installedVersion }: Vulnerability): string {
  if (pkg.purl && /^pkg:[a-z][a-z0-9.+-]*\/[^\s"<>\\^`{|}]+$/i.test(pkg.purl)) return pkg.purl;
  return `pkg:generic/${encode(pkg.name)}@${encode(installedVersion)}`;
}

const encode = (text: string): string => encodeURIComponent(text.replace(/\p{Cs}/gu, '\ufffd')) || '-';

/** The labels that OpenVEX and CISA know. */
export const justifications = [
  'component_not_present',
  'vulnerable_code_not_present',
  'vulnerable_code_not_in_execute_path',
  'vulnerable_code_cannot_be_controlled_by_adversary',
  'inline_mitigations_already_exist',
] as const;

export const justificationOf = (text: string): (typeof justifications)[number] | undefined =>
  justifications.find((label) => label === text.trim());
