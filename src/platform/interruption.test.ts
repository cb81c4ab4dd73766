import { strict as assert } from 'node:assert';
import { spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { tempDirectory } from './temp-directory.js';

const scratch = await tempDirectory();
after(() => scratch.remove());
const door = new URL('./index.js', import.meta.url).href;

function program(name: string, body: string): string {
  const path = join(scratch.path, name);
  writeFileSync(path, `import { realWorld } from ${JSON.stringify(door)};\nconst world = realWorld();\n${body}`);
  return path;
}

test(
  'the first interrupt is told, the second one ends the program',
  { skip: process.platform === 'win32' },
  async () => {
    const path = program(
      'interrupted.mjs',
      `const wait = setInterval(() => {}, 1000);
     world.signal.addEventListener('abort', () => world.stdout.write(world.signal.reason.code + '\\n'));
     await world.stdout.write('ready\\n');`,
    );
    const child = spawn(process.execPath, [path], { stdio: ['ignore', 'pipe', 'inherit'] });
    let output = '';
    child.stdout.on('data', (chunk: Buffer) => {
      output += chunk.toString();
      if (output.endsWith('\n')) child.kill('SIGINT');
    });
    const code = await new Promise((resolve) => child.once('exit', resolve));
    assert.equal(output, 'ready\nscan/interrupted\n');
    assert.equal(code, 130);
  },
);

test(
  'a reader that goes away is an error of the write, not a crash',
  { skip: process.platform === 'win32' },
  async () => {
    const path = program(
      'piped.mjs',
      `try { for (;;) await world.stdout.write('x'.repeat(65536)); } catch (error) {
       world.log.error(error.code + ' ' + error.message);
       process.exitCode = 7;
     }`,
    );
    const child = spawn(process.execPath, [path], { stdio: ['ignore', 'pipe', 'pipe'] });
    let log = '';
    child.stderr.on('data', (chunk: Buffer) => (log += chunk.toString()));
    child.stdout.once('data', () => child.stdout.destroy());
    const code = await new Promise((resolve) => child.once('close', resolve));
    assert.match(log, /ERROR\tfile\/unwritable standard output: nobody reads it any more\n$/);
    assert.equal(code, 7);
  },
);
