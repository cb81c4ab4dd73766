/** Every language ecosystem, alphabetical by id. */
import type { Ecosystem } from './ecosystem.js';
import { bitnami } from './languages/bitnami.js';
import { cargo } from './languages/cargo.js';
import { cocoapods } from './languages/cocoapods.js';
import { composer } from './languages/composer.js';
import { conan } from './languages/conan.js';
import { conda } from './languages/conda.js';
import { erlang } from './languages/erlang.js';
import { go } from './languages/go.js';
import { julia } from './languages/julia.js';
import { kubernetes } from './languages/kubernetes.js';
import { managedKubernetes } from './languages/managed-kubernetes.js';
import { maven } from './languages/maven.js';
import { npm } from './languages/npm.js';
import { nuget } from './languages/nuget.js';
import { pub } from './languages/pub.js';
import { python } from './languages/python.js';
import { ruby } from './languages/ruby.js';
import { swift } from './languages/swift.js';

const registry = [
  bitnami,
  cargo,
  cocoapods,
  composer,
  conan,
  conda,
  erlang,
  go,
  julia,
  kubernetes,
  managedKubernetes,
  maven,
  npm,
  nuget,
  pub,
  python,
  ruby,
  swift,
] as const;

export type EcosystemId = (typeof registry)[number]['id'];
export type ApplicationType = (typeof registry)[number]['types'][number];

export const ecosystems: readonly Ecosystem[] = registry;

const byType = new Map<string, Ecosystem>(
  ecosystems.flatMap((ecosystem) => ecosystem.types.map((type) => [type, ecosystem] as const)),
);

/** The ecosystem of an application type (`yarn` → npm). */
export function ecosystemOf(applicationType: string): Ecosystem | undefined {
  return byType.get(applicationType);
}

/** Names of the targets under which all packages of a type are reported together (`node-pkg` → `Node.js`). */
export const aggregatedTargets: ReadonlyMap<string, string> = new Map(
  ecosystems.flatMap(({ aggregated }) => Object.entries(aggregated ?? {})),
);

/** Application types whose packages are reported together. */
export const aggregatedTypes: ReadonlySet<string> = new Set(aggregatedTargets.keys());
