// Which watermark an event of the contract has moved.

import type { Moved } from "../../../server/programmes/philanthropy/facts.ts";
import type { Hex } from "../../../server/protocol/bytes.ts";
import type { LedgerEvent } from "../chain/chain.ts";

export type MovedBy = Pick<Moved, "step" | "upTo"> & { readonly from: bigint; readonly evidence?: Hex };

/** Undefined when it has moved none. */
export function movedBy(event: LedgerEvent): MovedBy | undefined {
  switch (event.eventName) {
    case "Paid":
      return { step: "paid", from: event.args.from, upTo: event.args.upTo };
    case "Acknowledged": {
      const { from, upTo } = event.args.acknowledgement;
      return { step: "acknowledged", from, upTo };
    }
    case "Disbursed":
      return { step: "spent", ...event.args.disbursement };
    default:
      return undefined;
  }
}
