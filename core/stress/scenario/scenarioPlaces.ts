/** Where the values of a scenario file stand in its text. */
import { findNodeAtLocation, getNodeValue, type Node, parseTree } from 'jsonc-parser';
import { pathInFile } from './callerForms.ts';
import type { ScenarioFile } from './scenario.ts';

type Path = readonly (string | number)[];

/** Characters `[offset, offset + length)` of a text. */
interface Span {
  offset: number;
  length: number;
}

/** The value at a path; where it is missing, the innermost value around it, and the first character for the whole file. */
export function spanIn(tree: Node, path: Path): Span {
  for (let length = path.length; length > 0; length--) {
    const node = findNodeAtLocation(tree, path.slice(0, length));
    if (node !== undefined) return { offset: node.offset, length: node.length };
  }
  return { offset: tree.offset, length: 1 };
}

/** Offset of what a problem of `checkForm` is about. */
export function offsetOf(text: string, path: Path): number {
  const tree = treeOf(text);
  return tree === undefined ? 0 : spanIn(tree, path).offset;
}

/** Offset of what a problem of the completed scenario is about. */
export function offsetOfCompleted(text: string, path: Path): number {
  const tree = treeOf(text);
  if (tree === undefined) return 0;
  return spanIn(tree, pathInFile(getNodeValue(tree) as ScenarioFile, path)).offset;
}

function treeOf(text: string): Node | undefined {
  try {
    return parseTree(text);
  } catch (error) {
    // It recurses; what is nested that deep has no place.
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}
