// The name of a page in the browser's tab, as long as it is shown.

import { useEffect } from "react";

export function useTitle(name: string | undefined): void {
  useEffect(() => {
    if (name !== undefined) document.title = `${name} · Amanah`;
    return () => {
      document.title = "Amanah";
    };
  }, [name]);
}
