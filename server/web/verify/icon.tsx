// The signs of a verdict or a step: a form of their own for each, so that none is told by its colour alone.

export type Sign = "passed" | "said" | "failed" | "open" | "unreached" | "asking";

const PATHS: Record<Sign, string> = {
  passed: "M5 12.5 10 17.5 19 7",
  said: "M5 12.5 10 17.5 19 7",
  failed: "M6 6 18 18M18 6 6 18",
  open: "M8.5 9a3.5 3.5 0 1 1 4.6 3.3c-.8.3-1.1.9-1.1 1.9M12 17.6v.4",
  unreached: "M6 12H18",
  asking: "M12 6V12L16 14",
};

export const Icon = ({ sign, size = 24 }: { sign: Sign; size?: number }) => (
  <svg className={`sign ${sign}`} viewBox="0 0 24 24" width={size} height={size} aria-hidden="true">
    <circle cx="12" cy="12" r="11" />
    <path d={PATHS[sign]} />
  </svg>
);
