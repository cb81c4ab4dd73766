import { apk } from './apk.js';
import { bitnami } from './bitnami.js';
import { cran } from './cran.js';
import { deb } from './deb.js';
import { gem } from './gem.js';
import { generic } from './generic.js';
import { hackage } from './hackage.js';
import { maven } from './maven.js';
import { npm } from './npm.js';
import { nuget } from './nuget.js';
import { packagist } from './packagist.js';
import { pep440, pep440Local } from './pep440.js';
import { pub } from './pub.js';
import { rpm } from './rpm.js';
import type { Scheme } from './scheme.js';
import { semver } from './semver.js';

const all = [
  apk,
  bitnami,
  cran,
  deb,
  gem,
  generic,
  hackage,
  maven,
  npm,
  nuget,
  packagist,
  pep440,
  pep440Local,
  pub,
  rpm,
  semver,
] as const;

export type SchemeId = (typeof all)[number]['id'];

/** Every version scheme, alphabetical by id. */
export const schemes: readonly Scheme[] = all;

const byId: ReadonlyMap<string, Scheme> = new Map(all.map((member) => [member.id, member]));

export function scheme(id: SchemeId): Scheme {
  return byId.get(id)!;
}
