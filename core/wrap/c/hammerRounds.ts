/** The part of a hammer program in C that makes calls in threads and judges their outcomes. */
import type { WrapInput } from '../wrapInput.ts';
import type { CNames } from './names.ts';
import type { CRuntime } from './runtime.ts';

/** From the constants to the function that runs a round. `rows`: the pairs of exports, as initialisers. */
export function hammerProgramRounds(
  input: WrapInput,
  names: CNames,
  runtime: CRuntime,
  rows: readonly string[],
): string {
  const { prefix: p, upper: u } = names;
  const common = input.surface.commonMemory;
  const attach = (indent: string, what: string): string => (runtime.attach ? `${indent}${what}\n` : '');
  return `
enum {
  ${u}_THREADS = 8,
  // Calls of a thread on one instance, at most; and how often all is done from the beginning.
  ${u}_CALLS = 200,
  ${u}_ROUNDS = 10,
  // Seconds of processor time, and of time, until a process is ended.
  ${u}_SPENT = 10,
  ${u}_DEADLINE = 60,
  // Milliseconds of processor time that one thread alone may take to find out how many calls are made.
  ${u}_ALONE = 200,
};

typedef enum ${p}_impl_way {
  ${u}_LOCK,
  ${u}_SEPARATE,
  ${u}_UNSAFE,
} ${p}_impl_way;

// Exports that are called at the same time.
typedef struct ${p}_impl_pair {
  size_t calls[2];
  // Whether the results do not depend on the order of the calls, so that they can be judged.
  bool judged;
  const char *text;
} ${p}_impl_pair;

static const ${p}_impl_pair ${p}_impl_pairs[] = {
${rows.join('\n')}
};

// One thread and what it found.
typedef struct ${p}_impl_thread {
  ${p}_instance *instance;
  pthread_mutex_t *lock;
  pthread_barrier_t *gate;
  size_t which;
  size_t calls;
  // The outcome of each call that returned.
  uint64_t *outcomes;
  size_t returned;
  ${p}_error error;
} ${p}_impl_thread;

// Calls until a call fails: then nothing is known of the instance any more.
static void ${p}_impl_hammer_calls(${p}_impl_thread *thread) {
  for (size_t i = 0; i < thread->calls; i++) {
    if (thread->lock != NULL) {
      pthread_mutex_lock(thread->lock);
    }
    uint64_t outcome = 0;
    const ${p}_status status =
        ${p}_impl_hammer_call(thread->instance, thread->which, &outcome, &thread->error);
    if (thread->lock != NULL) {
      pthread_mutex_unlock(thread->lock);
    }
    if (status != ${u}_OK) {
      return;
    }
    thread->outcomes[thread->returned++] = outcome;
  }
}

static void *${p}_impl_hammer_thread(void *given) {
  ${p}_impl_thread *thread = given;
${attach('  ', `bool attached = false;\n  (void)${p}_impl_attach(&attached, NULL);`)}  pthread_barrier_wait(thread->gate);
  ${p}_impl_hammer_calls(thread);
${attach('  ', `${p}_impl_detach(attached);`)}  return NULL;
}

static int ${p}_impl_hammer_order(const void *a, const void *b) {
  const uint64_t x = *(const uint64_t *)a;
  const uint64_t y = *(const uint64_t *)b;
  return x < y ? -1 : x > y;
}

// The module, compiled once, and room for the outcomes of all threads.
typedef struct ${p}_impl_run {
  const uint8_t *wasm;
  size_t wasm_size;
  const ${p}_impl_pair *pair;
  ${p}_impl_way way;
  ${p}_impl_source source;
  // Results can be compared: they do not depend on the order of calls, and are the same each time.
  bool judged;
  size_t calls;
  uint64_t *serial;
  uint64_t *found;
  // Calls that returned, of each of the two.
  long returned[2];
  // What one call answered that failed.
  ${p}_error error;
} ${p}_impl_run;

${
  common
    ? `// Makes the memory new that instances have in common. None may be there.
static ${p}_status ${p}_impl_hammer_renew(${p}_impl_run *run) {
${runtime.renewed('run->source', names)}}

`
    : ''
}// One thread makes the calls that \`threads\` threads make, on ${common ? 'as many instances, one after the other' : 'one instance'}. Answers how many returned.
static size_t ${p}_impl_hammer_alone(${p}_impl_run *run, size_t threads, uint64_t *outcomes) {
${
  common
    ? `  if (${p}_impl_hammer_renew(run) != ${u}_OK) {
    return 0;
  }
`
    : ''
}  size_t returned = 0;
${
  common
    ? `  ${p}_instance *instances[${u}_THREADS] = {NULL};
  size_t made = 0;
  while (made < threads &&
         ${p}_impl_instance_new(&run->source, &instances[made], &run->error) == ${u}_OK) {
    made++;
  }
  for (size_t i = 0; i < made; i++) {
    ${p}_impl_thread thread = {.which = run->pair->calls[0], .calls = run->calls};
    thread.instance = instances[i];
    thread.outcomes = outcomes + returned;
    ${p}_impl_hammer_calls(&thread);
    returned += thread.returned;
    if (thread.returned < thread.calls) {
      run->error = thread.error;
    }
  }
  for (size_t i = 0; i < made; i++) {
    ${p}_impl_instance_delete(instances[i]);
  }
`
    : `  ${p}_impl_thread thread = {.which = run->pair->calls[0]};
  thread.calls = threads * run->calls;
  thread.outcomes = outcomes;
  if (${p}_impl_instance_new(&run->source, &thread.instance, &run->error) == ${u}_OK) {
    ${p}_impl_hammer_calls(&thread);
    ${p}_impl_instance_delete(thread.instance);
    returned = thread.returned;
    if (returned < thread.calls) {
      run->error = thread.error;
    }
  }
`
}  return returned;
}

// Finds how many calls a thread makes: as many as one thread makes in a short time. 0: none returns.
static size_t ${p}_impl_hammer_measure(${p}_impl_run *run) {
  size_t returned = 0;
  run->calls = 1;
  for (;;) {
    struct timespec begin;
    struct timespec end;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &begin);
    returned = ${p}_impl_hammer_alone(run, 1, run->serial);
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &end);
    const long long spent =
        (end.tv_sec - begin.tv_sec) * 1000LL + (end.tv_nsec - begin.tv_nsec) / 1000000LL;
    if (returned < run->calls || run->calls == ${u}_CALLS || spent > ${u}_ALONE) {
      return returned;
    }
    run->calls = run->calls * 4 > ${u}_CALLS ? ${u}_CALLS : run->calls * 4;
  }
}

// Runs one round. Answers whether all outcomes were right.
static bool ${p}_impl_hammer_round(${p}_impl_run *run) {
${
  common
    ? `  if (${p}_impl_hammer_renew(run) != ${u}_OK) {
    return true;
  }
`
    : ''
}  pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
  pthread_barrier_t gate;
  pthread_barrier_init(&gate, NULL, ${u}_THREADS);
  ${p}_impl_thread threads[${u}_THREADS] = {{0}};
  pthread_t ids[${u}_THREADS];
  const bool judged = run->judged;
${common ? '  const bool separate = true;\n' : `  const bool separate = run->way == ${u}_SEPARATE;\n`}  size_t made = 0;
  for (size_t i = 0; i < ${u}_THREADS; i++) {
    threads[i] = (${p}_impl_thread){.gate = &gate, .calls = run->calls};
    threads[i].which = run->pair->calls[i % 2];
    threads[i].lock = run->way == ${u}_LOCK ? &lock : NULL;
    threads[i].outcomes = run->found + i * run->calls;
    if (i > 0 && !separate) {
      threads[i].instance = threads[0].instance;
    } else if (${p}_impl_instance_new(&run->source, &threads[i].instance, &run->error) != ${u}_OK) {
      break;
    } else {
      made++;
    }
  }
  size_t started = 0;
  const bool ready = made == (separate ? (size_t)${u}_THREADS : 1);
  while (ready && started < ${u}_THREADS &&
         pthread_create(&ids[started], NULL, ${p}_impl_hammer_thread, &threads[started]) == 0) {
    started++;
  }
  if (ready && started < ${u}_THREADS) {
    fprintf(stderr, "only %zu threads can be made\\n", started);
    exit(3);
  }
  for (size_t i = 0; i < started; i++) {
    pthread_join(ids[i], NULL);
    run->returned[i % 2] += (long)threads[i].returned;
    if (threads[i].returned < run->calls) {
      run->error = threads[i].error;
    }
  }
  bool wrong = false;
  if (judged && run->way == ${u}_SEPARATE) {
    // Each thread got what one thread gets alone.
    for (size_t i = 0; i < started; i++) {
      const size_t expected = run->calls;
      wrong = wrong || threads[i].returned != expected ||
              memcmp(threads[i].outcomes, run->serial, expected * sizeof *run->serial) != 0;
    }
  } else if (judged && ready) {
    // All calls are the same, so all orders of whole calls give the same outcomes.
    uint64_t *all = malloc(${u}_THREADS * run->calls * sizeof *all);
    if (all == NULL) {
      exit(3);
    }
    size_t count = 0;
    for (size_t i = 0; i < started; i++) {
      memcpy(all + count, threads[i].outcomes, threads[i].returned * sizeof *all);
      count += threads[i].returned;
    }
    const size_t expected = ${p}_impl_hammer_alone(run, ${u}_THREADS, run->found);
    qsort(all, count, sizeof *all, ${p}_impl_hammer_order);
    qsort(run->found, expected, sizeof *all, ${p}_impl_hammer_order);
    wrong = count != expected || memcmp(all, run->found, count * sizeof *all) != 0;
    free(all);
  }
  for (size_t i = 0; i < made; i++) {
    ${p}_impl_instance_delete(threads[i].instance);
  }
  pthread_barrier_destroy(&gate);
  return !wrong;
}
`;
}
