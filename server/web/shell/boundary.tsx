// Keeps a mistake of ours on one page from taking the whole site away.

import { Component, type ReactNode } from "react";
import { Failed } from "./states.tsx";

type State = { readonly error: unknown };

export class Boundary extends Component<{ children: ReactNode }, State> {
  override state: State = { error: undefined };

  static getDerivedStateFromError(error: unknown): State {
    return { error };
  }

  override render() {
    if (this.state.error === undefined) return this.props.children;
    return <Failed error={this.state.error} retry={() => window.location.reload()} />;
  }
}
