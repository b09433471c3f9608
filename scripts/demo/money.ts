// The money's way: anchored, paid by bank, acknowledged by the charity's own signature, spent and reported.

import { keccak256, stringToHex } from "viem";
import type { Service } from "../../server/main.ts";
import { formatAmount } from "../../server/programmes/currency.ts";
import { type Hex, toHex } from "../../server/protocol/bytes.ts";
import type { ContractCall } from "../../server/protocol/contract-calls.ts";
import { charityId } from "../../server/protocol/ids.ts";
import { callEnded, intend } from "../../server/store/chain-calls.ts";
import { backlog, batchesBefore, type LineView, linesAfter } from "../../server/store/overview.ts";
import type { Party } from "./day.ts";
import { step } from "./telling.ts";

const UNIT = "CNY";
const WITHIN_MS = 60_000;
const LOOK_EVERY_MS = 50;
const ALL = 1_000;

const lines = ({ services }: Service) => linesAfter(services.sql, "", "", ALL, null);

/** Until every receipt is in an anchored batch, and the contract knows how much was given. */
export function waitUntilAnchored(service: Service): Promise<void> {
  return step("sealed, read again, anchored, proven on chain", async () => {
    const end = performance.now() + WITHIN_MS;
    while (!(await isAnchored(service))) {
      if (performance.now() > end) throw new Error("the batches were not anchored within a minute");
      await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
    }
  });
}

async function isAnchored(service: Service): Promise<boolean> {
  const { unsealed_seconds, sealed_batches } = await backlog(service.services.sql);
  if (unsealed_seconds !== null || sealed_batches > 0) return false;
  const known = await lines(service);
  return known.every((line) => line.given === line.sealed_gifts && line.reversed === line.sealed_reversals);
}

export async function moveMoney(service: Service, parties: readonly Party[]): Promise<void> {
  const known = await lines(service);
  const total = known.reduce((sum, { given, reversed }) => sum + given - reversed, 0n);
  await step(`paid to ${parties.length} charities: ${formatAmount(total, UNIT)}`, () =>
    callAll(service, known.map(payout)),
  );
  const acknowledged = await Promise.all(
    known.map((line) => acknowledgement(service, line, signerOf(parties, line))),
  );
  await step("acknowledged, signed with the charities' own keys", () => callAll(service, acknowledged));
  const spent = await Promise.all(known.map((line) => disbursement(service, line, signerOf(parties, line))));
  await step("spent and reported", () => callAll(service, spent));
}

async function callAll({ services }: Service, calls: readonly ContractCall[]): Promise<void> {
  const ids = await Promise.all(calls.map((call) => intend(services.sql, call)));
  for (const id of ids) {
    const { kind, failure } = await callEnded(services.sql, id, WITHIN_MS);
    if (failure !== null) throw new Error(`${kind} was refused: ${failure}`);
  }
}

const signerOf = (parties: readonly Party[], { registration }: LineView) =>
  (parties.find((party) => party.registration === registration) as Party).signer;

const payout = (line: LineView): ContractCall => ({
  kind: "payBank",
  args: {
    charity: toHex(line.charity),
    unit: line.unit,
    from: "0",
    upTo: `${line.given}`,
    netTo: `${line.reversed}`,
    reference: keccak256(stringToHex(`demo transfer to ${line.registration}`)),
  },
});

/** The ledger's own domain: these three members, in this order. */
const domainOf = ({ services }: Service) =>
  ({ name: "Amanah", version: "1", salt: toHex(services.ledger.id) }) as const;

const unitWord = (unit: string): Hex => stringToHex(unit, { size: 32 });

const ACKNOWLEDGEMENT = {
  Acknowledgement: [
    { name: "charity", type: "bytes32" },
    { name: "unit", type: "bytes32" },
    { name: "from", type: "uint64" },
    { name: "upTo", type: "uint64" },
    { name: "netTo", type: "uint64" },
    { name: "received", type: "uint64" },
    { name: "batch", type: "uint64" },
    { name: "root", type: "bytes32" },
  ],
} as const;

async function acknowledgement(
  service: Service,
  line: LineView,
  signer: Party["signer"],
): Promise<ContractCall> {
  const [newest] = await batchesBefore(service.services.sql, 2n ** 62n, 1);
  const root = toHex(newest?.root as Buffer);
  const figures = {
    from: 0n,
    upTo: line.given,
    netTo: line.reversed,
    received: line.given - line.reversed,
    batch: newest?.number as bigint,
  };
  const message = {
    charity: toHex(charityId(line.registration)),
    unit: unitWord(line.unit),
    ...figures,
    root,
  };
  const signature = await signer.signTypedData({
    domain: domainOf(service),
    types: ACKNOWLEDGEMENT,
    primaryType: "Acknowledgement",
    message,
  });
  const args = { charity: message.charity, unit: line.unit, root, ...asDecimals(figures) };
  return { kind: "acknowledge", args: { acknowledgement: args, signature } };
}

const DISBURSEMENT = {
  Disbursement: [
    { name: "charity", type: "bytes32" },
    { name: "unit", type: "bytes32" },
    { name: "from", type: "uint64" },
    { name: "upTo", type: "uint64" },
    { name: "evidence", type: "bytes32" },
  ],
} as const;

/** Most of the line is spent; the rest is still in the charity's hands. */
async function disbursement(
  service: Service,
  line: LineView,
  signer: Party["signer"],
): Promise<ContractCall> {
  const figures = { from: 0n, upTo: (line.given * 9n) / 10n };
  const report = JSON.stringify({
    charity: line.registration,
    unit: line.unit,
    upTo: `${figures.upTo}`,
    what: "lunches, implants, tracks",
  });
  const evidence = keccak256(stringToHex(report));
  const message = { charity: toHex(line.charity), unit: unitWord(line.unit), ...figures, evidence };
  const signature = await signer.signTypedData({
    domain: domainOf(service),
    types: DISBURSEMENT,
    primaryType: "Disbursement",
    message,
  });
  const args = { charity: message.charity, unit: line.unit, evidence, ...asDecimals(figures) };
  return { kind: "disburse", args: { disbursement: args, signature } };
}

const asDecimals = <Name extends string>(figures: Record<Name, bigint>) =>
  Object.fromEntries(Object.entries(figures).map(([name, value]) => [name, `${value}`])) as Record<
    Name,
    string
  >;
