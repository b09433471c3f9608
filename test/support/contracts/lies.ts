// One lie of each form, anchored, with the accusation that shows it: what an operator might do, and what anyone can do then.
import {
  type Accusation,
  contradiction,
  type FaultName,
  falseReceipt,
  falseSum,
  malformed,
} from "./accuser.ts";
import type { Deployed } from "./chain.ts";
import { anchorForged, type Forged } from "./forger.ts";

/** The statements that show the lie, the earlier first. */
export type Planted = { accusation: Accusation; shown: Forged[] };

/** On a line that has no statement yet. */
export const LIES: Record<
  Exclude<FaultName, "none">,
  (deployed: Deployed, line: { charity?: string; unit?: string; kind?: number }) => Promise<Planted>
> = {
  overlap: (deployed, line) => follow(deployed, line, 99n),
  gap: (deployed, line) => follow(deployed, line, 101n),
  async skip(deployed, line) {
    const { shown } = await follow(deployed, line, 100n);
    const { batch, to } = shown[1]!.statement;
    const [third] = await anchorForged(deployed, { ...line, from: to, previous: batch - 1n });
    return pair(shown[1]!, third!);
  },
  async twice(deployed, line) {
    const [first, second] = await anchorForged(deployed, line, { ...line, from: 50n });
    return pair(first!, second!);
  },
  async malformed(deployed, line) {
    const [forged] = await anchorForged(deployed, { ...line, receipts: 51n });
    return { accusation: malformed(forged!), shown: [forged!] };
  },
  async falseSum(deployed, line) {
    const claims = [{ level: 1, index: 0, sum: 101n }];
    const [forged] = await anchorForged(deployed, { ...line, amounts: [60n, 40n], claims });
    return { accusation: falseSum(forged!, 1, 0), shown: [forged!] };
  },
  async falseReceipt(deployed, line) {
    const [forged] = await anchorForged(deployed, { ...line, amounts: [60n, 40n], counted: [60n, 41n] });
    return { accusation: falseReceipt(forged!, 1), shown: [forged!] };
  },
};

function pair(first: Forged, second: Forged): Planted {
  return { accusation: contradiction(first, second), shown: [first, second] };
}

/** 100 in one batch, and a second one that begins at `from`. */
async function follow(deployed: Deployed, line: object, from: bigint): Promise<Planted> {
  const [first] = await anchorForged(deployed, { ...line, amounts: [60n, 40n] });
  const [second] = await anchorForged(deployed, { ...line, from });
  return pair(first!, second!);
}
