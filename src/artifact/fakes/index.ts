export * from './make-image.js';
