import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FormatError } from '#base';
import { debian } from './debian.js';
import { advisoriesOf, assertSurvivesDamage, readFeed, remarksOf } from './read-feed.test.kit.js';

const config = JSON.stringify({
  distributions: {
    buster: { release: 'oldstable' },
    bullseye: { release: 'stable' },
    bookworm: { release: 'testing' },
  },
});
const list = `[29 Mar 2023] DSA-9002-1 anchor - security update
\t{CVE-2099-0001 CVE-2099-0002}
\t[buster] - anchor 1.0-1+deb10u1
\t[bullseye] - anchor  1:2.0-1~deb11u2 (bug #1; low)
\t[bookworm] - anchor 3.0-1
\tNOTE: words
[01 Jan 2023] DSA-9001-1 buoy - regression update
        [bullseye] - buoy 1.0-2
        [buster] - buoy <end-of-life>
\t[stretch] - buoy <unfixed> (high)
\t[jessie] - buoy <not-affected> (not there yet)
\t[sarge] - buoy 0.1-1
\t[unknown] - buoy 1
\t[bullseye] - buoy _1
\tgarbage
not a heading
`;
const files = { 'data/DSA/list': list, 'data/config.json': config };

test('fixes and states by release and source package', async () => {
  const statements = await readFeed(debian, files);
  assert.deepEqual(advisoriesOf(statements), {
    'debian 10/anchor CVE-2099-0001': { FixedVersion: '1.0-1+deb10u1', VendorIDs: ['DSA-9002-1'] },
    'debian 10/anchor CVE-2099-0002': { FixedVersion: '1.0-1+deb10u1', VendorIDs: ['DSA-9002-1'] },
    'debian 11/anchor CVE-2099-0001': { FixedVersion: '1:2.0-1~deb11u2', VendorIDs: ['DSA-9002-1'] },
    'debian 11/anchor CVE-2099-0002': { FixedVersion: '1:2.0-1~deb11u2', VendorIDs: ['DSA-9002-1'] },
    'debian 11/buoy DSA-9001-1': { FixedVersion: '1.0-2' },
    'debian 10/buoy DSA-9001-1': { Status: 7 },
    'debian 9/buoy DSA-9001-1': { Status: 2 },
  });
  assert.deepEqual(remarksOf(statements), [
    'release bookworm',
    'DSA-9001-1: cannot read "garbage"',
    'release sarge',
    'DSA-9001-1: unknown is not known',
    'DSA-9001-1: buoy _1 is no version',
    'the list: cannot read "not a heading"',
  ]);
  assert.deepEqual(
    statements.flatMap((s) => (s.kind === 'dated' ? [s.date] : [])),
    ['2023-03-29', '2023-01-01'],
  );
});

test('without knowing which releases were out nothing is said', async () => {
  for (const broken of [undefined, '{', '{}', '{"distributions":{"sid":{"release":"stable"}}}']) {
    const { 'data/config.json': _, ...lists } = files;
    const feed = broken === undefined ? lists : { ...lists, 'data/config.json': broken };
    await assert.rejects(readFeed(debian, feed), FormatError);
  }
});

test('damage', async () => {
  await assertSurvivesDamage(debian, 'data/DSA/list', files);
  await assertSurvivesDamage(debian, 'data/config.json', files);
});
