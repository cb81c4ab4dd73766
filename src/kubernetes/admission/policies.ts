/**
 * Which policies hold in a namespace: its `ImagePolicy` resources, all of them; else its ConfigMap `pratique-policy`; else
 * the same of the program's own namespace; else the built-in policy.
 * Errors  a policy that cannot be read does not open the gate: what was read before it stays in force, and where there was
 *         nothing before, everything is refused with what is wrong with the policy.
 */
import { FormatError } from '#base';
import { parseYaml } from '#formats';
import { builtInPolicy, type ImagePolicy, parseImagePolicy } from './image-policy.js';

export type PolicyKind = 'ImagePolicy' | 'ConfigMap';

export interface BrokenPolicy {
  readonly name: string;
  readonly problem: string;
}

export interface Policies {
  /** `text` of a ConfigMap is YAML. Resolves to what is wrong with it. */
  set(kind: PolicyKind, key: string, spec: unknown): Promise<string | undefined>;
  remove(kind: PolicyKind, key: string): void;
  /** At least one. */
  of(namespace: string): readonly (ImagePolicy | BrokenPolicy)[];
  readonly size: number;
  /** That cannot be read in their latest form. */
  readonly broken: number;
}

interface Entry {
  readonly policy: ImagePolicy | BrokenPolicy;
  readonly problem?: string;
}

export const isBroken = (policy: ImagePolicy | BrokenPolicy): policy is BrokenPolicy => 'problem' in policy;

/** The key in the ConfigMap. */
export const policyKey = 'policy.yaml';
export const policyConfigMap = 'pratique-policy';

export function createPolicies(ownNamespace: string): Policies {
  const kinds: Readonly<Record<PolicyKind, Map<string, Map<string, Entry>>>> = {
    ImagePolicy: new Map(),
    ConfigMap: new Map(),
  };
  const entries = (): Entry[] =>
    Object.values(kinds).flatMap((namespaces) => [...namespaces.values()].flatMap((names) => [...names.values()]));

  return {
    async set(kind, key, spec) {
      const { namespace, name } = parts(key);
      const names = kinds[kind].get(namespace) ?? new Map<string, Entry>();
      kinds[kind].set(namespace, names);
      const label = `${kind} ${key}`;
      try {
        const value = typeof spec === 'string' ? await parseYaml(spec) : spec;
        names.set(name, { policy: parseImagePolicy(value, label) });
        return undefined;
      } catch (error) {
        if (!(error instanceof FormatError)) throw error;
        const problem = error.message;
        const before = names.get(name)?.policy;
        names.set(name, { policy: before && !isBroken(before) ? before : { name: label, problem }, problem });
        return problem;
      }
    },
    remove(kind, key) {
      const { namespace, name } = parts(key);
      const names = kinds[kind].get(namespace);
      names?.delete(name);
      if (names?.size === 0) kinds[kind].delete(namespace);
    },
    of(namespace) {
      for (const place of [namespace, ownNamespace])
        for (const kind of ['ImagePolicy', 'ConfigMap'] as const) {
          const found = kinds[kind].get(place);
          if (found && found.size > 0) return [...found.values()].map(({ policy }) => policy);
        }
      return [builtInPolicy];
    },
    get size() {
      return entries().length;
    },
    get broken() {
      return entries().filter(({ problem }) => problem !== undefined).length;
    },
  };
}

function parts(key: string): { readonly namespace: string; readonly name: string } {
  const slash = key.indexOf('/');
  return { namespace: key.slice(0, Math.max(0, slash)), name: key.slice(slash + 1) };
}
