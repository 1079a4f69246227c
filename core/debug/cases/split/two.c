static int hidden;
int other;
static inline __attribute__((always_inline)) void twice(int *p, int by) { *p += by; *p += by; }
__attribute__((section("x"))) int cold(int a) { twice(&hidden, a); return hidden; }
__attribute__((export_name("hot"))) int hot(int a) { twice(&other, a); return cold(a) + other; }
