/**
 * The way to an image: its mirrors and then its registry; at each, the credentials of the chain until one works.
 * What worked is remembered, so that later requests go straight there.
 */
import { PratiqueError } from '#base';
import { NetworkError } from '#platform';
import { atMirror, defaultRegistry, type Reference } from '../reference.js';
import { type CredentialChain, credentialAdvice } from './credential-chain.js';
import type { Credential } from './credential.js';
import type { RegistryOptions } from './options.js';
import { probe, type Probed, type ProbeTools } from './probe.js';
import { isRefusal, statusError } from './registry-error.js';
import { openSession, type Session } from './session.js';

export interface Access {
  /**
   * Runs `work` with a session for the image's repository, and the image's name there (a mirror has its own).
   * Errors are `PratiqueError` or `NetworkError`.
   */
  open<T>(reference: Reference, signal: AbortSignal, work: Work<T>): Promise<T>;
}

export type Work<T> = (session: Session, at: Reference) => Promise<T>;

export function createAccess(chain: CredentialChain, mirrors: RegistryOptions['mirrors'], tools: ProbeTools): Access {
  const connect = createConnector(chain, tools);
  /** Where an image was found, by the name it was asked for. */
  const places = new Map<string, Reference>();
  return {
    async open(reference, signal, work) {
      const known = places.get(reference.name);
      const candidates = known ? [known] : [...mirrorsOf(reference, mirrors), reference];
      for (const [i, at] of candidates.entries()) {
        try {
          const result = await connect(at, signal, work);
          places.set(reference.name, at);
          return result;
        } catch (error) {
          if (signal.aborted) throw signal.reason;
          const told = error instanceof PratiqueError || error instanceof NetworkError;
          if (i === candidates.length - 1 || !told) throw error;
          tools.world.log.warn('The mirror failed, going on', { mirror: at.registry, reason: error.message });
        }
      }
      throw new Error('an image has at least one place');
    },
  };
}

/** Tries the chain's credentials at one registry; those that worked are kept by full name of the repository. */
function createConnector(chain: CredentialChain, tools: ProbeTools): Access['open'] {
  const probed = createProber(tools);
  const sessions = new Map<string, Session>();
  return async (reference, signal, work) => {
    const key = `${reference.registry}/${reference.repository}`;
    const known = sessions.get(key);
    if (known) return work(known, reference);
    const place = await probed(reference, signal);
    const refusals: Refusal[] = [];
    for await (const credential of chain(reference, signal)) {
      const session = openSession({
        reference,
        credential,
        probed: place,
        tools,
        advice: () => credentialAdvice(reference, sourcesOf([...refusals.map((one) => one.credential), credential])),
      });
      try {
        const result = await work(session, reference);
        warnOf(refusals, reference, tools);
        sessions.set(key, session);
        return result;
      } catch (error) {
        if (!isRefusal(error)) throw error;
        refusals.push({ error, credential });
      }
    }
    // Who is let in and finds nothing knows more than who is not let in.
    throw (refusals.find(({ error }) => error.code === 'registry/not-found') ?? refusals[0]!).error;
  };
}

/** The first contact with each registry, made once. */
function createProber(tools: ProbeTools): (reference: Reference, signal: AbortSignal) => Promise<Probed> {
  const probes = new Map<string, Promise<Probed>>();
  return (reference, signal) => {
    const { registry, name } = reference;
    const known = probes.get(registry);
    if (known) return known;
    const advice = (): string => credentialAdvice(reference, []);
    const started = probe(registry, tools, signal, (response) =>
      statusError(response, { name, registry, secrets: [], advice }),
    );
    probes.set(registry, started);
    started.catch(() => probes.delete(registry));
    return started;
  };
}

interface Refusal {
  readonly error: PratiqueError;
  readonly credential: Credential;
}

const sourcesOf = (credentials: readonly Credential[]): string[] =>
  credentials.filter(({ kind }) => kind !== 'anonymous').map(({ source }) => source);

/** Pairs from the command line are tried at every registry; a stored credential is meant for this one. */
function warnOf(refusals: readonly Refusal[], { registry }: Reference, { world }: ProbeTools): void {
  for (const source of sourcesOf(refusals.map(({ credential }) => credential))) {
    const level = source === '--username' ? 'debug' : 'warn';
    world.log[level]('Registry credentials were refused', { registry, source });
  }
}

function mirrorsOf(reference: Reference, mirrors: RegistryOptions['mirrors'] = {}): Reference[] {
  const { registry } = reference;
  const hosts = registry === defaultRegistry ? [registry, 'docker.io'] : [registry];
  const found = hosts.flatMap((host) => (Object.hasOwn(mirrors, host) ? (mirrors[host] ?? []) : []));
  return found.map((mirror) => atMirror(reference, mirror));
}
