// Ends its process as the system does when memory is short.
const f = () => process.kill(process.pid, 'SIGKILL');
export default { env: { f } };
