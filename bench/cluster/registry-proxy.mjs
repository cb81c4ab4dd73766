// Passes requests on to a registry and counts those for blobs and manifests.
import { createServer, request } from 'node:http';
import { once } from 'node:events';

export async function countingProxy(target) {
  const [hostname, port] = target.split(':');
  let pulls = 0;
  const server = createServer((incoming, answer) => {
    if (incoming.method === 'GET' && /\/(?:blobs|manifests)\//.test(incoming.url)) pulls++;
    const { method, url: path, headers } = incoming;
    incoming.pipe(
      request({ hostname, port, method, path, headers }, (found) => {
        answer.writeHead(found.statusCode, found.headers);
        found.pipe(answer);
      }).on('error', () => answer.destroy()),
    );
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    host: `127.0.0.1:${server.address().port}`,
    pulls: () => pulls,
    async stop() {
      server.closeAllConnections();
      server.close();
    },
  };
}
