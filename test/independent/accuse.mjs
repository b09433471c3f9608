// Convicts an operator on chain, from files and an endpoint alone, with libraries that do not know this project: ethers
// (hashes, calls), OpenZeppelin (the leaf of a promise). Imports nothing of ours; written from the specification alone.
//
//   node test/independent/accuse.mjs challenge FILE --rpc URL --contract 0x… --key 0x…   asks for a promised receipt
//   node test/independent/accuse.mjs breach FILE …                                       records that nobody answered
//   node test/independent/accuse.mjs faults FILE FILE… …                                 proves what the files show
//   node test/independent/accuse.mjs attempts FILE FILE… …          tries every accusation that can be made of the files
//
// Exit code 0: the contract took it; 1: there is nothing to accuse of, or the contract refused; 2: wrong use.

import { readFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { StandardMerkleTree } from "@openzeppelin/merkle-tree";
import {
  Contract,
  encodeBytes32String,
  JsonRpcProvider,
  solidityPackedKeccak256,
  TypedDataEncoder,
  Wallet,
} from "ethers";

const STATEMENT =
  "tuple(uint64 batch,bytes32 charity,bytes32 unit,uint8 kind,uint64 from,uint64 to,uint64 previous,uint64 receipts,bytes32 receiptsRoot)";
const PROMISED = "tuple(bytes32 leaf,bytes32 charity,bytes32 unit,uint8 kind,uint64 amount)";
const NODE = "tuple(bytes32 hash,uint64 sum)";
const PLACE = `tuple(uint64 index,uint64 receipts,${NODE}[] path)`;
const RECEIPT_FIELDS =
  "bytes16 id,bytes32 charity,bytes32 unit,uint8 kind,uint64 amount,uint64 acceptedAt,bytes32 terms,bytes32 details,bytes32 salt";
const ABI = [
  `function challenge(${PROMISED} promised,uint64 deadline,bytes32[] path,bytes signature) payable`,
  `function recordBreach(${PROMISED} promised)`,
  "function challengeBond() view returns (uint256)",
  "function challengeOf(bytes32 promiseId) view returns (tuple(address challenger,uint48 dueAt,uint8 state))",
  `function proveContradiction(${STATEMENT} first,bytes32[] firstProof,${STATEMENT} second,bytes32[] secondProof)`,
  `function proveMalformed(${STATEMENT} statement,bytes32[] proof)`,
  `function proveFalseSum(${STATEMENT} statement,bytes32[] proof,tuple(${NODE} left,${NODE} right,uint64 sum) opened,${PLACE} place)`,
  `function proveFalseReceipt(${STATEMENT} statement,bytes32[] proof,tuple(${RECEIPT_FIELDS}) receipt,uint64 sum,${PLACE} place)`,
  "function faultOf(bytes32 charity,bytes32 unit) view returns (uint8)",
  "error AlreadyChallenged()",
  "error AnswerNotOverdue(uint48 dueAt)",
  "error LineAtFault(uint8 fault)",
  "error NoFault()",
  "error NotChallenged()",
  "error NotPromiser(address account)",
  "error PromiseNotDue(uint64 deadline)",
  "error StatementNotInBatch(uint64 batch,bytes32 leaf)",
  "error ReceiptNotInStatement(bytes32 computed,bytes32 receiptsRoot)",
  "error SumMismatch(uint64 computed,uint64 stated)",
];
const FAULTS = [
  "none",
  "overlap",
  "gap",
  "skip",
  "twice in a batch",
  "malformed",
  "false sum",
  "false receipt",
];
const STATES = ["none", "open", "answered", "breached", "answered late"];
const TYPES = {
  Receipt: RECEIPT_FIELDS.split(",").map((field) => ({
    type: field.split(" ")[0],
    name: field.split(" ")[1],
  })),
};

const withUnit = (record) => ({ ...record, unit: encodeBytes32String(record.unit) });
const statementOf = ({ statement }) => withUnit(statement);
const isSealed = ({ statement }) => statement !== null;

function leafOf({ ledger, receipt }) {
  const domain = { name: "Amanah", version: "1", salt: ledger.id };
  return TypedDataEncoder.hash(domain, TYPES, withUnit(receipt));
}

const sumsAndHashes = ["uint64", "bytes32", "uint64", "bytes32"];
const nodeHash = (left, right) =>
  solidityPackedKeccak256(sumsAndHashes, [left.sum, left.hash, right.sum, right.hash]);

/** The way of a receipt up its tree: each node on it that its file opens, and what stands beside it. RFC 9162, 2.1.3.2. */
function stepsOf(file) {
  const path = file.proof.path.map(({ hash, sum }) => ({ hash, sum: BigInt(sum) }));
  let own = { hash: leafOf(file), sum: BigInt(file.receipt.amount) };
  let [index, last] = [BigInt(file.proof.index), BigInt(file.proof.receipts) - 1n];
  return path.map((sibling, i) => {
    while (index === last && index % 2n === 0n && last > 0n) [index, last] = [index / 2n, last / 2n];
    const [left, right] = index % 2n === 1n ? [sibling, own] : [own, sibling];
    const step = { own, sibling, left, right, index, nodes: last + 1n, rest: path.slice(i + 1) };
    own = { hash: nodeHash(left, right), sum: left.sum + right.sum };
    [index, last] = [index / 2n, last / 2n];
    return { ...step, parent: own };
  });
}

/** Where the sibling of a step stands: beside its own node, below all that is left of the path. */
const placeOfSibling = ({ own, index, nodes, rest }) => ({
  index: index ^ 1n,
  receipts: nodes,
  path: [own, ...rest],
});
const AT_THE_ROOT = { index: 0n, receipts: 1n, path: [] };

const accuse = (name, file, ...more) => ({ name, args: [statementOf(file), file.statementProof, ...more] });
const falseSum = (file, { left, right }, sum, place) =>
  accuse("proveFalseSum", file, { left, right, sum }, place);
const contradiction = (first, second) =>
  accuse("proveContradiction", first, statementOf(second), second.statementProof);

const lineOf = ({ statement: { charity, unit, kind } }) => `${charity} ${unit} ${kind}`;

function pairsOf(files) {
  const pairs = files.flatMap((first) => files.map((second) => [first, second]));
  return pairs.filter(([first, second]) => first !== second && lineOf(first) === lineOf(second));
}

/** Two statements of one line that no honest ledger could both hold. */
function contradicts({ statement: first }, { statement: second }) {
  const [before, after] = [BigInt(first.batch), BigInt(second.batch)];
  if (before === after) return JSON.stringify(first) !== JSON.stringify(second);
  if (before > after) return false;
  const follows = BigInt(second.previous) === before;
  const meets = BigInt(second.from) === BigInt(first.to);
  return BigInt(second.from) < BigInt(first.to) || (follows && !meets) || BigInt(second.previous) < before;
}

/** What one file says of a node, and another of the two below it, or of the receipt in it. */
function* disagreements(files) {
  const opened = new Map(files.flatMap(stepsOf).map((step) => [step.parent.hash, step]));
  const receipts = new Map(files.map((file) => [leafOf(file), file]));
  for (const file of files) {
    const steps = stepsOf(file);
    for (const step of steps) {
      const [below, named] = [opened.get(step.sibling.hash), receipts.get(step.sibling.hash)];
      const place = placeOfSibling(step);
      if (below !== undefined && below.parent.sum !== step.sibling.sum)
        yield falseSum(file, below, step.sibling.sum, place);
      if (named !== undefined && BigInt(named.receipt.amount) !== step.sibling.sum)
        yield accuse("proveFalseReceipt", file, withUnit(named.receipt), step.sibling.sum, place);
    }
    const added = BigInt(file.statement.to) - BigInt(file.statement.from);
    const top = steps.at(-1);
    if (top?.parent.hash === file.statement.receiptsRoot && top.parent.sum !== added)
      yield falseSum(file, top, added, AT_THE_ROOT);
  }
}

/** What the files show, of sealed receipts. */
function accusationsOf(files) {
  const pairs = pairsOf(files).filter(([first, second]) => contradicts(first, second));
  const trees = Map.groupBy(files, ({ statement }) => statement.receiptsRoot);
  return [
    ...pairs.map(([first, second]) => contradiction(first, second)),
    ...[...trees.values()].flatMap((tree) => [...disagreements(tree)]),
  ];
}

/** Every accusation that can be made of the files' own material, whether they show anything or not. */
function attemptsOf(files) {
  const around = (sum) => [sum, sum + 1n, sum - 1n];
  const ofNodes = (file) =>
    stepsOf(file).flatMap((step) =>
      around(step.parent.sum).flatMap((sum) => [
        falseSum(file, step, sum, {
          index: step.index / 2n,
          receipts: (step.nodes + 1n) / 2n,
          path: step.rest,
        }),
        falseSum(file, step, sum, placeOfSibling(step)),
        falseSum(file, step, sum, AT_THE_ROOT),
      ]),
    );
  const ofReceipt = (file) =>
    around(BigInt(file.receipt.amount)).map((sum) =>
      accuse("proveFalseReceipt", file, withUnit(file.receipt), sum, file.proof),
    );
  return [
    ...pairsOf(files).map(([first, second]) => contradiction(first, second)),
    ...files.map((file) => contradiction(file, file)),
    ...files.map((file) => accuse("proveMalformed", file)),
    ...files.flatMap(ofNodes),
    ...files.flatMap(ofReceipt),
  ];
}

const promisedOf = ({ promise: { leaf, charity, unit, kind, amount } }) =>
  withUnit({ leaf, charity, unit, kind, amount });

function requirePromise({ promise }) {
  if (promise) return;
  console.error("the file holds no promise: without the operator's signature there is nothing to ask for");
  process.exit(1);
}

/** A promise's name on chain: OpenZeppelin's standard leaf. */
function promiseId(file) {
  const { leaf, charity, unit, kind, amount } = promisedOf(file);
  const values = [
    encodeBytes32String("amanah.promise.v1"),
    file.ledger.id,
    leaf,
    charity,
    unit,
    kind,
    amount,
  ];
  return StandardMerkleTree.of([values], "bytes32,bytes32,bytes32,bytes32,bytes32,uint8,uint64".split(","))
    .root;
}

/** Sends a call and tells what became of it; false when the contract refuses. Asked first, it says why. */
async function send(contract, { name, args }, value = 0n) {
  try {
    await contract[name].staticCall(...args, { value });
    await (await contract[name](...args, { value })).wait();
    console.log(`${name}: done`);
    return true;
  } catch (refusal) {
    console.log(`${name}: refused, ${refusal.revert?.name ?? refusal.shortMessage}`);
    return false;
  }
}

async function tellState(contract, file) {
  const { state, dueAt } = await contract.challengeOf(promiseId(file));
  console.log(`challenge: ${STATES[state]}, to be answered by ${dueAt}`);
}

const isAccepted = (contract, { name, args }) =>
  contract[name].staticCall(...args).then(
    () => true,
    () => false,
  );

const ACTIONS = {
  async challenge(contract, [file]) {
    requirePromise(file);
    const { deadline, path, signature } = file.promise;
    const call = { name: "challenge", args: [promisedOf(file), deadline, path, signature] };
    const done = await send(contract, call, await contract.challengeBond());
    await tellState(contract, file);
    return done;
  },

  async breach(contract, [file]) {
    requirePromise(file);
    const done = await send(contract, { name: "recordBreach", args: [promisedOf(file)] });
    await tellState(contract, file);
    return done;
  },

  async faults(contract, files) {
    const found = accusationsOf(files.filter(isSealed));
    if (found.length === 0) console.log("the files contradict neither each other nor themselves");
    for (const accusation of found) {
      if (!(await send(contract, accusation))) continue;
      const [{ charity, unit }] = accusation.args;
      console.log(`the line is at fault: ${FAULTS[await contract.faultOf(charity, unit)]}`);
      return true;
    }
    return false;
  },

  async attempts(contract, files) {
    const attempts = attemptsOf(files.filter(isSealed));
    const accepted = await Promise.all(attempts.map((attempt) => isAccepted(contract, attempt)));
    console.log(`${accepted.filter(Boolean).length} of ${attempts.length} attempts were accepted`);
    return accepted.includes(true);
  },
};

async function main() {
  const text = { type: "string" };
  const options = { rpc: text, contract: text, key: text };
  const { values, positionals } = parseArgs({ allowPositionals: true, options });
  const [action, ...paths] = positionals;
  if (!Object.hasOwn(ACTIONS, action ?? "") || paths.length === 0 || Object.keys(values).length !== 3) {
    console.error(
      "usage: node accuse.mjs challenge|breach|faults|attempts FILE… --rpc URL --contract 0x… --key 0x…",
    );
    return 2;
  }
  const provider = new JsonRpcProvider(values.rpc, undefined, { batchMaxCount: 1, pollingInterval: 50 });
  try {
    const contract = new Contract(values.contract, ABI, new Wallet(values.key, provider));
    const files = paths.map((path) => JSON.parse(readFileSync(path, "utf8")));
    return (await ACTIONS[action](contract, files)) ? 0 : 1;
  } finally {
    provider.destroy();
  }
}

process.exitCode = await main();
