// The tokens that units are paid in, as the contract was asked to know them. The contract itself keeps them; a
// demonstration chain forgets them when it stops.

import type { Hex } from "../protocol/bytes.ts";
import type { CallState } from "./chain-calls.ts";
import type { Queries } from "./database.ts";

export type NamedToken = {
  readonly unit: string;
  readonly token: Hex;
  readonly exponent: number;
  /** `forgotten`: it lived on a chain that is gone; the unit's token is to be named again. */
  readonly state: CallState | "forgotten";
  /** Why the contract refuses it. */
  readonly failure: string | null;
  readonly transaction: Buffer | null;
};

/** The token that was last named for each unit. */
export const namedTokens = (sql: Queries) =>
  sql<NamedToken[]>`
    SELECT DISTINCT ON (args->>'unit') args->>'unit' AS unit, args->>'token' AS token,
      (args->>'exponent')::integer AS exponent, failure, transaction,
      CASE WHEN state = 'final' AND once IS NULL THEN 'forgotten' ELSE state END AS state
    FROM chain_calls WHERE kind = 'setToken' ORDER BY args->>'unit', id DESC`;
