import { strict as assert } from 'node:assert';
import { test } from 'node:test';
import { proxyAuthorization, proxyFor } from './proxy.js';

const P = 'http://proxy:3128';
const cases: readonly [url: string, env: Record<string, string>, expected: string | undefined][] = [
  ['https://a.example/', { HTTPS_PROXY: P }, 'proxy:3128'],
  ['https://a.example/', { https_proxy: P }, 'proxy:3128'],
  ['https://a.example/', { HTTPS_PROXY: P, https_proxy: 'http://other' }, 'proxy:3128'],
  ['https://a.example/', { HTTP_PROXY: P }, undefined],
  ['http://a.example/', { HTTP_PROXY: P }, 'proxy:3128'],
  ['http://a.example/', { HTTP_PROXY: P, REQUEST_METHOD: 'GET' }, undefined],
  ['http://a.example/', { HTTP_PROXY: 'proxy:3128' }, 'proxy:3128'],
  ['http://localhost:5000/', { HTTP_PROXY: P }, undefined],
  ['http://127.1.2.3/', { HTTP_PROXY: P }, undefined],
  ['http://[::1]/', { HTTP_PROXY: P }, undefined],
  ['https://a.example/', { HTTPS_PROXY: P, NO_PROXY: '*' }, undefined],
  ['https://a.example/', { HTTPS_PROXY: P, NO_PROXY: 'b.example, example' }, undefined],
  ['https://aexample/', { HTTPS_PROXY: P, NO_PROXY: 'example' }, 'proxy:3128'],
  ['https://example/', { HTTPS_PROXY: P, NO_PROXY: '.example' }, 'proxy:3128'],
  ['https://a.example/', { HTTPS_PROXY: P, no_proxy: '.example' }, undefined],
  ['https://a.example/', { HTTPS_PROXY: P, NO_PROXY: '*.EXAMPLE' }, undefined],
  ['https://a.example/', { HTTPS_PROXY: P, NO_PROXY: 'a.example:443' }, undefined],
  ['https://a.example:444/', { HTTPS_PROXY: P, NO_PROXY: 'a.example:443' }, 'proxy:3128'],
  ['https://10.1.2.3/', { HTTPS_PROXY: P, NO_PROXY: '10.0.0.0/8' }, undefined],
  ['https://11.1.2.3/', { HTTPS_PROXY: P, NO_PROXY: '10.0.0.0/8' }, 'proxy:3128'],
  ['https://11.1.2.3/', { HTTPS_PROXY: P, NO_PROXY: '0.0.0.0/0' }, undefined],
  ['https://[fd00::1]/', { HTTPS_PROXY: P, NO_PROXY: 'fd00::1' }, undefined],
  ['https://[fd00::1]/', { HTTPS_PROXY: P, NO_PROXY: '[fd00::1]:443' }, undefined],
];

test('which proxy a request goes through', () => {
  for (const [url, env, expected] of cases) {
    assert.equal(proxyFor(new URL(url), env)?.host, expected, `${url} ${JSON.stringify(env)}`);
  }
});

test('proxies that cannot be used are an error without their password', () => {
  for (const proxy of ['socks5://user:secret@proxy:1080', 'http://user:secret@:99999999']) {
    assert.throws(
      () => proxyFor(new URL('https://a.example'), { HTTPS_PROXY: proxy }),
      (error: Error) => !/secret/.test(error.message) && /proxy|proxies/.test(error.message),
    );
  }
});

test('credentials of a proxy', () => {
  assert.equal(proxyAuthorization(new URL('http://p')), undefined);
  assert.equal(proxyAuthorization(new URL('http://a:b%40@p')), `Basic ${Buffer.from('a:b@').toString('base64')}`);
});
