export { type AlertServer, type ListenOptions, startListener } from './run-listener.js';
export { type RulesChoice, writeRules } from './write-rules.js';
export { namesImage, wasAssessed } from './scanned-image.js';
