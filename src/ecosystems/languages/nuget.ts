/** NuGet; ids are case-insensitive. https://learn.microsoft.com/nuget/concepts/package-versioning */
import { defineEcosystem } from '../ecosystem.js';

export const nuget = defineEcosystem({
  id: 'nuget',
  title: '.NET',
  docs: 'https://www.nuget.org',
  types: ['dotnet-core', 'nuget', 'packages-props'],
  purlType: 'nuget',
  scheme: 'generic',
  advisories: 'nuget::',
});
