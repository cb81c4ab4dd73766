import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FormatError } from '#base';
import { assertSurvivesDamage, extractTree } from '../extract-tree.test.kit.js';
import { nugetConfig } from './nuget-config.js';
import { packagesProps } from './packages-props.js';

const config = `\uFEFF<?xml version="1.0" encoding="utf-8"?>
<packages>
  <package id="Left" version="1.1.0" targetFramework="net472" />
  <package id="Tool" version="9.0.0" developmentDependency="true" />
  <package id="Left" version="1.1.0" targetFramework="net48" />
  <package id="Bare" /><other id="No" version="1.0.0" />
</packages>`;

const props = `<Project xmlns="http://schemas.microsoft.com/developer/msbuild/2003">
  <ItemGroup>
    <PackageVersion Include="Left" Version=" 1.1.0 " />
    <PackageReference Update="Right" Version="2.0.0" />
    <GlobalPackageReference Include="Tool" Version="9.0.0" />
    <PackageVersion Include="Unknown" Version="$(V)" /><PackageVersion Include="$(N)" Version="1.0.0" />
    <PackageVersion Include="" Version="1.0.0" /><PackageVersion Include="Bare" />
    <Other Include="No" Version="1.0.0" />
  </ItemGroup>
  <PackageVersion Include="Outside" Version="1.0.0" />
</Project>`;

test('packages.config', async () => {
  const { applications } = await extractTree(nugetConfig, { 'src/packages.config': config });
  assert.deepEqual(applications[0]!.packages, [{ name: 'Left', version: '1.1.0', analyzedBy: 'nuget' }]);
});

test('Directory.Packages.props', async () => {
  const { applications } = await extractTree(packagesProps, {
    'Directory.Packages.props': props,
    'x/packages.PROPS': props,
  });
  assert.equal(applications.length, 2);
  assert.deepEqual(
    applications[0]!.packages.map((p) => p.id),
    ['Left@1.1.0', 'Right@2.0.0', 'Tool@9.0.0'],
  );
});

test('refuses what is no XML', async () => {
  await assert.rejects(extractTree(nugetConfig, { 'packages.config': '<packages>' }), FormatError);
  await assert.rejects(extractTree(packagesProps, { 'packages.props': '' }), FormatError);
});

test('damaged files', async () => {
  await assertSurvivesDamage(nugetConfig, 'packages.config', { 'packages.config': config });
  await assertSurvivesDamage(packagesProps, 'packages.props', { 'packages.props': props });
});
