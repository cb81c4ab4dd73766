import { PratiqueError } from '#base';
import type { ImageSource, SbomSource } from '#artifact';
import { defineCommand } from '../command.js';
import { runScan } from '../run-scan.js';
import { distroOption, scanOptionNames, toScanOptions } from './scan-options.js';

export const image = defineCommand({
  name: 'image',
  aliases: ['i'],
  group: 'Scanning',
  about: 'scan a container image',
  usage: '[IMAGE]',
  examples: [
    'image python:3.12-alpine',
    'image --severity HIGH,CRITICAL --exit-code 1 registry.example.org/app:1.2',
    'image --format json --output report.json IMAGE',
    'image --input image.tar',
  ],
  options: [
    ...scanOptionNames,
    'distro',
    'exit-on-eol',
    'input',
    'image-src',
    'platform',
    'docker-host',
    'podman-host',
    'max-image-size',
    'sbom-sources',
    'rekor-url',
    'image-config-scanners',
  ],
  run({ options, explicit, args, world }) {
    const input = options.input || undefined;
    const [name] = args;
    const target = { kind: 'image' as const, ...(input ? { input } : { name: name ?? '' }) };
    return runScan(
      target,
      toScanOptions(options, {
        ...distroOption(options.distro),
        image: {
          sources: options['image-src'] as readonly ImageSource[],
          maxSize: options['max-image-size'],
          sbomSources: options['sbom-sources'] as readonly SbomSource[],
          rekorUrl: options['rekor-url'],
          configScanners: options['image-config-scanners'] as readonly 'secret'[],
          ...(options.platform && { platform: options.platform }),
          ...(options['docker-host'] && { dockerHost: options['docker-host'] }),
          ...(options['podman-host'] && { podmanHost: options['podman-host'] }),
        },
      }),
      {
        options,
        explicit,
        world,
        exitOnEol: options['exit-on-eol'],
        checkTarget() {
          if (!input && name === undefined)
            throw new PratiqueError('usage/invalid', { problem: 'image needs the name of an image, or --input FILE' });
          if (args.length > (input ? 0 : 1))
            throw new PratiqueError('usage/invalid', { problem: 'image takes one image at a time' });
        },
      },
    );
  },
});
