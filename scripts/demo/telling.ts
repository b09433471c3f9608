// What the demo says: one line a step with its time, a bar for long ones.

import { SingleBar } from "cli-progress";

export const say = (line: string): void => void process.stdout.write(`${line}\n`);

/** Runs a step and says that it is done and how long it took. */
export async function step<Result>(what: string, work: () => Promise<Result>): Promise<Result> {
  const started = performance.now();
  const result = await work();
  say(`✓ ${what.padEnd(60, " ")} ${((performance.now() - started) / 1000).toFixed(1)} s`);
  return result;
}

/** A step with a bar, where somebody is watching. `work` is given what to call with the count done so far. */
export async function longStep<Result>(
  what: (result: Result) => string,
  doing: string,
  total: number,
  work: (done: (count: number) => void) => Promise<Result>,
): Promise<Result> {
  if (!process.stdout.isTTY) return stepOf(what, () => work(() => {}));
  const bar = new SingleBar({
    format: `  ${doing} {bar} {value}/{total}`,
    hideCursor: true,
    clearOnComplete: true,
  });
  bar.start(total, 0);
  try {
    return await stepOf(what, () => work((count) => bar.update(count)).finally(() => bar.stop()));
  } finally {
    bar.stop();
  }
}

async function stepOf<Result>(
  what: (result: Result) => string,
  work: () => Promise<Result>,
): Promise<Result> {
  const started = performance.now();
  const result = await work();
  say(`✓ ${what(result).padEnd(60, " ")} ${((performance.now() - started) / 1000).toFixed(1)} s`);
  return result;
}
