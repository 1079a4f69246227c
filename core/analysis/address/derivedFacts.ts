/** The accesses that were put together over calls. */
import { U32List } from '../growable.ts';

/** What calls do with their arguments, as accesses of the callers; rows of node `f` are `[start[f], end[f])`. */
export interface DerivedFacts {
  start: Uint32Array;
  end: Uint32Array;
  /** Raw effect, offset of the call (or of an access at a symbolic address), and whether only direct calls lead there. */
  effect: Uint32Array;
  site: Uint32Array;
  direct: Uint8Array;
  /** Node and raw effect where the path goes on; `HERE` for an access of the function itself. */
  originNode: Uint32Array;
  originEffect: Uint32Array;
  /** Functions whose calls and accesses were not put together because the budget was used up. */
  unfinished: number;
}

/** `DerivedFacts.originNode` of an access of the function itself. */
export const HERE = 0xffff_ffff;

/** Collects derived facts node by node. */
export class FactLists {
  private readonly effect = new U32List();
  private readonly site = new U32List();
  private direct = new Uint8Array(1024);
  private readonly originNode = new U32List();
  private readonly originEffect = new U32List();
  private readonly start: Uint32Array;
  private readonly end: Uint32Array;

  constructor(nodes: number) {
    this.start = new Uint32Array(nodes);
    this.end = new Uint32Array(nodes);
  }

  /** The facts from here on are those of `node`. */
  begin(node: number): void {
    this.start[node] = this.effect.length;
  }

  finish(node: number): void {
    this.end[node] = this.effect.length;
  }

  push(effect: number, site: number, direct: boolean, originNode: number, originEffect: number): void {
    const at = this.effect.length;
    if (at === this.direct.length) this.direct = grown(this.direct);
    this.direct[at] = direct ? 1 : 0;
    this.effect.push(effect);
    this.site.push(site);
    this.originNode.push(originNode);
    this.originEffect.push(originEffect);
  }

  /** All of them. */
  facts(unfinished: number): DerivedFacts {
    return {
      start: this.start,
      end: this.end,
      effect: this.effect.view(),
      site: this.site.view(),
      direct: this.direct.subarray(0, this.effect.length),
      originNode: this.originNode.view(),
      originEffect: this.originEffect.view(),
      unfinished,
    };
  }
}

function grown(from: Uint8Array): Uint8Array<ArrayBuffer> {
  const to = new Uint8Array(2 * from.length);
  to.set(from);
  return to;
}
