// Control-C: what was sent by then, and what to do. Nothing here is lost by it: the chain tells what came of a transaction.

import type { Hex } from "viem";
import { warn } from "../say.ts";

const INTERRUPTED = 2;

let says = "stopped; nothing was sent";

/** From now on an interrupted command says what it leaves behind. */
export function tellWhenInterrupted(): void {
  process.once("SIGINT", () => {
    warn(says);
    process.exit(INTERRUPTED);
  });
}

/** A transaction is about to be heard of. */
export function noteSending(hash: Hex): void {
  says = `stopped; the transaction ${hash} may be carried out all the same: run the same again to see what came of it`;
}
