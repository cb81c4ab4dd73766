/** Which of an image's names the report calls it by: the one the user gave, or else the first. */
import { PratiqueError } from '#base';
import { parseReference } from '#oci';

export function chooseReference(
  name: string,
  repoTags: readonly string[],
  repoDigests: readonly string[],
): string | undefined {
  const given = fullName(name);
  const all = [...repoTags, ...repoDigests];
  return (given && all.find((candidate) => fullName(candidate) === given)) ?? all[0];
}

function fullName(text: string): string | undefined {
  try {
    return parseReference(text).name;
  } catch (error) {
    if (error instanceof PratiqueError) return undefined; // an archive's path, or an image id
    throw error;
  }
}
