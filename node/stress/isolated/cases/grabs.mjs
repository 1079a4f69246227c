// Takes memory that belongs to no heap, as fast as it can.
const kept = [];
const f = () => {
  for (;;) kept.push(new Uint8Array(5e7).fill(1));
};
export default { env: { f } };
