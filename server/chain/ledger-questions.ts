// Many questions to a contract at once, each with an answer that two contracts of one ledger can be compared by. What
// differs although the ledger is the same, such as when a payout was recorded, is left out of it.

import { type Address, decodeFunctionResult, encodeFunctionData, type Hex } from "viem";
import { LEDGER_ABI } from "./abi.ts";
import type { Chain } from "./client.ts";
import { ask } from "./failures.ts";

export type Question = {
  readonly functionName:
    | "root"
    | "line"
    | "payoutEnd"
    | "charityOf"
    | "faultOf"
    | "challengeOf"
    | "promiserUntil";
  readonly args: readonly unknown[];
};

const QUESTIONS_AT_ONCE = 200;

/** The answers in plain words, in the order of the questions; as of the newest block. */
export async function answersOf(
  chain: Chain,
  address: Address,
  questions: readonly Question[],
): Promise<string[]> {
  const answers: string[] = [];
  for (let at = 0; at < questions.length; at += QUESTIONS_AT_ONCE)
    answers.push(...(await answersAtOnce(chain, address, questions.slice(at, at + QUESTIONS_AT_ONCE))));
  return answers;
}

async function answersAtOnce({ public: client }: Chain, address: Address, questions: readonly Question[]) {
  const encoded = questions.map((question) => encodeFunctionData({ abi: LEDGER_ABI, ...question } as never));
  const request = { address, abi: LEDGER_ABI, functionName: "multicall", args: [encoded] } as const;
  // A view in all but name: what it would change is not kept.
  const answers = (await ask(() => client.readContract(request as never))) as readonly Hex[];
  return answers.map((data, index) => inWords(questions[index] as Question, data));
}

/** As the contract numbers faults. */
const FAULTS = ["none", "Overlap", "Gap", "Skip", "Twice", "Malformed", "FalseSum", "FalseReceipt"] as const;
export const NO_FAULT = FAULTS[0];

const BREACHED_STATES: readonly number[] = [3, 4];
const OPEN_STATE = 1;
export const OPEN_CHALLENGE = "open";

/** `promiserUntil` of an account that promises. */
const IN_FORCE = 2 ** 48 - 1;

function inWords({ functionName }: Question, data: Hex): string {
  const answer = decodeFunctionResult({ abi: LEDGER_ABI, functionName, data });
  switch (functionName) {
    case "line":
      return (answer as readonly bigint[]).join(" ");
    case "payoutEnd": {
      const { from, netFrom, netTo, rail } = answer as Record<string, bigint | number>;
      return `from ${from}, net ${netFrom} to ${netTo}, rail ${rail}`;
    }
    case "charityOf":
      return (answer as readonly [Hex, Hex]).slice(0, 2).join(" ").toLowerCase();
    case "faultOf":
      return FAULTS[answer as number] ?? `fault ${answer}`;
    case "challengeOf":
      return stateInWords((answer as { state: number }).state);
    case "promiserUntil":
      return untilInWords(answer as number);
    case "root":
      return answer as Hex;
  }
}

function stateInWords(state: number): string {
  if (BREACHED_STATES.includes(state)) return "breached";
  return state === OPEN_STATE ? OPEN_CHALLENGE : "not breached";
}

function untilInWords(until: number): string {
  if (until === IN_FORCE) return "in force";
  return until === 0 ? "never admitted" : `for deadlines before ${until}`;
}
