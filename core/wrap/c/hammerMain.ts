/** The part of a hammer program in C that gives each pair of exports a process, and says how it ended. */

import { cString } from '../../harmless/code.ts';
import type { WrapInput } from '../wrapInput.ts';
import type { CNames } from './names.ts';
import type { CRuntime } from './runtime.ts';

/** From the function that runs a pair to `main`. */
export function hammerProgramMain(input: WrapInput, names: CNames, runtime: CRuntime): string {
  const { prefix: p, upper: u } = names;
  const { surface } = input;
  const start = runtime.start(names);
  const common = surface.commonMemory;
  return `
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
    // A call that loops uses up the one, a call that waits the other.
    const struct rlimit limit = {.rlim_cur = ${u}_SPENT, .rlim_max = ${u}_SPENT + 5};
    setrlimit(RLIMIT_CPU, &limit);
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
  if (signal == SIGALRM || signal == SIGXCPU) {
    printf("%s, %s: not finished in time\\n", run->pair->text, way);
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
