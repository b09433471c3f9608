// How far the audit has come, stage by stage, on standard error and only on a terminal: reports go to standard output.

import { SingleBar } from "cli-progress";

export type Stage = "contract" | "books" | "receipts" | "refunds" | "documents" | "evidence";

export type Progress = {
  /** `counted` is what the rate is of, such as receipts; by default what is done. */
  update(stage: Stage, done: number, of: number, counted?: number): void;
  /** Ends the bar where it is. */
  stop(): void;
};

export const NO_PROGRESS: Progress = { update: () => {}, stop: () => {} };

export const showProgress = (stream: NodeJS.WriteStream): Progress =>
  stream.isTTY ? new Bars(stream) : NO_PROGRESS;

const COUNTED: Record<Stage, string> = {
  contract: "blocks and roots",
  books: "receipts",
  receipts: "partitions",
  refunds: "groups",
  documents: "notices",
  evidence: "findings",
};

class Bars implements Progress {
  readonly #stream: NodeJS.WriteStream;
  #stage: Stage | null = null;
  #bar: SingleBar | null = null;
  #begunAt = 0;

  constructor(stream: NodeJS.WriteStream) {
    this.#stream = stream;
  }

  update(stage: Stage, done: number, of: number, counted = done): void {
    if (stage !== this.#stage) this.#begin(stage, of);
    const seconds = (performance.now() - this.#begunAt) / 1000;
    const rate = seconds < 0.5 ? "…" : Math.round(counted / seconds).toLocaleString("en");
    this.#bar?.setTotal(of);
    this.#bar?.update(done, { rate: `${rate} ${COUNTED[stage]}/s` });
  }

  stop(): void {
    this.#bar?.stop();
    this.#bar = null;
    this.#stage = null;
  }

  #begin(stage: Stage, of: number): void {
    this.stop();
    const format = `${stage.padEnd(10)} {bar} {percentage} % | {rate} | {eta_formatted} left`;
    this.#bar = new SingleBar({
      format,
      stream: this.#stream,
      barCompleteChar: "█",
      barIncompleteChar: "░",
      etaBuffer: 100,
    });
    this.#bar.start(of, 0, { rate: "…" });
    this.#stage = stage;
    this.#begunAt = performance.now();
  }
}
