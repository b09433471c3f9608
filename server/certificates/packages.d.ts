// Types of packages that come without: what of them is used here, no more.

declare module "@digitalbazaar/ed25519-multikey" {
  export type KeyPair = { readonly id: string; readonly publicKeyMultibase: string; signer(): unknown };
  export function generate(options: { seed: Uint8Array; controller?: string }): Promise<KeyPair>;
}

declare module "@digitalbazaar/data-integrity" {
  export class DataIntegrityProof {
    constructor(options: { signer?: unknown; date?: string; cryptosuite: unknown });
  }
}

declare module "@digitalbazaar/eddsa-rdfc-2022-cryptosuite" {
  export const cryptosuite: unknown;
}

declare module "@digitalbazaar/vc" {
  type Loaded = { contextUrl: null; documentUrl: string; document: unknown };
  type DocumentLoader = (url: string) => Promise<Loaded>;
  type Options = { credential: object; suite: unknown; documentLoader: DocumentLoader };
  export function issue(options: Options): Promise<object>;
  export function verifyCredential(options: Options): Promise<{
    verified: boolean;
    error?: { message: string; errors?: readonly Error[] };
  }>;
  export const defaultDocumentLoader: DocumentLoader;
}
