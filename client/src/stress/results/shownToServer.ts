/** Tells the server what stress runs have shown, so that lenses, hovers, hints, the matrix and the status bar say it. */
import type { Disposable, Uri } from 'vscode';
import { shownExploration, shownHammering } from '../../../../core/report/shown/shownRun.ts';
import type { Server } from '../../server.ts';
import type { StressResults } from './stressResults.ts';

/** Keeps the server in step with the results; a server that starts anew is told all of them. */
export function tellServer(server: Server, results: StressResults): Disposable[] {
  const told = new Map<string, Uri>();
  const tell = (uri: Uri): void => {
    const runs = [
      ...results.of(uri).map(shownExploration),
      ...results.hammeredOf(uri).map(({ result }) => shownHammering(result)),
    ];
    if (runs.length > 0) told.set(uri.toString(), uri);
    else told.delete(uri.toString());
    server.shown({ uri: uri.toString(), content: results.ranBytesOf(uri) ?? '', runs });
  };
  return [
    results.onDidChange((uri) => {
      for (const one of uri === undefined ? [...told.values()] : [uri]) tell(one);
    }),
    server.onStarted(() => {
      for (const uri of results.modules()) tell(uri);
    }),
  ];
}
