/** The web view of the editor as a host: messages there and back. */

import type { FromPage, ToPage } from '../../core/report/view/pageMessages.ts';
import { useTranslations } from '../../core/text/l10n.ts';
import type { ViewHost, ViewListener } from './host.ts';

/** https://code.visualstudio.com/api/extension-guides/webview#persistence */
interface WebviewApi {
  postMessage(message: FromPage): void;
  getState(): unknown;
  setState(state: unknown): void;
}

declare global {
  /** Only in a web view; may be called once. */
  var acquireVsCodeApi: (() => WebviewApi) | undefined;
}

/** The host of a web view; undefined anywhere else. Messages go to `listener` from `start` on. */
export function webviewHost(): { host: ViewHost; start(listener: ViewListener): void } | undefined {
  const api = globalThis.acquireVsCodeApi?.();
  if (api === undefined) return undefined;
  const post = (message: FromPage): void => api.postMessage(message);
  const waiting = new Map<number, { resolve(result: unknown): void; reject(error: Error): void }>();
  let questions = 0;
  let state: Record<string, unknown> = { ...(api.getState() as object | undefined) };

  const host: ViewHost = {
    can: { reveal: true, replay: true, run: true, save: true },
    reveal: (place) => post({ type: 'reveal', ...place }),
    command: (command) => post({ type: 'command', command }),
    pair: (command, exports) => post({ type: 'pair', command, exports }),
    ask: (question, params) =>
      new Promise((resolve, reject) => {
        const id = ++questions;
        // The other side answers each question with its own kind of result.
        waiting.set(id, { resolve: resolve as (result: unknown) => void, reject });
        post({ type: 'ask', id, question, params });
      }),
    saveSvg: (name, text) => post({ type: 'save', kind: 'svg', name, text }),
    saveReport: () => post({ type: 'saveReport' }),
    restore: (key) => state[key],
    keep(key, value) {
      state = { ...state, [key]: value };
      api.setState(state);
    },
  };

  function take(message: ToPage, listener: ViewListener): void {
    switch (message.type) {
      case 'report':
        useTranslations(message.translations);
        // The editor finds the module again by its state.
        if (message.view.module.uri !== undefined) host.keep('uri', message.view.module.uri);
        listener.report(message.view, message.focus);
        break;
      case 'focus':
        listener.focus(message.focus);
        break;
      case 'failed':
        listener.failed(message.message);
        break;
      case 'answer':
        waiting.get(message.id)?.resolve(message.result);
        waiting.delete(message.id);
        break;
      case 'refused':
        waiting.get(message.id)?.reject(new Error(message.message));
        waiting.delete(message.id);
        break;
    }
  }

  return {
    host,
    start(listener) {
      window.addEventListener('message', ({ data }: MessageEvent<ToPage>) => take(data, listener));
      post({ type: 'ready' });
    },
  };
}
