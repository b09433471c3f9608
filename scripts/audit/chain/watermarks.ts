// What the contract says now, held against what its own events and the signed messages give.

import type { Hex } from "viem";
import { faultNumbered } from "../../../server/protocol/faults.ts";
import type { Observation } from "../findings.ts";
import type { Account } from "./accounts.ts";
import { type Chain, readContractMany, readManyIfKnown } from "./chain.ts";
import type { Charity } from "./charities.ts";
import type { Replay } from "./replay.ts";
import type { Endpoint } from "./rpc.ts";

const MARKS = ["given", "reversed", "paid", "netted", "acknowledged", "spent"] as const;

export async function checkWatermarks(
  endpoint: Endpoint,
  chain: Chain,
  { accounts, charities }: Replay,
): Promise<Observation[]> {
  const lines = [...accounts.values()];
  const known = [...charities.all()];
  const { contract, block } = chain;
  const lineArgs = lines.map(({ charity, unitWord }) => [charity, unitWord]);
  const said = await readContractMany(endpoint, contract, block.number, "line", lineArgs);
  const saidOfFaults = await readManyIfKnown(endpoint, contract, block.number, "faultOf", lineArgs);
  const saidOfCharities = await readContractMany(
    endpoint,
    contract,
    block.number,
    "charityOf",
    known.map(([charity]) => [charity]),
  );
  return [
    ...lines.flatMap((account, i) => compareLine(account, said[i] as readonly bigint[])),
    ...lines.flatMap((account, i) => compareFault(account, (saidOfFaults?.[i] ?? 0) as number)),
    ...known.flatMap(([charity, inForce], i) =>
      compareCharity(charity, inForce, saidOfCharities[i] as readonly [Hex, Hex]),
    ),
  ];
}

function compareLine({ charity, unit, marks }: Account, said: readonly bigint[]): Observation[] {
  return MARKS.flatMap((mark, i): Observation[] => {
    const [wanted, came] = [marks[mark], said[i] as bigint];
    if (wanted === came) return [];
    const says = `the contract says that ${mark} stands at ${came}; its events give ${wanted}`;
    return [
      {
        code: "watermark-differs",
        says,
        place: { charity, unit },
        numbers: { mark, contract: came, events: wanted },
      },
    ];
  });
}

/** The events of a fault may be kept from us; what follows from it may not. */
function compareFault({ charity, unit, fault }: Account, number: number): Observation[] {
  const said = faultNumbered(number);
  if (said === fault) return [];
  const says = `the contract says of its faults: ${said ?? "none"}; its events give ${fault ?? "none"}`;
  const numbers = { contract: said ?? "none", events: fault ?? "none" };
  return [{ code: "fault-differs", says, place: { charity, unit }, numbers }];
}

function compareCharity(
  charity: Hex,
  { payee, signer }: Charity,
  [saidPayee, saidSigner]: readonly [Hex, Hex],
): Observation[] {
  if (saidPayee.toLowerCase() === payee && saidSigner.toLowerCase() === signer) return [];
  const says = `the contract names payee ${saidPayee} and signer ${saidSigner}; its events give ${payee} and ${signer}`;
  return [
    { code: "charity-differs", says, place: { charity }, numbers: { payee, signer, saidPayee, saidSigner } },
  ];
}
