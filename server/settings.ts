// The only reader of the environment. Each setting has a default that suits the first start on one machine;
// README.md tells the operator why each exists and what an attacker would gain by controlling it.

import { join, resolve } from "node:path";
import { secp256k1 } from "@noble/curves/secp256k1.js";
import { z } from "zod";
import { InputError } from "./errors.ts";

const count = (fallback: number, least = 1, most = Number.MAX_SAFE_INTEGER) =>
  z.coerce.number().int().min(least).max(most).default(fallback);
const secretBytes = z.templateLiteral(["0x", z.string().regex(/^[0-9a-fA-F]{64}$/)], {
  error: "wanted 0x and 64 hexadecimal digits",
});
/** Of an account. Else a number that is no key would be found when it first has to sign. */
const privateKey = secretBytes
  .refine((key) => secp256k1.utils.isValidSecretKey(Buffer.from(key.slice(2), "hex")), {
    error: "wanted a private key of the curve secp256k1, above zero and below its order",
  })
  .optional();
const address = z.templateLiteral(["0x", z.string().regex(/^[0-9a-fA-F]{40}$/)]).optional();

const schema = z.object({
  /** Where the service listens. */
  HOST: z.string().default("127.0.0.1"),
  PORT: count(8080, 0, 65_535),
  /** How the outside world reaches the service: the beginning of receipt links. */
  PUBLIC_URL: z.url({ protocol: /^https?$/ }).optional(),
  /** Where the default database, its password and the first operator's key live. */
  DATA_DIR: z.string().min(1).default("data"),
  /** Any PostgreSQL (or Citus) instead of the default one in DATA_DIR. */
  DATABASE_URL: z.url({ protocol: /^postgres(ql)?$/ }).optional(),
  DATABASE_CONNECTIONS: count(12, 4, 500),
  /** Any EVM endpoint instead of the default demonstration chain. */
  CHAIN_RPC_URL: z.url({ protocol: /^https?$/ }).optional(),
  /** An endpoint of that chain that the pages may name to visitors; CHAIN_RPC_URL itself may hold a key. */
  PUBLIC_RPC_URL: z.url({ protocol: /^https?$/ }).optional(),
  /** The demonstration chain's own port, so that strangers can read it; 0 takes a free one. */
  CHAIN_PORT: count(8545, 0, 65_535),
  /** The deployed DonationLedger; required with CHAIN_RPC_URL once it is deployed. */
  CONTRACT_ADDRESS: address,
  ADMIN_KEY: privateKey,
  ANCHOR_KEY: privateKey,
  PAYER_KEY: privateKey,
  REGISTRAR_KEY: privateKey,
  /** Signs the promise in each answer, and sends nothing. Without it answers carry no promise. */
  PROMISE_KEY: privateKey,
  /** The Ed25519 seed that signs volunteers' certificates. Without it there are none, but on the demonstration chain. */
  CERTIFICATE_KEY: secretBytes.optional(),
  /** By when a receipt that was promised must be in an anchored batch; the contract asks for at most seven days. */
  PROMISE_WITHIN_SECONDS: count(86_400, 60, 604_800),
  /** Wei that challenging a promise costs until it is answered; fixed when the contract is deployed. */
  CHALLENGE_BOND_WEI: z
    .string()
    .regex(/^(0|[1-9][0-9]{0,26})$/, "wanted whole wei")
    .default("10000000000000000"),
  /** How many blocks must lie on an anchored root before it is final. */
  CONFIRMATIONS: count(12, 1, 10_000),
  CHAIN_POLL_MS: count(2_000, 10, 600_000),
  /** After how long without being mined a transaction is sent again with a higher fee. */
  STUCK_AFTER_SECONDS: count(90, 1),
  MAX_FEE_GWEI: count(500),
  /** How often, at most, a line's newest statement is proven to the contract, which raises `given`. */
  PROVE_EVERY_SECONDS: count(60, 0),
  /** A batch is sealed when it is this old or holds this many receipts, whichever is first. */
  SEAL_AFTER_SECONDS: count(60, 1),
  SEAL_AT_RECEIPTS: count(1_000_000),
  /** Until when a receipt is expected to be anchored; later than this, /health fails. */
  ANCHOR_WITHIN_SECONDS: count(600),
  /** How many events may wait for the database before callers are told to come back. */
  QUEUE_LIMIT: count(20_000),
  /** How often a settlement run starts by itself; 0 leaves it to who asks for one. */
  SETTLE_EVERY_SECONDS: count(86_400, 0),
  /** The least that is worth a transfer, in minor units of its currency. */
  SETTLE_MINIMUM_MINOR: count(1_000),
  /** Gifts that have waited this long are paid whatever they come to. */
  SETTLE_AFTER_DAYS: count(30, 0),
  /** The gas that one transaction may use; many payouts share one. Ethereum allows 2^24 at most (EIP-7825). */
  TRANSACTION_GAS_LIMIT: count(15_000_000, 1_000_000, 16_777_216),
  /** Who keeps the ledger, as its exports name it: to 360Giving and IATI it is the publisher. */
  ORGANISATION_NAME: z.string().min(1).max(200).default("Amanah demonstration"),
  ORGANISATION_ID: z
    .string()
    .regex(/^[A-Z]{2,3}-[A-Z0-9]+-[A-Za-z0-9._-]+$/, "wanted an org-id.guide registration id")
    .default("XX-EXAMPLE-AMANAH"),
  /** The publisher's prefix at 360Giving: the beginning of all its grants' identifiers. */
  GRANT_PREFIX: z
    .string()
    .regex(/^360G-[A-Za-z0-9_-]+$/, "wanted a prefix such as 360G-example")
    .default("360G-example"),
  /** The DAC code of the purpose that the gifts serve, in IATI: by default that none is stated. */
  IATI_SECTOR: z
    .string()
    .regex(/^[0-9]{5}$/, "wanted the five digits of a DAC purpose code")
    .default("99810"),
  /** The account at the operator's bank from which charities are paid. */
  BANK_ACCOUNT_NAME: z.string().max(70).optional(),
  BANK_ACCOUNT_IBAN: z
    .string()
    .regex(/^[A-Z]{2}[0-9]{2}[A-Z0-9]{10,30}$/, "wanted an IBAN without spaces")
    .optional(),
  BANK_ACCOUNT_BIC: z
    .string()
    .regex(/^[A-Z]{6}[A-Z2-9][A-NP-Z0-9]([A-Z0-9]{3})?$/, "wanted a BIC of 8 or 11 characters")
    .optional(),
  /** Where books and public documents are written, to be served or mirrored; a folder of DATA_DIR by default. */
  BOOKS_DIR: z.string().min(1).optional(),
  /** After how many seconds a message that was not taken is sent again, each time; then it is dead. */
  WEBHOOK_RETRY_SECONDS: z
    .string()
    .regex(/^[0-9]{1,6}(,[0-9]{1,6}){0,29}$/, "wanted seconds with commas between them")
    .default("5,300,1800,7200,18000,36000,50400,72000,86400")
    .transform((text) => text.split(",").map(Number)),
  /** How long another system may take to answer a message. */
  WEBHOOK_TIMEOUT_MS: count(15_000, 100, 60_000),
  TREE_WORKERS: count(2, 1, 64),
  LOG_LEVEL: z.enum(["fatal", "error", "warn", "info", "debug", "trace", "silent"]).default("info"),
});

export type Settings = ReturnType<typeof readSettings>;

/** Reads and checks the settings. Throws `InputError` that names each setting at fault. */
export function readSettings(environment: Record<string, string | undefined> = process.env) {
  const given = Object.fromEntries(Object.entries(environment).filter(([, value]) => value !== ""));
  const parsed = schema.safeParse(given);
  if (!parsed.success) throw new InputError("settings", explain(parsed.error, given));
  requireOwnPromiseKey(parsed.data);
  const { DATA_DIR, BOOKS_DIR = join(DATA_DIR, "books"), ...rest } = parsed.data;
  const folders = { DATA_DIR: resolve(DATA_DIR), BOOKS_DIR: resolve(BOOKS_DIR) };
  return { ...rest, ...folders, demonstration: rest.CHAIN_RPC_URL === undefined };
}

/** Every process that takes events holds the promise's key: it must open nothing else. */
function requireOwnPromiseKey({ PROMISE_KEY, ...others }: z.infer<typeof schema>): void {
  const names = ["ADMIN_KEY", "ANCHOR_KEY", "PAYER_KEY", "REGISTRAR_KEY", "CERTIFICATE_KEY"] as const;
  const same = names.find((name) => others[name]?.toLowerCase() === PROMISE_KEY?.toLowerCase());
  if (PROMISE_KEY === undefined || same === undefined) return;
  const reason =
    "each process that takes events holds it, and its thief must not be able to do anything else";
  throw new InputError("settings", `PROMISE_KEY: wanted a key of its own, came that of ${same}: ${reason}`);
}

function explain(error: z.ZodError, given: Record<string, unknown>): string {
  const line = ({ path, message }: z.core.$ZodIssue) => {
    const name = String(path[0]);
    const came = name.endsWith("_KEY") ? "a value that is not shown" : JSON.stringify(given[name]);
    return `${name}: ${message} (came: ${came})`;
  };
  return error.issues.map(line).join("\n");
}
