/** What the AssemblyScript compiler knows by itself, and an editor that takes these files for TypeScript does not. */
declare type i32 = number;
declare type usize = number;
declare function usize(value: number): usize;
declare function load<T>(address: usize): T;
declare function store<T>(address: usize, value: T): void;
declare namespace memory {
  function data(size: i32): usize;
}
