/** C: a pool of instances of one compiled module. */
import { nameInComment } from '../../harmless/code.ts';
import { poolStateAdvice } from '../usage.ts';
import type { WrapInput } from '../wrapInput.ts';
import { cBytes } from './bytes.ts';
import { headerFile } from './file.ts';
import { cNames } from './names.ts';
import type { CRuntime } from './runtime.ts';
import { runtimeOf } from './runtimes.ts';
import { fitted } from './text.ts';

/** Source of a header with `P_pool`. */
export function cPool(given: WrapInput): string {
  const runtime = runtimeOf(given);
  const input = runtime.adapted(given);
  const bytes = cBytes(input, runtime.memory(input));
  const names = cNames(input, bytes.calls.keys());
  const { prefix: p, upper: u } = names;
  return headerFile(input, names, runtime, bytes, {
    name: 'pool',
    title: `A pool of instances of ${input.moduleFile} for ${runtime.label}: the module is compiled once, and one thread at a time uses an instance.`,
    advice: [
      `Include this file where you need it. In one C source of the program, define ${u}_POOL_IMPLEMENTATION before you include it.`,
      ...poolStateAdvice(input),
    ],
    declarations: declarations(input, p, u, runtime),
    implementation: implementation(p, u, runtime),
  });
}

const declarations = (
  { moduleFile }: WrapInput,
  p: string,
  u: string,
  runtime: CRuntime,
): string => `// Lends out instances of ${nameInComment(moduleFile)}, at most \`size\` at a time. State stays in an instance
// from one caller to the next: make all calls of a protocol on one loan.
typedef struct ${p}_pool ${p}_pool;

// Compiles the module. Instances are made on demand. The bytes are${runtime.attach ? ' copied' : ' not needed afterwards'}.
${fitted('', `${p}_status ${p}_pool_new`, ['const uint8_t *wasm', 'size_t wasm_size', 'size_t size', `const ${p}_options *options`, `${p}_pool **pool`, `${p}_error *error`], ';')}

// Waits for an instance and lends it. A thread that takes a second one while it holds one can wait
// forever: at size 1 it does.
${fitted('', `${p}_status ${p}_pool_get`, [`${p}_pool *pool`, `${p}_instance **instance`, `${p}_error *error`], ';')}

// The same, but waits no longer than \`milliseconds\`: then ${u}_ERR_BUSY.
${fitted('', `${p}_status ${p}_pool_get_within`, [`${p}_pool *pool`, 'uint32_t milliseconds', `${p}_instance **instance`, `${p}_error *error`], ';')}

// Gives an instance back${runtime.attach ? ', in the thread that took it; of several, the last one first' : ''}. One whose call failed is deleted. A null pointer is ignored.
void ${p}_pool_put(${p}_instance *instance);
${
  runtime.tick !== undefined
    ? `
// Counts one tick, for the deadlines of calls; any thread may call it, for example once in 10 ms.
void ${p}_pool_tick(${p}_pool *pool);
`
    : ''
}
// Lends no more, wakes those who wait with ${u}_ERR_CLOSED, and waits until all instances are back.
// Never call it while you hold one. It may be called again, and by several threads.
void ${p}_pool_close(${p}_pool *pool);

// Closes the pool and frees it: no thread may use it any more. A null pointer is ignored.
void ${p}_pool_delete(${p}_pool *pool);
`;

/** An absolute time for `pthread_cond_timedwait`. */
export const deadlineText = (p: string): string => `
// The time in so many milliseconds, on the clock that condition variables use.
static struct timespec ${p}_impl_deadline(uint32_t milliseconds) {
  struct timespec at;
  timespec_get(&at, TIME_UTC);
  at.tv_sec += (time_t)(milliseconds / 1000);
  at.tv_nsec += (long)(milliseconds % 1000) * 1000000L;
  if (at.tv_nsec >= 1000000000L) {
    at.tv_sec++;
    at.tv_nsec -= 1000000000L;
  }
  return at;
}
`;

const implementation = (p: string, u: string, runtime: CRuntime): string => `
struct ${p}_pool {
  ${p}_impl_source source;
  size_t size;
  // Guards what follows. Nothing is called in the runtime while it is held.
  pthread_mutex_t mutex;
  // An instance came back, or the pool was closed.
  pthread_cond_t returned;
  // A thread left the pool while it was being closed.
  pthread_cond_t left;
  size_t lent;
  size_t waiting;
  bool closed;
  ${p}_instance *idle;
};

${fitted('', `${p}_status ${p}_pool_new`, ['const uint8_t *wasm', 'size_t wasm_size', 'size_t size', `const ${p}_options *options`, `${p}_pool **pool`, `${p}_error *error`], ' {')}
  if (pool == NULL || size == 0) {
    return ${p}_impl_fail(error, ${u}_ERR_ARGUMENT, "the pool is null or its size is 0", NULL);
  }
  ${p}_pool *made = calloc(1, sizeof *made);
  if (made == NULL) {
    return ${p}_impl_fail(error, ${u}_ERR_MEMORY, "no memory for a pool", NULL);
  }
  made->size = size;
  if (pthread_mutex_init(&made->mutex, NULL) != 0) {
    free(made);
    return ${p}_impl_fail(error, ${u}_ERR_MEMORY, "a mutex cannot be made", NULL);
  }
  if (pthread_cond_init(&made->returned, NULL) != 0) {
    pthread_mutex_destroy(&made->mutex);
    free(made);
    return ${p}_impl_fail(error, ${u}_ERR_MEMORY, "a condition variable cannot be made", NULL);
  }
  if (pthread_cond_init(&made->left, NULL) != 0) {
    pthread_cond_destroy(&made->returned);
    pthread_mutex_destroy(&made->mutex);
    free(made);
    return ${p}_impl_fail(error, ${u}_ERR_MEMORY, "a condition variable cannot be made", NULL);
  }
${
  runtime.attach
    ? `  bool attached = false;
  ${p}_status status = ${p}_impl_attach(&attached, error);
  if (status == ${u}_OK) {
    status = ${p}_impl_source_open(&made->source, wasm, wasm_size, options, error);
    ${p}_impl_detach(attached);
  }
`
    : `  const ${p}_status status = ${p}_impl_source_open(&made->source, wasm, wasm_size, options, error);
`
}  if (status != ${u}_OK) {
    pthread_cond_destroy(&made->left);
    pthread_cond_destroy(&made->returned);
    pthread_mutex_destroy(&made->mutex);
    free(made);
    return status;
  }
  *pool = made;
  return ${u}_OK;
}
${deadlineText(p)}
// Ends a loan, or the attempt to get one.
static void ${p}_impl_pool_return(${p}_pool *pool, ${p}_instance *instance) {
  pthread_mutex_lock(&pool->mutex);
  pool->lent--;
  if (instance != NULL) {
    instance->next = pool->idle;
    pool->idle = instance;
  }
  pthread_cond_signal(&pool->returned);
  if (pool->closed) {
    pthread_cond_broadcast(&pool->left);
  }
  pthread_mutex_unlock(&pool->mutex);
}

// Waits until \`until\`, or for as long as it takes if that is a null pointer.
${fitted('', `static ${p}_status ${p}_impl_pool_take`, [`${p}_pool *pool`, 'const struct timespec *until', `${p}_instance **instance`, `${p}_error *error`], ' {')}
  if (pool == NULL || instance == NULL) {
    return ${p}_impl_fail(error, ${u}_ERR_ARGUMENT, "the pool or the instance is null", NULL);
  }
  *instance = NULL;
  pthread_mutex_lock(&pool->mutex);
  pool->waiting++;
  bool late = false;
  while (!pool->closed && pool->lent == pool->size && !late) {
    if (until == NULL) {
      pthread_cond_wait(&pool->returned, &pool->mutex);
    } else {
      late = pthread_cond_timedwait(&pool->returned, &pool->mutex, until) == ETIMEDOUT;
    }
  }
  pool->waiting--;
  const bool closed = pool->closed;
  const bool busy = pool->lent == pool->size;
  ${p}_instance *found = NULL;
  if (closed) {
    pthread_cond_broadcast(&pool->left);
  } else if (!busy) {
    pool->lent++;
    found = pool->idle;
    if (found != NULL) {
      pool->idle = found->next;
    }
  }
  pthread_mutex_unlock(&pool->mutex);
  if (closed) {
    return ${p}_impl_fail(error, ${u}_ERR_CLOSED, "the pool is closed", NULL);
  }
  if (busy) {
    return ${p}_impl_fail(error, ${u}_ERR_BUSY, "all instances of the pool are in use", NULL);
  }
${
  runtime.attach
    ? `  bool attached = false;
  ${p}_status status = ${p}_impl_attach(&attached, error);
  if (status == ${u}_OK && found == NULL) {
    status = ${p}_impl_instance_new(&pool->source, &found, error);
  }
  if (status != ${u}_OK) {
    ${p}_impl_detach(attached);
    ${p}_impl_pool_return(pool, found);
    return status;
  }
  found->attached = attached;
`
    : `  if (found == NULL) {
    const ${p}_status status = ${p}_impl_instance_new(&pool->source, &found, error);
    if (status != ${u}_OK) {
      ${p}_impl_pool_return(pool, NULL);
      return status;
    }
  }
`
}  found->owner = pool;
  found->next = NULL;
  *instance = found;
  return ${u}_OK;
}

${fitted('', `${p}_status ${p}_pool_get`, [`${p}_pool *pool`, `${p}_instance **instance`, `${p}_error *error`], ' {')}
  return ${p}_impl_pool_take(pool, NULL, instance, error);
}

${fitted('', `${p}_status ${p}_pool_get_within`, [`${p}_pool *pool`, 'uint32_t milliseconds', `${p}_instance **instance`, `${p}_error *error`], ' {')}
  const struct timespec until = ${p}_impl_deadline(milliseconds);
  return ${p}_impl_pool_take(pool, &until, instance, error);
}

void ${p}_pool_put(${p}_instance *instance) {
  if (instance == NULL) {
    return;
  }
  ${p}_pool *pool = instance->owner;
${runtime.attach ? '  const bool attached = instance->attached;\n' : ''}  if (instance->failed) {
    ${p}_impl_instance_delete(instance);
    instance = NULL;
  }
${runtime.attach ? `  ${p}_impl_detach(attached);\n` : ''}  ${p}_impl_pool_return(pool, instance);
}
${
  runtime.tick !== undefined
    ? `
void ${p}_pool_tick(${p}_pool *pool) {
  ${runtime.tick('pool->source')}
}
`
    : ''
}
void ${p}_pool_close(${p}_pool *pool) {
  if (pool == NULL) {
    return;
  }
  pthread_mutex_lock(&pool->mutex);
  pool->closed = true;
  pthread_cond_broadcast(&pool->returned);
  while (pool->lent > 0 || pool->waiting > 0) {
    pthread_cond_wait(&pool->left, &pool->mutex);
  }
  ${p}_instance *idle = pool->idle;
  pool->idle = NULL;
  pthread_mutex_unlock(&pool->mutex);
${runtime.attach ? `  bool attached = false;\n  (void)${p}_impl_attach(&attached, NULL);\n` : ''}  while (idle != NULL) {
    ${p}_instance *next = idle->next;
    ${p}_impl_instance_delete(idle);
    idle = next;
  }
${runtime.attach ? `  ${p}_impl_detach(attached);\n` : ''}}

void ${p}_pool_delete(${p}_pool *pool) {
  if (pool == NULL) {
    return;
  }
  ${p}_pool_close(pool);
${
  runtime.attach
    ? `  bool attached = false;
  (void)${p}_impl_attach(&attached, NULL);
`
    : ''
}  ${p}_impl_source_close(&pool->source);
${
  runtime.attach
    ? `  ${p}_impl_detach(attached);
`
    : ''
}  pthread_cond_destroy(&pool->left);
  pthread_cond_destroy(&pool->returned);
  pthread_mutex_destroy(&pool->mutex);
  free(pool);
}
`;
