// No honest history is ever convicted, whatever is made of its own material; and of one that holds a lie the right
// accusation always convicts, by the right name. On a real contract, which many histories share.
import { expect } from "chai";
import { id } from "ethers";
import {
  type Accusation,
  contradiction,
  FAULT,
  falseReceipt,
  falseSum,
  malformed,
} from "../support/contracts/accuser.ts";
import { attemptsOn } from "../support/contracts/attempts.ts";
import { as, type Deployed, deploy, deployOpened, type ProberContract } from "../support/contracts/chain.ts";
import {
  amountsOf,
  close,
  type History,
  honest,
  type Lie,
  pick,
  type Random,
  state,
} from "../support/contracts/histories.ts";
import { GIFT, REVERSAL, type Statement, unitOf } from "../support/contracts/reference.ts";
import { openedAt } from "../support/contracts/trees.ts";
import { between, seeded } from "../support/random.ts";

const SEED = Number(process.env.SEED ?? 20261124);
const HONEST = Number(process.env.HISTORIES ?? 5_000);
const PLANTED_EACH = 40;
const HISTORIES_AT_ONCE = 100;
const ROOTS_AT_ONCE = 250;
/** Below what one transaction may use (EIP-7825). */
const PROBE = { gasLimit: 16_000_000, calls: 100 };

describe("histories", function () {
  this.timeout(600_000);
  let deployed: Deployed;
  let prober: ProberContract;
  let lastBatch = 0n;

  before(async () => {
    deployed = await deployOpened();
    prober = await deploy<ProberContract>("Prober");
  });

  async function anchor(histories: readonly History[]): Promise<void> {
    const roots = histories.flatMap((history) => history.roots);
    const anchorer = as(deployed.contract, deployed.anchorer);
    for (let from = 0; from < roots.length; from += ROOTS_AT_ONCE) {
      const some = roots.slice(from, from + ROOTS_AT_ONCE);
      await anchorer.anchorMany(((await deployed.contract.lastBatch()) as bigint) + 1n, some);
    }
    lastBatch = (await deployed.contract.lastBatch()) as bigint;
  }

  /** What each accusation convicts of, as if it were the only one. */
  async function verdicts(accusations: readonly Accusation[]): Promise<bigint[]> {
    const { interface: abi } = deployed.contract;
    const found: bigint[] = [];
    for (let from = 0; from < accusations.length; from += PROBE.calls) {
      const some = accusations.slice(from, from + PROBE.calls);
      const calls = some.map(({ name, args }) => abi.encodeFunctionData(name, args));
      const questions = some.map(({ args }) => {
        const { charity, unit } = args[0] as Statement;
        return abi.encodeFunctionData("faultOf", [charity, unit]);
      });
      const { gasLimit } = PROBE;
      const target = await deployed.contract.getAddress();
      found.push(...(await prober.verdicts.staticCall(target, calls, questions, { gasLimit })));
    }
    return found;
  }

  it(`that are honest are never convicted: ${HONEST} of them, nine attempts on each`, async () => {
    const random = seeded(SEED);
    let attempts = 0;
    for (let done = 0; done < HONEST; ) {
      const histories: History[] = [];
      for (let batch = lastBatch; histories.length < HISTORIES_AT_ONCE && done < HONEST; done++) {
        const history = honest(random, deployed.ledger, `${SEED} ${done}`, batch);
        batch += BigInt(history.roots.length);
        histories.push(history);
      }
      await anchor(histories);
      const accusations = histories.flatMap(({ shown }) => attemptsOn(random, shown));
      const found = await verdicts(accusations);
      const convicting = found.flatMap((fault, i) => (fault === 0n ? [] : [accusations[i]]));
      expect(convicting, `seed ${SEED}`).to.deep.equal([]);
      attempts += found.length;
    }
    expect(attempts).to.be.above(HONEST * 7);
  });

  type Planted = { history: History; accusation: Accusation };
  type Line = Pick<Statement, "charity" | "unit" | "kind">;

  /** Batches of one line, one statement each but for the last, which holds as many as there are lies left. */
  function tell(random: Random, name: string, batch: bigint, lies: readonly Lie[][]): History {
    const line: Line = { charity: id(name), unit: unitOf("CNY"), kind: pick(random, [GIFT, REVERSAL]) };
    const history: History = { roots: [], shown: [] };
    let [from, previous] = [0n, 0n];
    lies.forEach((told, i) => {
      const place = { ledger: deployed.ledger, batch: batch + BigInt(i) + 1n };
      const drafts = told.map((lie) => state(place, line, amountsOf(random), { from, previous, ...lie }));
      const { root, shown } = close(deployed.ledger, drafts);
      history.roots.push(root);
      history.shown.push(...shown);
      [from, previous] = [shown[0]!.statement.to, place.batch];
    });
    return history;
  }

  const pairOf = ({ shown }: History): Accusation => contradiction(shown.at(-2)!, shown.at(-1)!);

  /** One that is not the sum of the two below it, somewhere in a tree of two or more. */
  function forgeSum(random: Random, name: string, batch: bigint): Planted {
    const line = { charity: id(name), unit: unitOf("CNY"), kind: GIFT };
    const amounts = [...amountsOf(random), 7n];
    let where: [number, number] = [1, 0];
    const claims = (leaves: number) => {
      const levels = Math.ceil(Math.log2(leaves));
      const level = between(random, 1, levels);
      where = [level, between(random, 0, Math.ceil(leaves / 2 ** level) - 1)];
      return [{ level: where[0], index: where[1], sum: (1n << 61n) + 1n }];
    };
    const draft = state({ ledger: deployed.ledger, batch: batch + 1n }, line, amounts, {
      from: 0n,
      previous: 0n,
      claims,
    });
    // A leaf that moved up is opened by nothing: there the claim counts a receipt falsely instead.
    const isLeaf = openedAt(draft.levels, ...where) === null;
    const { root, shown } = close(deployed.ledger, [draft]);
    const history = { roots: [root], shown };
    return isLeaf
      ? forgeSum(random, `${name}'`, batch)
      : { history, accusation: falseSum(shown[0]!, ...where) };
  }

  const PLANTERS: Record<
    Exclude<keyof typeof FAULT, "none">,
    (random: Random, name: string, batch: bigint) => Planted
  > = {
    overlap: (random, name, batch) => {
      const history = tell(random, name, batch, [[{}], [{}], [{ from: 1n }]]);
      return { history, accusation: pairOf(history) };
    },
    gap: (random, name, batch) => {
      const history = tell(random, name, batch, [[{}], [{ from: 1n << 60n }]]);
      return { history, accusation: pairOf(history) };
    },
    skip: (random, name, batch) => {
      const history = tell(random, name, batch, [[{}], [{}], [{ previous: batch + 1n }]]);
      return { history, accusation: pairOf(history) };
    },
    twice: (random, name, batch) => {
      const history = tell(random, name, batch, [[{}], [{}, { from: BigInt(between(random, 1, 9)) }]]);
      return { history, accusation: pairOf(history) };
    },
    malformed: (random, name, batch) => {
      const lie = pick<Lie>(random, [{ receipts: 0n }, { receipts: 1n << 62n }, { previous: batch + 2n }]);
      const history = tell(random, name, batch, [[{}], [lie]]);
      return { history, accusation: malformed(history.shown.at(-1)!) };
    },
    falseSum: forgeSum,
    falseReceipt: (random, name, batch) => {
      const history = tell(random, name, batch, [[{ counted: [5_000n] }]]);
      return { history, accusation: falseReceipt(history.shown[0]!, 0) };
    },
  };

  for (const [name, plant] of Object.entries(PLANTERS))
    it(`with one ${name} are always convicted of it: ${PLANTED_EACH} of them`, async () => {
      const random = seeded(SEED);
      const planted: Planted[] = [];
      for (let [i, batch] = [0, lastBatch]; i < PLANTED_EACH; i++) {
        const each = plant(random, `${name} ${i}`, batch);
        batch += BigInt(each.history.roots.length);
        planted.push(each);
      }
      await anchor(planted.map(({ history }) => history));
      const found = await verdicts(planted.map(({ accusation }) => accusation));
      expect(found).to.deep.equal(planted.map(() => FAULT[name as keyof typeof FAULT]));
    });
});
