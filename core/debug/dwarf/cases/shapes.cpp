namespace app {

struct Point {
  short x, y;
  static int made;
  union { int u; float f; } v;
  struct { int q; };
  int move(int by);
};
int Point::made = 2;
Point grid[2][3];

namespace {
volatile long hidden;
const char *const names[2] = {"a", "b"};
}

int Point::move(int by) {
  static int moves;
  x += by;
  return moves += by + made;
}

template <class T> struct Box : Point { T value; Box *next; T get() const { return value; } };
Box<double> box;
enum class Mode : char { idle, busy } mode;
inline int shared_inline = 4;
inline int once() { static int times = 1; return ++times; }

}

int (*callback)(int);
int &reference = app::Point::made;

extern "C" __attribute__((export_name("go"))) int go(int a) {
  app::hidden += a;
  app::mode = app::Mode::busy;
  app::box.value += a + app::box.get();
  auto twice = [&](int x) { return x * 2 + app::once(); };
  app::grid[a & 1][2].y += twice(a);
  return app::grid[1][2].move(a) + app::names[a & 1][0] + callback(reference) + ++app::shared_inline;
}
