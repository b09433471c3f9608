// The page's name in the window's title, before the site's.

import { useEffect } from "react";

export function useTitle(title: string): void {
  useEffect(() => {
    document.title = `${title} · Amanah`;
  }, [title]);
}
