/** Which nodes of the tree are unfolded. VS Code remembers that for a session only. */
import type { Memento } from 'vscode';

const KEY = 'wasmHazards.unfolded';
/** Nodes that are remembered: those that were unfolded last. */
const MAX_NODES = 500;

/** Ids of nodes, kept with the workspace. */
export class Unfolded {
  readonly #memory: Memento;
  readonly #ids: Set<string>;

  constructor(memory: Memento) {
    this.#memory = memory;
    this.#ids = new Set(memory.get<string[]>(KEY, []));
  }

  has(id: string): boolean {
    return this.#ids.has(id);
  }

  set(id: string, isUnfolded: boolean): void {
    this.#ids.delete(id);
    if (isUnfolded) this.#ids.add(id);
    void this.#memory.update(KEY, [...this.#ids].slice(-MAX_NODES));
  }
}
