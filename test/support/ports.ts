// Free ports for what a test starts itself; a service of ours is better given port 0 and asked.

export { answers, freePort, LOOPBACK } from "../../server/embedded/free-port.ts";
