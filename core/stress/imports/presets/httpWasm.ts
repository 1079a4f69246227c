// biome-ignore-all lint/correctness/useYield: many of these functions touch no memory
/**
 * http-wasm: a handler gets the request of its caller in buffers of its own, and answers with host calls, which belong to
 * the outcome. Source: https://http-wasm.io/http-handler-abi/
 */
import { message } from '../../../text/l10n.ts';
import type { FunctionType } from '../declaredEffects.ts';
import type { HostOperation, HostOperations } from '../hostFunction.ts';
import { operating, readBytes, readText, unsignedArgument } from '../hostOperations.ts';
import { PerCaller, type Preset, type PresetWorld } from './preset.ts';

/** The exchange of one caller. */
interface Exchange {
  method: string;
  uri: string;
  /** Of request (0) and response (1); trailers (2, 3) are empty. */
  headers: [name: string, value: string][][];
  /** Bodies by kind, and how much of each was read. */
  bodies: Uint8Array[];
  read: number[];
  status: number;
  features: number;
}

/** A function of the host, given its arguments as numbers. */
type Call = (exchange: Exchange, ...args: number[]) => HostOperations;

const encoded = (text: string): Uint8Array => new TextEncoder().encode(text);

/** Writes bytes if they fit; answers their length. */
function* fitted(bytes: Uint8Array, at: number, limit: number): Generator<HostOperation, number, unknown> {
  if (bytes.length > 0 && bytes.length <= limit) yield { do: 'write', at, bytes };
  return bytes.length;
}

/** Writes texts, each with a final zero; answers their number and length. */
function* listed(texts: readonly string[], at: number, limit: number): HostOperations {
  const length = yield* fitted(encoded(texts.map((text) => `${text}\0`).join('')), at, limit);
  return (BigInt(texts.length) << 32n) | BigInt(length);
}

function* observed(text: string): Generator<HostOperation, undefined, unknown> {
  yield { do: 'observe', text };
  return undefined;
}

const named = (exchange: Exchange, kind: number, name: string): string[] =>
  (exchange.headers[kind] ?? []).filter(([one]) => one.toLowerCase() === name.toLowerCase()).map(([, value]) => value);

function headersOf(exchange: Exchange, kind: number): [string, string][] {
  const headers = exchange.headers[kind];
  if (headers === undefined) throw new Error(`there are no headers of kind ${kind}`);
  return headers;
}

function remove(exchange: Exchange, kind: number, name: string): void {
  const kept = headersOf(exchange, kind).filter(([one]) => one.toLowerCase() !== name.toLowerCase());
  exchange.headers[kind] = kept;
}

const KINDS = ['request', 'response', 'request trailers', 'response trailers'];

const FUNCTIONS: Readonly<Record<string, Call>> = {
  *enable_features(exchange, features) {
    exchange.features |= features & 3;
    return exchange.features;
  },
  *get_config(_exchange, at, limit) {
    return yield* fitted(new Uint8Array(), at, limit);
  },
  *log_enabled() {
    return 1;
  },
  *log(_exchange, _level, at, length) {
    yield* readBytes(at, length);
  },
  *get_method(exchange, at, limit) {
    return yield* fitted(encoded(exchange.method), at, limit);
  },
  *set_method(exchange, at, length) {
    exchange.method = yield* readText(at, length);
    return yield* observed(`set_method ${exchange.method}`);
  },
  *get_uri(exchange, at, limit) {
    return yield* fitted(encoded(exchange.uri), at, limit);
  },
  *set_uri(exchange, at, length) {
    exchange.uri = yield* readText(at, length);
    return yield* observed(`set_uri ${JSON.stringify(exchange.uri)}`);
  },
  *get_protocol_version(_exchange, at, limit) {
    return yield* fitted(encoded('HTTP/1.1'), at, limit);
  },
  *get_source_addr(_exchange, at, limit) {
    return yield* fitted(encoded('127.0.0.1:12345'), at, limit);
  },
  *get_header_names(exchange, kind, at, limit) {
    return yield* listed([...new Set((exchange.headers[kind] ?? []).map(([name]) => name))], at, limit);
  },
  *get_header_values(exchange, kind, name, nameLength, at, limit) {
    return yield* listed(named(exchange, kind, yield* readText(name, nameLength)), at, limit);
  },
  *set_header_value(exchange, kind, name, nameLength, value, valueLength) {
    const [key, text] = [yield* readText(name, nameLength), yield* readText(value, valueLength)];
    remove(exchange, kind, key);
    headersOf(exchange, kind).push([key, text]);
    return yield* observed(`${KINDS[kind]} header ${key}: ${text}`);
  },
  *add_header_value(exchange, kind, name, nameLength, value, valueLength) {
    const [key, text] = [yield* readText(name, nameLength), yield* readText(value, valueLength)];
    headersOf(exchange, kind).push([key, text]);
    return yield* observed(`${KINDS[kind]} header ${key}: ${text}`);
  },
  *remove_header(exchange, kind, name, nameLength) {
    const key = yield* readText(name, nameLength);
    remove(exchange, kind, key);
    return yield* observed(`${KINDS[kind]} header ${key} removed`);
  },
  *read_body(exchange, kind, at, limit) {
    const body = exchange.bodies[kind] ?? new Uint8Array();
    const part = body.subarray(exchange.read[kind], exchange.read[kind] + limit);
    if (part.length > 0) yield { do: 'write', at, bytes: part };
    exchange.read[kind] += part.length;
    const ended = exchange.read[kind] >= body.length;
    // The next call of the handler is another request of the same caller.
    if (ended) exchange.read[kind] = 0;
    return ((ended ? 1n : 0n) << 32n) | BigInt(part.length);
  },
  *write_body(exchange, kind, at, length) {
    const bytes = yield* readBytes(at, length);
    exchange.bodies[kind] = bytes;
    return yield* observed(`${KINDS[kind]} body ${JSON.stringify(new TextDecoder().decode(bytes))}`);
  },
  *get_status_code(exchange) {
    return exchange.status;
  },
  *set_status_code(exchange, status) {
    exchange.status = status;
    return yield* observed(`status ${status}`);
  },
};

const created = ({ requestOf }: PresetWorld) => {
  const exchanges = new PerCaller<Exchange>((caller) => {
    const { method, uri, headers, body } = requestOf(caller);
    const kinds: [string, string][][] = [Object.entries(headers), [], [], []];
    return {
      method,
      uri,
      headers: kinds,
      bodies: [encoded(body), new Uint8Array()],
      read: [0, 0],
      status: 200,
      features: 0,
    };
  });
  return {
    functionOf(module: string, name: string, { params }: FunctionType) {
      if (module !== 'http_handler' || !Object.hasOwn(FUNCTIONS, name)) return undefined;
      const call = FUNCTIONS[name];
      if (call.length - 1 > params.length) return undefined;
      return operating(`${module}.${name}`, (args, caller) =>
        call(exchanges.of(caller), ...args.map(unsignedArgument)),
      );
    },
    reset: () => exchanges.reset(),
    mark: () => exchanges.mark(),
  };
};

/** The preset. */
export const httpWasm: Preset = {
  id: 'http-wasm',
  recognises: (module, name) => module === 'http_handler' && Object.hasOwn(FUNCTIONS, name),
  observes: true,
  without: message('a network, a next handler and trailers; each caller had a request of its own'),
  create: created,
};
