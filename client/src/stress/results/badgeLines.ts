/** Lines with the badge of a failed test, which VS Code draws over whatever is at the end of the line. */
import { type Event, EventEmitter, type TestMessage, type Uri, workspace } from 'vscode';

/** Keeps the lines of the messages of test runs, by document. */
export class BadgeLines {
  private readonly lines = new Map<string, Set<number>>();
  private readonly changed = new EventEmitter<void>();
  readonly onDidChange: Event<void> = this.changed.event;

  /** Lines of a document, from 0. */
  of(uri: Uri): ReadonlySet<number> {
    return this.lines.get(uri.toString()) ?? NONE;
  }

  /** VS Code shows the badges of the latest test run, unless it is told to show all. */
  runBegins(): void {
    if (workspace.getConfiguration('testing').get('showAllMessages') !== true) this.clear();
  }

  /** A message is at its location; in documents other than that, at the first frame of its stack that is in them. */
  add({ location, stackTrace = [] }: TestMessage): void {
    const seen = new Set<string>();
    const places = [
      ...(location === undefined ? [] : [{ uri: location.uri, line: location.range.start.line }]),
      ...stackTrace.flatMap(({ uri, position }) =>
        uri === undefined || position === undefined ? [] : [{ uri, line: position.line }],
      ),
    ];
    for (const { uri, line } of places) {
      const key = uri.toString();
      if (seen.has(key)) continue;
      seen.add(key);
      this.lines.set(key, new Set([...(this.lines.get(key) ?? []), line]));
    }
    if (places.length > 0) this.changed.fire();
  }

  clear(): void {
    if (this.lines.size === 0) return;
    this.lines.clear();
    this.changed.fire();
  }

  dispose(): void {
    this.changed.dispose();
  }
}

const NONE: ReadonlySet<number> = new Set();
