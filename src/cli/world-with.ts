import type { World } from '#platform';

/** A world with some parts replaced; the others are not looked at: opening standard input takes time. */
export function worldWith(world: World, parts: Partial<World>): World {
  const all = { ...Object.getOwnPropertyDescriptors(world), ...Object.getOwnPropertyDescriptors(parts) };
  return Object.defineProperties({}, all) as World;
}
