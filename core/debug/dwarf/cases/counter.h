/* Shared by two files: both have their own copy of what is static here. */
struct slot { short id; unsigned flags : 3, more : 7; union { int i; float f; } u; };
struct state { int count; struct slot slots[4]; struct { char a, b; } in[2]; char grid[2][3]; };
typedef struct state state_t;
extern state_t state;
static int shared_static = 7;
static inline __attribute__((always_inline)) int add(int *to, int by) { return *to += by; }
static inline __attribute__((always_inline)) int add_twice(int *to, int by) {
  static int calls;
  calls++;
  return add(to, by) + add(to, by + shared_static);
}
int other(int);
