// A whole ledger for audits: the real contract on a real chain, books in a folder, and charities that sign. Its operator
// may anchor whatever it likes; what the contract would refuse is planted by a lying endpoint instead.

import { randomBytes } from "node:crypto";
import { readFileSync } from "node:fs";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  type Address,
  createWalletClient,
  encodeFunctionData,
  type Hex,
  http,
  keccak256,
  publicActions,
  stringToHex,
  zeroAddress,
} from "viem";
import { type PrivateKeyAccount, privateKeyToAccount } from "viem/accounts";
import { hardhat } from "viem/chains";
import { LEDGER_ABI } from "../../server/chain/abi.ts";
import { type EmbeddedChain, startChain } from "../../server/embedded/chain.ts";
import { tag, toHex, utf8, ZERO32 } from "../../server/protocol/bytes.ts";
import { canonicalJson } from "../../server/protocol/details.ts";
import { keccak } from "../../server/protocol/hash.ts";
import { charityId } from "../../server/protocol/ids.ts";
import { GIFT, type Kind } from "../../server/protocol/receipt.ts";
import { statementLeaf } from "../../server/protocol/statement.ts";
import { Draft, type Ends, type Side } from "./drafts.ts";

const artifact = (path: string) =>
  JSON.parse(readFileSync(new URL(`../../artifacts/contracts/${path}.json`, import.meta.url), "utf8")) as {
    abi: never;
    bytecode: Hex;
  };
const LEDGER = artifact("DonationLedger.sol/DonationLedger");
const WALLET = artifact("test/SmartWallet.sol/SmartWallet");
const TOKEN = artifact("test/TestToken.sol/TestToken");

export const charityHex = (registration: string): Hex => toHex(charityId(registration));
export const unitHex = (unit = "CNY"): Hex => toHex(tag(unit));

const LINE = "bytes32 charity,bytes32 unit,uint64 from,uint64 upTo";
const fields = (signature: string) =>
  signature.split(",").map((field) => ({ type: field.split(" ")[0]!, name: field.split(" ")[1]! }));
const TYPES = {
  Acknowledgement: fields(`${LINE},uint64 netTo,uint64 received,uint64 batch,bytes32 root`),
  Disbursement: fields(`${LINE},bytes32 evidence`),
};

export type Operator = ReturnType<typeof operatorOn>;

/** A chain that several ledgers may share. */
export async function startAuditChain(): Promise<{ chain: EmbeddedChain; operator: Operator }> {
  const chain = await startChain();
  return { chain, operator: operatorOn(chain) };
}

function operatorOn(chain: EmbeddedChain) {
  const account = privateKeyToAccount(chain.accounts[0]!.privateKey);
  const transport = http(chain.url);
  return createWalletClient({ account, chain: hardhat, transport, pollingInterval: 10 }).extend(
    publicActions,
  );
}

async function deploy(
  operator: Operator,
  { abi, bytecode }: typeof LEDGER,
  args: readonly unknown[],
): Promise<Address> {
  const hash = await operator.deployContract({ abi, bytecode, args } as never);
  return (await operator.waitForTransactionReceipt({ hash })).contractAddress!;
}

export class AuditLedger {
  readonly id = new Uint8Array(randomBytes(32));
  readonly contract: Address;
  readonly books: string;
  readonly drafts: Draft[] = [];
  readonly ends: Ends = new Map();
  readonly #operator: Operator;
  #documents: { kind: string; subject: Uint8Array; content: Uint8Array }[] = [];

  private constructor(id: Uint8Array, contract: Address, books: string, operator: Operator) {
    [this.id, this.contract, this.books, this.#operator] = [id as never, contract, books, operator];
  }

  static async make(operator: Operator): Promise<AuditLedger> {
    const books = await mkdtemp(join(tmpdir(), "amanah-audit-books-"));
    await mkdir(join(books, "documents"));
    return AuditLedger.#deploy(new Uint8Array(randomBytes(32)), books, operator);
  }

  /** Another contract for this ledger and its books, with every root so far. What else it is to know, the caller writes. */
  async moved(operator: Operator = this.#operator): Promise<AuditLedger> {
    const next = await AuditLedger.#deploy(this.id, this.books, operator);
    next.drafts.push(...this.drafts);
    for (const [key, end] of this.ends) next.ends.set(key, end);
    await next.write("anchorMany", [1n, this.drafts.map((draft) => toHex(draft.tree().root))]);
    return next;
  }

  static async #deploy(id: Uint8Array, books: string, operator: Operator): Promise<AuditLedger> {
    const address = operator.account.address;
    const contract = await deploy(operator, LEDGER, [toHex(id), address, 0, 0n]);
    const ledger = new AuditLedger(id, contract, books, operator);
    const roles = ["ANCHOR_ROLE", "REGISTRAR_ROLE", "PAYER_ROLE"].map((role) => keccak256(stringToHex(role)));
    await ledger.write("multicall", [
      roles.map((role) =>
        encodeFunctionData({ abi: LEDGER_ABI, functionName: "grantRole", args: [role, address] }),
      ),
    ]);
    return ledger;
  }

  async write(functionName: string, args: readonly unknown[]): Promise<void> {
    const hash = await this.#operator.writeContract({
      address: this.contract,
      abi: LEDGER_ABI,
      functionName,
      args,
    } as never);
    const { status } = await this.#operator.waitForTransactionReceipt({ hash });
    if (status !== "success") throw new Error(`${functionName} was refused`);
  }

  read(functionName: string, args: readonly unknown[]): Promise<unknown> {
    return this.#operator.readContract({
      address: this.contract,
      abi: LEDGER_ABI,
      functionName,
      args,
    } as never);
  }

  /** The next batch as a draft; nothing is anchored yet. Documents recorded since the last one become its notices. */
  draft(sides: readonly Side[]): Draft {
    const batch = BigInt(this.drafts.length + 1);
    const draft = new Draft(this.id, batch, this.drafts.at(-1)?.tree().root ?? this.id, sides, this.ends);
    draft.notices.push(...this.#documents.splice(0).map((notice) => ({ batch, ...notice })));
    this.drafts.push(draft);
    return draft;
  }

  /** Anchors the draft as it stands and publishes its book. */
  async anchor(draft: Draft): Promise<Draft> {
    await this.write("anchor", [draft.batch, toHex(draft.tree().root)]);
    await this.publish(draft);
    return draft;
  }

  async seal(...sides: readonly Side[]): Promise<Draft> {
    return this.anchor(this.draft(sides));
  }

  async publish(draft: Draft): Promise<void> {
    await writeFile(join(this.books, `${draft.batch}.arrow`), await draft.book());
  }

  /** Records a public document for the next batch; answers with its hash. */
  async record(kind: string, body: unknown, subject: Uint8Array = ZERO32, isPublic = true): Promise<Hex> {
    const text = utf8(canonicalJson(body));
    const content = keccak(text);
    if (isPublic) await writeFile(join(this.books, "documents", `${toHex(content)}.json`), text);
    this.#documents.push({ kind, subject, content });
    return toHex(content);
  }

  async prove(draft: Draft, charity: string, kind: Kind = GIFT): Promise<void> {
    const { registration: _, ...statement } = draft.statement(charity, kind);
    const proof = draft.tree().proof(statementLeaf(this.id, statement)).map(toHex);
    const { charity: id, receiptsRoot, unit } = statement;
    await this.write("prove", [
      { ...statement, charity: toHex(id), unit: unitHex(unit), receiptsRoot: toHex(receiptsRoot) },
      proof,
    ]);
  }

  async register(charity: string, signer: Address, payee: Address = zeroAddress): Promise<void> {
    await this.write("registerCharity", [charityHex(charity), payee, signer]);
  }

  /** A wallet contract that signs with its owner's key. */
  wallet(owner: Address): Promise<Address> {
    return deploy(this.#operator, WALLET, [owner]);
  }

  /** Sets a token for CNY that the operator owns plenty of, and opens the ledger. */
  async openWithToken(): Promise<Address> {
    const token = await deploy(this.#operator, TOKEN, [6]);
    const send = async (functionName: string, args: readonly unknown[]) => {
      const hash = await this.#operator.writeContract({
        address: token,
        abi: TOKEN.abi,
        functionName,
        args,
      } as never);
      await this.#operator.waitForTransactionReceipt({ hash });
    };
    await send("mint", [this.#operator.account.address, 10n ** 18n]);
    await send("approve", [this.contract, 10n ** 18n]);
    await this.write("setToken", [unitHex(), token, 2]);
    await this.write("open", []);
    return token;
  }

  async payBank(charity: string, from: bigint, upTo: bigint, netTo = 0n): Promise<void> {
    await this.write("payBank", [
      charityHex(charity),
      unitHex(),
      from,
      upTo,
      netTo,
      keccak256(stringToHex(`${charity} ${upTo}`)),
    ]);
  }

  async payToken(charity: string, from: bigint, upTo: bigint, netTo = 0n): Promise<void> {
    await this.write("payToken", [charityHex(charity), unitHex(), from, upTo, netTo]);
  }

  async acknowledge(
    charity: string,
    key: PrivateKeyAccount,
    from: bigint,
    upTo: bigint,
    netTo: bigint,
    received: bigint,
  ): Promise<void> {
    const last = this.drafts.at(-1)!;
    const root = toHex(last.tree().root);
    const message = {
      charity: charityHex(charity),
      unit: unitHex(),
      from,
      upTo,
      netTo,
      received,
      batch: last.batch,
      root,
    };
    await this.write("acknowledge", [message, await this.#sign(key, "Acknowledgement", message)]);
  }

  async disburse(
    charity: string,
    key: PrivateKeyAccount,
    from: bigint,
    upTo: bigint,
    evidence: Hex,
  ): Promise<void> {
    const message = { charity: charityHex(charity), unit: unitHex(), from, upTo, evidence };
    await this.write("disburse", [message, await this.#sign(key, "Disbursement", message)]);
  }

  /** The report of one part, recorded as a document; answers with its hash. */
  report(charity: string, from: bigint, upTo: bigint, changed: object = {}): Promise<Hex> {
    const part = {
      from: `${from}`,
      upTo: `${upTo}`,
      project: "lunches",
      place: { country: "CN", name: "Lijiang" },
      bought: [{ what: "meals", count: "3", measure: "meal" }],
      evidence: [],
    };
    const frame = {
      format: "amanah-spending-report/1",
      ledger: toHex(this.id),
      charity,
      name: charity,
      unit: "CNY",
      from: `${from}`,
      upTo: `${upTo}`,
    };
    return this.record("spending", { ...frame, parts: [part], ...changed }, charityId(charity));
  }

  remove(): Promise<void> {
    return rm(this.books, { recursive: true, force: true });
  }

  #sign(key: PrivateKeyAccount, primaryType: keyof typeof TYPES, message: object): Promise<Hex> {
    const domain = { name: "Amanah", version: "1", salt: toHex(this.id) };
    return key.signTypedData({ domain, types: TYPES, primaryType, message } as never);
  }
}
