// A settlement run as its caller sees it: started or joined, then followed step by step to its end.

import { setTimeout as sleep } from "node:timers/promises";
import { type Progress, showProgress } from "../import/progress.ts";
import type { ServiceClient } from "../import/service-client.ts";

export type Run = {
  readonly id: string;
  readonly state: "proving" | "deciding" | "paying" | "done";
  readonly lines: number;
  readonly linesLookedAt: number;
  readonly proofsUnderWay: number | null;
  readonly unpaid: Readonly<Record<string, number>>;
  readonly payouts: readonly {
    readonly unit: string;
    readonly state: string;
    readonly payouts: number;
    readonly amount: string;
    readonly written: string;
  }[];
  readonly setAside: readonly {
    readonly registration: string;
    readonly unit: string;
    readonly reason: string;
  }[];
};

const LOOK_EVERY_MS = 300;

/** Starts a run or joins the one under way, and shows how it goes on; answers with its end. */
export async function followRun(client: ServiceClient): Promise<Run> {
  const { id } = await client.write<{ id: string }>("/v1/settlements", {});
  const bars = new Bars();
  try {
    for (;;) {
      const run: Run = JSON.parse(await client.readAsOurselves(`/v1/settlements/${id}`));
      bars.show(run);
      if (run.state === "done") return run;
      await sleep(LOOK_EVERY_MS);
    }
  } finally {
    bars.stop();
  }
}

type Measure = { readonly what: string; readonly done: number; readonly total: number };

/** One bar for each step that takes a while. */
class Bars {
  #step: Run["state"] | undefined;
  #bar: Progress | undefined;
  #proofs = 0;

  show(run: Run): void {
    const measure = this.#measure(run);
    if (run.state !== this.#step) this.#begin(run.state, measure);
    if (measure !== undefined) this.#bar?.update(measure.done);
  }

  stop(): void {
    this.#bar?.stop();
    this.#bar = undefined;
  }

  #begin(step: Run["state"], measure: Measure | undefined): void {
    this.stop();
    this.#step = step;
    if (measure !== undefined && measure.total > 0) this.#bar = showProgress(measure.what, measure.total);
  }

  #measure(run: Run): Measure | undefined {
    if (run.state === "proving") return this.#measureProofs(run.proofsUnderWay ?? 0);
    if (run.state === "deciding") return { what: "lines", done: run.linesLookedAt, total: run.lines };
    return run.state === "paying" ? measurePayouts(run) : undefined;
  }

  /** How many there are in all is known only as they are asked for. */
  #measureProofs(underWay: number): Measure {
    if (underWay > this.#proofs) {
      this.#proofs = underWay;
      this.#step = undefined;
    }
    return { what: "proofs", done: this.#proofs - underWay, total: this.#proofs };
  }
}

function measurePayouts({ payouts }: Run): Measure {
  const count = (own: typeof payouts) => own.reduce((sum, one) => sum + one.payouts, 0);
  const done = count(payouts.filter(({ state }) => state !== "intended"));
  return { what: "payouts", done, total: count(payouts) };
}
