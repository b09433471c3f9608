// Words that several commands share: amounts, moments, what was promised.

import { formatAmount } from "../../server/programmes/currency.ts";
import { toHex } from "../../server/protocol/bytes.ts";
import type { PromisedReceipt } from "../../server/protocol/promise.ts";
import { GIFT } from "../../server/protocol/receipt.ts";
import type { Contract } from "./contract.ts";

const MINUTES_LENGTH = 16;

/** Beyond this, in Unix seconds, there are no dates. */
const LAST_DATE = 8_640_000_000_000n;

/** Unix seconds as people read them, to the minute. */
export const moment = (seconds: bigint): string =>
  seconds > LAST_DATE ? `Unix second ${seconds}` : textOf(seconds);

const textOf = (seconds: bigint): string =>
  `${new Date(Number(seconds) * 1000).toISOString().slice(0, MINUTES_LENGTH).replace("T", " ")} UTC`;

export const sayPromised = ({ kind, amount, unit, charity }: PromisedReceipt): string =>
  kind === GIFT
    ? `a gift of ${formatAmount(amount, unit)} to charity ${toHex(charity)}`
    : `a reversal of ${formatAmount(amount, unit)} of a gift to charity ${toHex(charity)}`;

export const sayContract = ({ address, chainId, by }: Contract): string =>
  `contract ${address} on chain ${chainId}, taken from the ${by === "pin" ? "pinned list" : by}`;
