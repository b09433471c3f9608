// Waiting for what happens elsewhere, for as long as a busy machine may need.

const LOOK_EVERY_MS = 20;
const WITHIN_MS = 30_000;

/** Waits until something is so; throws after `withinMs`, telling what it was not. */
export async function eventually(
  what: string,
  holds: () => boolean | Promise<boolean>,
  withinMs = WITHIN_MS,
): Promise<void> {
  const end = performance.now() + withinMs;
  while (!(await holds())) {
    if (performance.now() > end) throw new Error(`after ${withinMs} ms it was still not so: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
  }
}
