/** The page in a browser: shows all findings, sorts, filters, unfolds, runs nothing that names say, asks no server. */
import assert from 'node:assert/strict';
import { existsSync, mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { chromium, type Browser, type Page } from 'playwright-core';
import { severities, type Report, type Result, type Vulnerability } from '#model';
import { findFormat } from '#report';

const browsers = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];
const executablePath = process.env['CHROMIUM'] ?? browsers.find((path) => existsSync(path));

const hostile = [
  '<img src=x onerror=alert(1)>',
  '</script><script>alert(2)</script>',
  '"><b>',
  '<!--<script>',
  '\u001b[31m',
];
const diffIds = [1, 2, 3].map((n) => `sha256:${String(n).repeat(64)}`);

const finding = (i: number): Vulnerability => ({
  kind: 'vulnerability',
  id: `CVE-2099-${1000 + i}`,
  package: {
    name: hostile[i] ?? `library-${i}`,
    version: `1.${i}.0`,
    ...(i % 4 && { layer: { diffId: diffIds[i % 3]! } }),
  },
  installedVersion: `1.${i}.0`,
  status: i % 3 ? 'fixed' : 'affected',
  severity: severities[i % 5]!,
  primaryUrl: i === 1 ? 'javascript:alert(3)' : `https://example.org/CVE-2099-${1000 + i}`,
  title: hostile[i] ?? `library-${i}: a flaw in how lengths of headers are read lets others crash the program`,
  description: hostile[i] ?? 'A crafted header makes the parser read behind the end of its buffer.\n\nUpgrade soon.',
  cweIds: ['CWE-125'],
  cvss: { nvd: { V3Vector: 'CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:N/I:N/A:H', V3Score: 7.5 } },
  references: ['https://example.org/a', 'javascript:alert(4)'],
  ...(i % 3 && { fixedVersion: `1.${i}.${i + 1}` }),
});

const results: readonly Result[] = [
  {
    target: 'app:1.0 (debian 12)',
    class: 'os-pkgs',
    type: 'debian',
    vulnerabilities: Array.from({ length: 40 }, (_, i) => finding(i)),
  },
  {
    target: 'srv/<b>app</b>/package-lock.json',
    class: 'lang-pkgs',
    type: 'npm',
    vulnerabilities: Array.from({ length: 20 }, (_, i) => finding(40 + i)),
  },
];
const report: Report = {
  artifactName: 'registry.example.org/team/<app>:1.0',
  artifactType: 'container_image',
  createdAt: '2030-01-02T03:04:05Z',
  reportId: '01890000-0000-7000-8000-000000000000',
  metadata: {
    os: { family: 'debian', name: '12' },
    imageId: diffIds[0]!,
    diffIds,
    imageConfig: {
      history: [
        { created_by: '/bin/sh -c #(nop) ADD file:0 in / ' },
        { created_by: 'CMD ["sh"]', empty_layer: true },
        { created_by: 'RUN apt-get install -y library' },
        { created_by: 'COPY . /srv/app' },
      ],
    },
  },
  results,
  diagnostics: [{ code: 'rpm-db/damaged', severity: 'error', message: 'a database is damaged', path: 'var/lib/rpm' }],
};

async function page(): Promise<string> {
  const format = await findFormat('html');
  let text = '';
  const options = { version: '1.0', listPackages: true, severities, scanners: ['vuln'], color: false } as const;
  for await (const chunk of format.encode(report, { ...options, tableModes: [], dependencyTree: false })) text += chunk;
  return text;
}

describe('html in Chromium', { skip: executablePath ? false : 'no chromium here: apt-get install chromium' }, () => {
  let browser: Browser;
  let view: Page;
  const troubles: string[] = [];
  const requests: string[] = [];

  before(async () => {
    const folder = mkdtempSync(join(tmpdir(), 'html-report-'));
    writeFileSync(join(folder, 'report.html'), await page());
    browser = await chromium.launch({ executablePath: executablePath!, args: ['--no-sandbox'] });
    view = await browser.newPage({ viewport: { width: 1360, height: 900 } });
    view.on('console', (message) => troubles.push(message.text()));
    view.on('pageerror', (error) => troubles.push(String(error)));
    view.on('dialog', (dialog) => {
      troubles.push(`dialog: ${dialog.message()}`);
      void dialog.dismiss();
    });
    view.on('request', (request) => requests.push(request.url()));
    await view.goto(pathToFileURL(join(folder, 'report.html')).href);
  });
  after(async () => browser?.close());

  const rows = (): Promise<string[][]> =>
    view
      .locator('#findings tbody tr.row:visible')
      .evaluateAll((all) => all.map((row) => [...row.children].map((cell) => cell.textContent.trim())));
  const shown = (): Promise<number> => view.locator('#findings tbody tr.row:visible').count();

  test('all findings are there, gravest first, names as text', async () => {
    const all = await rows();
    assert.equal(all.length, 60);
    assert.equal(all[0]![0], 'CRITICAL');
    assert.equal(all.at(-1)![0], 'UNKNOWN');
    const text = await view.locator('#findings').textContent();
    for (const name of hostile.slice(0, 4)) assert.ok(text!.includes(name), name);
    assert.equal(await view.locator('#findings img, #findings b').count(), 0);
    assert.equal(await view.locator('a[href^="javascript"]').count(), 0);
  });

  test('columns sort up and down, versions by number', async () => {
    const installed = view.getByRole('button', { name: 'Installed' });
    await installed.click();
    const up = (await rows()).map((cells) => cells[3]!);
    assert.deepEqual(
      up,
      Array.from({ length: 60 }, (_, i) => `1.${i}.0`),
    );
    await installed.click();
    assert.deepEqual(
      (await rows()).map((cells) => cells[3]!),
      up.toReversed(),
    );
  });

  test('filters: severity, target, layer, words, fixes', async () => {
    await view.locator('.card.HIGH').click();
    assert.equal(await shown(), 12);
    await view.locator('.card.HIGH').click();
    await view.locator('#target').selectOption({ index: 2 });
    assert.equal(await shown(), 20);
    await view.locator('#target').selectOption('');
    await view.locator('#layer').selectOption({ index: 1 });
    assert.ok((await shown()) > 0 && (await shown()) < 60);
    await view.locator('#layer').selectOption('');
    await view.locator('#only-fixed').check();
    assert.equal(await shown(), 40);
    await view.locator('#only-fixed').uncheck();
    await view.locator('#search').fill('library-17 lengths');
    await view.locator('#shown').getByText('1 of 60').waitFor();
    assert.equal(await shown(), 1);
    await view.locator('#search').fill('');
    await view
      .locator('#shown')
      .getByText(/^60 findings$/)
      .waitFor();
  });

  test('details unfold: text, scores, links of the web only', async () => {
    await view.locator('tr.row .more').first().click();
    const details = view.locator('tr.details');
    assert.match((await details.textContent())!, /CVSS 7\.5[\s\S]*CWE-125/);
    assert.equal(await details.locator('a').count(), 2);
    await view.locator('tr.row .more').first().click();
    assert.equal(await details.count(), 0);
  });

  test('pictures for a look, light and dark', async () => {
    const folder = process.env['HTML_REPORT_PICTURES'] ?? mkdtempSync(join(tmpdir(), 'html-report-'));
    mkdirSync(folder, { recursive: true });
    await view.locator('tr.row .more').nth(2).click();
    await view.evaluate('scrollTo(0, 0)');
    for (const colorScheme of ['light', 'dark'] as const) {
      await view.emulateMedia({ colorScheme });
      await view.screenshot({ path: join(folder, `${colorScheme}.png`) });
    }
  });

  test('no message on the console, no request but for the page', () => {
    assert.deepEqual(troubles, []);
    assert.deepEqual(
      requests.filter((url) => !url.startsWith('file:') && !url.startsWith('data:')),
      [],
    );
  });
});
