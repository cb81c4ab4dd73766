/** The custom resources that the webhook reads and writes, by the name of their file in deploy/crds. */
import { assessmentDefinition } from './assessment-definition.js';
import type { Schema } from './definition.js';
import { policyDefinition } from './policy-definition.js';

export const webhookResources: ReadonlyMap<string, Schema> = new Map([
  ['pratique.dev_imagepolicies', policyDefinition],
  ['pratique.dev_imageassessments', assessmentDefinition],
]);
