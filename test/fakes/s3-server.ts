/**
 * moto's S3 on 127.0.0.1, which checks signatures with the code of AWS's own library.
 * https://docs.getmoto.org/en/latest/docs/iam.html
 */
import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { AwsClient } from 'aws4fetch';
import { freePort } from './free-port.js';
import { until } from './cluster-objects.js';

const folder = fileURLToPath(new URL('../../../.cache/moto', import.meta.url));
const python = { ...process.env, ...(existsSync(folder) && { PYTHONPATH: folder }) };

export const noS3: string | false =
  spawnSync('python3', ['-c', 'import moto.server'], { stdio: 'ignore', env: python }).status === 0
    ? false
    : 'moto is not installed';

export interface S3Server {
  readonly endpoint: string;
  /** Of a user who may write. */
  readonly keys: { readonly id: string; readonly secret: string };
  read(path: string): Promise<string>;
  stop(): void;
}

/** Its own set-up is not checked: four requests. */
export async function s3Server(bucket: string): Promise<S3Server> {
  const port = await freePort();
  const env = { ...python, INITIAL_NO_AUTH_ACTION_COUNT: '4' };
  const child = spawn('python3', ['-m', 'moto.server', '-H', '127.0.0.1', '-p', String(port)], {
    stdio: 'ignore',
    env,
  });
  const stop = (): void => void child.kill('SIGKILL');
  process.once('exit', stop);
  const endpoint = `http://127.0.0.1:${port}`;
  await until('moto', async () => ((await fetch(`${endpoint}/moto-api/`).catch(() => undefined)) ? true : undefined));
  const iam = async (parameters: Record<string, string>): Promise<string> => {
    const answer = await fetch(endpoint, {
      method: 'POST',
      headers: {
        'content-type': 'application/x-www-form-urlencoded',
        authorization:
          'AWS4-HMAC-SHA256 Credential=x/20260101/us-east-1/iam/aws4_request, SignedHeaders=host, Signature=x',
      },
      body: new URLSearchParams({ Version: '2010-05-08', ...parameters }).toString(),
    });
    assert.equal(answer.status, 200, await answer.clone().text());
    return answer.text();
  };
  assert.equal((await fetch(`${endpoint}/${bucket}`, { method: 'PUT' })).status, 200);
  await iam({ Action: 'CreateUser', UserName: 'writer' });
  const Statement = [{ Effect: 'Allow', Action: 's3:*', Resource: '*' }];
  await iam({
    Action: 'PutUserPolicy',
    UserName: 'writer',
    PolicyName: 'write',
    PolicyDocument: JSON.stringify({ Version: '2012-10-17', Statement }),
  });
  const made = await iam({ Action: 'CreateAccessKey', UserName: 'writer' });
  const keys = { id: textOf(made, 'AccessKeyId'), secret: textOf(made, 'SecretAccessKey') };
  return {
    endpoint,
    keys,
    async read(path) {
      const key = { accessKeyId: keys.id, secretAccessKey: keys.secret, service: 's3', region: 'us-east-1' };
      const answer = await new AwsClient(key).fetch(`${endpoint}/${path}`);
      assert.equal(answer.status, 200);
      return answer.text();
    },
    stop,
  };
}

const textOf = (xml: string, name: string): string => new RegExp(`<${name}>([^<]+)</${name}>`).exec(xml)![1]!;
