/** C: a program whose threads call the exports at once. */
import { isWrite } from '../../analysis/cells.ts';
import { effectsOf } from '../../analysis/queries.ts';
import { type HammerPair, hammerPairs, integerFor } from '../hammerPairs.ts';
import { nameInComment } from '../quoting.ts';
import type { WrapExport } from '../surface.ts';
import type { WrapInput } from '../wrapInput.ts';
import { publicMethods, publicTypes } from './api.ts';
import { comments, STANDARD } from './file.ts';
import { type CNames, cNames, cResults } from './names.ts';
import { C_TYPES, type CRuntime } from './runtime.ts';
import { runtimeOf } from './runtimes.ts';
import { cString, fitted } from './text.ts';
import { tidied } from './tidy.ts';

/** Source of a program: each pair of exports in a process of its own, with a lock, with separate instances, or without either. */
export function cHammer(given: WrapInput): string {
  const runtime = runtimeOf(given);
  const input = runtime.adapted(given);
  const names = cNames(input, []);
  const kind = {
    name: 'hammer',
    title: `A hammer test of ${input.moduleFile} for ${runtime.label}: a program that takes the path of the module.`,
    advice: [
      'It exits with 0 if all went right, 1 if results were wrong or a process crashed, 2 if no call of an export returned, so that nothing is known of it, 3 if it could not begin.',
      `With the environment variable WASM_HAZARDS_UNSAFE=1 it runs the calls without a lock, too, which shows what can happen and changes no exit code: ${input.surface.commonMemory ? 'each thread has an instance over the shared memory' : runtime.unsafe}.`,
    ],
    declarations: '',
    implementation: '',
  };
  const pairs = hammerPairs(input.module, input.sharedInstance(), input.surface);
  const calls = [...new Set(pairs.flatMap(({ a, b }) => [a, b]))];
  return `${comments(input, names, runtime, kind)}${tidied(`
#define _POSIX_C_SOURCE 200809L

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <${runtime.header}>

${publicTypes(input, names, runtime)}
${publicMethods(input, names, runtime)}
${STANDARD.map((name) => `#include <${name}.h>\n`).join('')}
#include <sys/wait.h>
#include <unistd.h>
${runtime.implementation(input, names, 'hammer')}${imports(input, names)}${callText(calls, names)}${program(input, names, runtime, pairs, calls)}`)}`;
}

/** Host functions that answer zero. */
function imports({ surface }: WrapInput, { prefix: p, imports: members }: CNames): string {
  if (surface.functions.length === 0) return '';
  const stubs = surface.functions.map((one, i) => {
    const params = one.params.map((type, n) => `${C_TYPES[type]} p${n}`);
    const results = cResults(one.results.length);
    const types = results.map((name, n) => `${C_TYPES[one.results[n]]} *${name}`);
    const unused = ['user', 'instance', ...params.map((_, n) => `p${n}`)];
    return `
// The import ${nameInComment(one.name)} of ${nameInComment(one.module)}: replace it by what your host does.
${fitted('', `static const char *${p}_impl_stub_${i}`, ['void *user', `${p}_instance *instance`, ...params, ...types], ' {')}
${unused.map((name) => `  (void)${name};\n`).join('')}${results.map((name) => `  *${name} = 0;\n`).join('')}  return NULL;
}
`;
  });
  return `${stubs.join('')}
static const ${p}_imports ${p}_impl_stubs = {
${surface.functions.map((one, i) => `    .${members.get(one)} = ${p}_impl_stub_${i},\n`).join('')}};
`;
}

/** One call of each export with guessed arguments, and its results as one number. */
function callText(calls: readonly WrapExport[], { prefix: p, upper: u, methods }: CNames): string {
  const cases = calls.map((one, i) => {
    const results = cResults(one.results.length);
    const args = one.params.map((type) => (type === 'f32' ? '1.5f' : type === 'f64' ? '1.5' : integerFor(one)));
    const given = ['instance', ...args, ...results.map((name) => `&${name}`), 'error'];
    return `    case ${i}: {
${results.map((name, n) => `      ${C_TYPES[one.results[n]]} ${name} = 0;\n`).join('')}${fitted('      ', `status = ${methods.get(one)}`, given, ';')}
${results.map((name) => `      outcome = ${p}_impl_mix(outcome, &${name}, sizeof ${name});\n`).join('')}      break;
    }
`;
  });
  return `
// FNV-1a, over the bytes of a result.
static inline uint64_t ${p}_impl_mix(uint64_t hash, const void *bytes, size_t size) {
  const unsigned char *one = bytes;
  for (size_t i = 0; i < size; i++) {
    hash = (hash ^ one[i]) * UINT64_C(1099511628211);
  }
  return hash;
}

// Makes one call. The arguments are guesses: replace them with values that your host passes.
${fitted('', `static ${p}_status ${p}_impl_hammer_call`, [`${p}_instance *instance`, 'size_t which', 'uint64_t *made', `${p}_error *error`], ' {')}
  uint64_t outcome = UINT64_C(14695981039346656037);
  ${p}_status status = ${u}_ERR_ARGUMENT;
  switch (which) {
${cases.join('')}    default:
      break;
  }
  *made = outcome;
  return status;
}
`;
}

function program(
  input: WrapInput,
  names: CNames,
  runtime: CRuntime,
  pairs: readonly HammerPair[],
  calls: readonly WrapExport[],
): string {
  const { prefix: p, upper: u } = names;
  const { surface } = input;
  const start = runtime.start(names);
  const common = surface.commonMemory;
  const rows = pairs.map(
    ({ a, b, cell }) =>
      `    {{${calls.indexOf(a)}, ${calls.indexOf(b)}}, ${isJudged(input, a, b)}, ${cString(a === b ? `${short(a.name)} with itself` : `${short(a.name)} with ${short(b.name)}`)}},${cell === undefined ? '' : `  // ${nameInComment(cell)}`}`,
  );
  const attach = (indent: string, what: string): string => (runtime.attach ? `${indent}${what}\n` : '');
  return `
enum {
  ${u}_THREADS = 8,
  // Calls of a thread on one instance, at most; and how often all is done from the beginning.
  ${u}_CALLS = 500,
  ${u}_ROUNDS = 10,
  // Seconds until a process is ended.
  ${u}_DEADLINE = 10,
  // Milliseconds that one thread alone may take to find out how many calls are made.
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
    clock_gettime(CLOCK_MONOTONIC, &begin);
    returned = ${p}_impl_hammer_alone(run, 1, run->serial);
    clock_gettime(CLOCK_MONOTONIC, &end);
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

// All rounds of a pair, in a process of its own. Answers its exit code.
static int ${p}_impl_hammer_run(${p}_impl_run *run, const char *way) {
${start.before}  run->serial = calloc(${u}_THREADS * ${u}_CALLS, sizeof *run->serial);
  run->found = calloc(${u}_THREADS * ${u}_CALLS, sizeof *run->found);
  if (run->serial == NULL || run->found == NULL) {
    return 3;
  }
  const ${p}_options options = {${surface.functions.length > 0 ? `.imports = &${p}_impl_stubs` : '0'}};
  const bool open =
      ${p}_impl_source_open(&run->source, run->wasm, run->wasm_size, &options, &run->error) == ${u}_OK;
  // A call that works at first and fails later is made as often as it works.
  const size_t works = open ? ${p}_impl_hammer_measure(run) : 0;
  run->calls = works;
  // Results that differ even for one thread alone, such as times, say nothing.
  const bool same = works > 0 && ${p}_impl_hammer_alone(run, 1, run->found) == works &&
                    memcmp(run->serial, run->found, works * sizeof *run->serial) == 0;
  run->judged = run->pair->judged && same;
  int wrong = 0;
  for (int i = 0; i < ${u}_ROUNDS && works > 0; i++) {
    wrong += !${p}_impl_hammer_round(run);
  }
  int code = 0;
  if (wrong > 0) {
    printf("%s, %s: wrong results in %d of %d rounds\\n", run->pair->text, way, wrong, ${u}_ROUNDS);
    code = 1;
  } else if (run->returned[0] == 0 || run->returned[1] == 0) {
    // Nothing is known of calls that do not return.
    printf("%s, %s: no call returned (%s)\\n", run->pair->text, way, run->error.message);
    code = 2;
  } else {
    printf("%s, %s: %ld calls returned, no result was wrong%s%s\\n", run->pair->text, way,
           run->returned[0] + run->returned[1], run->way == ${u}_UNSAFE ? " this time" : "",
           run->pair->judged && !same ? " (they differ even for one thread alone: not compared)" : "");
  }
  if (open) {
    ${p}_impl_source_close(&run->source);
  }
  free(run->serial);
  free(run->found);
${start.after}  return code;
}

// Answers 0, 1 or 2 as the program does.
static int ${p}_impl_hammer_apart(${p}_impl_run *run, const char *way) {
  fflush(stdout);
  const pid_t child = fork();
  if (child < 0) {
    perror("fork");
    exit(3);
  }
  if (child == 0) {
    alarm(${u}_DEADLINE);
    exit(${p}_impl_hammer_run(run, way));
  }
  int status = 0;
  while (waitpid(child, &status, 0) < 0) {
    if (errno != EINTR) {
      perror("waitpid");
      exit(3);
    }
  }
  if (WIFEXITED(status)) {
    return WEXITSTATUS(status);
  }
  const int signal = WTERMSIG(status);
  if (signal == SIGALRM) {
    printf("%s, %s: not finished after %d s\\n", run->pair->text, way, ${u}_DEADLINE);
    return 2;
  }
  printf("%s, %s: ended by signal %d\\n", run->pair->text, way, signal);
  return 1;
}

static uint8_t *${p}_impl_hammer_read(const char *path, size_t *size) {
  FILE *file = fopen(path, "rb");
  if (file == NULL) {
    return NULL;
  }
  uint8_t *bytes = NULL;
  if (fseek(file, 0, SEEK_END) == 0) {
    const long end = ftell(file);
    if (end > 0 && fseek(file, 0, SEEK_SET) == 0) {
      bytes = malloc((size_t)end);
      if (bytes != NULL && fread(bytes, 1, (size_t)end, file) != (size_t)end) {
        free(bytes);
        bytes = NULL;
      }
      *size = (size_t)end;
    }
  }
  fclose(file);
  return bytes;
}

int main(int argc, char **argv) {
  const char *path = argc > 1 ? argv[1] : ${cString(input.moduleFile.replace(/\.[^.]*$/, '.wasm'))};
  ${p}_impl_run run = {0};
  uint8_t *wasm = ${p}_impl_hammer_read(path, &run.wasm_size);
  if (wasm == NULL) {
    fprintf(stderr, "%s cannot be read\\n", path);
    return 3;
  }
  run.wasm = wasm;
  const char *wanted = getenv("WASM_HAZARDS_UNSAFE");
  const bool without = wanted != NULL && strcmp(wanted, "1") == 0;
  int worst = 0;
  bool unknown = false;
  for (size_t i = 0; i < sizeof ${p}_impl_pairs / sizeof *${p}_impl_pairs; i++) {
    run.pair = &${p}_impl_pairs[i];
    int codes[2] = {0, 0};
    run.way = ${u}_LOCK;
    codes[0] = ${p}_impl_hammer_apart(&run, "lock");
    if (codes[0] == 2) {
      unknown = true;
      continue;
    }
${
  common
    ? ''
    : `    run.way = ${u}_SEPARATE;
    codes[1] = ${p}_impl_hammer_apart(&run, "separate instances");
`
}    for (size_t j = 0; j < 2; j++) {
      unknown = unknown || codes[j] == 2;
      worst = codes[j] != 2 && codes[j] > worst ? codes[j] : worst;
    }
    if (without) {
      run.way = ${u}_UNSAFE;
      (void)${p}_impl_hammer_apart(&run, "no lock");
    }
  }
  free(wasm);
  return worst > 0 ? worst : unknown ? 2 : 0;
}
`;
}

/** Of names that are long the beginning is enough. */
const short = (name: string): string => (name.length > 60 ? `${name.slice(0, 60)}...` : name);

/**
 * Whether any order of the calls gives the same results: the calls are the same, and where each thread has an instance
 * over one memory, no call changes what only its instance has.
 */
function isJudged({ analysis, surface }: WrapInput, a: WrapExport, b: WrapExport): boolean {
  if (a !== b) return false;
  if (!surface.commonMemory) return true;
  return !effectsOf(analysis, analysis.exports[a.position].func).some((id) => {
    const effect = analysis.effects[id];
    return isWrite(effect) && (effect.cell.kind === 'global' || effect.cell.kind === 'table');
  });
}
