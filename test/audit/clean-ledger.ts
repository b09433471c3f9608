// A clean ledger with everything that there is: several lines and units, refunds, both rails, signers with a key and with
// a wallet contract, reports, a merchant's total and period reports.

import { privateKeyToAccount } from "viem/accounts";
import { toHex, utf8 } from "../../server/protocol/bytes.ts";
import { keccak } from "../../server/protocol/hash.ts";
import { gifts, reversals } from "./drafts.ts";
import { AuditLedger, type Operator } from "./ledger.ts";

export const BANK = "GB-CHC-1164883";
export const TOKEN = "CN-MCA-53100000500021676P";
export const MERCHANT = "tea-house";
export const KEY = privateKeyToAccount(toHex(keccak(utf8("a charity's key"))));
export const PAYEE = "0x00000000000000000000000000000000000000ca";
const SALT = `0x${"5a".repeat(16)}` as const;

/** What the merchant was told of one day. */
export const merchantTotal = (ledger: AuditLedger) => ({
  ...{ format: "amanah-merchant-total/1", ledger: toHex(ledger.id), merchant: MERCHANT, day: "2026-09-21" },
  ...{
    purchases: "3",
    sums: [{ currency: "CNY", paid: "6000", given: "210" }],
    refunds: { count: "0", sums: [] },
  },
  ...{ last: "3", salt: SALT },
});

const side = (from: bigint, to: bigint, receipts: bigint) => ({
  from: `${from}`,
  to: `${to}`,
  receipts: `${receipts}`,
});

export async function cleanLedger(operator: Operator): Promise<AuditLedger> {
  const ledger = await AuditLedger.make(operator);
  await ledger.register(BANK, KEY.address);
  await ledger.register(TOKEN, await ledger.wallet(KEY.address), PAYEE);
  await ledger.openWithToken();
  await ledger.record("pledge", { format: "amanah-pledge/1", merchant: MERCHANT });
  const first = await ledger.seal(
    gifts(BANK, [100n, 50n, 60n]),
    gifts(TOKEN, [500n]),
    gifts(BANK, [7n, 8n], "STEP"),
  );
  await ledger.record(
    "merchant-total",
    merchantTotal(ledger),
    keccak(Uint8Array.from([...utf8(MERCHANT), ...Buffer.from(SALT.slice(2), "hex")])),
    false,
  );
  const second = await ledger.seal(
    gifts(BANK, [40n, 30n]),
    reversals(BANK, [
      [first.leaf(BANK, 1), 20n],
      [first.leaf(BANK, 1), 30n],
    ]),
  );
  await recordPeriod(ledger);
  const third = await ledger.seal(
    gifts(BANK, [1n, 2n, 3n, 4n, 5n]),
    gifts(TOKEN, [20n, 30n]),
    reversals(BANK, [[second.leaf(BANK, 0), 40n]]),
  );
  await payAndSign(ledger, [first, second, third]);
  return ledger;
}

async function recordPeriod(ledger: AuditLedger): Promise<void> {
  await ledger.record("period", {
    ...{
      format: "amanah-period-report/1",
      ledger: toHex(ledger.id),
      fromBatch: "1",
      toBatch: "2",
      receipts: "10",
    },
    lines: [
      { charity: TOKEN, unit: "CNY", gifts: side(0n, 500n, 1n), reversals: side(0n, 0n, 0n) },
      { charity: BANK, unit: "CNY", gifts: side(0n, 280n, 5n), reversals: side(0n, 50n, 2n) },
      { charity: BANK, unit: "STEP", gifts: side(0n, 15n, 2n), reversals: side(0n, 0n, 0n) },
    ],
  });
}

async function payAndSign(ledger: AuditLedger, [first, second, third]: AuditLedger["drafts"]): Promise<void> {
  for (const draft of [first!, second!, third!]) await ledger.prove(draft, BANK);
  await ledger.prove(second!, BANK, 1);
  await ledger.prove(third!, BANK, 1);
  await ledger.prove(third!, TOKEN);
  // The first payout nets the refunds of batch 2, whose gift it covers; the second that of batch 3.
  await ledger.payBank(BANK, 0n, 210n, 50n);
  await ledger.payBank(BANK, 210n, 295n, 90n);
  await ledger.write("repay", [
    toHex(third!.statement(BANK).charity),
    toHex(Uint8Array.from([...utf8("CNY"), ...new Uint8Array(29)])),
    295n,
    toHex(keccak(utf8("again"))),
  ]);
  await ledger.payToken(TOKEN, 0n, 550n);
  await ledger.acknowledge(BANK, KEY, 0n, 210n, 50n, 160n);
  await ledger.acknowledge(TOKEN, KEY, 0n, 550n, 0n, 550n);
  const [bankReport, tokenReport] = [
    await ledger.report(BANK, 0n, 150n),
    await ledger.report(TOKEN, 0n, 500n),
  ];
  await ledger.seal(gifts(BANK, [9n]));
  await ledger.disburse(BANK, KEY, 0n, 150n, bankReport);
  await ledger.disburse(TOKEN, KEY, 0n, 500n, tokenReport);
}
