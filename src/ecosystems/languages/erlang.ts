/** Hex, for Erlang and Elixir. https://hex.pm/docs */
import { defineEcosystem } from '../ecosystem.js';

export const erlang = defineEcosystem({
  id: 'erlang',
  title: 'Erlang and Elixir',
  docs: 'https://hex.pm',
  types: ['hex'],
  purlType: 'hex',
  scheme: 'generic',
  advisories: 'erlang::',
});
