/**
 * What `--template` names: a file after `@`, or the template itself. Pipelines name the templates that come with the
 * reference by their path; where those files are not, the format of the same name is written.
 * Errors: `usage/invalid`, `file/not-found`.
 */
import { PratiqueError } from '#base';
import { readIfPresent, type World } from '#platform';
import type { FormatOptions, formatIds } from '#report';

export interface TemplateChoice {
  readonly format: (typeof formatIds)[number];
  readonly template?: NonNullable<FormatOptions['template']>;
}

const maxTemplate = 4 * 1024 * 1024;

const shipped: ReadonlyMap<string, TemplateChoice['format']> = new Map([
  ['asff.tpl', 'asff'],
  ['gitlab.tpl', 'gitlab'],
  ['gitlab-codequality.tpl', 'gitlab-codequality'],
  ['html.tpl', 'html'],
  ['junit.tpl', 'junit'],
]);

export async function chooseTemplate(value: string, world: World): Promise<TemplateChoice> {
  if (value === '') throw new PratiqueError('usage/invalid', { problem: '--format template needs --template' });
  if (!value.startsWith('@')) return { format: 'template', template: { name: 'template', text: value } };
  const path = value.slice(1);
  const [name = '', folder = ''] = path.split('/').reverse();
  if (name === 'sarif.tpl') return { format: 'sarif' };
  const bytes = await readIfPresent(path.startsWith('/') ? path : `${world.cwd}/${path}`, maxTemplate);
  if (bytes) return { format: 'template', template: { name: path, text: new TextDecoder().decode(bytes) } };
  const format = folder === 'contrib' || folder === 'templates' ? shipped.get(name) : undefined;
  if (!format) throw new PratiqueError('file/not-found', { path });
  world.log.info(`${path} is not there: writing the format ${format}`);
  return { format };
}
