// What may be wider than a phone scrolls by itself: by touch, and by the keyboard, which has to be able to reach it.

import type { ReactNode } from "react";

export const Scrolls = ({ name, children }: { name: string; children: ReactNode }) => (
  // biome-ignore lint/a11y/noNoninteractiveTabindex: without it no key scrolls it
  <section className="scrolls" aria-label={name} tabIndex={0}>
    {children}
  </section>
);
