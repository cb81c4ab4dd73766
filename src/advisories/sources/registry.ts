/** Every advisory source, alphabetical by id. */
import type { AdvisorySource } from './advisory-source.js';
import { alpine } from './alpine.js';
import { bitnami } from './bitnami.js';
import { cisaKev } from './cisa-kev.js';
import { cisaVulnrichment } from './cisa-vulnrichment.js';
import { debian } from './debian.js';
import { firstEpss } from './first-epss.js';
import { govulndb } from './govulndb.js';
import { nodejsSecurityWg } from './nodejs-security-wg.js';
import { phpSecurityAdvisories } from './php-security-advisories.js';
import { pypa } from './pypa.js';
import { rubyAdvisoryDb } from './ruby-advisory-db.js';
import { rustsec } from './rustsec.js';

export const advisorySources: readonly AdvisorySource[] = [
  alpine,
  bitnami,
  cisaKev,
  cisaVulnrichment,
  debian,
  firstEpss,
  govulndb,
  nodejsSecurityWg,
  phpSecurityAdvisories,
  pypa,
  rubyAdvisoryDb,
  rustsec,
];
