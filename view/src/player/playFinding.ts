/** How any part of the page has a finding played. */
import { createContext } from 'preact';

/** Leads to the player of the finding with this id, or with this schedule. */
export const PlayFinding = createContext<(finding: string) => void>(() => undefined);
