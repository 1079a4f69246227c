/**
 * Circles of imports. Circles of type imports count, too: none of their files can be understood or moved without the
 * others.
 */

import { type Fault, importFault } from './fault.ts';
import type { SourceFile } from './sourceFile.ts';

/** Every file of a circle is a fault, whose text shows a shortest path around the circle. Smallest circles first. */
export function circleFaults(sources: readonly SourceFile[]): Fault[] {
  const byPath = new Map(sources.map((source) => [source.path, source]));
  return components(byPath)
    .sort((a, b) => a.length - b.length)
    .flatMap((files) => {
      const text = `circle of ${files.length} files: ${shortestWay(new Set(files), byPath).join(', ')}`;
      return files.map((key) => ({ key, text }));
    });
}

/** Tarjan's strongly connected components of more than one file, and files that import themselves. */
function components(byPath: ReadonlyMap<string, SourceFile>): string[][] {
  const found: string[][] = [];
  const index = new Map<string, number>();
  const low = new Map<string, number>();
  const stack: string[] = [];
  const onStack = new Set<string>();
  const visit = (path: string): void => {
    const own = index.size;
    index.set(path, own);
    low.set(path, own);
    stack.push(path);
    onStack.add(path);
    const targets = targetsOf(path, byPath);
    for (const target of targets) {
      if (!index.has(target)) visit(target);
      if (onStack.has(target)) low.set(path, Math.min(low.get(path) ?? own, low.get(target) ?? own));
    }
    if (low.get(path) !== own) return;
    const files = stack.splice(stack.indexOf(path));
    for (const file of files) onStack.delete(file);
    if (files.length > 1 || targets.includes(path)) found.push(files.sort());
  };
  for (const path of byPath.keys()) if (!index.has(path)) visit(path);
  return found;
}

function targetsOf(path: string, byPath: ReadonlyMap<string, SourceFile>): string[] {
  return (byPath.get(path)?.imports ?? []).map((one) => one.path).filter((target) => byPath.has(target));
}

/** Breadth first from each file back to itself, within the group. */
function shortestWay(group: ReadonlySet<string>, byPath: ReadonlyMap<string, SourceFile>): string[] {
  let best: string[] = [];
  for (const start of group) {
    const way = wayBack(start, group, byPath);
    if (best.length === 0 || way.length < best.length) best = way;
  }
  return best;
}

function wayBack(start: string, group: ReadonlySet<string>, byPath: ReadonlyMap<string, SourceFile>): string[] {
  const ways = new Map<string, string[]>([[start, []]]);
  for (const [path, way] of ways) {
    for (const one of byPath.get(path)?.imports ?? []) {
      const target = one.path;
      const longer = [...way, importFault(path, one).text];
      if (target === start) return longer;
      if (group.has(target) && !ways.has(target)) ways.set(target, longer);
    }
  }
  return [];
}
