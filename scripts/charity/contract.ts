// Compares what is to be signed with the contract itself, by an endpoint of the charity's own choosing: the service's word
// is not taken for it.

import { type Address, createPublicClient, type Hex, http } from "viem";
import { LEDGER_ABI } from "../../server/chain/abi.ts";
import { unitOf } from "../../server/chain/encode.ts";
import { AmanahError, messageOf, UnavailableError } from "../../server/errors.ts";
import { checkAcknowledgement } from "../../server/programmes/acknowledgement.ts";
import { fromHex } from "../../server/protocol/bytes.ts";
import type { AcknowledgementArgs, DisbursementArgs } from "../../server/protocol/contract-calls.ts";
import { RefusedError } from "./client.ts";

export type Contract = { read(functionName: string, ...args: unknown[]): Promise<unknown> };

const ANSWER_LIMIT_MS = 10_000;
const TRY_AGAIN_SECONDS = 5;

export function contractAt(rpc: string, address: Address): Contract {
  const client = createPublicClient({ transport: http(rpc, { timeout: ANSWER_LIMIT_MS }) });
  const read = async (functionName: string, ...args: unknown[]) => {
    try {
      return await client.readContract({ address, abi: LEDGER_ABI, functionName, args } as never);
    } catch (thrown) {
      const says = (thrown as { shortMessage?: string }).shortMessage ?? messageOf(thrown);
      throw new UnavailableError(
        "no-answer",
        `--rpc: no usable answer from the contract: ${says}`,
        TRY_AGAIN_SECONDS,
      );
    }
  };
  return { read };
}

type Payout = { readonly netTo: bigint; readonly rail: number };

/** @throws RefusedError when the contract says otherwise; UnavailableError when it says nothing */
export async function compareAcknowledgement(
  contract: Contract,
  ledger: Hex,
  signer: Address,
  signed: AcknowledgementArgs,
): Promise<void> {
  await compareParties(contract, ledger, signer, signed.charity);
  const line = [signed.charity, unitOf(signed.unit)] as const;
  const [, , paid = 0n, , acknowledged = 0n] = (await contract.read("line", ...line)) as bigint[];
  const [start, end] = (await Promise.all(
    [signed.from, signed.upTo].map((position) => contract.read("payoutEnd", ...line, BigInt(position))),
  )) as [Payout, Payout];
  const root = fromHex((await contract.read("root", BigInt(signed.batch))) as Hex);
  const facts = { acknowledged, paid, netted: start.netTo, netTo: end.rail === 0 ? undefined : end.netTo };
  const anchored = root.every((byte) => byte === 0) ? undefined : root;
  compared(() => checkAcknowledgement(signed, { ...facts, root: anchored }));
}

/** @throws RefusedError when the contract says otherwise; UnavailableError when it says nothing */
export async function compareDisbursement(
  contract: Contract,
  ledger: Hex,
  signer: Address,
  signed: DisbursementArgs,
): Promise<void> {
  await compareParties(contract, ledger, signer, signed.charity);
  const marks = (await contract.read("line", signed.charity, unitOf(signed.unit))) as bigint[];
  const [acknowledged = 0n, spent = 0n] = marks.slice(4);
  if (BigInt(signed.from) !== spent)
    throw differs("from", `${spent}, up to where spending is reported`, signed.from);
  if (BigInt(signed.upTo) > acknowledged)
    throw differs("upTo", `at most ${acknowledged}, up to where is signed for`, signed.upTo);
}

async function compareParties(contract: Contract, ledger: Hex, signer: Address, charity: Hex): Promise<void> {
  const kept = (await contract.read("ledger")) as Hex;
  if (kept !== ledger) throw differs("ledger", kept, ledger);
  const [, known] = (await contract.read("charityOf", charity)) as readonly [Address, Address];
  if (known.toLowerCase() !== signer.toLowerCase()) throw differs("signer", known, signer);
}

function compared(check: () => void): void {
  try {
    check();
  } catch (thrown) {
    if (!(thrown instanceof AmanahError)) throw thrown;
    throw new RefusedError("contract-differs", `the contract says otherwise: ${thrown.message}`);
  }
}

const differs = (what: string, wanted: string, came: string) =>
  new RefusedError(
    "contract-differs",
    `the contract says otherwise: ${what}: wanted ${wanted}, came ${came}`,
  );
