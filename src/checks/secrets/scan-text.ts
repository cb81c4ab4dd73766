/** The secrets of a text that is no file of the tree, such as an image's configuration. */
import type { Secret } from '#model';
import { byteSourceOf } from './byte-source.js';
import { describeSecrets } from './describe-secrets.js';
import { findSecrets } from './find-secrets.js';
import type { RuleSet } from './rule-set.js';

/** `name` is what path expressions of rules are tried on. */
export function scanText(text: string, name: string, rules: RuleSet): readonly Secret[] {
  if (rules.allowedPaths.some((allowed) => allowed.test(name))) return [];
  const source = byteSourceOf(new TextEncoder().encode(text));
  return describeSecrets(source, findSecrets(source, name, rules).secrets);
}
