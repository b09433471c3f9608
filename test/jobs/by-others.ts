// A batch's root from its stored fields by libraries that are not ours: viem for typed data and ABI encoding,
// merkletreejs for both trees. Nothing of server/ is imported here but the type of the connection.

import { MerkleSumTree, MerkleTree } from "merkletreejs";
import { encodeAbiParameters, type Hex, hashTypedData, keccak256, pad, stringToHex, toHex } from "viem";
import type { Database } from "../../server/store/database.ts";

const RECEIPT = [
  { name: "id", type: "bytes16" },
  { name: "charity", type: "bytes32" },
  { name: "unit", type: "bytes32" },
  { name: "kind", type: "uint8" },
  { name: "amount", type: "uint64" },
  { name: "acceptedAt", type: "uint64" },
  { name: "terms", type: "bytes32" },
  { name: "details", type: "bytes32" },
  { name: "salt", type: "bytes32" },
] as const;

const text = (words: string): Hex => pad(stringToHex(words), { dir: "right", size: 32 });
const keccakBuffer = (data: Uint8Array) => Buffer.from(keccak256(data, "bytes"));
const twice = (encoded: Hex): Hex => keccak256(keccak256(encoded));

type Row = Record<"id" | "charity" | "terms" | "details" | "salt", Buffer> & {
  unit: string;
  kind: number;
  amount: bigint;
  accepted_at: bigint;
  private: string;
};

function leafOf(ledger: Hex, row: Row): Hex {
  return hashTypedData({
    domain: { name: "Amanah", version: "1", salt: ledger },
    types: { Receipt: RECEIPT },
    primaryType: "Receipt",
    message: {
      id: toHex(row.id),
      charity: toHex(row.charity),
      unit: text(row.unit),
      kind: row.kind,
      amount: row.amount,
      acceptedAt: row.accepted_at,
      terms: toHex(row.terms),
      details: keccak256(Buffer.from(row.private)),
      salt: toHex(row.salt),
    },
  });
}

/** The root and the sum of a sum tree over receipts in the order of their ids. */
export function sumTreeByOthers(leaves: readonly { hash: Uint8Array; sum: bigint }[]) {
  let end = 0n;
  const ranged = leaves.map(({ hash, sum }) => {
    const start = end;
    end += sum;
    const bucket = { size: sum, hashed: Buffer.from(hash), parent: null, left: null, right: null };
    return { rng: [start, end], data: null, getBucket: () => bucket };
  });
  const { root } = new MerkleSumTree(ranged as never, keccakBuffer as never);
  return { hash: root.hashed as Buffer, sum: BigInt(`${root.size}`) };
}

const statementTypes = [
  ...["bytes32", "bytes32", "uint64", "bytes32", "bytes32", "uint8"],
  ...["uint64", "uint64", "uint64", "uint64", "bytes32"],
].map((type) => ({ type }));

const noticeTypes = ["bytes32", "bytes32", "uint64", "bytes32", "bytes32", "bytes32"].map((type) => ({
  type,
}));

const groupBy = <T>(list: readonly T[], key: (one: T) => string) => Map.groupBy(list, key);

/** Where each side of each line ended before the batch, from the receipts of all earlier batches. */
async function ends(sql: Database, batch: bigint) {
  const rows = await sql<{ line: number; kind: number; to: bigint; previous: bigint }[]>`
    SELECT line, kind, sum(amount)::bigint AS "to", max(batch) AS previous FROM receipts WHERE batch < ${batch}
    GROUP BY line, kind`;
  return new Map(rows.map((row) => [`${row.line}/${row.kind}`, row]));
}

/** The root of a batch, from nothing but receipts, documents, the batch's times and the root before. */
export async function rootByOthers(sql: Database, ledgerId: Uint8Array, batch: bigint): Promise<Hex> {
  const ledger = toHex(ledgerId);
  const rows = await sql<(Row & { line: number })[]>`
    SELECT receipts.*, charity, unit FROM receipts JOIN lines ON lines.id = line WHERE batch = ${batch} ORDER BY receipts.id`;
  const before = await ends(sql, batch);
  const statements = [...groupBy(rows, ({ line, kind }) => `${line}/${kind}`)].map(([key, own]) => {
    const { hash, sum } = sumTreeByOthers(
      own.map((row) => ({ hash: Buffer.from(leafOf(ledger, row).slice(2), "hex"), sum: row.amount })),
    );
    const { charity, unit, kind } = own[0]!;
    const { to: from, previous } = before.get(key) ?? { to: 0n, previous: 0n };
    const line = [text("amanah.statement.v1"), ledger, batch, toHex(charity), text(unit), kind];
    const values = [...line, from, from + sum, previous, BigInt(own.length), toHex(hash)];
    return twice(encodeAbiParameters(statementTypes, values));
  });
  return toHex(topTree([...statements, ...(await notices(sql, ledger, batch))]));
}

async function notices(sql: Database, ledger: Hex, batch: bigint): Promise<Hex[]> {
  const [times] = await sql`SELECT opened_at, closed_at FROM batches WHERE number = ${batch}`;
  const [earlier] = await sql`SELECT root FROM batches WHERE number = ${batch - 1n}`;
  const zero = pad("0x", { size: 32 });
  const both = toHex((times!.opened_at << 128n) | times!.closed_at, { size: 32 });
  const documents = await sql`SELECT kind, subject, body FROM documents WHERE batch = ${batch}`;
  const contents = [
    ["previous", zero, batch === 1n ? ledger : toHex(earlier!.root as Buffer)],
    ["times", zero, both],
    ...documents.map(
      ({ kind, subject, body }) => [kind, toHex(subject), keccak256(stringToHex(body))] as const,
    ),
  ] as const;
  return contents.map(([kind, subject, content]) =>
    twice(
      encodeAbiParameters(noticeTypes, [
        text("amanah.notice.v1"),
        ledger,
        batch,
        text(kind),
        subject,
        content,
      ]),
    ),
  );
}

const topTree = (leaves: readonly Hex[]): Buffer =>
  new MerkleTree(
    leaves.map((leaf) => Buffer.from(leaf.slice(2), "hex")),
    keccakBuffer,
    { sortLeaves: true, sortPairs: true },
  ).getRoot();
