/** Gathers the components and relations of one bill of materials, and gives every component a reference of its own. */
import type { Sbom, SbomComponent } from '#model';

export class SbomBuilder {
  readonly #components = new Map<string, SbomComponent>();
  readonly #relations = new Map<string, Set<string>>();

  /** Yields the component's reference: the document's own when it has one that is not taken. */
  add(component: Omit<SbomComponent, 'ref'>, ownRef: string | undefined = component.bomRef): string {
    const ref = ownRef !== undefined && !this.#components.has(ownRef) ? ownRef : this.#madeUp();
    this.#components.set(ref, { ...component, ref });
    return ref;
  }

  relate(from: string, to: Iterable<string>): void {
    let targets = this.#relations.get(from);
    if (!targets) this.#relations.set(from, (targets = new Set()));
    for (const ref of to) targets.add(ref);
  }

  content(): Pick<Sbom, 'components' | 'relations'> {
    return {
      components: [...this.#components.values()],
      relations: [...this.#relations].map(([from, to]) => ({ from, to: [...to] })),
    };
  }

  /** A line break: no reference of a document looks like it by chance. */
  #madeUp(): string {
    return `\n${this.#components.size}`;
  }
}
