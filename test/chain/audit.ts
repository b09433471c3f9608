// What must hold of database and chain together, whatever went wrong on the way.

import { expect } from "chai";
import { getAddress } from "viem";
import { LEDGER_ABI } from "../../server/chain/abi.ts";
import { connectChain } from "../../server/chain/client.ts";
import type { World } from "./world.ts";

type BatchRow = { number: bigint; root: Buffer; state: string; transaction: Buffer | null };

/** Each batch on chain once, under our root and by the transaction that we name; each call done once; no nonce wasted. */
export async function audit(world: World): Promise<void> {
  const { public: client } = connectChain(world.chain.url);
  const [home] = await world.sql<{ contract: Buffer }[]>`SELECT contract FROM deployment`;
  const address = getAddress(`0x${home!.contract.toString("hex")}`);
  const batches = await world.sql<
    BatchRow[]
  >`SELECT number, root, state, transaction FROM batches ORDER BY number`;
  const anchored = await client.getContractEvents({
    address,
    abi: LEDGER_ABI,
    eventName: "BatchAnchored",
    fromBlock: 0n,
  });
  expect(anchored.map(({ args }) => [args.batch, args.root])).to.deep.equal(
    batches.map(({ number, root }) => [number, `0x${root.toString("hex")}`]),
  );
  for (const { state, transaction } of batches) {
    expect(state).to.equal("final");
    const hash = `0x${transaction?.toString("hex")}` as const;
    expect((await client.getTransactionReceipt({ hash })).status).to.equal("success");
  }
  await auditPayouts(world, address);
}

/** Payouts on chain are those that we know to be final, each once. */
async function auditPayouts(world: World, address: `0x${string}`): Promise<void> {
  const { public: client } = connectChain(world.chain.url);
  const paid = await client.getContractEvents({ address, abi: LEDGER_ABI, eventName: "Paid", fromBlock: 0n });
  const known = await world.sql<{ from: string; reference: string }[]>`
    SELECT args->>'from' AS from, args->>'reference' AS reference FROM chain_calls
    WHERE kind = 'payBank' AND state = 'final' ORDER BY id`;
  expect(paid.map(({ args }) => [`${args.from}`, args.bankReference])).to.deep.equal(
    known.map(({ from, reference }) => [from, reference]),
  );
}
