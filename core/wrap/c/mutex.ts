/** C: one instance of a module behind a lock. */
import { nameInComment } from '../../harmless/code.ts';
import type { WrapInput } from '../wrapInput.ts';
import { cBytes } from './bytes.ts';
import { headerFile } from './file.ts';
import { cNames } from './names.ts';
import { deadlineText } from './pool.ts';
import type { CRuntime } from './runtime.ts';
import { runtimeOf } from './runtimes.ts';
import { fitted } from './text.ts';

/** Source of a header with `P_lock`. */
export function cMutex(given: WrapInput): string {
  const runtime = runtimeOf(given);
  const input = runtime.adapted(given);
  const bytes = cBytes(input, runtime.memory(input));
  const names = cNames(input, bytes.calls.keys());
  const { prefix: p, upper: u } = names;
  return headerFile(input, names, runtime, bytes, {
    name: 'lock',
    title: `One instance of ${input.moduleFile} for ${runtime.label}, behind a lock: one thread at a time uses it.`,
    advice: [
      `Include this file where you need it. In one C source of the program, define ${u}_LOCK_IMPLEMENTATION before you include it.`,
      `After a failed call the state of the instance is unknown: every further call answers ${u}_ERR_BROKEN until ${p}_lock_reset has put a new instance in its place, without the state of the old one.`,
    ],
    declarations: declarations(input, p, u, runtime),
    implementation: implementation(p, u, runtime, runtime.renews(input)),
  });
}

const declarations = (
  { moduleFile }: WrapInput,
  p: string,
  u: string,
  runtime: CRuntime,
): string => `// One instance of ${nameInComment(moduleFile)} and its lock.
typedef struct ${p}_lock ${p}_lock;

// Compiles the module and makes the instance. The bytes are${runtime.attach ? ' copied' : ' not needed afterwards'}.
${fitted('', `${p}_status ${p}_lock_new`, ['const uint8_t *wasm', 'size_t wasm_size', `const ${p}_options *options`, `${p}_lock **lock`, `${p}_error *error`], ';')}

// Waits for the lock and hands out the instance. Hold the lock for all calls of a protocol. A thread
// that holds it already waits forever.
${fitted('', `${p}_status ${p}_lock_acquire`, [`${p}_lock *lock`, `${p}_instance **instance`, `${p}_error *error`], ';')}

// The same, but waits no longer than \`milliseconds\`: then ${u}_ERR_BUSY.
${fitted('', `${p}_status ${p}_lock_acquire_within`, [`${p}_lock *lock`, 'uint32_t milliseconds', `${p}_instance **instance`, `${p}_error *error`], ';')}

// Gives the lock back, in the thread that has it: the instance must not be used any more.
void ${p}_lock_release(${p}_lock *lock);

// Waits for the lock and replaces the instance by a new one. If that fails, the old one stays.
${p}_status ${p}_lock_reset(${p}_lock *lock, ${p}_error *error);
${
  runtime.tick !== undefined
    ? `
// Counts one tick, for the deadlines of calls; any thread may call it, for example once in 10 ms.
void ${p}_lock_tick(${p}_lock *lock);
`
    : ''
}
// Wakes those who wait with ${u}_ERR_CLOSED and waits until the lock is free. Never call it while you
// hold the lock. It may be called again, and by several threads.
void ${p}_lock_close(${p}_lock *lock);

// Closes the lock and frees it: no thread may use it any more. A null pointer is ignored.
void ${p}_lock_delete(${p}_lock *lock);
`;

const implementation = (p: string, u: string, runtime: CRuntime, renews: boolean): string => `
struct ${p}_lock {
  ${p}_impl_source source;
  // The one instance; only who holds the lock may use it.
  ${p}_instance *instance;
  // Guards what follows.
  pthread_mutex_t mutex;
  pthread_cond_t released;
  bool held;
  size_t waiting;
  bool closed;
};

static void ${p}_impl_lock_free(${p}_lock *lock) {
  pthread_cond_destroy(&lock->released);
  pthread_mutex_destroy(&lock->mutex);
  free(lock);
}

${fitted('', `${p}_status ${p}_lock_new`, ['const uint8_t *wasm', 'size_t wasm_size', `const ${p}_options *options`, `${p}_lock **lock`, `${p}_error *error`], ' {')}
  if (lock == NULL) {
    return ${p}_impl_fail(error, ${u}_ERR_ARGUMENT, "the lock is null", NULL);
  }
  ${p}_lock *made = calloc(1, sizeof *made);
  if (made == NULL) {
    return ${p}_impl_fail(error, ${u}_ERR_MEMORY, "no memory for a lock", NULL);
  }
  if (pthread_mutex_init(&made->mutex, NULL) != 0) {
    free(made);
    return ${p}_impl_fail(error, ${u}_ERR_MEMORY, "a mutex cannot be made", NULL);
  }
  if (pthread_cond_init(&made->released, NULL) != 0) {
    pthread_mutex_destroy(&made->mutex);
    free(made);
    return ${p}_impl_fail(error, ${u}_ERR_MEMORY, "a condition variable cannot be made", NULL);
  }
${runtime.attach ? `  bool attached = false;\n  ${p}_status status = ${p}_impl_attach(&attached, error);\n  if (status != ${u}_OK) {\n    ${p}_impl_lock_free(made);\n    return status;\n  }\n  status` : `  ${p}_status status`} = ${p}_impl_source_open(&made->source, wasm, wasm_size, options, error);
  if (status == ${u}_OK) {
    status = ${p}_impl_instance_new(&made->source, &made->instance, error);
    if (status != ${u}_OK) {
      ${p}_impl_source_close(&made->source);
    }
  }
${runtime.attach ? `  ${p}_impl_detach(attached);\n` : ''}  if (status != ${u}_OK) {
    ${p}_impl_lock_free(made);
    return status;
  }
  made->instance->owner = made;
  *lock = made;
  return ${u}_OK;
}
${deadlineText(p)}
// Waits until \`until\`, or for as long as it takes if that is a null pointer.
${fitted('', `static ${p}_status ${p}_impl_lock_take`, [`${p}_lock *lock`, 'const struct timespec *until', `${p}_error *error`], ' {')}
  if (lock == NULL) {
    return ${p}_impl_fail(error, ${u}_ERR_ARGUMENT, "the lock is null", NULL);
  }
  pthread_mutex_lock(&lock->mutex);
  lock->waiting++;
  bool late = false;
  while (!lock->closed && lock->held && !late) {
    if (until == NULL) {
      pthread_cond_wait(&lock->released, &lock->mutex);
    } else {
      late = pthread_cond_timedwait(&lock->released, &lock->mutex, until) == ETIMEDOUT;
    }
  }
  lock->waiting--;
  const bool closed = lock->closed;
  const bool busy = lock->held;
  if (closed) {
    pthread_cond_broadcast(&lock->released);
  } else if (!busy) {
    lock->held = true;
  }
  pthread_mutex_unlock(&lock->mutex);
  if (closed) {
    return ${p}_impl_fail(error, ${u}_ERR_CLOSED, "the lock is closed", NULL);
  }
  if (busy) {
    return ${p}_impl_fail(error, ${u}_ERR_BUSY, "the instance is in use", NULL);
  }
${
  runtime.attach
    ? `  const ${p}_status status = ${p}_impl_attach(&lock->instance->attached, error);
  if (status != ${u}_OK) {
    lock->instance->attached = false;
    ${p}_lock_release(lock);
  }
  return status;
`
    : `  return ${u}_OK;
`
}}

${fitted('', `${p}_status ${p}_lock_acquire`, [`${p}_lock *lock`, `${p}_instance **instance`, `${p}_error *error`], ' {')}
  if (instance == NULL) {
    return ${p}_impl_fail(error, ${u}_ERR_ARGUMENT, "the instance is null", NULL);
  }
  const ${p}_status status = ${p}_impl_lock_take(lock, NULL, error);
  *instance = status == ${u}_OK ? lock->instance : NULL;
  return status;
}

${fitted('', `${p}_status ${p}_lock_acquire_within`, [`${p}_lock *lock`, 'uint32_t milliseconds', `${p}_instance **instance`, `${p}_error *error`], ' {')}
  if (instance == NULL) {
    return ${p}_impl_fail(error, ${u}_ERR_ARGUMENT, "the instance is null", NULL);
  }
  const struct timespec until = ${p}_impl_deadline(milliseconds);
  const ${p}_status status = ${p}_impl_lock_take(lock, &until, error);
  *instance = status == ${u}_OK ? lock->instance : NULL;
  return status;
}

void ${p}_lock_release(${p}_lock *lock) {
  if (lock == NULL) {
    return;
  }
${runtime.attach ? `  ${p}_impl_detach(lock->instance->attached);\n` : ''}  pthread_mutex_lock(&lock->mutex);
  lock->held = false;
  if (lock->closed) {
    pthread_cond_broadcast(&lock->released);
  } else {
    pthread_cond_signal(&lock->released);
  }
  pthread_mutex_unlock(&lock->mutex);
}

${p}_status ${p}_lock_reset(${p}_lock *lock, ${p}_error *error) {
  ${p}_status status = ${p}_impl_lock_take(lock, NULL, error);
  if (status != ${u}_OK) {
    return status;
  }
  ${p}_instance *made = NULL;
${
  renews
    ? `  // The memory that the module imports begins anew, too.
  ${p}_impl_linked old = lock->source.linked;
  memset(&lock->source.linked, 0, sizeof lock->source.linked);
  status = ${p}_impl_source_link(&lock->source, error);
  if (status == ${u}_OK) {
    status = ${p}_impl_instance_new(&lock->source, &made, error);
  }
`
    : `  status = ${p}_impl_instance_new(&lock->source, &made, error);
`
}  if (status == ${u}_OK) {
    made->owner = lock;
${runtime.attach ? '    made->attached = lock->instance->attached;\n' : ''}    ${p}_impl_instance_delete(lock->instance);
    lock->instance = made;
${
  renews
    ? `    ${p}_impl_linked_free(&old);
  } else {
    ${p}_impl_linked_free(&lock->source.linked);
    lock->source.linked = old;
`
    : ''
}  }
  ${p}_lock_release(lock);
  return status;
}
${
  runtime.tick !== undefined
    ? `
void ${p}_lock_tick(${p}_lock *lock) {
  ${runtime.tick('lock->source')}
}
`
    : ''
}
void ${p}_lock_close(${p}_lock *lock) {
  if (lock == NULL) {
    return;
  }
  pthread_mutex_lock(&lock->mutex);
  lock->closed = true;
  pthread_cond_broadcast(&lock->released);
  while (lock->held || lock->waiting > 0) {
    pthread_cond_wait(&lock->released, &lock->mutex);
  }
  pthread_mutex_unlock(&lock->mutex);
}

void ${p}_lock_delete(${p}_lock *lock) {
  if (lock == NULL) {
    return;
  }
  ${p}_lock_close(lock);
${runtime.attach ? `  bool attached = false;\n  (void)${p}_impl_attach(&attached, NULL);\n` : ''}  ${p}_impl_instance_delete(lock->instance);
  ${p}_impl_source_close(&lock->source);
${runtime.attach ? `  ${p}_impl_detach(attached);\n` : ''}  ${p}_impl_lock_free(lock);
}
`;
