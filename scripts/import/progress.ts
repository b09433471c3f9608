// How far long work has come: a bar on a terminal, a plain line now and then anywhere else. On standard error, so that
// results can be piped on.

import { SingleBar } from "cli-progress";

export type Progress = {
  /** Sets how much is done. */
  update(done: number): void;
  /** Ends the bar where it is. */
  stop(): void;
};

const PLAIN_EVERY_MS = 5_000;

/** `what` names the things that are counted, such as "purchases". */
export const showProgress = (what: string, total: number, output = process.stderr): Progress =>
  output.isTTY ? bar(what, total, output) : plainLines(what, total, output);

function bar(what: string, total: number, stream: NodeJS.WriteStream): Progress {
  const format = `${what.padEnd(12)} {bar} {percentage} % | {value} of {total} | {eta_formatted} left`;
  const single = new SingleBar({ format, stream, barCompleteChar: "█", barIncompleteChar: "░" });
  single.start(total, 0);
  return { update: (done) => single.update(done), stop: () => single.stop() };
}

function plainLines(what: string, total: number, output: NodeJS.WriteStream): Progress {
  let done = 0;
  let shownAt = performance.now();
  const show = () => output.write(`${what}: ${done.toLocaleString("en")} of ${total.toLocaleString("en")}\n`);
  const update = (now: number) => {
    done = now;
    if (performance.now() - shownAt < PLAIN_EVERY_MS) return;
    shownAt = performance.now();
    show();
  };
  return { update, stop: show };
}
