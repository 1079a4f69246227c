/* Locks as C libraries write them, optimised as releases are; each guards a counter of its own. */
#include <stdatomic.h>

#define EXPORT(name) __attribute__((export_name(#name)))
#define CALLED __attribute__((noinline)) static

static int wait_while(_Atomic int *p, int value) {
  return __builtin_wasm_memory_atomic_wait32((int *)p, value, -1);
}

static void wake_one(_Atomic int *p) {
  __builtin_wasm_memory_atomic_notify((int *)p, 1);
}

/* 0 free, 1 held, 2 held and perhaps awaited: "Futexes are tricky", mutex 2. */
static _Atomic int futex;
static int by_futex;

static void futex_lock(_Atomic int *m) {
  int c = 0;
  if (atomic_compare_exchange_strong(m, &c, 1))
    return;
  if (c != 2)
    c = atomic_exchange(m, 2);
  while (c != 0) {
    wait_while(m, 2);
    c = atomic_exchange(m, 2);
  }
}

static void futex_unlock(_Atomic int *m) {
  if (atomic_fetch_sub(m, 1) != 1) {
    atomic_store(m, 0);
    wake_one(m);
  }
}

EXPORT(inc_futex) int inc_futex(void) {
  futex_lock(&futex);
  int result = ++by_futex;
  futex_unlock(&futex);
  return result;
}

EXPORT(peek_futex) int peek_futex(void) {
  return by_futex;
}

/* Test, test and set. */
static _Atomic int spin;
static int by_spin;

CALLED void spin_lock(_Atomic int *m) {
  while (atomic_exchange_explicit(m, 1, memory_order_acquire))
    while (atomic_load(m)) {
    }
}

CALLED void spin_unlock(_Atomic int *m) {
  atomic_store_explicit(m, 0, memory_order_release);
}

EXPORT(inc_spin) int inc_spin(void) {
  spin_lock(&spin);
  int result = ++by_spin;
  spin_unlock(&spin);
  return result;
}

static atomic_flag flag;
static int by_flag;

EXPORT(inc_flag) int inc_flag(void) {
  while (atomic_flag_test_and_set(&flag)) {
  }
  int result = ++by_flag;
  atomic_flag_clear(&flag);
  return result;
}

/* The number of readers, or -1. */
static _Atomic int readers;
static int by_writers;

EXPORT(get_rw) int get_rw(void) {
  for (;;) {
    int seen = atomic_load(&readers);
    if (seen >= 0 && atomic_compare_exchange_weak(&readers, &seen, seen + 1))
      break;
  }
  int result = by_writers;
  atomic_fetch_sub(&readers, 1);
  return result;
}

EXPORT(inc_rw) int inc_rw(void) {
  int nobody;
  do
    nobody = 0;
  while (!atomic_compare_exchange_weak(&readers, &nobody, -1));
  int result = ++by_writers;
  atomic_store(&readers, 0);
  return result;
}

static struct {
  _Atomic unsigned next, serving;
} tickets;
static int by_tickets;

EXPORT(inc_ticket) int inc_ticket(void) {
  unsigned mine = atomic_fetch_add(&tickets.next, 1);
  while (atomic_load(&tickets.serving) != mine) {
  }
  int result = ++by_tickets;
  atomic_fetch_add(&tickets.serving, 1);
  return result;
}

static _Atomic int tried;
static int by_trying;

static int try_lock(void) {
  int free = 0;
  return atomic_compare_exchange_strong(&tried, &free, 1);
}

EXPORT(inc_try) int inc_try(void) {
  if (!try_lock())
    return -1;
  int result = ++by_trying;
  atomic_store(&tried, 0);
  return result;
}

EXPORT(inc_ignored) int inc_ignored(void) {
  try_lock();
  return ++by_trying;
}

/* A normal mutex of musl: 0 free, EBUSY held, EBUSY | INT_MIN held and awaited. */
enum { BUSY = 10 };
static struct mutex {
  _Atomic int lock, waiters;
} mutex;
static int by_mutex;

CALLED int mutex_trylock(struct mutex *m) {
  int old = 0;
  atomic_compare_exchange_strong(&m->lock, &old, BUSY);
  return old & BUSY;
}

CALLED int mutex_lock(struct mutex *m) {
  int old = 0, result, spins = 100;
  if (atomic_compare_exchange_strong(&m->lock, &old, BUSY))
    return 0;
  while (spins-- && atomic_load(&m->lock) && !atomic_load(&m->waiters)) {
  }
  while ((result = mutex_trylock(m)) == BUSY) {
    int seen = atomic_load(&m->lock);
    if (!seen)
      continue;
    atomic_fetch_add(&m->waiters, 1);
    int awaited = seen | 0x80000000;
    atomic_compare_exchange_strong(&m->lock, &seen, awaited);
    wait_while(&m->lock, awaited);
    atomic_fetch_sub(&m->waiters, 1);
  }
  return result;
}

CALLED void mutex_unlock(struct mutex *m) {
  int waiters = atomic_load(&m->waiters);
  int old = atomic_exchange(&m->lock, 0);
  if (waiters || old < 0)
    wake_one(&m->lock);
}

EXPORT(inc_mutex) int inc_mutex(void) {
  mutex_lock(&mutex);
  int result = ++by_mutex;
  mutex_unlock(&mutex);
  return result;
}
