import { PratiqueError } from '#base';
import { resolve } from 'node:path';
import { argv, execPath } from 'node:process';
import { readIfPresent, type World } from '#platform';
import { parsePlatform } from '#oci';
import { defineCommand } from '../command.js';
import { listenAddress } from '../listen-address.js';
import type { GlobalOptions, OptionName, Options } from '../option-table.js';

const optionNames = [
  'kubeconfig',
  'drain-time',
  'ignore-reports',
  'listen',
  'platforms',
  'redis',
  'redis-authority',
  'redis-password',
  'redis-password-file',
  'rescan-after',
  'scan-workers',
  'service-name',
  'tls-cert-file',
  'tls-key-file',
  'trust-root',
  'webhook-configuration',
  'username',
  'password',
  'registry-token',
  'mirrors',
  'db-repository',
  'java-db-repository',
  'skip-db-update',
  'skip-java-db-update',
  'offline-default',
  'timeout',
] as const satisfies readonly OptionName[];

type WebhookOptions = Options<(typeof optionNames)[number]> & GlobalOptions;

export const webhook = defineCommand({
  name: 'webhook',
  group: 'Management',
  about: 'answer the admission reviews of a Kubernetes cluster',
  usage: '',
  examples: [
    'webhook --tls-cert-file /tls/tls.crt --tls-key-file /tls/tls.key',
    'webhook --kubeconfig kubeconfig --listen 127.0.0.1:8443',
  ],
  options: optionNames,
  // It runs until it is told to end.
  defaults: { timeout: 0 },
  async run({ options, args, world }) {
    if (args.length > 0) throw usage(`webhook takes no arguments: ${args[0]}`);
    const certPath = options['tls-cert-file'] || world.env['TLS_CERT_FILE'] || '';
    const keyPath = options['tls-key-file'] || world.env['TLS_PRIVATE_KEY_FILE'] || '';
    if ((certPath === '') !== (keyPath === '')) throw usage('a certificate and its key are given together, or neither');
    for (const platform of options.platforms) parsePlatform(platform);
    const certificate = { certPath: resolve(world.cwd, certPath), keyPath: resolve(world.cwd, keyPath) };
    const redis = await redisChoice(options, world);
    const { startWebhook } = await import('#kubernetes');
    const started = await startWebhook(
      {
        cluster: { kubeconfig: options.kubeconfig || undefined },
        ...listenAddress(options.listen),
        ...(certPath !== '' && { certificate }),
        service: options['service-name'],
        configuration: options['webhook-configuration'],
        scan: scanOptions(options),
        program: scannerProgram(options, world),
        workers: Math.max(1, Math.floor(options['scan-workers'])),
        platforms: options.platforms,
        useReports: !options['ignore-reports'],
        rescanAfter: options['rescan-after'],
        drain: options['drain-time'],
        ...(redis && { redis }),
        ...(options['trust-root'] && { trustRoot: resolve(world.cwd, options['trust-root']) }),
      },
      world,
    );
    await started.ended;
    return 0;
  },
});

const usage = (problem: string): PratiqueError => new PratiqueError('usage/invalid', { problem });

async function redisChoice(options: WebhookOptions, { cwd }: World) {
  const { redis: url, 'redis-password-file': passwordFile, 'redis-authority': authority } = options;
  if (url === '') return undefined;
  if (!URL.canParse(url) || !/^rediss?:\/\//.test(url))
    throw usage('--redis: a URL like redis://host:6379 or rediss://host:6379 is expected');
  const read = async (name: string): Promise<string> => {
    const path = resolve(cwd, name);
    const bytes = await readIfPresent(path, MAX_FILE);
    if (!bytes) throw new PratiqueError('file/not-found', { path });
    return new TextDecoder().decode(bytes);
  };
  const password = passwordFile ? (await read(passwordFile)).trimEnd() : options['redis-password'];
  return { url, ...(password && { password }), ...(authority && { ca: await read(authority) }) };
}

const MAX_FILE = 1024 * 1024;

function scanOptions(options: WebhookOptions) {
  return {
    ...(options['cache-dir'] && { cacheDir: options['cache-dir'] }),
    registry: {
      insecure: options.insecure,
      credentials: options.username.map((username, i) => ({ username, password: options.password[i] ?? '' })),
      mirrors: options.mirrors,
      ...(options.cacert && { caFile: options.cacert }),
      ...(options['registry-token'] && { registryToken: options['registry-token'] }),
    },
    database: {
      repositories: options['db-repository'],
      javaRepositories: options['java-db-repository'],
      skipUpdate: options['skip-db-update'],
      skipJavaUpdate: options['skip-java-db-update'],
      embedded: options['offline-default'],
    },
  };
}

/** This program again, for one scan. */
function scannerProgram(options: WebhookOptions, { cwd }: World) {
  const [, script = ''] = argv;
  // A compiled program has its script inside.
  const compiled = script === '' || /^\/\$bunfs\/|^[A-Z]:[\\/]~BUN[\\/]/.test(script);
  const flags = ['insecure', 'skip-db-update', 'skip-java-db-update', 'offline-default'] as const;
  const texts = ['cacert', 'cache-dir'] as const;
  const lists = ['db-repository', 'java-db-repository'] as const;
  const { username, password } = options;
  return {
    command: compiled ? [execPath] : [execPath, resolve(cwd, script)],
    args: [
      ...flags.flatMap((name) => (options[name] ? [`--${name}`] : [])),
      ...texts.flatMap((name) => (options[name] ? [`--${name}`, resolve(cwd, options[name])] : [])),
      // Mirrors stand in the configuration file only.
      ...(Object.keys(options.mirrors).length > 0 ? ['--config', resolve(cwd, options.config)] : []),
      ...lists.flatMap((name) => [`--${name}`, options[name].join(',')]),
    ],
    env: {
      ...(username.length > 0 && { PRATIQUE_USERNAME: username.join(','), PRATIQUE_PASSWORD: password.join(',') }),
      ...(options['registry-token'] && { PRATIQUE_REGISTRY_TOKEN: options['registry-token'] }),
    },
  };
}
