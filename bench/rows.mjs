// The measured command lines; the reference's recorded figures on two processors, where there are any, and the share of
// them to reach.
import { cpSync, existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';

export function makeRows({ folder }, host) {
  const cacheOf = (program, made = 'cache') => {
    const cache = join(folder, `${made}-${program.replace(' ', '-')}`);
    if (!existsSync(cache)) cpSync(join(folder, made), cache, { recursive: true });
    return cache;
  };
  const cold = (program, made) => {
    for (const name of ['fanal', 'pratique'])
      rmSync(join(cacheOf(program, made), name), { recursive: true, force: true });
  };
  const scan = (program, ...target) => scanWith(cacheOf(program), ...target);
  const scanWith = (cache, ...target) => [
    'image',
    '--cache-dir',
    cache,
    '--skip-db-update',
    '--scanners',
    'vuln',
    '--format',
    'json',
    '--quiet',
    ...target,
  ];
  const remote = ['--image-src', 'remote'];
  const whole = [...remote, `${host}/bench/debian:latest`];
  return [
    {
      title: 'version',
      weight: 0.5,
      reference: { milliseconds: 68, mebibytes: 113 },
      targets: { time: 0.35, memory: 0.6 },
      before: () => {},
      args: (program) => ['version', '--cache-dir', cacheOf(program)],
    },
    {
      title: 'Alpine from a registry, cold',
      weight: 0.5,
      reference: { milliseconds: 168, mebibytes: 134 },
      targets: { time: 0.4, memory: 0.6 },
      before: (program) => cold(program),
      args: (program) => scan(program, ...remote, `${host}/bench/alpine:latest`),
    },
    {
      title: 'Debian from a registry, layers cached',
      weight: 0.5,
      reference: { milliseconds: 104, mebibytes: 137 },
      targets: { time: 0.4, memory: 0.6 },
      before: (program, i) => i === 0 && cold(program),
      args: (program) => scan(program, ...whole),
    },
    {
      title: 'Debian from a registry, layers cached, 921 findings',
      weight: 0.5,
      before: (program, i) => i === 0 && cold(program, 'cache-found'),
      args: (program) => scanWith(cacheOf(program, 'cache-found'), ...whole),
    },
    {
      title: 'Debian from a docker archive, cold',
      weight: 1,
      reference: { milliseconds: 690, mebibytes: 148 },
      targets: { time: 0.25, memory: 0.6 },
      before: (program) => cold(program),
      args: (program) => scan(program, '--input', join(folder, 'debian.tar')),
    },
    {
      title: 'Debian from a registry, cold',
      weight: 2,
      reference: { milliseconds: 3070, mebibytes: 147 },
      targets: { time: 0.45, memory: 0.6 },
      before: (program) => cold(program),
      args: (program) => scan(program, ...whole),
    },
    {
      title: 'Debian from a registry, cold, secrets too',
      weight: 2,
      reference: { milliseconds: 9400, mebibytes: 250 },
      targets: { time: 0.4, memory: 0.6 },
      before: (program) => cold(program),
      args: (program) => [...scan(program, ...whole), '--scanners', 'vuln,secret'],
    },
    {
      title: 'bill of 1,687 packages',
      weight: 0.5,
      reference: { milliseconds: 173, mebibytes: 143 },
      targets: { time: 0.45, memory: 0.6 },
      before: () => {},
      args: (program) => [
        'sbom',
        '--cache-dir',
        cacheOf(program),
        '--skip-db-update',
        '--format',
        'json',
        '--quiet',
        join(folder, 'bill.cdx.json'),
      ],
    },
  ];
}
