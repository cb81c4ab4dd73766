import { PratiqueError } from '#base';
import { resolve } from 'node:path';
import { appendText } from '#platform';
import { defineCommand } from '../command.js';
import { listenAddress } from '../listen-address.js';
import { readImageReports } from '../read-image-reports.js';

export const falcoListen = defineCommand({
  name: 'falco listen',
  group: 'Utility',
  about: 'take alerts of Falco and add what reports say of their images, programs and files',
  usage: '[REPORT_JSON...]',
  examples: ['falco listen --report report.json --listen 127.0.0.1:2801', 'falco listen --output events.jsonl *.json'],
  options: ['drain-time', 'listen', 'output', 'report-file', 'timeout'],
  // It runs until it is told to end.
  defaults: { listen: '127.0.0.1:2801', timeout: 0 },
  async run({ options, args, world }) {
    const [output, ...more] = options.output;
    if (more.length > 0) throw new PratiqueError('usage/invalid', { problem: 'falco listen writes one file' });
    const { startListener } = await import('#falco');
    const path = output && resolve(world.cwd, output);
    // That it cannot be written is known before the first alert.
    if (path) await appendText(path, '');
    const listener = await startListener(
      {
        ...listenAddress(options.listen),
        reports: await readImageReports([...options['report-file'], ...args], world),
        drain: options['drain-time'],
        write: (line) => (path ? appendText(path, line) : world.stdout.write(line)),
      },
      world,
    );
    world.log.info('listening', { port: listener.port, images: listener.images });
    await listener.ended;
    return 0;
  },
});
