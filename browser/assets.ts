/**
 * Files of the extension for workers. Only the extension host can read them, whatever they are stored in, so a worker asks
 * the one who started it through a port.
 */

/** Reads a file beside the bundles by its name. Rejects when it is missing. */
export type LoadAsset = (name: string) => Promise<Uint8Array<ArrayBuffer>>;

type Answer = { bytes: Uint8Array<ArrayBuffer> } | { problem: string };

/** Answers a worker; the result is the port for `assetsFrom`. Files are read once, and sent as copies. */
export function serveAssets(load: LoadAsset): MessagePort {
  const { port1, port2 } = new MessageChannel();
  port1.onmessage = async ({ data }: MessageEvent<{ id: number; name: string }>) => {
    const answer = await load(data.name).then(
      (bytes): Answer => ({ bytes }),
      (error: unknown): Answer => ({ problem: error instanceof Error ? error.message : String(error) }),
    );
    port1.postMessage({ id: data.id, answer });
  };
  return port2;
}

/** Asks the one who serves the port. */
export function assetsFrom(port: MessagePort): LoadAsset {
  const waiting = new Map<number, (answer: Answer) => void>();
  let asked = 0;
  port.onmessage = ({ data }: MessageEvent<{ id: number; answer: Answer }>) => {
    waiting.get(data.id)?.(data.answer);
    waiting.delete(data.id);
  };
  return async (name) => {
    const id = ++asked;
    port.postMessage({ id, name });
    const answer = await new Promise<Answer>((resolve) => waiting.set(id, resolve));
    if ('problem' in answer) throw new Error(`${name}: ${answer.problem}`);
    return answer.bytes;
  };
}

/** The same files, each read once. One that could not be read is tried again. */
export function readOnce(load: LoadAsset): LoadAsset {
  const known = new Map<string, ReturnType<LoadAsset>>();
  return (name) => {
    const found = known.get(name) ?? load(name);
    known.set(name, found);
    found.catch(() => known.delete(name));
    return found;
  };
}

/** Where the bundle of wasm-tools finds its WebAssembly in this worker; the build refers to it by this name. */
export function useAssets(load: LoadAsset): void {
  Object.assign(globalThis, { wasmHazardsAsset: load });
}
