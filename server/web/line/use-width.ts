// How wide an element is at the moment, in pixels, so that what is drawn in it keeps the size of its letters.

import { type RefObject, useLayoutEffect, useState } from "react";

const BEFORE_MEASURED = 320;

export function useWidth(element: RefObject<HTMLElement | null>): number {
  const [width, setWidth] = useState(BEFORE_MEASURED);
  useLayoutEffect(() => {
    const { current } = element;
    if (current === null) return;
    const measure = () => setWidth(Math.max(1, current.clientWidth));
    const observer = new ResizeObserver(measure);
    observer.observe(current);
    measure();
    return () => observer.disconnect();
  }, [element]);
  return width;
}
