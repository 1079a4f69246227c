/** The greeting in AssemblyScript: strings are objects of its garbage collector. */
export function greet(name: string): string {
  return "Hello, " + name;
}
