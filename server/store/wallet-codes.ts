// The code of wallet contracts that sign for charities, kept for the demonstration chain, which forgets it when it stops.

import type { Queries } from "./database.ts";

export type WalletCode = { readonly account: Buffer; readonly code: Buffer };

/** Those who sign calls behind `after` that are on their way for the first time, and the last of these calls. */
export async function signersOnTheWay(
  sql: Queries,
  after: bigint,
): Promise<{ readonly signers: readonly Buffer[]; readonly last: bigint }> {
  const rows = await sql<{ id: bigint; signer: Buffer | null }[]>`
    SELECT chain_calls.id, signer FROM chain_calls LEFT JOIN charities ON charities.id =
      decode(substr(coalesce(args->'acknowledgement', args->'disbursement')->>'charity', 3), 'hex')
    WHERE state NOT IN ('final', 'failed') AND kind IN ('acknowledge', 'disburse') AND mined_at IS NULL
      AND chain_calls.id > ${after}
    ORDER BY chain_calls.id`;
  const signers = new Map(
    rows.flatMap(({ signer }) => (signer === null ? [] : [[signer.toString("hex"), signer] as const])),
  );
  return { signers: [...signers.values()], last: rows.at(-1)?.id ?? after };
}

export async function keepWalletCode(
  sql: Queries,
  { account, code }: { account: Uint8Array; code: Uint8Array },
) {
  await sql`
    INSERT INTO wallet_codes (account, code) VALUES (${account}, ${code})
    ON CONFLICT (account) DO UPDATE SET code = excluded.code, kept_at = now()`;
}

export const walletCodes = (sql: Queries) => sql<WalletCode[]>`SELECT account, code FROM wallet_codes`;
