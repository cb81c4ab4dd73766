/**
 * An image's configuration as the text that is searched for secrets: one value a line, keys in the order of the
 * specification, so that line numbers are those of the reference. Keys that it does not have follow.
 * Source  https://github.com/opencontainers/image-spec/blob/main/config.md
 */
import type { ImageConfig } from '#model';

const topKeys = [
  'architecture',
  'author',
  'container',
  'created',
  'docker_version',
  'history',
  'os',
  'rootfs',
  'config',
  'os.version',
  'variant',
  'os.features',
];
const historyKeys = ['author', 'created', 'created_by', 'comment', 'empty_layer'];
const configKeys = [
  'AttachStderr',
  'AttachStdin',
  'AttachStdout',
  'Cmd',
  'Healthcheck',
  'Domainname',
  'Entrypoint',
  'Env',
  'Hostname',
  'Image',
  'Labels',
  'OnBuild',
  'OpenStdin',
  'StdinOnce',
  'Tty',
  'User',
  'Volumes',
  'WorkingDir',
  'ExposedPorts',
  'ArgsEscaped',
  'NetworkDisabled',
  'MacAddress',
  'StopSignal',
  'Shell',
];

export function configText(config: ImageConfig): string {
  const ordered = inOrder({ created: '0001-01-01T00:00:00Z', ...config }, topKeys);
  const text = JSON.stringify(
    {
      ...ordered,
      ...(config.history && { history: config.history.map((step) => inOrder(step, historyKeys)) }),
      ...(config.rootfs && { rootfs: inOrder(config.rootfs, ['type', 'diff_ids']) }),
      ...(config.config && { config: inOrder(config.config, configKeys) }),
    },
    null,
    1,
  );
  return text
    .replace(/[<>&\u2028\u2029]/g, (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`)
    .replace(/\n */g, '\n  ');
}

/** Keys of the order first; absent, empty and false ones are left out of it, as they are where it comes from. */
function inOrder(value: object, keys: readonly string[]): Record<string, unknown> {
  const rest = Object.entries(value).filter(([key]) => !keys.includes(key));
  const known = new Map(Object.entries(value));
  return Object.fromEntries([
    ...keys.filter((key) => isFilled(known.get(key))).map((key) => [key, known.get(key)] as const),
    ...rest,
  ]);
}

function isFilled(value: unknown): boolean {
  if (Array.isArray(value)) return value.length > 0;
  if (typeof value === 'object' && value !== null) return Object.keys(value).length > 0;
  return value !== undefined && value !== null && value !== '' && value !== false;
}
