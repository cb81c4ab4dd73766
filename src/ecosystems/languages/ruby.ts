/** RubyGems. https://guides.rubygems.org/patterns/#semantic-versioning */
import { defineEcosystem } from '../ecosystem.js';

export const ruby = defineEcosystem({
  id: 'ruby',
  title: 'Ruby',
  docs: 'https://rubygems.org',
  types: ['bundler', 'gemspec'],
  aggregated: { gemspec: 'Ruby' },
  purlType: 'gem',
  scheme: 'gem',
  advisories: 'rubygems::',
  rebuilds: { certain: { name: /^seal-/ }, likely: { version: /\.0\.1\.sp\d+(?:p\d+)?$/ } },
});
