// What changes all the time, for those who hear the page.

import { useEffect, useRef, useState } from "react";

const SAY_EVERY_MS = 60_000;

/** Read aloud now and then: what changes each second would leave them no rest. */
export function SaidNowAndThen({ text }: { text: string }) {
  const [said, say] = useState("");
  const newest = useRef(text);
  useEffect(() => {
    newest.current = text;
  }, [text]);
  useEffect(() => {
    const timer = setInterval(() => say(newest.current), SAY_EVERY_MS);
    return () => clearInterval(timer);
  }, []);
  return (
    <p className="unseen" aria-live="polite">
      {said}
    </p>
  );
}
