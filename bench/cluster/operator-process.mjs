// The operator as a process of its own, with the token and the rights of its service account.
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { program } from '../../dist/test/e2e/kit/program.js';
import { freePort } from '../../dist/test/fakes/free-port.js';

export async function startOperator(cluster, cacheDir) {
  const address = `127.0.0.1:${await freePort()}`;
  const [command, ...first] = program;
  const args = [
    'operator',
    '--kubeconfig',
    cluster.operatorKubeconfig,
    '--listen',
    address,
    '--leader-elect',
    '--insecure',
  ];
  const database = ['--cache-dir', cacheDir, '--skip-db-update', '--database-interval', '1s'];
  const child = spawn(command, [...first, ...args, ...database], { stdio: ['ignore', 'ignore', 'pipe'] });
  let log = '';
  child.stderr.setEncoding('utf8').on('data', (text) => (log = (log + text).slice(-10_000)));
  const ended = new Promise((resolve) => child.once('close', resolve));
  const kill = () => child.kill('SIGKILL');
  process.once('exit', kill);

  async function metrics() {
    if (child.exitCode !== null) throw new Error(`the operator ended: ${log}`);
    const answer = await fetch(`http://${address}/metrics`).catch(() => undefined);
    const found = {};
    for (const [, name, value] of (await answer?.text())?.matchAll(/^pratique_operator_(\w+)(?:\{.*\})? (\S+)$/gm) ??
      [])
      found[name] = (found[name] ?? 0) + Number(value);
    return found;
  }

  return {
    metric: async (name) => (await metrics())[name] ?? 0,
    async until(holds) {
      for (let tries = 0; tries < 36_000; tries++) {
        if (holds(await metrics())) return;
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
      throw new Error(`the operator does not get on: ${JSON.stringify(await metrics())} ${log}`);
    },
    /** Resident set in MiB, as the kernel accounts it. */
    memory() {
      const status = readFileSync(`/proc/${child.pid}/status`, 'utf8');
      const mebibytes = (name) => Math.round(Number(new RegExp(`^${name}:\\s+(\\d+)`, 'm').exec(status)[1]) / 1024);
      return { now: mebibytes('VmRSS'), largest: mebibytes('VmHWM') };
    },
    /** Seconds of a processor used so far. */
    processorSeconds() {
      // After the name, which may hold anything, utime and stime are the 12th and 13th field, in hundredths.
      const fields = readFileSync(`/proc/${child.pid}/stat`, 'utf8').split(') ').pop().split(' ');
      return (Number(fields[11]) + Number(fields[12])) / 100;
    },
    async stop() {
      process.removeListener('exit', kill);
      child.kill('SIGTERM');
      await ended;
    },
  };
}
