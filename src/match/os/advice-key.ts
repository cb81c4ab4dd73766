/** The name under which a distribution's advisories speak of a package; none when the package does not tell its source. */
import type { Package } from '#model';
import type { System } from './system.js';

export function adviceKey({ advisories, notes }: System, pkg: Package): string | undefined {
  if (advisories.key === 'binary') return pkg.name;
  if (advisories.key === 'module') return moduleName(pkg);
  if (pkg.source?.name) return pkg.source.name;
  if (advisories.key === 'source-or-binary') return pkg.name;
  notes.add('match/no-source-package', 'packages without a source package were not assessed', pkg.name);
  return undefined;
}

/** `nodejs:18::npm` for npm of the module labelled `nodejs:18:9030…:abc`. https://docs.fedoraproject.org/en-US/modularity/ */
function moduleName({ name, modularityLabel = '' }: Package): string {
  const [module, stream, ...rest] = modularityLabel.split(':');
  return rest.length > 0 ? `${module}:${stream}::${name}` : name;
}
