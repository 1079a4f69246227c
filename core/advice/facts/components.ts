/** Connected components of the conflict graph of exports: no two of them share state that calls conflict on. */

import type { Analysis } from '../../analysis/model.ts';
import { conflictPartners } from './partners.ts';

/** With more groups than that, everything counts as one component. */
const MAX_GROUPS = 500;

/**
 * Components of the conflict graph with one of `positions`, each as sorted positions. Exports are linked where they
 * conflict, and where a run shows them wrong together (`shownTogether`, names): atomic accesses conflict with nobody,
 * and yet their sequences can. Exports that only the host could make conflict are left out.
 */
export function conflictComponents(
  analysis: Analysis,
  positions: readonly number[],
  shownTogether: readonly ReadonlySet<string>[],
): number[][] {
  const { exports, groups } = analysis;
  const counts = (position: number): boolean => exports[position].class !== 'host-dependent';
  if (groups.length > MAX_GROUPS) {
    const all = exports.flatMap((e, position) => (e.conflictCount > 0 && counts(position) ? [position] : []));
    return positions.length === 0 ? [] : [[...new Set([...positions, ...all])].sort((a, b) => a - b)];
  }
  const seen = new Set<number>();
  const components: number[][] = [];
  for (const start of positions) {
    if (seen.has(start)) continue;
    const found = [start];
    seen.add(start);
    const doneGroups = new Set<number>();
    for (const position of found) {
      // Members of a group have the same partners.
      const alike = doneGroups.has(exports[position].group);
      doneGroups.add(exports[position].group);
      const companies = shownTogether.filter((names) => names.has(exports[position].name));
      const linked =
        companies.length === 0
          ? []
          : positions.filter((other) => companies.some((names) => names.has(exports[other].name)));
      for (const partner of [...linked, ...(alike ? [] : conflictPartners(analysis, position))]) {
        if (seen.has(partner) || !counts(partner)) continue;
        seen.add(partner);
        found.push(partner);
      }
    }
    components.push(found.sort((a, b) => a - b));
  }
  return components;
}
