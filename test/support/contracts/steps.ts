// Turns a random step into a call on the chain and the same call on the model. An honest step is by the right account
// with sensible arguments; another changes the account or an argument. The model alone says what must come out.
import type { HardhatEthersSigner } from "@nomicfoundation/hardhat-ethers/types";
import { ACCUSING } from "./accusing-steps.ts";
import type { Addition } from "./books.ts";
import { DAY_S, networkHelpers } from "./chain.ts";
import type { Rail } from "./model.ts";
import { REVERSAL, random32, sign } from "./reference.ts";
import { ACTORS, type Step as AnyStep, actorOf, as, by, LIMIT, type Maker, pick } from "./step-words.ts";
import type { Where, World } from "./world.ts";

export type Step = AnyStep & { kind: Kind };

/** A position in [low + 1, high], or just beyond when there is none. */
const beyond = (low: bigint, high: bigint, n: number): bigint =>
  low + 1n + (high > low ? BigInt(n) % (high - low) : 0n);

const least = (a: bigint, b: bigint): bigint => (a < b ? a : b);

function bent({ honest, a, skew }: AnyStep, value: bigint): bigint {
  if (honest || a % 2 === 0) return value;
  return value + skew < 0n ? 0n : value + skew;
}

/** The account behind the charity's signer, or in half of the other steps another one. */
function signerOf({ deployed, model }: World, charity: string, { honest, a }: AnyStep): HardhatEthersSigner {
  const { signer, other, stranger } = deployed;
  const right = model.charities.get(charity)?.signer === other.address ? other : signer;
  if (honest || a % 2) return right;
  return right === signer ? other : stranger;
}

/** How seldom the operator lies: a line at fault stands still for the rest of the run. */
const LIES_ONE_IN = 16;

const anchor: Maker = (world, step) => {
  const { charity, unit } = world.where(step.line);
  const additions: Addition[] = [
    { charity, unit, amounts: [1n + BigInt(step.a), 1n + BigInt(step.b)] },
    { charity, unit, kind: REVERSAL, amounts: [1n + BigInt(step.b % 300)] },
  ];
  world.sealed ??= step.a % LIES_ONE_IN === 0 ? world.lie(charity, unit) : world.books.seal(...additions);
  const { number, root } = world.sealed;
  const batch = bent(step, number);
  const actor = actorOf(step, "anchorer");
  const model = () => {
    const done = world.model.anchor(actor, batch, root);
    if (done && batch === number) world.sealed = null;
    return done;
  };
  return { call: () => by(world, actor).anchor(batch, root, LIMIT), model };
};

const prove: Maker = (world, step) => {
  const { statement, statementProof } = pick(pick(world.books.batches, step.a).entries, step.b);
  const to = bent(step, statement.to);
  const { key } = world.whereOf(statement.charity, statement.unit);
  return {
    call: () => by(world, pick(ACTORS, step.actor)).prove({ ...statement, to }, statementProof, LIMIT),
    model: () => world.model.prove(key, statement, to === statement.to),
  };
};

const pay =
  (rail: Rail): Maker =>
  (world, step) => {
    const { charity, unit, key, line } = world.where(step.line);
    const { given, reversed, paid, netted } = line.marks;
    const [from, upTo] = [bent(step, paid), beyond(paid, given, step.a)];
    const most = step.honest ? least(reversed - netted, upTo - from) : reversed - netted + 1n;
    const netTo = netted + (BigInt(step.b) % (most + 1n));
    const actor = actorOf(step, "payer");
    const ledger = by(world, actor);
    return {
      call: () =>
        rail === "token"
          ? ledger.payToken(charity, unit, from, upTo, netTo, LIMIT)
          : ledger.payBank(charity, unit, from, upTo, netTo, random32(), LIMIT),
      model: () => world.model.pay(actor, rail, charity, key, from, upTo, netTo),
    };
  };

const repay: Maker = (world, step) => {
  const { charity, unit, key, line } = world.where(step.line);
  const upTo = bent(step, pick([...line.ends.keys()], step.b));
  const actor = actorOf(step, "payer");
  return {
    call: () => by(world, actor).repay(charity, unit, upTo, random32(), LIMIT),
    model: () => world.model.repay(actor, key, upTo),
  };
};

/** What the charity would rightly sign next: up to some payout's end beyond what it has acknowledged. */
function nextAcknowledgement({ model }: World, { charity, unit, line }: Where, n: number) {
  const { marks, ends } = line;
  const from = marks.acknowledged;
  const later = [...ends.keys()].filter((end) => end > from);
  const upTo = later.length ? pick(later, n) : from;
  const netTo = ends.get(upTo)!.netTo;
  const received = upTo - from - (netTo - ends.get(from)!.netTo);
  const batch = BigInt(model.roots.length ? 1 + (n % model.roots.length) : 0);
  return {
    charity,
    unit,
    from,
    upTo,
    netTo,
    received,
    batch,
    root: model.roots[Number(batch) - 1] ?? random32(),
  };
}

const acknowledge: Maker = async (world, step) => {
  const where = world.where(step.line);
  const right = nextAcknowledgement(world, where, step.b);
  const skewed = pick(["from", "upTo", "netTo", "received", "batch"] as const, step.actor);
  const said = { ...right, [skewed]: bent(step, right[skewed]) };
  const signer = signerOf(world, where.charity, step);
  const signature = await sign(signer, world.deployed.ledger, "Acknowledgement", said);
  return {
    call: () => by(world, pick(ACTORS, step.actor)).acknowledge(said, signature, LIMIT),
    model: () => world.model.acknowledge(signer.address, where.charity, where.key, said),
  };
};

const disburse: Maker = async (world, step) => {
  const { charity, unit, key, line } = world.where(step.line);
  const { spent, acknowledged } = line.marks;
  const [from, upTo] = [bent(step, spent), beyond(spent, acknowledged, step.b)];
  const said = { charity, unit, from, upTo, evidence: random32() };
  const signer = signerOf(world, charity, step);
  const signature = await sign(signer, world.deployed.ledger, "Disbursement", said);
  return {
    call: () => by(world, pick(ACTORS, step.actor)).disburse(said, signature, LIMIT),
    model: () => world.model.disburse(signer.address, charity, key, from, upTo),
  };
};

const register: Maker = (world, step) => {
  const { charity } = world.where(step.line);
  const [payee, signer] = [pick(world.payees, step.b), world.deployed.signer.address];
  const actor = actorOf(step, "registrar");
  return {
    call: () => by(world, actor).registerCharity(charity, payee, signer, LIMIT),
    model: () => world.model.register(actor, charity, payee, signer),
  };
};

const changePayee: Maker = (world, step) => {
  const { charity } = world.where(step.line);
  const payee = pick(world.payees, step.b);
  const actor = actorOf(step, "registrar");
  return {
    call: () => by(world, actor).changePayee(charity, payee, LIMIT),
    model: (nowS) => world.model.change(actor, charity, "payee", payee, null, nowS),
  };
};

const changeSigner: Maker = async (world, step) => {
  const { charity } = world.where(step.line);
  const to = pick([world.deployed.signer, world.deployed.other], step.b).address;
  const next = (world.model.charities.get(charity)?.changes ?? 0n) + 1n;
  const change = bent(step, next);
  const signer = step.b % 3 ? signerOf(world, charity, step) : null;
  const message = { charity, signer: to, change, ...world.place };
  const consent = signer ? await sign(signer, world.deployed.ledger, "SignerChange", message) : "0x";
  const consentBy = signer && (change === next ? signer.address : "nobody");
  const actor = actorOf(step, "registrar");
  return {
    call: () => by(world, actor).changeSigner(charity, to, consent, LIMIT),
    model: (nowS) => world.model.change(actor, charity, "signer", to, consentBy, nowS),
  };
};

/** The number of a pending change of either kind, or the last one's if none is pending. */
function changeNumber({ model }: World, charity: string, step: AnyStep): bigint {
  const registered = model.charities.get(charity);
  const { payee, signer } = registered?.pending ?? { payee: null, signer: null };
  const pending = (step.b % 2 ? (payee ?? signer) : (signer ?? payee))?.number;
  return bent(step, pending ?? registered?.changes ?? 1n);
}

const applyChange: Maker = (world, step) => {
  const { charity } = world.where(step.line);
  const number = changeNumber(world, charity, step);
  return {
    call: () => by(world, pick(ACTORS, step.actor)).applyChange(charity, number, LIMIT),
    model: (nowS) => world.model.apply(charity, number, nowS),
  };
};

const veto: Maker = async (world, step) => {
  const { charity } = world.where(step.line);
  const change = changeNumber(world, charity, step);
  const signer = signerOf(world, charity, step);
  const itself = step.b % 3 === 0;
  const signature = await sign(signer, world.deployed.ledger, "Veto", { charity, change, ...world.place });
  const caller = itself ? as(world.deployed.contract, signer) : by(world, pick(ACTORS, step.actor));
  return {
    call: () => caller.veto(charity, change, itself ? "0x" : signature, LIMIT),
    model: () => world.model.veto(signer.address, charity, change),
  };
};

const setPaused =
  (paused: boolean): Maker =>
  (world, step) => {
    const actor = actorOf(step, "pauser");
    return {
      call: () => by(world, actor)[paused ? "pause" : "unpause"](LIMIT),
      model: () => world.model.setPaused(actor, paused),
    };
  };

const open: Maker = (world, step) => {
  const actor = actorOf(step, "admin");
  return { call: () => by(world, actor).open(LIMIT), model: () => world.model.open(actor) };
};

const wait: Maker = (_world, step) => ({
  call: () => networkHelpers.time.increase(DAY_S * BigInt(1 + (step.b % 20))),
  model: () => true,
});

const MAKERS = {
  anchor,
  prove,
  payToken: pay("token"),
  payBank: pay("bank"),
  repay,
  acknowledge,
  disburse,
  register,
  changePayee,
  changeSigner,
  applyChange,
  veto,
  pause: setPaused(true),
  unpause: setPaused(false),
  open,
  wait,
  ...ACCUSING,
};

export type Kind = keyof typeof MAKERS;
export const KINDS = Object.keys(MAKERS) as Kind[];

/** Sends the call, then asks the model, with the time of the block that held it, what should have come out. */
export async function take(
  world: World,
  step: Step,
): Promise<{ done: boolean; expected: boolean; error: string }> {
  const { call, model } = await MAKERS[step.kind](world, step);
  const error = await call().then(
    () => "",
    (refusal: Error) => refusal.message,
  );
  return { done: error === "", error, expected: model(BigInt(await networkHelpers.time.latest())) };
}
