/**
 * Reports as objects of an S3-compatible store: `s3://bucket/prefix`, with `?endpoint=https://…` for stores other than AWS
 * (the bucket is part of the path there) and `&region=…`.
 * Credentials: AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_SESSION_TOKEN, as a Secret puts them into the environment.
 * Errors  `store/refused` with the code of the answer, `store/unreachable`; no message holds a credential.
 * Sources https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutObject.html and
 *         https://docs.aws.amazon.com/AmazonS3/latest/API/sig-v4-authenticating-requests.html
 */
import { createHash, PratiqueError } from '#base';
import type { RegistryOptions } from '#oci';
import { backoffDelay, createHttpClient, type HttpResponse, NetworkError, type World } from '#platform';
import { keyOf, type ReportStore, type StoredReport } from './report-store.js';

const ATTEMPTS = 4;
const waiting = { first: 500, factor: 3, longest: 10_000 };
const MAX_ANSWER = 16 * 1024;

interface Place {
  readonly bucket: string;
  readonly prefix: string;
  readonly region: string;
  /** Without a slash at its end; the bucket included. */
  readonly base: string;
}

export function s3Store(address: string, { caFile, insecure = false }: RegistryOptions, world: World): ReportStore {
  const place = placeOf(address, world.env);
  const { AWS_ACCESS_KEY_ID: accessKeyId, AWS_SECRET_ACCESS_KEY: secretAccessKey, AWS_SESSION_TOKEN } = world.env;
  if (!accessKeyId || !secretAccessKey)
    throw invalid('s3 needs the variables AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY');
  const http = createHttpClient({ insecure, ...(caFile && { caFile }) }, world);
  const key = {
    accessKeyId,
    secretAccessKey,
    ...(AWS_SESSION_TOKEN && { sessionToken: AWS_SESSION_TOKEN }),
    service: 's3',
    region: place.region,
  };

  async function send({ document }: StoredReport, url: string, signal: AbortSignal): Promise<HttpResponse> {
    const { AwsV4Signer } = await import('aws4fetch');
    const hash = createHash('sha256').update(document).digest('hex');
    const signed = await new AwsV4Signer({
      ...key,
      method: 'PUT',
      url,
      headers: { 'content-type': 'application/json', 'x-amz-content-sha256': hash },
      allHeaders: true,
    }).sign();
    const headers = Object.fromEntries(signed.headers);
    return http.request({
      url: signed.url,
      method: 'PUT',
      headers,
      body: document,
      signal,
      manualRedirects: true,
    });
  }

  return {
    async put(report, signal) {
      const name = `${place.prefix}${keyOf(report)}`;
      const url = `${place.base}/${name.split('/').map(encodeURIComponent).join('/')}`;
      for (let attempt = 0; ; attempt++) {
        const failure = await send(report, url, signal).then(judge, (error: unknown) => unreachable(error, signal));
        if (!failure) {
          const digest = `sha256:${createHash('sha256').update(report.document).digest('hex')}`;
          return { location: `s3://${place.bucket}/${name}`, digest };
        }
        if (!failure.mayPass || attempt + 1 >= ATTEMPTS) throw failure.error;
        await world.clock.sleep(backoffDelay(attempt, waiting), signal);
      }
    },
    close: async () => http.close(),
  };
}

interface Failure {
  readonly error: PratiqueError;
  readonly mayPass: boolean;
}

async function judge(response: HttpResponse): Promise<Failure | undefined> {
  const { status } = response;
  if (status >= 200 && status < 300) {
    await response.discard();
    return undefined;
  }
  const answer = await response.text(MAX_ANSWER).catch(() => '');
  const code = /<Code>([A-Za-z0-9]{1,64})<\/Code>/.exec(answer)?.[1] ?? 'no reason';
  return {
    error: new PratiqueError('store/refused', { store: 's3', reason: `${code} (${status})` }),
    mayPass: status >= 500 || status === 429,
  };
}

function unreachable(error: unknown, signal: AbortSignal): Failure {
  if (signal.aborted || !(error instanceof NetworkError)) throw error;
  return { error: new PratiqueError('store/unreachable', { store: 's3', reason: error.message }), mayPass: true };
}

function placeOf(address: string, env: World['env']): Place {
  const url = URL.canParse(address) ? new URL(address) : undefined;
  const bucket = url?.hostname ?? '';
  if (!url || !/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/.test(bucket) || url.username)
    throw invalid('s3://BUCKET/PREFIX is expected');
  const region = url.searchParams.get('region') ?? env['AWS_REGION'] ?? env['AWS_DEFAULT_REGION'] ?? 'us-east-1';
  const path = url.pathname.replace(/^\/+|\/+$/g, '');
  const prefix = path ? `${decodeURIComponent(path)}/` : '';
  const endpoint = url.searchParams.get('endpoint') ?? env['AWS_ENDPOINT_URL_S3'] ?? env['AWS_ENDPOINT_URL'];
  if (!endpoint) return { bucket, prefix, region, base: `https://${bucket}.s3.${region}.amazonaws.com` };
  if (!URL.canParse(endpoint) || !/^https?:$/.test(new URL(endpoint).protocol))
    throw invalid('the endpoint is no http or https address');
  return { bucket, prefix, region, base: `${endpoint.replace(/\/+$/, '')}/${bucket}` };
}

const invalid = (problem: string): PratiqueError =>
  new PratiqueError('usage/invalid', { problem: `--report-store: ${problem}` });
