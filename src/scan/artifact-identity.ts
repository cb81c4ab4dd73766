/** Names and ids of artifacts in the report. */
import { join } from 'node:path';
import { createHash } from '#base';
import { parseReference } from '#oci';
import type { Image } from '#model';
import { readIfPresent, type World } from '#platform';

/** Of image id and repository, so that one image under two tags is one artifact; the image id alone when no reference is known. */
export function imageArtifactId(image: Image): string {
  if (!image.reference) return image.id;
  const { registry, repository } = parseReference(image.reference);
  return `sha256:${createHash('sha256').update(`${image.id}:${registry}/${repository}`).digest('hex')}`;
}

/** A root file system is named by its `etc/hostname`, when it has one; else by the path as given. */
export async function treeArtifactName(path: string, world: World): Promise<string> {
  const root = path.startsWith('/') ? path : join(world.cwd, path);
  const hostname = await readIfPresent(join(root, 'etc/hostname'), 4096).catch(() => undefined);
  return (hostname && new TextDecoder().decode(hostname).trim()) || path;
}
