// The part of the line that a visitor looks at, and how it moves: step by step with buttons and keys, at once with the hand.

import { useCallback, useEffect, useRef, useState } from "react";
import {
  between,
  farther,
  focusedOn,
  type Interval,
  isWhole,
  moved,
  nearer,
  onLine,
  spanOf,
  type View,
  wholeOf,
} from "./viewport.ts";

const MOVE_MS = 450;
const EIGHTH = 8n;

const isStill = () => window.matchMedia("(prefers-reduced-motion: reduce)").matches;
/** Slowly off, slowly in. */
const eased = (t: number) => t * t * (3 - 2 * t);

export function useView(extent: bigint, own: Interval) {
  const [view, show] = useState(() => wholeOf(extent));
  /** Where the view is going: what a step goes on from, and what is told. */
  const [goal, setGoal] = useState(view);
  const frame = useRef(0);
  const shown = useRef(view);
  const draw = useCallback((next: View) => {
    shown.current = next;
    show(next);
  }, []);

  const jump = useCallback(
    (next: View) => {
      cancelAnimationFrame(frame.current);
      setGoal(next);
      draw(next);
    },
    [draw],
  );

  const go = useCallback(
    (next: View) => {
      if (isStill()) return jump(next);
      cancelAnimationFrame(frame.current);
      setGoal(next);
      const [first, begun] = [shown.current, performance.now()];
      const step = () => {
        const t = Math.min((performance.now() - begun) / MOVE_MS, 1);
        draw(between(first, next, eased(t)));
        if (t < 1) frame.current = requestAnimationFrame(step);
      };
      frame.current = requestAnimationFrame(step);
    },
    [draw, jump],
  );

  const before = useRef(extent);
  useEffect(() => {
    if (before.current !== extent) {
      const { current } = shown;
      jump(
        isWhole(current, before.current) ? wholeOf(extent) : onLine(current.from, spanOf(current), extent),
      );
      before.current = extent;
    }
  }, [extent, jump]);
  useEffect(() => () => cancelAnimationFrame(frame.current), []);

  return {
    view,
    goal,
    jump,
    nearer: () => go(nearer(goal, extent, own)),
    farther: () => go(farther(goal, extent, own)),
    left: () => go(moved(goal, extent, [-1n, EIGHTH])),
    right: () => go(moved(goal, extent, [1n, EIGHTH])),
    whole: () => go(wholeOf(extent)),
    own: () => go(focusedOn(own, extent)),
  };
}

export type Looking = ReturnType<typeof useView>;
