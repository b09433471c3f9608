// What our processes give to the processes that tests start, where none of our settings may come along.

/** The machine's, and where Node keeps what it has compiled. */
export function bareEnvironment(): Record<string, string> {
  const { PATH = "", HOME = "", TMPDIR, NODE_COMPILE_CACHE } = process.env;
  return {
    ...{ PATH, HOME },
    ...(TMPDIR === undefined ? {} : { TMPDIR }),
    ...(NODE_COMPILE_CACHE === undefined ? {} : { NODE_COMPILE_CACHE }),
  };
}
