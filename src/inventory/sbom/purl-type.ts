/**
 * What kind of package a package URL names: a distribution's, or a language's, which is then taken for an installed one.
 * Source  https://github.com/package-url/purl-spec/tree/main/types-doc
 */
import type { PackageUrl } from '#formats';

/** Application type of installed packages by package URL type. */
const applicationTypes: ReadonlyMap<string, string> = new Map([
  ['bitnami', 'bitnami'],
  ['cargo', 'cargo'],
  ['cocoapods', 'cocoapods'],
  ['composer', 'composer'],
  ['conan', 'conan'],
  ['conda', 'conda-pkg'],
  ['gem', 'gemspec'],
  ['golang', 'gobinary'],
  ['hex', 'hex'],
  ['maven', 'jar'],
  ['npm', 'node-pkg'],
  ['nuget', 'nuget'],
  ['pub', 'pub'],
  ['pypi', 'python-pkg'],
  ['swift', 'swift'],
]);

/** Clusters of cloud providers are named by the namespace. */
const managedKubernetes: ReadonlySet<string> = new Set(['aks', 'eks', 'gke', 'ocp', 'rke']);

/** Types that stand for whole artifacts, never for a package with advisories. */
const artifactTypes: ReadonlySet<string> = new Set(['docker', 'oci']);

const systemTypes: ReadonlySet<string> = new Set(['apk', 'deb', 'rpm']);

/** `os`, an application type, `artifact`, or `undefined` for types without advisories. */
export function purlKind({ type, namespace }: PackageUrl): string | undefined {
  if (systemTypes.has(type)) return 'os';
  if (artifactTypes.has(type)) return 'artifact';
  if (type === 'k8s') return namespace !== undefined && managedKubernetes.has(namespace) ? namespace : 'kubernetes';
  return applicationTypes.get(type);
}
