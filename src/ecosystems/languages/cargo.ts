/** crates.io. https://doc.rust-lang.org/cargo/reference/specifying-dependencies.html */
import { defineEcosystem } from '../ecosystem.js';

export const cargo = defineEcosystem({
  id: 'cargo',
  title: 'Rust',
  docs: 'https://crates.io',
  types: ['cargo', 'rustbinary'],
  purlType: 'cargo',
  scheme: 'generic',
  advisories: 'cargo::',
});
