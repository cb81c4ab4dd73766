/**
 * Java archives: which Maven artifacts they are and contain.
 * Reads   jar, war, ear and par files with the archives inside them.
 * Yields  one package per `pom.properties` (so shaded artifacts too). When none of them is the archive itself, it is
 *         looked up in the Java database: the manifest's coordinates if they exist there, else the SHA-1 of the file,
 *         else the artifact and version of the file name with the group that has most versions of it.
 * Errors  diagnostic `java-db-missing` once per file when a look-up was needed and no database is at hand;
 *         `unreadable-entry` for what is damaged inside.
 * Source  https://maven.apache.org/shared/maven-archiver/ and https://docs.oracle.com/en/java/javase/21/docs/specs/jar/jar.html
 */
import { createHash } from '#base';
import type { ByteSource } from '#formats';
import type { Package } from '#model';
import { defineExtractor, type JavaLookup } from '../extractor.js';
import { type Coordinates, type JavaArchive, javaArchives } from './archive.js';
import { coordinatesOf, licensesOf } from './manifest.js';

export const jar = defineExtractor({
  id: 'java/jar',
  type: 'jar',
  name: 'jar',
  runsOn: 'systems',
  revision: 1,
  files: ['**/*.jar', '**/*.war', '**/*.ear', '**/*.par'],
  ignoreCase: true,
  async extract(file, context) {
    const packages = new Map<string, Package>();
    let unknown = 0;
    for await (const archive of javaArchives(file.path, file, context.report)) {
      const found: Coordinates[] = [...archive.properties];
      if (!found.some(isNamed(archive))) {
        const looked = context.java && lookUp(archive, context.java);
        if (looked) found.push(looked);
        else if (!context.java) unknown++;
      }
      for (const one of packagesOf(archive, found)) packages.set(`${one.name}\0${one.version}\0${one.path}`, one);
    }
    if (unknown > 0) context.report('java-db-missing', `${unknown} archives could not be looked up`);
    return { applications: [{ type: 'jar', path: file.path, packages: [...packages.values()] }] };
  },
});

/** Do these coordinates name the file itself? */
function isNamed({ path }: JavaArchive): (coordinates: Coordinates) => boolean {
  const named = fromFileName(path);
  return ({ artifact, version }) => artifact === named?.artifact && version === named.version;
}

function fromFileName(path: string): { artifact: string; version: string } | undefined {
  const base = path.slice(path.lastIndexOf('/') + 1);
  // The expression takes quadratic time; no file system has longer names.
  if (base.length > 255) return undefined;
  const [, artifact, version] = /^([a-zA-Z0-9._-]*[^-*])-(\d\S*(?:-SNAPSHOT)?).jar$/.exec(base) ?? [];
  return artifact !== undefined && version !== undefined ? { artifact, version } : undefined;
}

function lookUp(archive: JavaArchive, java: JavaLookup): Coordinates | undefined {
  const { group, artifact, version } = coordinatesOf(archive.manifest);
  if (group && artifact && version && java.exists(group, artifact)) return { group, artifact, version };
  const known = java.bySha1(sha1(archive.source));
  if (known) return known;
  const named = fromFileName(archive.path);
  const namedGroup = named && java.groupOf(named.artifact, named.version);
  return named && namedGroup !== undefined ? { group: namedGroup, ...named } : undefined;
}

function packagesOf(archive: JavaArchive, found: readonly Coordinates[]): readonly Package[] {
  const own = found.length === 1 ? licensesOf(archive.manifest) : [];
  return found.map(({ group, artifact, version }) => {
    const name = `${group}:${artifact}`;
    const declared = archive.pomLicenses.get(name) ?? [];
    const licenses = declared.length > 0 ? declared : own;
    return { name, version, ...(licenses.length > 0 && { licenses }), path: archive.path, analyzedBy: 'jar' };
  });
}

function sha1(source: ByteSource): Uint8Array {
  const hash = createHash('sha1');
  const step = 1024 * 1024;
  for (let offset = 0; offset < source.size; offset += step) hash.update(source.read(offset, step));
  return hash.digest();
}
