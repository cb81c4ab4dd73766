/** All rules that come with the program. Those of the reference keep its ids; the further ones are ours. */
import type { SecretRule } from './rule.js';
import { awsRules, azureRules, cloudRules } from './rules/clouds.js';
import { forgeRules, registryRules } from './rules/forges.js';
import { furtherCloudRules, furtherModelRules } from './rules/further-clouds.js';
import { furtherForgeRules, furtherRegistryRules, furtherServiceRules } from './rules/further-services.js';
import { keyRules } from './rules/keys.js';
import { messagingRules } from './rules/messaging.js';
import { modelRules, monitoringRules, paymentRules } from './rules/services.js';

export const referenceRules: readonly SecretRule[] = [
  ...awsRules,
  ...azureRules,
  ...cloudRules,
  ...forgeRules,
  ...keyRules,
  ...messagingRules,
  ...modelRules,
  ...monitoringRules,
  ...paymentRules,
  ...registryRules,
];

export const furtherRules: readonly SecretRule[] = [
  ...furtherCloudRules,
  ...furtherForgeRules,
  ...furtherModelRules,
  ...furtherRegistryRules,
  ...furtherServiceRules,
];
