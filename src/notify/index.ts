export { deliver, type Delivery } from './deliver.js';
export * from './finding-event.js';
export { openSinks, type SinkChoice, sinkIds } from './open-sinks.js';
export type { Sink } from './sink.js';
