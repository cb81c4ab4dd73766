/**
 * A certificate that the webhook makes for itself and its replicas share: authority and serving certificate lie in one
 * Secret of its namespace, the authority is written into the webhook configurations as `caBundle`.
 * The authority lasts ten years and stays, so that renewing the serving certificate (90 days, at 30 left) needs no
 * change of the configuration and no moment in which the two do not fit. Of replicas that renew at the same time one wins;
 * the others take its certificate.
 */
import { PratiqueError } from '#base';
import type { World } from '#platform';
import { changeObject } from '../client/change-object.js';
import type { KubernetesClient } from '../client/client.js';
import { isAlreadyExists, isConflict, isNotFound } from '../client/kubernetes-error.js';
import type { KubernetesObject, ResourceType } from '../client/object.js';
import type { Secret } from '../client/pod-types.js';
import { resources } from '../client/resources.js';
import { type IssuedCertificate, issueAuthority, issueServerCertificate } from './issue-certificate.js';
import { certificateEnd, type CertificateSource, checkPair } from './serving-certificate.js';

export interface SharedCertificateOptions {
  readonly client: KubernetesClient;
  readonly namespace: string;
  readonly secret: string;
  /** Of the Service, for the names in the certificate. */
  readonly service: string;
  /** Of the ValidatingWebhookConfiguration and MutatingWebhookConfiguration. */
  readonly configuration: string;
}

interface Bundle extends IssuedCertificate {
  /** PEM of the authority. */
  readonly ca: string;
  readonly caKey: string;
}

interface WebhookConfiguration extends KubernetesObject {
  readonly webhooks?: readonly { readonly clientConfig?: { readonly caBundle?: string } }[];
}

const DAY = 86_400_000;
const LASTS = 90;
const RENEWED_AT = 30;
const CHECKED_EVERY = 60_000;

export function sharedCertificate(options: SharedCertificateOptions, world: World): CertificateSource {
  let current = '';
  const read = async (): Promise<IssuedCertificate> => {
    const bundle = await currentBundle(options, world);
    await writeBundle(bundle.ca, options, world);
    current = bundle.cert;
    return bundle;
  };
  return {
    first: read,
    async follow(onChange, signal) {
      while (!signal.aborted) {
        await world.clock.sleep(CHECKED_EVERY, signal).catch(() => {});
        if (signal.aborted) return;
        try {
          const before = current;
          const bundle = await read();
          if (bundle.cert !== before) await onChange(bundle);
        } catch (error) {
          world.log.warn('the certificate could not be renewed', { reason: (error as Error).message });
        }
      }
    },
  };
}

async function currentBundle(options: SharedCertificateOptions, world: World): Promise<Bundle> {
  const { client, namespace, secret } = options;
  for (let attempt = 0; ; attempt++) {
    const found = await client.find(resources.secrets, secret, { namespace });
    const old = found && bundleIn(found);
    const now = world.clock.now();
    if (old && certificateEnd(old) - now.getTime() > RENEWED_AT * DAY) return old;
    const made = makeBundle(old, options, now);
    const object: Secret = {
      metadata: {
        name: secret,
        namespace,
        ...(found?.metadata.resourceVersion && { resourceVersion: found.metadata.resourceVersion }),
      },
      type: 'Opaque',
      data: Object.fromEntries(
        Object.entries({ 'ca.crt': made.ca, 'ca.key': made.caKey, 'tls.crt': made.cert, 'tls.key': made.key }).map(
          ([key, text]) => [key, Buffer.from(text).toString('base64')],
        ),
      ),
    };
    try {
      await (found ? client.update(resources.secrets, object) : client.create(resources.secrets, object));
      world.log.info('made a certificate', { secret: `${namespace}/${secret}`, days: LASTS });
      return made;
    } catch (error) {
      // Another replica was faster: what it made is read next.
      if ((!isConflict(error) && !isAlreadyExists(error)) || attempt >= 5) throw error;
    }
  }
}

function makeBundle(old: Bundle | undefined, { service, namespace }: SharedCertificateOptions, now: Date): Bundle {
  const keep = old && certificateEnd({ cert: old.ca }) - now.getTime() > 2 * LASTS * DAY;
  const authority = keep ? { cert: old.ca, key: old.caKey } : issueAuthority({ now, days: 3650 });
  const host = `${service}.${namespace}.svc`;
  const issued = issueServerCertificate(authority, [host, `${host}.cluster.local`], { now, days: LASTS });
  return { ...issued, ca: authority.cert, caKey: authority.key };
}

/** `undefined` when something is missing or does not fit: then it is made anew. */
function bundleIn({ data = {} }: Secret): Bundle | undefined {
  const text = (key: string): string => Buffer.from(data[key] ?? '', 'base64').toString();
  const bundle = { cert: text('tls.crt'), key: text('tls.key'), ca: text('ca.crt'), caKey: text('ca.key') };
  try {
    checkPair(bundle, 'tls.crt');
    checkPair({ cert: bundle.ca, key: bundle.caKey }, 'ca.crt');
    return bundle;
  } catch (error) {
    if (error instanceof PratiqueError) return undefined;
    throw error;
  }
}

async function writeBundle(
  ca: string,
  { client, configuration }: SharedCertificateOptions,
  world: World,
): Promise<void> {
  const caBundle = Buffer.from(ca).toString('base64');
  const types = [resources.validatingWebhookConfigurations, resources.mutatingWebhookConfigurations];
  for (const type of types as readonly ResourceType<WebhookConfiguration>[]) {
    try {
      await changeObject(
        client,
        type,
        configuration,
        (object) => {
          const { webhooks = [] } = object;
          if (webhooks.every(({ clientConfig }) => clientConfig?.caBundle === caBundle)) return undefined;
          return {
            ...object,
            webhooks: webhooks.map((one) => ({ ...one, clientConfig: { ...one.clientConfig, caBundle } })),
          };
        },
        {},
        world,
      );
    } catch (error) {
      // Which of the two there are is the cluster's choice.
      if (!isNotFound(error)) throw error;
    }
  }
}
