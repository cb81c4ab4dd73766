/** How container engines call images. */
import { PratiqueError } from '#base';
import { defaultRegistry, parseReference, type Reference } from '#oci';

/** With registry, path and tag; none for what is no name, such as an image id. */
export function fullNames(name: string): string[] {
  try {
    return [parseReference(name).name.replace(/^index\.docker\.io\//, 'docker.io/')];
  } catch (error) {
    if (error instanceof PratiqueError) return [];
    throw error;
  }
}

/** As engines show it: Docker Hub is not named, nor is its `library`. */
export function shortRepository({ registry, repository }: Reference): string {
  if (registry !== defaultRegistry) return `${registry}/${repository}`;
  return repository.replace(/^library\//, '');
}
