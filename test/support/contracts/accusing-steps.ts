// Random steps of those who hold the operator to its word: promises made and invented, challenged, answered and broken, lies
// anchored and shown, and the ledger's leaving. Each is a call on the chain and the same call on the model, as in steps.ts.
import { BOND_WEI, now } from "./chain.ts";
import { challengeArgs, type Promised, promiseAll } from "./promiser.ts";
import { GIFT, type Receipt, randomReceipt } from "./reference.ts";
import { actorOf, as, by, LIMIT, type Maker, pick, type Step } from "./step-words.ts";
import type { Shown, World } from "./world.ts";

const HOUR_S = 3_600n;

const promiserOf = ({ deployed }: World, n: number) => pick([deployed.promiser, deployed.other], n);

const admitPromiser: Maker = (world, step) => {
  const { address } = promiserOf(world, step.b);
  const actor = actorOf(step, "admin");
  return {
    call: () => by(world, actor).admitPromiser(address, LIMIT),
    model: () => world.model.accusations.admit(actor === "admin", address),
  };
};

/** By the account itself, or by the admin. */
const retirePromiser: Maker = (world, step) => {
  const promiser = promiserOf(world, step.b);
  const actor = actorOf(step, "admin");
  const itself = step.a % 3 === 0;
  const sender = itself ? promiser : world.deployed[actor];
  return {
    call: () => as(world.deployed.contract, sender).retirePromiser(promiser.address, LIMIT),
    model: (nowS) =>
      world.model.accusations.retire(!itself && actor === "admin", sender.address, promiser.address, nowS),
  };
};

/** A receipt of the books, or in one of four steps one that there is not. */
function wanted(world: World, { a, b, line }: Step): { receipt: Receipt; shown: Shown | null } {
  const { charity, unit } = world.where(line);
  const entry = pick(pick(world.books.batches, a).entries, b);
  if (a % 4 === 0) return { receipt: randomReceipt(charity, unit, GIFT, 5n), shown: null };
  const index = b % entry.receipts.length;
  return { receipt: entry.receipts[index]!, shown: { entry, index } };
}

const challenge: Maker = async (world, step) => {
  const { receipt, shown } = wanted(world, step);
  const wrong = step.honest ? -1 : step.a % 4;
  const signer = wrong === 0 ? world.deployed.stranger : promiserOf(world, step.b % 4 === 0 ? 1 : 0);
  const deadline = (await now()) + (wrong === 1 ? HOUR_S : 0n);
  const [held] = (await promiseAll(world.deployed, [receipt], { deadline, by: signer })) as [Promised];
  const value = wrong === 2 ? BOND_WEI + 1n : BOND_WEI;
  const said = { id: held.id, deadline, signer: signer.address };
  return {
    call: () => by(world, "stranger").challenge(...challengeArgs(held), { ...LIMIT, value }),
    model: (nowS) => {
      const { model } = world;
      const done = model.accusations.challenge(model.opened, said, value === BOND_WEI, nowS);
      if (done) world.held.push({ ...held, shown });
      return done;
    },
  };
};

/** With the receipt's own proof, or with another statement's. */
const answer: Maker = (world, step) => {
  const held = world.held.at(-1 - (step.b % 6)) ?? world.held.at(-1);
  const own = held?.shown ?? null;
  const entry =
    own === null || !step.honest ? pick(pick(world.books.batches, step.a).entries, step.b) : own.entry;
  // A lie says the same tree once more: what it shows is anchored all the same.
  const isOwn = entry.tree === own?.entry.tree;
  const index = isOwn ? own.index : 0;
  const promised = held?.promised ?? invented(world, step);
  const args = [promised, entry.tree.proof(index), entry.statement, entry.statementProof];
  const isAnchored = entry.statement.batch <= BigInt(world.model.roots.length);
  const shown = isOwn && isAnchored;
  return {
    call: () => by(world, step.honest ? "other" : "stranger").answer(...args, LIMIT),
    model: (nowS) => world.model.accusations.answer(held?.id ?? "", shown, nowS),
  };
};

function invented(world: World, { line }: Step) {
  const { charity, unit } = world.where(line);
  return { leaf: `0x${"07".repeat(32)}`, charity, unit, kind: GIFT, amount: 5n };
}

const recordBreach: Maker = async (world, step) => {
  const promised = pick(world.held, step.b)?.promised ?? invented(world, step);
  const actor = actorOf(step, "admin");
  return {
    call: () => by(world, actor).recordBreach(promised, LIMIT),
    model: (nowS) => {
      const { model } = world;
      return model.accusations.recordBreach(model.opened, actor === "admin", world.idOf(promised), nowS);
    },
  };
};

/** Of a lie, where there is one, and the statement that it contradicts; else of two honest statements. */
const proveContradiction: Maker = (world, step) => {
  const lie = step.honest && step.a % 2 === 0 ? world.lies.at(-1) : undefined;
  const second = lie ?? pick(pick(world.books.batches, step.a).entries, step.b);
  const { charity, unit, kind, batch } = second.statement;
  const before = world.books.batches
    .flatMap(({ entries }) => entries)
    .filter(({ statement: s }) => s.charity === charity && s.unit === unit && s.kind === kind);
  const first = before.filter(({ statement: s }) => s.batch < batch).at(-1) ?? second;
  const { key } = world.whereOf(charity, unit);
  const args = [first, second].flatMap(({ statement, statementProof }) => [statement, statementProof]);
  return {
    call: () => by(world, "stranger").proveContradiction(...args, LIMIT),
    model: () => {
      const { accusations, roots } = world.model;
      const areAnchored = batch <= BigInt(roots.length);
      return areAnchored && accusations.contradict(key, first.statement, second.statement);
    },
  };
};

/** Rarely as it should be: behind a successor much of the rest is refused. */
const nameSuccessor: Maker = (world, step) => {
  const actor = actorOf(step, "admin");
  const last = BigInt(world.model.roots.length);
  const isGood = step.a % 8 === 0;
  const lastGood = isGood ? last : last + 1n;
  return {
    call: () => by(world, actor).nameSuccessor(1n, world.deployed.other.address, lastGood, LIMIT),
    model: () => world.model.accusations.nameSuccessor(actor === "admin", isGood),
  };
};

export const ACCUSING = {
  admitPromiser,
  retirePromiser,
  challenge,
  answer,
  recordBreach,
  proveContradiction,
  nameSuccessor,
};
