// What suites of a run share is stopped at its end, the newest first.

const steps: (() => Promise<void>)[] = [];

export const stopAtEnd = (step: () => Promise<void>): void => void steps.unshift(step);

export async function stopAll(): Promise<void> {
  for (const step of steps.splice(0)) await step();
}
