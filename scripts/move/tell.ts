// What the operator is told at the end of a move: what to set, what to publish, and what did not come along. Pure.

import { type Moved, newAddress } from "../../server/jobs/move/move.ts";

export function tellMoved({ move, toBeSent, before, left }: Moved, rpcUrl: string): string[] {
  const contract = newAddress(move);
  return [
    before ? "The ledger has moved already; nothing was changed." : "The ledger has moved; no money did.",
    `It lives at ${contract} on chain ${move.to_chain}. Start the service with:`,
    `  CHAIN_RPC_URL=${rpcUrl}`,
    `  CONTRACT_ADDRESS=${contract}`,
    "and without ADMIN_KEY. Publish the address: those who verify pin it.",
    ...(move.forgotten ? ["The demonstration chain is gone; no contract there names a successor."] : []),
    ...(toBeSent === undefined ? [] : tellToBeSent(toBeSent)),
    ...left.map((line) => `Not carried over: ${line}.`),
  ];
}

function tellToBeSent({ admin, to, data }: NonNullable<Moved["toBeSent"]>): string[] {
  return [
    `The earlier contract does not name it yet: its admin is ${admin}, which is not the account of ADMIN_KEY.`,
    "Have that admin send, then run the same again; also every day or two before, to answer what is challenged there:",
    `  to ${to}`,
    `  data ${data}`,
  ];
}
