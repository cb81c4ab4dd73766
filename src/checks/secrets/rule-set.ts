/** The rules in force: which of the built-in ones, the user's own, and an index of what announces them. */
import { compileGlob } from '#base';
import { builtInAllowRules } from './allow-rules.js';
import { furtherRules, referenceRules } from './built-in-rules.js';
import { createKeywordIndex, type KeywordIndex } from './keyword-index.js';
import type { SecretRule, Shape } from './rule.js';
import type { SecretConfig, UserAllowRule, UserRule } from './secret-config.js';
import { createSkipList, defaultSkipPatterns, type SkipList } from './skip-list.js';

/** Raised whenever a built-in rule or the engine gives other results for the same bytes. */
const revision = 1;

export interface ShapeInUse {
  readonly rule: SecretRule;
  readonly shape: Shape;
  /** Position among all shapes. */
  readonly index: number;
}

export interface RuleSet {
  readonly shapes: readonly ShapeInUse[];
  readonly userRules: readonly UserRule[];
  /** What each keyword of `index` announces. */
  readonly announced: readonly Announced[];
  readonly index: KeywordIndex;
  readonly skips: SkipList;
  /** Paths that pass, without a leading slash. */
  readonly allowedPaths: readonly PathTest[];
  readonly allowedMatches: readonly RegExp[];
  readonly userAllowedMatches: readonly UserAllowRule[];
  readonly excludeBlocks: SecretConfig['excludeBlocks'];
  /** Base name of the configuration, which is not scanned itself. */
  readonly configName: string | undefined;
  /** Changes whenever results could differ. */
  readonly signature: string;
}

export interface PathTest {
  test(path: string): boolean;
}

export interface Announced {
  readonly shapes: readonly ShapeInUse[];
  readonly userRules: readonly UserRule[];
}

export function createRuleSet(config: SecretConfig): RuleSet {
  const rules = rulesInForce(config);
  const shapes = rules
    .flatMap((rule) => rule.shapes.map((shape) => ({ rule, shape })))
    .map((entry, index) => ({ ...entry, index }));
  const userRules = config.rules.filter((rule) => !config.disabledRules.includes(rule.id));
  const keywords = new Map<string, { shapes: ShapeInUse[]; userRules: UserRule[] }>();
  const announcedBy = (keyword: string): { shapes: ShapeInUse[]; userRules: UserRule[] } => {
    const known = keywords.get(keyword) ?? { shapes: [], userRules: [] };
    keywords.set(keyword, known);
    return known;
  };
  for (const shape of shapes) for (const trigger of shape.shape.triggers) announcedBy(trigger).shapes.push(shape);
  for (const rule of userRules) for (const keyword of rule.keywords) announcedBy(keyword).userRules.push(rule);
  const allows = builtInAllowRules.filter(({ id }) => !config.disabledAllowRules.includes(id));
  const userAllows = config.allowRules.filter(({ id }) => !config.disabledAllowRules.includes(id));
  return {
    shapes,
    userRules,
    announced: [...keywords.values()],
    index: createKeywordIndex([...keywords.keys()]),
    skips: createSkipList(
      (config.skipPatterns ?? defaultSkipPatterns).map((glob) => ({ glob, regex: compileGlob(glob) })),
    ),
    allowedPaths: [...allows.flatMap((rule) => rule.path ?? []), ...userAllows.flatMap((rule) => rule.path ?? [])],
    allowedMatches: allows.flatMap((rule) => rule.match ?? []),
    userAllowedMatches: userAllows.filter((rule) => rule.match),
    excludeBlocks: config.excludeBlocks,
    configName: config.name,
    signature: JSON.stringify([revision, rules.map((rule) => rule.id), config.text]),
  };
}

function rulesInForce(config: SecretConfig): SecretRule[] {
  const { enabledRules, disabledRules } = config;
  return [...referenceRules, ...furtherRules].filter(
    ({ id }) => (enabledRules.length === 0 || enabledRules.includes(id)) && !disabledRules.includes(id),
  );
}
