export { checkLicenses } from './licenses/check-licenses.js';
export type { LicenseChoice } from './licenses/license-categories.js';
export { mergeSecrets } from './secrets/merge-secrets.js';
export { createRuleSet, type RuleSet } from './secrets/rule-set.js';
export { scanText } from './secrets/scan-text.js';
export { defaultSecretConfig, parseSecretConfig, type SecretConfig } from './secrets/secret-config.js';
export { createSecretVisitor, type SecretVisitor, type SecretVisitorOptions } from './secrets/secret-visitor.js';
