/**
 * The runtime's HTTP modules, loaded when a connection is made. As plain modules: importing them as ES modules reads each
 * of their exports, and with `http` that loads the runtime's own fetch, which takes longer than all the rest.
 */
export const httpModule = (): typeof import('node:http') => process.getBuiltinModule('node:http');

export const httpsModule = (): typeof import('node:https') => process.getBuiltinModule('node:https');
