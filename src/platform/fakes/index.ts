export * from './fake-server.js';
export * from './fake-world.js';
