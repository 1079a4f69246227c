// biome-ignore-all lint/correctness/useYield: many of these functions touch no memory
/**
 * proxy-wasm 0.2: requests of each caller, data that all share, and answers that belong to the outcome. The host allocates
 * what it gives with the guest's own allocator. Source: https://github.com/proxy-wasm/spec/tree/main/abi-versions/v0.2.1
 */
import { message } from '../../../text/l10n.ts';
import type { FunctionType } from '../declaredEffects.ts';
import type { HostOperation, HostOperations } from '../hostFunction.ts';
import { operating, readBytes, readText, unsignedArgument, writeWords } from '../hostOperations.ts';
import { PerCaller, type Preset } from './preset.ts';

/** Results of the ABI. */
const OK = 0;
const NOT_FOUND = 1;
const BAD_ARGUMENT = 2;
const CAS_MISMATCH = 8;
const UNIMPLEMENTED = 12;

const ALLOCATORS: readonly string[] = ['proxy_on_memory_allocate', 'malloc'];

/** Names of the maps and buffers of headers, trailers and bodies. */
const MAPS = ['request header', 'request trailer', 'response header', 'response trailer'];
const BUFFERS = ['request body', 'response body'];

/** The stream of one caller. */
interface Stream {
  maps: [name: string, value: string][][];
  buffers: Uint8Array[];
  properties: Record<string, string>;
}

/** What the host shares between all streams. */
interface Shared {
  data: Map<string, { value: Uint8Array; cas: number }>;
  metrics: Map<number, { name: string; value: bigint }>;
}

interface Context {
  stream: Stream;
  shared: Shared;
  allocator: string | undefined;
}

type Call = (context: Context, ...args: number[]) => HostOperations;

const encoded = (text: string): Uint8Array => new TextEncoder().encode(text);

/** Gives bytes to the guest: allocated, with pointer and length at two places. */
function* give(
  { allocator }: Context,
  bytes: Uint8Array,
  pointerAt: number,
  lengthAt: number,
): Generator<HostOperation, number, unknown> {
  if (allocator === undefined) throw new Error(`the module exports neither ${ALLOCATORS.join(' nor ')}`);
  let pointer = 0;
  if (bytes.length > 0) {
    pointer = unsignedArgument(yield { do: 'call', export: allocator, args: [bytes.length] });
    yield { do: 'write', at: pointer, bytes };
  }
  yield* writeWords(pointerAt, pointer);
  yield* writeWords(lengthAt, bytes.length);
  return OK;
}

function* seen(text: string): Generator<HostOperation, number, unknown> {
  yield { do: 'observe', text };
  return OK;
}

/** Pairs as the ABI lays them out: their number, lengths of names and values, then each with a final zero. */
function pairs(map: readonly [string, string][]): Uint8Array {
  const texts = map.map(([name, value]) => [encoded(name), encoded(value)]);
  const sizes = texts.flat().map(({ length }) => length);
  const bytes = new Uint8Array(4 + 4 * sizes.length + sizes.reduce((sum, size) => sum + size + 1, 0));
  const view = new DataView(bytes.buffer);
  view.setUint32(0, map.length, true);
  sizes.forEach((size, i) => void view.setUint32(4 + 4 * i, size, true));
  let at = 4 + 4 * sizes.length;
  for (const text of texts.flat()) {
    bytes.set(text, at);
    at += text.length + 1;
  }
  return bytes;
}

const isNamed = (name: string) => (pair: readonly [string, string]) => pair[0].toLowerCase() === name.toLowerCase();

function* changeHeader(
  context: Context,
  [map, name, nameLength, value, valueLength]: readonly number[],
  replaces: boolean,
): Generator<HostOperation, number, unknown> {
  const headers = context.stream.maps[map];
  if (headers === undefined) return BAD_ARGUMENT;
  const [key, text] = [yield* readText(name, nameLength), yield* readText(value, valueLength)];
  context.stream.maps[map] = [...(replaces ? headers.filter((pair) => !isNamed(key)(pair)) : headers), [key, text]];
  return yield* seen(`${MAPS[map]} ${key}: ${text}`);
}

const answering = (value: unknown): Call =>
  function* () {
    return value;
  };

/** Functions that touch only what is the caller's own. */
const OWN: Readonly<Record<string, Call>> = {
  *proxy_log(_context, _level, at, length) {
    yield* readBytes(at, length);
    return OK;
  },
  *proxy_get_log_level(_context, at) {
    yield* writeWords(at, 2);
    return OK;
  },
  *proxy_get_current_time_nanoseconds(_context, at) {
    yield { do: 'write', at, bytes: new Uint8Array(8) };
    return OK;
  },
  *proxy_get_property(context, path, length, pointerAt, lengthAt) {
    const name = (yield* readText(path, length)).replaceAll('\0', '.').replace(/\.$/, '');
    if (!Object.hasOwn(context.stream.properties, name)) return NOT_FOUND;
    return yield* give(context, encoded(context.stream.properties[name]), pointerAt, lengthAt);
  },
  *proxy_set_property(context, path, length, value, valueLength) {
    const name = (yield* readText(path, length)).replaceAll('\0', '.').replace(/\.$/, '');
    context.stream.properties[name] = yield* readText(value, valueLength);
    return OK;
  },
  *proxy_get_header_map_pairs(context, map, pointerAt, lengthAt) {
    const headers = context.stream.maps[map];
    return headers === undefined ? BAD_ARGUMENT : yield* give(context, pairs(headers), pointerAt, lengthAt);
  },
  *proxy_get_header_map_size(context, map, at) {
    const headers = context.stream.maps[map];
    if (headers === undefined) return BAD_ARGUMENT;
    yield* writeWords(at, pairs(headers).length);
    return OK;
  },
  *proxy_get_header_map_value(context, map, name, length, pointerAt, lengthAt) {
    const key = yield* readText(name, length);
    const found = context.stream.maps[map]?.find(isNamed(key));
    return found === undefined ? NOT_FOUND : yield* give(context, encoded(found[1]), pointerAt, lengthAt);
  },
  *proxy_add_header_map_value(context, ...args) {
    return yield* changeHeader(context, args, false);
  },
  *proxy_replace_header_map_value(context, ...args) {
    return yield* changeHeader(context, args, true);
  },
  *proxy_remove_header_map_value(context, map, name, length) {
    const headers = context.stream.maps[map];
    if (headers === undefined) return BAD_ARGUMENT;
    const key = yield* readText(name, length);
    context.stream.maps[map] = headers.filter((pair) => !isNamed(key)(pair));
    return yield* seen(`${MAPS[map]} ${key} removed`);
  },
  *proxy_get_buffer_bytes(context, buffer, start, most, pointerAt, lengthAt) {
    const bytes = context.stream.buffers[buffer];
    if (bytes === undefined) return NOT_FOUND;
    return yield* give(context, bytes.subarray(start, start + most), pointerAt, lengthAt);
  },
  *proxy_get_buffer_status(context, buffer, lengthAt, flagsAt) {
    const bytes = context.stream.buffers[buffer];
    if (bytes === undefined) return NOT_FOUND;
    yield* writeWords(lengthAt, bytes.length);
    yield* writeWords(flagsAt, 1);
    return OK;
  },
  *proxy_set_buffer_bytes(context, buffer, start, length, at, size) {
    const bytes = context.stream.buffers[buffer];
    if (bytes === undefined) return NOT_FOUND;
    const given = yield* readBytes(at, size);
    const [before, after] = [bytes.subarray(0, start), bytes.subarray(Math.min(bytes.length, start + length))];
    context.stream.buffers[buffer] = Uint8Array.from([...before, ...given, ...after]);
    return yield* seen(
      `${BUFFERS[buffer] ?? `buffer ${buffer}`} ${JSON.stringify(new TextDecoder().decode(context.stream.buffers[buffer]))}`,
    );
  },
  *proxy_send_local_response(_context, status, _details, _detailsLength, body, bodyLength) {
    return yield* seen(`response ${status} ${JSON.stringify(yield* readText(body, bodyLength))}`);
  },
  proxy_set_effective_context: answering(OK),
  proxy_set_tick_period_milliseconds: answering(OK),
  proxy_done: answering(OK),
  proxy_continue_stream: answering(OK),
  proxy_close_stream: answering(OK),
  proxy_http_call: answering(UNIMPLEMENTED),
  proxy_grpc_call: answering(UNIMPLEMENTED),
  proxy_call_foreign_function: answering(NOT_FOUND),
  proxy_register_shared_queue: answering(UNIMPLEMENTED),
  proxy_resolve_shared_queue: answering(NOT_FOUND),
  proxy_enqueue_shared_queue: answering(NOT_FOUND),
  proxy_dequeue_shared_queue: answering(NOT_FOUND),
};

const TURN: HostOperation = { do: 'turn', state: 'the data that all streams share', of: 'host' };

/** Functions with data that all callers share, which the host guards. */
const SHARED: Readonly<Record<string, Call>> = {
  *proxy_get_shared_data(context, name, length, pointerAt, lengthAt, casAt) {
    const key = yield* readText(name, length);
    yield TURN;
    const found = context.shared.data.get(key);
    if (found === undefined) return NOT_FOUND;
    yield* give(context, found.value, pointerAt, lengthAt);
    yield* writeWords(casAt, found.cas);
    return OK;
  },
  *proxy_set_shared_data({ shared }, name, length, at, size, cas) {
    const key = yield* readText(name, length);
    const value = yield* readBytes(at, size);
    yield TURN;
    const known = shared.data.get(key);
    if (cas !== 0 && known !== undefined && known.cas !== cas) return CAS_MISMATCH;
    shared.data.set(key, { value, cas: (known?.cas ?? 0) + 1 });
    return OK;
  },
};

/** Metrics; those of one name are one. */
const METRICS: Readonly<Record<string, (context: Context, ...args: unknown[]) => HostOperations>> = {
  *proxy_define_metric({ shared }, _type, name, length, at) {
    const key = yield* readText(unsignedArgument(name), unsignedArgument(length));
    yield TURN;
    const known = [...shared.metrics].find(([, metric]) => metric.name === key)?.[0];
    const id = known ?? shared.metrics.size + 1;
    if (known === undefined) shared.metrics.set(id, { name: key, value: 0n });
    yield* writeWords(unsignedArgument(at), id);
    return OK;
  },
  *proxy_increment_metric({ shared }, id, by) {
    yield TURN;
    const metric = shared.metrics.get(unsignedArgument(id));
    if (metric === undefined) return NOT_FOUND;
    metric.value += BigInt(by as bigint);
    return OK;
  },
  *proxy_record_metric({ shared }, id, value) {
    yield TURN;
    const metric = shared.metrics.get(unsignedArgument(id));
    if (metric === undefined) return NOT_FOUND;
    metric.value = BigInt(value as bigint);
    return OK;
  },
  *proxy_get_metric({ shared }, id, at) {
    yield TURN;
    const metric = shared.metrics.get(unsignedArgument(id));
    if (metric === undefined) return NOT_FOUND;
    const view = new DataView(new ArrayBuffer(8));
    view.setBigUint64(0, BigInt.asUintN(64, metric.value), true);
    yield { do: 'write', at: unsignedArgument(at), bytes: new Uint8Array(view.buffer) };
    return OK;
  },
};

/** Least number of parameters; functions that do not look at theirs take any number. */
const parametersOf = (name: string): number => ((OWN[name] ?? SHARED[name] ?? METRICS[name]).length || 1) - 1;

const knows = (module: string, name: string, { params, results }: FunctionType): boolean =>
  module === 'env' &&
  [OWN, SHARED, METRICS].some((group) => Object.hasOwn(group, name)) &&
  parametersOf(name) <= params.length &&
  results.length <= 1;

/** The preset. */
export const proxyWasm: Preset = {
  id: 'proxy-wasm',
  recognises: knows,
  shares: (module, name) => module === 'env' && (Object.hasOwn(SHARED, name) || Object.hasOwn(METRICS, name)),
  observes: true,
  without: message('a network, queues, timers and foreign functions; each caller had a request of its own'),
  create({ module, requestOf }) {
    const exported = new Set(module.exports.filter(({ kind }) => kind === 'func').map(({ name }) => name));
    const allocator = ALLOCATORS.find((name) => exported.has(name));
    const streams = new PerCaller<Stream>((caller) => {
      const { method, uri, headers, body, config } = requestOf(caller);
      const request: [string, string][] = [[':method', method], [':path', uri], ...Object.entries(headers)];
      const settings = encoded(JSON.stringify(config));
      const none = new Uint8Array();
      return {
        maps: [request, [], [[':status', '200']], []],
        // Bodies of request and response, data of streams, replies of calls, then the configurations of machine and plugin.
        buffers: [encoded(body), none, none, none, none, none, settings, settings],
        properties: { 'request.path': uri, 'request.method': method, plugin_root_id: '' },
      };
    });
    const shared = new PerCaller<Shared>(() => ({ data: new Map(), metrics: new Map() }));
    const context = (caller: number): Context => ({ stream: streams.of(caller), shared: shared.of(0), allocator });
    return {
      functionOf(from: string, name: string, type: FunctionType) {
        if (!knows(from, name, type)) return undefined;
        const label = `${from}.${name}`;
        if (Object.hasOwn(METRICS, name))
          return operating(label, (args, caller) => METRICS[name](context(caller), ...args));
        const call = OWN[name] ?? SHARED[name];
        return operating(label, (args, caller) => call(context(caller), ...args.map(unsignedArgument)));
      },
      reset() {
        streams.reset();
        shared.reset();
      },
      mark() {
        streams.mark();
        shared.mark();
      },
    };
  },
  calls: { exports: ALLOCATORS },
};
