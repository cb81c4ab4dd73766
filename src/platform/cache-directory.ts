/**
 * Where databases and scan results are kept between runs. The layout is shared with the reference, so the name is its.
 * Rules per system: https://pkg.go.dev/os#UserCacheDir
 */
import { tmpdir } from 'node:os';
import { posix, win32 } from 'node:path';
import type { World } from './world.js';

/** `<the user's cache directory>/trivy`; under the temporary directory where the user has none. */
export function cacheDirectory(world: Pick<World, 'env' | 'platform'>): string {
  const path = world.platform === 'win32' ? win32 : posix;
  return path.join(userCacheDirectory(world) ?? tmpdir(), 'trivy');
}

function userCacheDirectory({ env, platform }: Pick<World, 'env' | 'platform'>): string | undefined {
  if (platform === 'win32') return env['LocalAppData'] || env['LOCALAPPDATA'] || undefined;
  const home = env['HOME'];
  if (platform === 'darwin') return home ? `${home}/Library/Caches` : undefined;
  const xdg = env['XDG_CACHE_HOME'];
  // The XDG specification says to ignore a relative path.
  if (xdg) return xdg.startsWith('/') ? xdg : undefined;
  return home ? `${home}/.cache` : undefined;
}
