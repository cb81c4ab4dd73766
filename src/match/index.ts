export * from './match-inventory.js';
