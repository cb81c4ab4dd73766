/** https://docs.github.com/en/rest/dependency-graph/dependency-submission */
import { limits, PratiqueError } from '#base';
import { createHttpClient, type World } from '#platform';

export async function submitSnapshot(snapshot: Uint8Array, token: string, world: World): Promise<void> {
  const api = world.env['GITHUB_API_URL'] || 'https://api.github.com';
  const repository = world.env['GITHUB_REPOSITORY'];
  if (!repository) throw new PratiqueError('usage/invalid', { problem: 'GITHUB_REPOSITORY is not set' });
  const client = createHttpClient({}, world);
  try {
    const response = await client.request({
      url: `${api}/repos/${repository}/dependency-graph/snapshots`,
      method: 'POST',
      headers: {
        authorization: `Bearer ${token}`,
        accept: 'application/vnd.github+json',
        'content-type': 'application/json',
      },
      body: snapshot,
      signal: world.signal,
    });
    const answer = await response.text(limits.manifest);
    if (response.status === 201) return world.log.info('dependency snapshot submitted');
    throw new PratiqueError('action/snapshot-refused', { status: response.status, answer: answer.slice(0, 300) });
  } finally {
    client.close();
  }
}
