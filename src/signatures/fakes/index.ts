export * from './push-signature.js';
export * from './sigstore-instance.js';
