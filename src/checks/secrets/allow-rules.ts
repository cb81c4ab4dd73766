/**
 * What passes although a rule matches: places where other people's examples and tests are installed.
 * Paths are those below the root, without a leading slash; for images they are tried with one, too.
 */
import type { AllowRule } from './rule.js';

export const builtInAllowRules: readonly AllowRule[] = [
  { id: 'dist-info', path: /\.dist-info\// },
  { id: 'tests', path: /(?:^|[/._-])test/i },
  { id: 'examples', path: /example/, match: /example/i },
  { id: 'vendor', path: /\/vendor\// },
  { id: 'usr-dirs', path: /^usr\/(?:share|include|lib)\// },
  { id: 'locale-dir', path: /\/locales?\// },
  { id: 'markdown', path: /\.md$/ },
  { id: 'node.js', path: /^opt\/yarn-v[\d.]+\// },
  { id: 'golang', path: /^usr\/local\/go\// },
  { id: 'python', path: /^usr\/local\/lib\/python[\d.]+\// },
  { id: 'rubygems', path: /^usr\/lib\/gems\// },
  { id: 'wordpress', path: /^usr\/src\/wordpress\// },
  { id: 'anaconda-log', path: /^var\/log\/anaconda\// },
];
