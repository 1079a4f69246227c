// Returns never, and looks at nothing on the way.
const f = () => {
  for (;;);
};
export default { env: { f } };
