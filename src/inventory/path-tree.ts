/** Values by path, removable by subtree in time that depends on the path's depth only. */
export class PathTree<T> {
  readonly #root: Node<T> = { children: new Map(), values: new Map() };

  /** One value per path and kind; a later one replaces the earlier. */
  set(path: string, kind: string, value: T): void {
    let node = this.#root;
    for (const name of path.split('/')) {
      let next = node.children.get(name);
      if (!next) node.children.set(name, (next = { children: new Map(), values: new Map() }));
      node = next;
    }
    node.values.set(kind, value);
  }

  /** The path itself and all below it. */
  remove(path: string): void {
    const names = path.split('/');
    const last = names.pop()!;
    this.#find(names)?.children.delete(last);
  }

  /** All below the path, but not the path itself; `''` or `.` is the root. */
  clear(path: string): void {
    this.#find(path === '' || path === '.' ? [] : path.split('/'))?.children.clear();
  }

  *values(): Generator<T> {
    const stack = [this.#root];
    for (let node = stack.pop(); node; node = stack.pop()) {
      yield* node.values.values();
      stack.push(...node.children.values());
    }
  }

  #find(names: readonly string[]): Node<T> | undefined {
    let node: Node<T> | undefined = this.#root;
    for (const name of names) node = node?.children.get(name);
    return node;
  }
}

interface Node<T> {
  readonly children: Map<string, Node<T>>;
  readonly values: Map<string, T>;
}
