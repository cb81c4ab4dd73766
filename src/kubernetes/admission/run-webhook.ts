/** Puts the webhook together and runs it until the program is told to end. */
import { PratiqueError } from '#base';
import { createRegistryClient, type RegistryClient } from '#oci';
import type { World } from '#platform';
import type { ScanOptions } from '#scan';
import { type ClusterChoice, connectToCluster } from '../client/connect.js';
import { createNamespaceExceptions } from '../exceptions/namespace-exceptions.js';
import { createAdmission, type Decision } from './admit.js';
import { createDigestResolver } from './digest-resolver.js';
import { type FactsExchange, scanOnce } from './facts-exchange.js';
import { createFactsStore } from './facts-store.js';
import { followCluster } from './follow-cluster.js';
import type { ImageFacts } from './image-facts.js';
import { createImageScanner, type ScannerProgram } from './image-scanner.js';
import { keepFacts, type KeepOptions, shareFacts } from './keep-facts.js';
import { pinDigests } from './pin-digests.js';
import { createPolicies } from './policies.js';
import type { RedisChoice } from './redis-exchange.js';
import { createScanQueue } from './scan-queue.js';
import { createSignatureVerdicts, type VerifyImage } from './signature-verdicts.js';
import { certificateEnd, certificateFiles, type CertificateSource } from './serving-certificate.js';
import { sharedCertificate } from './shared-certificate.js';
import { metricNames, webhookMetrics } from './webhook-metrics.js';
import { startWebhookServer, type WebhookServerOptions } from './webhook-server.js';

export interface WebhookOptions {
  readonly cluster: ClusterChoice;
  readonly host?: string;
  readonly port: number;
  /** PEM files; without them the webhook makes a certificate for itself. */
  readonly certificate?: { readonly certPath: string; readonly keyPath: string };
  /** Name of the Service, and of the Secret with its certificate. */
  readonly service: string;
  /** Name of the webhook configurations that get the certificate's authority. */
  readonly configuration: string;
  readonly scan: ScanOptions;
  /** Scans in processes of their own. */
  readonly program?: ScannerProgram;
  readonly workers: number;
  readonly platforms: readonly string[];
  readonly useReports: boolean;
  /** Milliseconds. */
  readonly rescanAfter: number;
  /** Milliseconds between being told to end and taking no more requests: load balancers need time to notice. */
  readonly drain: number;
  /** Path of the trust root of a sigstore instance, for signatures by identity. */
  readonly trustRoot?: string;
  /** Where replicas share what they find, beside the resources of the cluster. */
  readonly redis?: RedisChoice;
}

export interface Webhook {
  readonly port: number;
  /** Resolves once it is ended, which `world.signal` begins. */
  readonly ended: Promise<void>;
}

const QUEUE = 1000;
const LAST_ANSWERS = 10_000;

export async function startWebhook(options: WebhookOptions, outside: World): Promise<Webhook> {
  // While requests are still answered, what answers them must live on.
  const life = new AbortController();
  const world: World = { ...outside, signal: life.signal };
  const client = await connectToCluster(options.cluster, { userAgent: 'pratique-webhook' }, world);
  const { namespace } = client.cluster;
  const certificates = certificateSource(options, client, namespace, world);
  const certificate = await certificates.first();

  const policies = createPolicies(namespace);
  const exceptions = createNamespaceExceptions();
  const facts = createFactsStore(world);
  const registry = createRegistryClient({ ...options.scan.registry, attempts: 2 }, world);
  const resolver = createDigestResolver(
    async (reference, signal) => (await registry.resolve(reference, signal)).digest,
    world,
  );
  let end = certificateEnd(certificate);
  const metrics = webhookMetrics({
    certificateEnd: () => end / 1000,
    facts: () => facts.size,
    policies: () => policies.size,
    brokenPolicies: () => policies.broken,
    waiting: () => queue.waiting,
    running: () => queue.running,
    exceptions: () => exceptions.size,
    redisUp: () => exchange && Number(exchange.isUp),
  });
  const exchange = await exchangeOf(options, facts.put, world);
  const scan = createImageScanner(options.scan, options.program, world);
  const queue = createScanQueue(
    {
      scan: exchange ? scanOnce(scan, exchange, options.rescanAfter, world) : scan,
      workers: options.workers,
      limit: QUEUE,
      onDone(found) {
        facts.put(found);
        void share(found);
      },
      onResult(result, seconds) {
        metrics.count(metricNames.scans, { result });
        metrics.observe(metricNames.scanDuration, seconds);
      },
    },
    world,
  );
  /** The cluster's store is spared where there is another way. */
  async function share(found: ImageFacts): Promise<void> {
    if (!(await exchange?.publish(found))) await shareFacts(found, keeping, world);
  }
  const keeping: KeepOptions = { client, namespace, facts, queue, rescanAfter: options.rescanAfter };
  const cluster = followCluster({ ...options, client, namespace, policies, exceptions, facts }, world);
  const countSignature = (result: string): void => metrics.count(metricNames.signatures, { result });
  const signatures = createSignatureVerdicts(verifierOf(options, registry), world, countSignature);
  const onDecision = ({ outcome, kind, operation, dryRun, unknown }: Decision): void => {
    metrics.count(metricNames.decisions, { outcome, operation, kind, dry_run: String(dryRun) });
    if (unknown > 0) metrics.count(metricNames.unknown, {}, unknown);
    if (outcome === 'break-glass') metrics.count(metricNames.breakGlass);
  };
  const admission = createAdmission(
    { policies, exceptions, facts, resolver, queue, signatures, platforms: cluster.platforms, onDecision },
    world,
  );
  const serving: WebhookServerOptions = {
    port: options.port,
    ...(options.host !== undefined && { host: options.host }),
    certificate,
    validate: admission.validate,
    mutate: (request, budget) => pinDigests(request, resolver, budget),
    metrics: metrics.text,
    notReady: cluster.notReady,
    onRequest(path, status, seconds) {
      const known = ['/validate', '/mutate', '/healthz', '/readyz', '/metrics'].includes(path) ? path : 'other';
      metrics.count(metricNames.requests, { path: known, status: String(status) });
      if (known === '/validate' || known === '/mutate') metrics.observe(metricNames.duration, seconds);
    },
  };
  const server = await startWebhookServer(serving, world).catch((error: unknown) => {
    client.close();
    throw error;
  });
  world.log.info('the webhook answers', { port: server.port, namespace });

  const running = Promise.all([
    cluster.run(life.signal),
    keepFacts(keeping, world, life.signal),
    exchange?.run(life.signal),
    certificates.follow(async (renewed) => {
      await server.useCertificate(renewed);
      end = certificateEnd(renewed);
      metrics.count(metricNames.certificateChanges);
      world.log.info('the certificate was changed');
    }, life.signal),
  ]);

  async function drain(): Promise<void> {
    server.drain();
    world.log.info('ending: requests under way are answered');
    await world.clock.sleep(options.drain);
    await server.close(LAST_ANSWERS);
    life.abort(new PratiqueError('scan/interrupted'));
    await running;
    await registry.close();
    client.close();
  }
  const told = new Promise<void>((resolve) => {
    if (outside.signal.aborted) resolve();
    else outside.signal.addEventListener('abort', () => resolve(), { once: true });
  });
  return { port: server.port, ended: Promise.race([running.then(() => told), told]).then(drain) };
}

function verifierOf({ trustRoot }: WebhookOptions, client: RegistryClient): VerifyImage {
  return async (image, rule, signal) => {
    // Only where a policy asks for it.
    const { verifySignatures } = await import('#signatures');
    return verifySignatures(image, rule, { client, trustRoot, signal });
  };
}

async function exchangeOf(
  { redis }: WebhookOptions,
  onFacts: (facts: ImageFacts) => void,
  world: World,
): Promise<FactsExchange | undefined> {
  if (!redis) return undefined;
  const { connectToRedis } = await import('./redis-exchange.js');
  return connectToRedis(redis, onFacts, world);
}

function certificateSource(
  { certificate, service, configuration }: WebhookOptions,
  client: Parameters<typeof sharedCertificate>[0]['client'],
  namespace: string,
  world: World,
): CertificateSource {
  if (certificate) return certificateFiles(certificate.certPath, certificate.keyPath, world);
  return sharedCertificate({ client, namespace, secret: `${service}-certificate`, service, configuration }, world);
}
