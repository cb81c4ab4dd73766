import { realWorld } from '#platform';
import { runAction } from './run-action.js';

process.exitCode = await runAction(realWorld());
