/**
 * Modules of the Go compiler: the exports of one module run on one Go runtime, which has one scheduler, one heap, and
 * registers in globals.
 * Sources: https://go.dev/blog/wasmexport, https://github.com/golang/go/issues/65199 (`go:wasmexport`, c-shared
 * reactors), cmd/link/internal/wasm (section `go:buildid`), runtime/lock_wasip1.go.
 */
import { t } from '../../text/l10n.ts';
import type { Module } from '../../wasm/module.ts';

/** Whether the Go compiler made the module; TinyGo has another runtime. */
export const isGo = ({ sections }: Pick<Module, 'sections'>): boolean =>
  sections.some(({ id, name }) => id === 0 && name === 'go:buildid');

/** What a Go runtime keeps, instead of the registers and addresses that implement it. */
export const goRuntimeText = (): string =>
  t('one Go runtime: its scheduler, its heap with all goroutines, and the package variables of the program');

/** What callers of a reactor have to know, sentences. */
export const goCallsText = (): string =>
  t(
    'The Go runtime of an instance has one thread: a call must end before another thread starts the next one. Goroutines that a call leaves behind run only during later calls.',
  );
