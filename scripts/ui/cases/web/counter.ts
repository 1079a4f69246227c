// Compiled with AssemblyScript 0.28: asc assembly/counter.ts -o counter.wasm --sourceMap --runtime stub -O1 --debug
let hits: i32 = 0;

class Counter {
  total: i32 = 0;

  bump(by: i32): i32 {
    this.total += by;
    return this.total;
  }
}

const counter = changetype<Counter>(memory.data(16));

export function bump(): i32 {
  hits = hits + 1;
  return counter.bump(hits);
}

export function reset(): void {
  hits = 0;
  counter.total = 0;
}
